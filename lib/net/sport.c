#include "net/sport.h"

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/text.h"

#define RANGE	 "/proc/sys/net/ipv4/ip_local_port_range"
#define PREFERRED 61000U
#define BLOCK	 (MIPO_SPORTS + 1U)
#define UNPRIVILEGED 1024U

int
mipo_sport_choose(
    unsigned low, unsigned high, uint16_t *ret_base, struct mipo_err *err)
{
	if (high < PREFERRED || low >= PREFERRED + BLOCK)
		*ret_base = PREFERRED;
	else if (high + BLOCK <= 65535)
		*ret_base = (uint16_t)(high + 1);
	else if (low >= UNPRIVILEGED + BLOCK)
		*ret_base = (uint16_t)(low - BLOCK);
	else
		return mipo_err_set(err, MIPO_E_USAGE,
		    "the kernel's own ports (%u to %u) leave no %u for the "
		    "scan: narrow net.ipv4.ip_local_port_range", low, high,
		    BLOCK);
	return 0;
}

/* "LOW\tHIGH\n" of n bytes. */
static int
parse(char *s, uint64_t *ret_low, uint64_t *ret_high, struct mipo_err *err)
{
	char *low = s, *high;

	while (*s >= '0' && *s <= '9')
		s++;
	high = *s == '\0' ? s : s + 1;
	*s = '\0';
	for (s = high; *s >= '0' && *s <= '9'; s++)
		continue;
	*s = '\0';
	if (mipo_text_u64(low, 0, 65535, ret_low, err) != 0 ||
	    mipo_text_u64(high, 0, 65535, ret_high, err) != 0)
		return mipo_err_prefix(err, "%s", RANGE);
	return 0;
}

int
mipo_sport_find(uint16_t *ret_base, struct mipo_err *err)
{
	uint64_t low, high;
	struct mipo_buf buf;
	int r = -1;

	mipo_buf_init(&buf, 64);
	if (mipo_file_read(RANGE, &buf, err) != 0)
		goto out;
	mipo_buf_putc(&buf, '\0');
	if (mipo_buf_ok(&buf, err) != 0 ||
	    parse(buf.data, &low, &high, err) != 0)
		goto out;
	r = mipo_sport_choose((unsigned)low, (unsigned)high, ret_base, err);
out:
	mipo_buf_release(&buf);
	return r;
}
