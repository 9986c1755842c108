#include "kit/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"

static int
onto_stdout(int fd, const char *path, struct mipo_err *err)
{
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return mipo_err_sys(err, errno, "%s", path);
	return 0;
}

/* A device or a pipe cannot appear whole: it is there already. */
static int
open_as_it_is(const char *path, struct mipo_err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int r = onto_stdout(fd, path, err);

	if (fd >= 0)
		(void)close(fd);
	return r;
}

/*
 * The keeper: waits for the word to commit; if the socket closes without
 * it, the program died, and the file goes.
 */
static void
keep(struct mipo_file *file, int sock)
{
	static const int deaf[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
	struct mipo_err err = {0};
	char word = 0;
	ssize_t n;

	for (size_t i = 0; i < sizeof(deaf) / sizeof(*deaf); i++)
		(void)signal(deaf[i], SIG_IGN);
	(void)dup2(open("/dev/null", O_RDWR | O_CLOEXEC), STDIN_FILENO);
	(void)dup2(STDIN_FILENO, STDOUT_FILENO);
	do
		n = read(sock, &word, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1 && word == 'c')
		(void)mipo_file_commit(file, 0, &err);
	else
		mipo_file_abandon(file);
	(void)!write(sock, &err, sizeof(err));
	_exit(0);
}

static int
start_keeper(struct mipo_output *output, const char *path,
    struct mipo_err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return mipo_err_sys(err, errno, "%s", path);
	output->pid = fork();
	if (output->pid == 0) {
		(void)close(pair[0]);
		keep(output->file, pair[1]);
	}
	(void)close(pair[1]);
	if (output->pid < 0) {
		(void)close(pair[0]);
		return mipo_err_sys(err, errno, "%s", path);
	}
	output->keeper = pair[0];
	return 0;
}

static int
begin_kept(const char *path, struct mipo_output *output, struct mipo_err *err)
{
	if (mipo_file_begin(path, 0666, &output->file, err) != 0)
		return -1;
	if (onto_stdout(mipo_file_fd(output->file), path, err) != 0 ||
	    start_keeper(output, path, err) != 0) {
		mipo_file_abandon(output->file);
		output->file = NULL;
		return -1;
	}
	return 0;
}

/* No signal comes between a file that is begun and its deaf keeper. */
static int
begin_file(const char *path, struct mipo_output *output, struct mipo_err *err)
{
	sigset_t all, before;
	int r;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	r = begin_kept(path, output, err);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

int
mipo_output_begin(
    const char *path, struct mipo_output *ret_output, struct mipo_err *err)
{
	struct mipo_output output = {.keeper = -1, .pid = -1};
	struct stat st;
	char *real;
	int r = 0;

	if (path == NULL || strcmp(path, "-") == 0) {
		*ret_output = output;
		return 0;
	}
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		r = open_as_it_is(path, err);
	} else {
		real = realpath(path, NULL);
		r = begin_file(real == NULL ? path : real, &output, err);
		free(real);
	}
	if (r == 0)
		*ret_output = output;
	return r;
}

/* What the keeper says: an error record, empty when all went well. */
static int
hear(int sock, struct mipo_err *err)
{
	struct mipo_err said = {0};
	size_t got = 0;

	while (got < sizeof(said)) {
		ssize_t n =
		    read(sock, (char *)&said + got, sizeof(said) - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return mipo_err_set(err, MIPO_E_IO,
			    "the process that keeps the file ended early");
		got += (size_t)n;
	}
	if (said.code == MIPO_E_NONE)
		return 0;
	return mipo_err_set(err, said.code, "%s", said.text);
}

int
mipo_output_end(struct mipo_output *output, bool commit, struct mipo_err *err)
{
	int r;

	if (output->file == NULL)
		return 0;
	(void)signal(SIGPIPE, SIG_IGN); /* a keeper that died is an error */
	(void)!write(output->keeper, commit ? "c" : "a", 1);
	r = hear(output->keeper, err);
	(void)close(output->keeper);
	(void)waitpid(output->pid, NULL, 0);
	mipo_file_abandon(output->file); /* the name is gone; frees */
	output->file = NULL;
	return r;
}
