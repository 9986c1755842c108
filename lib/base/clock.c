#include "base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t set_wall = -1;

int64_t
mipo_clock_wall_ms(void)
{
	struct timespec ts;

	if (set_wall >= 0)
		return set_wall;
	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

uint64_t
mipo_clock_mono_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

void
mipo_clock_set_wall(int64_t ms)
{
	set_wall = ms;
}

static char boot_id[33];

static void
read_boot_id(void)
{
	char raw[37] = {0};
	size_t n = 0;
	int fd = open(
	    "/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	memset(boot_id, '0', 32);
	if (fd < 0)
		return;
	if (read(fd, raw, 36) == 36)
		for (const char *p = raw; *p != '\0' && n < 32; p++)
			if (*p != '-')
				boot_id[n++] = *p;
	(void)close(fd);
}

/* No process outlives its boot: one read is enough. */
void
mipo_clock_boot_id(char ret_id[33])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, read_boot_id);
	memcpy(ret_id, boot_id, sizeof(boot_id));
}
