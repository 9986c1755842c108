/* The connect method where epoll has no room for what was begun. */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"
#include "net/scanner.h"

#define FULL 8

static struct mipo_err err;

/* In the place of the C library's: there is no room. */
int
epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
	(void)epoll;
	(void)op;
	(void)fd;
	(void)event;
	errno = ENOSPC;
	return -1;
}

/* A listener whose queue is full drops what comes: it is silent. */
static unsigned
silent_port(int fds[FULL])
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fds[0], (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(fds[0], 0), 0);
	ck_assert_int_eq(
	    getsockname(fds[0], (struct sockaddr *)&at, &len), 0);
	for (int i = 1; i < FULL; i++) {
		fds[i] = socket(AF_INET,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)connect(fds[i], (struct sockaddr *)&at, len);
	}
	(void)usleep(100000);
	return ntohs(at.sin_port);
}

static void
no_obs(void *arg, const struct mipo_obs *obs)
{
	(void)obs;
	++*(int *)arg;
}

static int
no_tick(void *arg, const struct mipo_scanner_progress *progress)
{
	(void)arg;
	(void)progress;
	return 0;
}

static void
scan_into(unsigned port, struct mipo_rec *end, int *seen, bool *complete)
{
	const struct mipo_scanner_config config = {
	    .method = MIPO_METHOD_CONNECT,
	    .scan = "00000000000000000000000000000000",
	    .wait_ms = 1000,
	    .retries = 1,
	    .states = ~0U,
	    .list_silent = true};
	const struct mipo_scanner_hooks hooks = {
	    .obs = no_obs, .tick = no_tick, .arg = seen};
	struct mipo_targets *targets = mipo_targets_new(&err);
	struct mipo_ports *ports = mipo_ports_new(&err);
	struct mipo_scanner *scan = NULL;
	const char *none = NULL;
	char text[8];

	(void)snprintf(text, sizeof(text), "%u", port);
	ck_ok(mipo_targets_add(targets, "127.0.0.1", NULL, &err));
	ck_ok(mipo_ports_add(ports, text, &err));
	ck_ok(mipo_scanner_new(
	    &config, &hooks, targets, ports, &scan, &err));
	ck_ok(mipo_scanner_open(scan, &err));
	ck_ok(mipo_scanner_run(scan, &err));
	ck_ok(mipo_scanner_report(scan, &none, end, complete, &err));
	mipo_scanner_free(scan);
	mipo_targets_free(targets);
	mipo_ports_free(ports);
}

START_TEST(what_epoll_does_not_take_is_refused)
{
	struct mipo_rec *end = mipo_rec_start("scan.end", &err);
	int fds[FULL], seen = 0;
	unsigned port = silent_port(fds);
	bool complete = true;
	int64_t filtered = -1;

	scan_into(port, end, &seen, &complete);
	ck_assert(!complete);
	ck_assert_str_eq(mipo_rec_str(end, "verdict"), "incomplete");
	ck_assert_str_eq(
	    mipo_rec_str(end, "send_errors.0.errno"), "ENOSPC");
	(void)mipo_rec_int(end, "counts.filtered", &filtered);
	ck_assert_int_eq(filtered, 0);
	ck_assert_int_eq(seen, 0);
	mipo_rec_free(end);
	for (int i = 0; i < FULL; i++)
		(void)close(fds[i]);
}
END_TEST

UNIT_MAIN("connect", what_epoll_does_not_take_is_refused);
