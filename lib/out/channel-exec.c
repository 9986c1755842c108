#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "out/channel.h"
#include "out/spawn.h"

#define TEMPFAIL 75
#define GRACE_MS 1000
#define SAID_MAX 200
#define NS_A_MS 1000000U

/* A program under way. Descriptors that are closed are -1. */
struct run {
	struct mipo_spawned child;
	int pidfd; /* -1 where there is none: then we look now and then */
	const char *p;
	size_t left;
	uint64_t until_ns;
	int killed; /* 0, then the signal that we sent last */
	char said[SAID_MAX + 1]; /* the line it is at, or the last whole one */
	size_t said_len;
	int said_whole;
};

/* ---- what to run */

static int
find_program(
    const char *name, char *ret_path, size_t size, struct mipo_err *err)
{
	const char *dir = MIPO_SPAWN_PATH;

	if (strchr(name, '/') != NULL) {
		if (name[0] != '/')
			return mipo_err_set(err, MIPO_E_USAGE,
			    "%s: give an absolute path or a bare name", name);
		(void)snprintf(ret_path, size, "%s", name);
		if (access(ret_path, X_OK) != 0)
			return mipo_err_sys(err, errno, "%s", name);
		return 0;
	}
	while (*dir != '\0') {
		size_t len = strcspn(dir, ":");
		int n = snprintf(
		    ret_path, size, "%.*s/%s", (int)len, dir, name);

		if (n > 0 && (size_t)n < size && access(ret_path, X_OK) == 0)
			return 0;
		dir += len + (dir[len] == ':');
	}
	return mipo_err_set(err, MIPO_E_NOTFOUND,
	    "%s: there is no such program in " MIPO_SPAWN_PATH, name);
}

static int
exec_check(const struct mipo_channel *channel, struct mipo_err *err)
{
	char path[4096];

	if (channel->argv == NULL || channel->argv[0] == NULL ||
	    channel->argv[0][0] == '\0')
		return mipo_err_set(
		    err, MIPO_E_USAGE, "no program is named");
	return find_program(channel->argv[0], path, sizeof(path), err);
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* ---- while it runs */

static void
said_add(struct run *run, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '\n') {
			run->said_whole = 1;
			continue;
		}
		if (run->said_whole) {
			run->said_whole = 0;
			run->said_len = 0;
		}
		if (run->said_len < SAID_MAX)
			run->said[run->said_len++] = p[i];
	}
	run->said[run->said_len] = '\0';
}

static void
hear(struct run *run)
{
	char chunk[4096];
	ssize_t n;

	while (run->child.out >= 0) {
		n = read(run->child.out, chunk, sizeof(chunk));
		if (n > 0)
			said_add(run, chunk, (size_t)n);
		else if (n == 0)
			close_fd(&run->child.out);
		else if (errno != EINTR)
			return;
	}
}

static void
tell(struct run *run)
{
	while (run->child.in >= 0 && run->left > 0) {
		ssize_t n = write(run->child.in, run->p, run->left);

		if (n >= 0) {
			run->p += n;
			run->left -= (size_t)n;
		} else if (errno == EAGAIN) {
			return;
		} else if (errno != EINTR) {
			run->left = 0; /* it reads no further: its right */
		}
	}
	close_fd(&run->child.in);
}

static int
wait_ms(const struct run *run)
{
	uint64_t now = mipo_clock_mono_ns(), ms;
	uint64_t most = run->pidfd < 0 ? 50 : 60000;

	if (now >= run->until_ns)
		return 0;
	ms = (run->until_ns - now) / NS_A_MS + 1;
	return (int)(ms > most ? most : ms);
}

static void
late(struct run *run)
{
	if (mipo_clock_mono_ns() < run->until_ns)
		return;
	run->killed = run->killed == 0 ? SIGTERM : SIGKILL;
	(void)kill(-run->child.pid, run->killed);
	run->until_ns = mipo_clock_mono_ns() + GRACE_MS * NS_A_MS;
}

/* Until the program itself has ended; what it left behind is not waited for. */
static int
run_wait(struct run *run)
{
	siginfo_t info;
	int status = 0;

	for (;;) {
		struct pollfd fds[3] = {
			{.fd = run->pidfd, .events = POLLIN},
			{.fd = run->child.in, .events = POLLOUT},
			{.fd = run->child.out, .events = POLLIN},
		};

		memset(&info, 0, sizeof(info));
		if (poll(fds, 3, wait_ms(run)) < 0 && errno != EINTR)
			break;
		tell(run);
		hear(run);
		if (waitid(P_PID, (id_t)run->child.pid, &info,
			WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0)
			break;
		late(run);
	}
	if (run->killed != 0) /* what it started goes with it */
		(void)kill(-run->child.pid, SIGKILL);
	while (waitpid(run->child.pid, &status, 0) < 0 && errno == EINTR)
		continue;
	hear(run);
	return status;
}

/* ---- what came of it */

static int
judge(const struct run *run, int status, const char *program,
    enum mipo_delivery *ret_how, struct mipo_err *err)
{
	const char *sep = run->said_len > 0 ? ": " : "";
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	*ret_how = MIPO_DELIVERY_LATER;
	if (run->killed != 0)
		return mipo_err_set(err, MIPO_E_IO,
		    "%s: no end within its time%s%s", program, sep, run->said);
	if (code < 0)
		return mipo_err_set(err, MIPO_E_IO,
		    "%s: ended by signal %d%s%s", program, WTERMSIG(status),
		    sep, run->said);
	if (code == 0) {
		*ret_how = MIPO_DELIVERED;
		return 0;
	}
	if (code != TEMPFAIL)
		*ret_how = MIPO_DELIVERY_REFUSED;
	return mipo_err_set(err, MIPO_E_IO, "%s: exit status %d%s%s", program,
	    code, sep, run->said);
}

/*
 * A SIGPIPE by our own write is taken away before anyone can see it; one
 * that was already pending stays.
 */
static int
run_quietly(struct run *run)
{
	const struct timespec now = {0};
	sigset_t pipe_set, old, pending;
	int status, was_pending;

	(void)sigemptyset(&pipe_set);
	(void)sigaddset(&pipe_set, SIGPIPE);
	(void)sigemptyset(&pending);
	(void)sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_set, &old);
	status = run_wait(run);
	if (!was_pending)
		while (sigtimedwait(&pipe_set, NULL, &now) > 0)
			continue;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return status;
}

static int
exec_deliver(const struct mipo_channel *channel, const void *p, size_t len,
    enum mipo_delivery *ret_how, struct mipo_err *err)
{
	uint64_t limit = channel->limit_ms;
	struct run run = {{-1, -1, -1}, .pidfd = -1};
	char path[4096];
	int r;

	*ret_how = MIPO_DELIVERY_REFUSED;
	if (exec_check(channel, err) != 0)
		return -1;
	if (find_program(channel->argv[0], path, sizeof(path), err) != 0)
		return -1;
	run.p = p;
	run.left = len;
	run.until_ns = mipo_clock_mono_ns() +
	    (limit > 0 ? limit : MIPO_CHANNEL_LIMIT_MS) * NS_A_MS;
	r = mipo_spawn(path, channel->argv, channel->name, &run.child, err);
	if (r == 0) {
		run.pidfd = pidfd_open(run.child.pid, 0);
		r = judge(&run, run_quietly(&run), channel->argv[0], ret_how,
		    err);
	}
	close_fd(&run.child.in);
	close_fd(&run.child.out);
	close_fd(&run.pidfd);
	return r;
}

const struct mipo_channel_kind mipo_channel_exec = {
	.name = "exec",
	.summary = "a program that reads NDJSON on stdin",
	.check = exec_check,
	.deliver = exec_deliver,
};
