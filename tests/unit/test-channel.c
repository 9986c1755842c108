#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "out/channel.h"

static char script[128], out[128];

static void
setup(const char *text)
{
	struct mipo_err err = {0};

	(void)snprintf(script, sizeof(script), "%s/script", unit_dir);
	(void)snprintf(out, sizeof(out), "%s/out", unit_dir);
	ck_ok(mipo_file_put(script, 0700, 0, text, strlen(text), &err));
	(void)unlink(out);
}

static void
teardown(void)
{
	(void)unlink(script);
	(void)unlink(out);
}

static int
deliver(const char *p, size_t len, uint64_t limit_ms,
    enum mipo_delivery *ret_how, struct mipo_err *err)
{
	const char *const argv[] = {script, out, "a b", "$(id)", NULL};
	const struct mipo_channel channel = {
	    .name = "pager", .argv = argv, .limit_ms = limit_ms};

	return mipo_channel_kind_find("exec")->deliver(
	    &channel, p, len, ret_how, err);
}

static void
wrote(const char *want)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, 65536);
	ck_ok(mipo_file_read(out, &buf, &err));
	ck_assert_str_eq(mipo_buf_str(&buf, &err), want);
	mipo_buf_release(&buf);
}

START_TEST(hands_over_bytes_and_arguments)
{
	enum mipo_delivery how = MIPO_DELIVERY_LATER;
	struct mipo_err err = {0};

	setup("#!/bin/sh\n"
	      "{ cat; echo \"$2|$3|$#|$PWD|$MIPO_CHANNEL|$TZ|${SECRET-no}\";\n"
	      "[ -e /proc/self/fd/77 ] && echo leaked; } >\"$1\"; exit 0\n");
	ck_assert_int_eq(setenv("SECRET", "x", 1), 0);
	ck_assert_int_eq(dup2(1, 77), 77);
	ck_ok(deliver("{}\n", 3, 0, &how, &err));
	ck_assert_int_eq(how, MIPO_DELIVERED);
	wrote("{}\na b|$(id)|3|/|pager|UTC|no\n");
	teardown();
}
END_TEST

START_TEST(passes_more_than_a_pipe_holds)
{
	enum mipo_delivery how = MIPO_DELIVERY_LATER;
	static char big[1 << 20];
	struct mipo_err err = {0};

	/* It answers while it reads: both pipes fill up at once. */
	setup("#!/bin/sh\ntee /dev/stderr | wc -c >\"$1\"\n");
	memset(big, 'x', sizeof(big));
	ck_ok(deliver(big, sizeof(big), 0, &how, &err));
	wrote("1048576\n");
	teardown();
}
END_TEST

START_TEST(not_reading_is_no_failure)
{
	enum mipo_delivery how = MIPO_DELIVERY_LATER;
	static char big[1 << 20];
	struct mipo_err err = {0};
	sigset_t pending;

	setup("#!/bin/sh\nexec 0<&-\nsleep 0.1\nexit 0\n");
	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	ck_ok(deliver(big, sizeof(big), 0, &how, &err));
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGPIPE), 0);
	teardown();
}
END_TEST

START_TEST(names_what_went_wrong)
{
	enum mipo_delivery how = MIPO_DELIVERED;
	struct mipo_err err = {0};

	setup("#!/bin/sh\necho first\necho 'no \033[31m route' >&2\nexit 7\n");
	ck_assert_int_eq(deliver("{}\n", 3, 0, &how, &err), -1);
	ck_assert_int_eq(how, MIPO_DELIVERY_REFUSED);
	ck_assert_ptr_null(strstr(err.text, "pager"));
	ck_assert_ptr_nonnull(
	    strstr(err.text, "exit status 7: no ?[31m route"));
	mipo_err_clear(&err);
	setup("#!/bin/sh\nexit 75\n");
	ck_fails(deliver("{}\n", 3, 0, &how, &err), MIPO_E_IO);
	ck_assert_int_eq(how, MIPO_DELIVERY_LATER);
	setup("#!/bin/sh\nkill -9 $$\n");
	ck_assert_int_eq(deliver("{}\n", 3, 0, &how, &err), -1);
	ck_assert_int_eq(how, MIPO_DELIVERY_LATER);
	ck_assert_ptr_nonnull(strstr(err.text, "signal 9"));
	teardown();
}
END_TEST

START_TEST(ends_in_time_with_its_children)
{
	enum mipo_delivery how = MIPO_DELIVERED;
	struct mipo_err err = {0};
	uint64_t start = mipo_clock_mono_ns();
	pid_t child;
	FILE *f;
	int n;

	/* It ignores TERM, and so does what it started. */
	setup("#!/bin/sh\ntrap '' TERM\nsleep 30 &\necho $! >\"$1\"\n"
	      "while :; do sleep 30; done\n");
	ck_assert_int_eq(deliver("{}\n", 3, 300, &how, &err), -1);
	ck_assert_int_eq(how, MIPO_DELIVERY_LATER);
	ck_assert_ptr_nonnull(strstr(err.text, "no end within its time"));
	ck_assert(mipo_clock_mono_ns() - start < 10000000000U);
	f = fopen(out, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &n), 1);
	(void)fclose(f);
	child = (pid_t)n;
	for (n = 0; n < 100 && kill(child, 0) == 0; n++)
		(void)usleep(20000);
	ck_assert_int_lt(n, 100);
	teardown();
}
END_TEST

static enum mipo_code
check_of(const char *program, enum mipo_delivery *ret_how)
{
	const char *const argv[] = {program, NULL};
	const struct mipo_channel channel = {.name = "c", .argv = argv};
	struct mipo_err err = {0};

	if (mipo_channel_exec.check(&channel, &err) == 0)
		return MIPO_E_NONE;
	ck_assert_int_eq(
	    mipo_channel_exec.deliver(&channel, "", 0, ret_how, NULL), -1);
	return err.code;
}

START_TEST(finds_programs_as_promised)
{
	enum mipo_delivery how = MIPO_DELIVERED;

	ck_assert_int_eq(setenv("PATH", "/nowhere", 1), 0);
	ck_assert_int_eq(check_of("true", &how), MIPO_E_NONE);
	ck_assert_int_eq(check_of("/bin/true", &how), MIPO_E_NONE);
	ck_assert_int_eq(check_of("bin/true", &how), MIPO_E_USAGE);
	ck_assert_int_eq(how, MIPO_DELIVERY_REFUSED);
	ck_assert_int_eq(check_of("no-such-program", &how), MIPO_E_NOTFOUND);
	ck_assert_int_eq(check_of("/etc/passwd", &how), MIPO_E_IO);
	ck_assert_int_eq(check_of("", &how), MIPO_E_USAGE);
	ck_assert_ptr_null(mipo_channel_kind_find("carrier-pigeon"));
}
END_TEST

UNIT_MAIN("channel", hands_over_bytes_and_arguments,
    passes_more_than_a_pipe_holds, not_reading_is_no_failure,
    names_what_went_wrong, ends_in_time_with_its_children,
    finds_programs_as_promised);
