/*
 * A pipeline of programs, wired by pipes, without a shell. Every exit
 * status is collected; INT, TERM and HUP go to the first stage, whose whole
 * end record then lets the others end by themselves, and to all of them
 * when they come again or when the first stage has ended. TSTP stops them
 * all. A signal that the caller ignores stays ignored.
 */
#ifndef BIN_MIPO_PIPE_H
#define BIN_MIPO_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mipo_err;

struct stage {
	const char *name;  /* "mipo-store record": for people */
	const char *path;  /* of the program */
	char **argv;	   /* NULL-ended */
	bool one_is_fine;  /* status 1 is an answer, not a failure */
	pid_t pid;	   /* 0: not running */
	int status;	   /* as waitpid gave it, once it has ended */
};

/*
 * Runs n stages, the first from /dev/null, the last to /dev/null, and waits
 * for all of them. *ret_signal: the signal that we were sent, or 0. -1 when
 * they could not be started (those that were are ended first).
 */
int pipe_run(struct stage *stages, size_t n, int *ret_signal,
    struct mipo_err *err);

/*
 * The exit status of the whole: the first that applies of 6, 2, 4, 3, 5, 0;
 * a stage killed by a signal counts as 2.
 */
int pipe_status(const struct stage *stages, size_t n);

/*
 * Names on stderr each stage that failed; who died only of a pipe that
 * another's failure closed is not named, nor who is inconclusive (3) behind
 * a first stage that failed (2).
 */
void pipe_report(const struct stage *stages, size_t n);

#endif
