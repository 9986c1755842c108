/*
 * The connect method before a kernel and a clock that are made here: what
 * becomes of a connection is a row, and time passes only while it waits.
 */
#include "unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"
#include "net/scanner.h"

#define FDS	 20000
#define NOT_YET	 -1	  /* of a row's after_ms: never */
#define STALL_MS 10000

/* What becomes of connections to ports up to last. */
struct row {
	unsigned last;
	int after_ms;
	int sys;	 /* their end */
	unsigned refuse; /* first, so many times, they do not begin so: */
	int with;
};

static struct mipo_err err;
static const struct row *rows;
static int64_t now_ms;
static bool no_epoll;
static struct {
	unsigned port; /* 0: nothing began */
	int64_t began_ms;
	bool watched;
	uint32_t slot;
} fds[FDS];
static unsigned refused[65536];

/* ---- in the place of the C library's */

int
clock_gettime(clockid_t clock, struct timespec *ret)
{
	(void)clock;
	ret->tv_sec = 1000000 + (time_t)(now_ms / 1000);
	ret->tv_nsec = (long)(now_ms % 1000) * 1000000;
	return 0;
}

static const struct row *
row_of(unsigned port)
{
	const struct row *row = rows;

	while (row->last < port)
		row++;
	return row;
}

static bool
has_ended(int fd)
{
	const struct row *row = row_of(fds[fd].port);

	return row->after_ms != NOT_YET &&
	    now_ms - fds[fd].began_ms >= row->after_ms;
}

int
connect(int fd, const struct sockaddr *to, socklen_t len)
{
	unsigned port = ntohs(((const struct sockaddr_in *)(const void *)to)
				  ->sin_port);
	const struct row *row = row_of(port);

	(void)len;
	ck_assert(fd < FDS);
	if (fds[fd].port != port && refused[port] < row->refuse) {
		refused[port]++;
		errno = row->with;
		return -1;
	}
	if (fds[fd].port != port) {
		fds[fd].port = port;
		fds[fd].began_ms = now_ms;
		fds[fd].watched = false;
		errno = EINPROGRESS;
		return -1;
	}
	errno = EALREADY;
	if (!has_ended(fd))
		return -1;
	fds[fd].port = 0;
	errno = row->sys;
	return errno == 0 ? 0 : -1;
}

int
close(int fd)
{
	if (fd >= 0 && fd < FDS)
		fds[fd].port = 0;
	return (int)syscall(SYS_close, fd);
}

int
epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
	(void)epoll;
	errno = ENOSPC;
	if (no_epoll)
		return -1;
	fds[fd].watched = op == EPOLL_CTL_ADD;
	fds[fd].slot = event == NULL ? 0 : event->data.u32;
	return 0;
}

int
epoll_wait(int epoll, struct epoll_event *events, int most, int ms)
{
	int n = 0;

	(void)epoll;
	for (int fd = 0; fd < FDS && n < most; fd++)
		if (fds[fd].watched && fds[fd].port != 0 && has_ended(fd))
			events[n++].data.u32 = fds[fd].slot;
	if (n == 0)
		now_ms += ms;
	return n;
}

/* ---- a scan */

struct seen {
	unsigned open, timed;
	unsigned ticks, last_ticks; /* of these: in the last pass */
	unsigned stall_at;	    /* so many ticks after the beginning */
};

static void
see(void *arg, const struct mipo_obs *obs)
{
	struct seen *seen = arg;

	seen->open += obs->state == MIPO_OPEN;
	seen->timed += obs->state == MIPO_OPEN && obs->rtt_us >= 0;
}

static int
tick(void *arg, const struct mipo_scanner_progress *progress)
{
	struct seen *seen = arg;

	seen->last_ticks += progress->pass > 0 &&
	    strcmp(progress->phase, "probing") == 0;
	if (++seen->ticks == seen->stall_at)
		now_ms += STALL_MS;
	return 0;
}

static struct mipo_rec *
scan_ports(const char *range, const struct row *table, unsigned retries,
    struct seen *seen)
{
	const struct mipo_scanner_config config = {
	    .method = MIPO_METHOD_CONNECT,
	    .scan = "00000000000000000000000000000000",
	    .wait_ms = 4000,
	    .retries = retries,
	    .memory = UINT64_C(1) << 30,
	    .states = ~0U};
	const struct mipo_scanner_hooks hooks = {
	    .obs = see, .tick = tick, .arg = seen};
	struct mipo_rec *end = mipo_rec_start("scan.end", &err);
	struct mipo_targets *targets = mipo_targets_new(&err);
	struct mipo_ports *ports = mipo_ports_new(&err);
	struct mipo_scanner *scan = NULL;
	const char *none = NULL;
	bool complete;

	rows = table;
	memset(fds, 0, sizeof(fds));
	memset(refused, 0, sizeof(refused));
	ck_ok(mipo_targets_add(targets, "127.0.0.1", NULL, &err));
	ck_ok(mipo_ports_add(ports, range, &err));
	ck_ok(mipo_scanner_new(
	    &config, &hooks, targets, ports, &scan, &err));
	ck_ok(mipo_scanner_open(scan, &err));
	ck_ok(mipo_scanner_run(scan, &err));
	ck_ok(mipo_scanner_report(scan, &none, end, &complete, &err));
	ck_assert_int_eq(
	    complete, strcmp(mipo_rec_str(end, "verdict"), "complete") == 0);
	mipo_scanner_free(scan);
	mipo_targets_free(targets);
	mipo_ports_free(ports);
	return end;
}

static int64_t
number(const struct mipo_rec *rec, const char *path)
{
	int64_t n = -1;

	(void)mipo_rec_int(rec, path, &n);
	return n;
}

START_TEST(a_stall_drops_no_answer)
{
	const struct row table[] = {{400, 200, 0, 0, 0}};
	struct seen seen = {.stall_at = 3};
	struct mipo_rec *end = scan_ports("1-400", table, 0, &seen);

	ck_assert_uint_eq(seen.open, 400);
	ck_assert_uint_lt(seen.timed, 400);
	ck_assert_str_eq(mipo_rec_str(end, "verdict"), "complete");
	ck_assert_int_eq(number(end, "accepted"), 400);
	mipo_rec_free(end);
}
END_TEST

/* The kernel has sent what epoll has no room for. */
START_TEST(what_epoll_does_not_take_is_asked_for)
{
	const struct row table[] = {{20, 200, 0, 0, 0},
	    {30, 200, ECONNREFUSED, 0, 0}, {40, NOT_YET, 0, 0, 0}};
	struct seen seen = {.stall_at = 0};
	struct mipo_rec *end;

	no_epoll = true;
	end = scan_ports("11-40", table, 1, &seen);
	no_epoll = false;
	ck_assert_uint_eq(seen.open, 10);
	ck_assert_uint_eq(seen.timed, 0);
	ck_assert_int_eq(number(end, "attempted"), 40);
	ck_assert_int_eq(number(end, "accepted"), 40);
	ck_assert_int_eq(number(end, "counts.closed"), 10);
	ck_assert_int_eq(number(end, "counts.filtered"), 10);
	ck_assert_uint_eq(mipo_rec_len(end, "send_errors"), 0);
	ck_assert_str_eq(mipo_rec_str(end, "verdict"), "complete");
	mipo_rec_free(end);
}
END_TEST

/* A last pass over what has answered leaves time for all else. */
START_TEST(what_is_not_wanted_is_passed_over_in_turns)
{
	const struct row table[] = {
	    {65534, 0, ECONNREFUSED, 0, 0}, {65535, NOT_YET, 0, 0, 0}};
	struct seen seen = {.stall_at = 0};
	struct mipo_rec *end = scan_ports("1-65535", table, 1, &seen);

	ck_assert_uint_ge(seen.last_ticks, 10);
	ck_assert_int_eq(number(end, "accepted"), 65536);
	ck_assert_str_eq(mipo_rec_str(end, "verdict"), "complete");
	mipo_rec_free(end);
}
END_TEST

START_TEST(one_try_is_not_two)
{
	const struct row table[] = {{20, 1, ECONNREFUSED, 0, 0},
	    {30, NOT_YET, 0, 1, EPERM}, {40, NOT_YET, 0, 9, EPERM}};
	struct seen seen = {.stall_at = 0};
	struct mipo_rec *end = scan_ports("11-30", table, 1, &seen);

	ck_assert_str_eq(mipo_rec_str(end, "verdict"), "degraded");
	ck_assert_str_eq(mipo_rec_str(end, "reasons.0"),
	    "10 pairs could be probed for the first time in the last pass");
	mipo_rec_free(end);

	end = scan_ports("11-20,40", table, 1, &seen);
	ck_assert_str_eq(mipo_rec_str(end, "verdict"), "incomplete");
	ck_assert_str_eq(
	    mipo_rec_str(end, "send_errors.0.errno"), "EPERM");
	ck_assert_int_eq(number(end, "send_errors.0.count"), 2);
	ck_assert_uint_eq(mipo_rec_len(end, "send_errors.0.indices"), 1);
	ck_assert_int_eq(number(end, "counts.filtered"), 0);
	mipo_rec_free(end);
}
END_TEST

UNIT_MAIN("connect", a_stall_drops_no_answer,
    what_epoll_does_not_take_is_asked_for,
    what_is_not_wanted_is_passed_over_in_turns, one_try_is_not_two);
