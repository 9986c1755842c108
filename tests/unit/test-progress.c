#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "kit/progress.h"

static char shown[4096];

/* Runs three updates on a terminal or a pipe; what was shown is in shown. */
static void
show(int terminal, bool quiet)
{
	struct mipo_progress progress;
	int pair[2], old = dup(2);
	struct pollfd ready = {.events = POLLIN};
	size_t len = 0;
	ssize_t n;

	if (terminal)
		ck_assert_int_eq(
		    openpty(&pair[0], &pair[1], NULL, NULL, NULL), 0);
	else
		ck_assert_int_eq(pipe(pair), 0);
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
	(void)dup2(pair[1], 2);
	mipo_progress_start(&progress, "scan", quiet);
	mipo_progress_show(&progress, 1, 100, "soon"); /* too early */
	progress.last_ns -= UINT64_C(300000000);
	progress.started_ns -= UINT64_C(10000000000);
	mipo_progress_show(&progress, 25, 100, "12 open");
	mipo_progress_show(&progress, 26, 100, "again"); /* too early */
	mipo_progress_erase(&progress);
	mipo_progress_show(&progress, 25, 100, "13 open");
	mipo_progress_end(&progress);
	(void)dup2(old, 2);
	(void)close(old);
	(void)close(pair[1]);
	memset(shown, 0, sizeof(shown));
	ready.fd = pair[0];
	/* a terminal hands on what it was given in parts */
	while (poll(&ready, 1, 200) > 0 &&
	    (n = read(pair[0], shown + len, sizeof(shown) - 1 - len)) > 0)
		len += (size_t)n;
	(void)close(pair[0]);
}

START_TEST(terminal_only)
{
	(void)setenv("TERM", "xterm", 1);
	(void)unsetenv("CI");
	show(1, false);
	ck_assert_str_eq(
	    shown, "\r\033[Kscan:  25.0%, 30s left, 12 open\r\033[K"
		   "\r\033[Kscan:  25.0%, 30s left, 13 open\r\033[K");
	show(0, false);
	ck_assert_str_eq(shown, "");
	show(1, true);
	ck_assert_str_eq(shown, "");
	(void)setenv("CI", "true", 1);
	show(1, false);
	ck_assert_str_eq(shown, "");
	(void)unsetenv("CI");
	(void)setenv("TERM", "dumb", 1);
	show(1, false);
	ck_assert_str_eq(shown, "");
}
END_TEST

UNIT_MAIN("progress", terminal_only);
