/*
 * strike SIGNAL TIMES MICROSECONDS COMMAND...: starts a scan that many
 * times, each time sends the signal at a random moment of that span, and
 * looks at what came of it: nothing was written, and the signal killed it;
 * or a whole stream was, and the status is the signal's; or it had ended
 * before. All else is said and makes this end with 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LATEST_MS 20000

extern char **environ;

static struct {
	unsigned before, whole, ended, bad;
} seen;

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static pid_t
start(char **argv, int *ret_fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all;
	int pipes[2];
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		die("pipe");
	(void)fcntl(pipes[0], F_SETPIPE_SZ, 1 << 20);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	(void)posix_spawnattr_init(&attr);
	(void)sigfillset(&all);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	errno = posix_spawnp(&pid, argv[0], &actions, &attr, argv, environ);
	if (errno != 0)
		die(argv[0]);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(pipes[1]);
	*ret_fd = pipes[0];
	return pid;
}

/* All that it writes; false where that takes too long. */
static bool
take(int fd, char *data, size_t cap, size_t *ret_len)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	ssize_t n = 1;

	*ret_len = 0;
	while (n > 0) {
		if (poll(&ready, 1, LATEST_MS) <= 0)
			return false;
		n = read(fd, data + *ret_len, cap - *ret_len);
		*ret_len += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool
is_whole(char *data, size_t len)
{
	char *last;

	if (len == 0 || data[len - 1] != '\n')
		return false;
	data[len - 1] = '\0';
	last = strrchr(data, '\n');
	return last != NULL &&
	    strstr(data, "\"type\":\"scan.start\"") != NULL &&
	    strstr(last, "\"type\":\"scan.end\"") != NULL;
}

static void
judge(int signo, bool in_time, int status, char *data, size_t len)
{
	const bool by_it =
	    (WIFSIGNALED(status) && WTERMSIG(status) == signo) ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == 128 + signo);
	const bool whole = is_whole(data, len);

	if (!in_time) {
		printf("hung after the signal, %zu bytes\n", len);
		seen.bad++;
	} else if (len == 0 && by_it) {
		seen.before++;
	} else if (whole && by_it) {
		seen.whole++;
	} else if (whole && WIFEXITED(status)) {
		seen.ended++;
	} else {
		printf("status %#x after %zu bytes\n", (unsigned)status, len);
		seen.bad++;
	}
}

static void
once(int signo, long span, char **argv)
{
	static char data[1 << 20];
	const struct timespec pause = {.tv_nsec = 1000 * (random() % span)};
	size_t len = 0;
	bool in_time, alive;
	int fd, status = 0;
	pid_t pid = start(argv, &fd);

	(void)nanosleep(&pause, NULL);
	alive = waitpid(pid, &status, WNOHANG) == 0;
	if (alive)
		(void)kill(pid, signo);
	in_time = take(fd, data, sizeof(data), &len);
	if (!in_time)
		(void)kill(pid, SIGKILL);
	if (alive)
		(void)waitpid(pid, &status, 0);
	(void)close(fd);
	judge(signo, in_time, status, data, len);
}

int
main(int argc, char **argv)
{
	unsigned times;

	if (argc < 5)
		return 2;
	times = (unsigned)strtoul(argv[2], NULL, 10);
	srandom((unsigned)getpid());
	for (unsigned i = 0; i < times; i++)
		once(atoi(argv[1]), strtol(argv[3], NULL, 10), argv + 4);
	printf("before %u, whole %u, ended %u, bad %u\n", seen.before,
	    seen.whole, seen.ended, seen.bad);
	return seen.bad == 0 ? 0 : 1;
}
