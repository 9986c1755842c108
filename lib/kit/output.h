/*
 * -o FILE: stdout becomes FILE, which appears whole or not at all. A small
 * process holds the file's name meanwhile, so that a program that confined
 * itself, or died, still ends rightly.
 */
#ifndef MIPO_KIT_OUTPUT_H
#define MIPO_KIT_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

struct mipo_err;
struct mipo_file;

struct mipo_output {
	struct mipo_file *file; /* NULL: nothing to commit */
	int keeper;		/* socket to the process that commits */
	pid_t pid;
};

/*
 * Puts path under descriptor 1; NULL and "-" leave stdout as it is. What is
 * there and no regular file is opened as it is; symbolic links are followed.
 */
int mipo_output_begin(
    const char *path, struct mipo_output *ret_output, struct mipo_err *err);

/* Commits (fsync, rename) or removes the file. Releases output. */
int mipo_output_end(
    struct mipo_output *output, bool commit, struct mipo_err *err);

#endif
