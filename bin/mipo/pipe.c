#include "bin/mipo/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"

static const int ours[] = {
    SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGCHLD};

/* What we were started to ignore (nohup), we ignore. */
static void
wanted_signals(sigset_t *set)
{
	struct sigaction old;

	(void)sigemptyset(set);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (sigaction(ours[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			(void)sigaddset(set, ours[i]);
}

/*
 * In the child. A group of its own keeps a terminal's INT away from the
 * filters, which must live to see the end record; and nobody outlives us.
 */
static void
become(const struct stage *stage, int in, int out, const sigset_t *mask,
    pid_t parent)
{
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(2);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(2);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	(void)execv(stage->path, stage->argv);
	mipo_log(MIPO_LOG_ERROR, "%s: %s", stage->path, strerror(errno));
	_exit(2);
}

static int
start_one(struct stage *stage, int in, int out, const sigset_t *mask,
    struct mipo_err *err)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return mipo_err_sys(err, errno, "%s", stage->name);
	if (pid == 0)
		become(stage, in, out, mask, parent);
	stage->pid = pid;
	return 0;
}

static void
close_if_open(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static int
start_all(struct stage *stages, size_t n, const sigset_t *mask,
    struct mipo_err *err)
{
	int in = open("/dev/null", O_RDWR | O_CLOEXEC), r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		int pair[2] = {-1, -1}, got;

		if (i + 1 < n) {
			got = pipe2(pair, O_CLOEXEC);
		} else {
			pair[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
			got = pair[1] < 0 ? -1 : 0;
		}
		if (got != 0 || in < 0)
			r = mipo_err_sys(err, errno, "%s", stages[i].name);
		else
			r = start_one(&stages[i], in, pair[1], mask, err);
		close_if_open(in);
		close_if_open(pair[1]);
		in = pair[0];
	}
	close_if_open(in);
	return r;
}

static size_t
reap(struct stage *stages, size_t n)
{
	size_t running = 0;

	for (size_t i = 0; i < n; i++) {
		struct stage *stage = &stages[i];

		if (stage->pid > 0 &&
		    waitpid(stage->pid, &stage->status, WNOHANG) ==
			stage->pid)
			stage->pid = 0;
		running += stage->pid > 0;
	}
	return running;
}

static void
pass_on(const struct stage *stages, size_t n, int sig, bool again)
{
	if (stages[0].pid > 0 && !again) {
		(void)kill(stages[0].pid, sig);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (stages[i].pid > 0)
			(void)kill(stages[i].pid, sig);
}

/* A terminal's Ctrl-Z reaches us alone: the stages stop before we do. */
static void
pause_all(const struct stage *stages, size_t n)
{
	pass_on(stages, n, SIGSTOP, true);
	(void)raise(SIGSTOP);
	pass_on(stages, n, SIGCONT, true);
}

static int
wait_all(struct stage *stages, size_t n, const sigset_t *set)
{
	int first = 0;

	while (reap(stages, n) > 0) {
		int sig = sigwaitinfo(set, NULL);

		if (sig == SIGTSTP)
			pause_all(stages, n);
		if (sig <= 0 || sig == SIGCHLD || sig == SIGTSTP ||
		    sig == SIGCONT)
			continue;
		pass_on(stages, n, sig, first != 0);
		if (first == 0)
			first = sig;
	}
	return first;
}

int
pipe_run(
    struct stage *stages, size_t n, int *ret_signal, struct mipo_err *err)
{
	sigset_t set, old;
	int r;

	wanted_signals(&set);
	(void)sigprocmask(SIG_BLOCK, &set, &old);
	r = start_all(stages, n, &old, err);
	if (r != 0)
		pass_on(stages, n, SIGTERM, true);
	*ret_signal = wait_all(stages, n, &set);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}

static int
status_of(const struct stage *stage)
{
	int status;

	if (!WIFEXITED(stage->status))
		return 2;
	status = WEXITSTATUS(stage->status);
	if (status == 1 && stage->one_is_fine)
		return 0;
	return status == 0 || (status >= 3 && status <= 6) ? status : 2;
}

int
pipe_status(const struct stage *stages, size_t n)
{
	static const int order[] = {6, 2, 4, 3, 5};

	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++)
		for (size_t i = 0; i < n; i++)
			if (status_of(&stages[i]) == order[k])
				return order[k];
	return 0;
}

static bool
died_of_pipe(const struct stage *stage)
{
	return WIFSIGNALED(stage->status) && WTERMSIG(stage->status) == SIGPIPE;
}

static const char *
meaning(int status)
{
	static const char *const texts[] = {"", "said no", "failed",
	    "is inconclusive", "found the state locked",
	    "could not deliver all messages", "met an integrity failure"};

	return status >= 1 && status <= 6 ? texts[status] : "failed";
}

static void
report_one(const struct stage *stage)
{
	int status = WEXITSTATUS(stage->status);

	if (WIFSIGNALED(stage->status))
		mipo_log(MIPO_LOG_ERROR, "%s was killed by signal %d (%s)",
		    stage->name, WTERMSIG(stage->status),
		    strsignal(WTERMSIG(stage->status)));
	else
		mipo_log(MIPO_LOG_ERROR, "%s %s (status %d)", stage->name,
		    meaning(status), status);
}

/* Whether it says only that nothing came from a first stage that failed. */
static bool
follows(const struct stage *stages, const struct stage *stage)
{
	return stage != stages && status_of(stage) == 3 &&
	    status_of(stages) == 2;
}

void
pipe_report(const struct stage *stages, size_t n)
{
	bool others = false;

	for (size_t i = 0; i < n; i++)
		others |= status_of(&stages[i]) != 0 &&
		    !died_of_pipe(&stages[i]);
	for (size_t i = 0; i < n; i++)
		if (status_of(&stages[i]) != 0 &&
		    !(others && died_of_pipe(&stages[i])) &&
		    !follows(stages, &stages[i]))
			report_one(&stages[i]);
}
