/* Directories and files of a state in the making, for init. */
#ifndef MIPO_STORE_INIT_FILES_H
#define MIPO_STORE_INIT_FILES_H

#include <stdbool.h>

struct mipo_err;

/*
 * Makes "PATH.PID.new" (0700), and what is above it. Refuses a path where
 * something is, other than an empty directory. *ret_dir: caller's.
 */
int mipo_init_place(const char *path, char **ret_dir, struct mipo_err *err);

/*
 * keys/ (0700) and objects/ (0750) in dir, itself 0750; the group mipo gets
 * dir and objects/ where there is such a group and we may give it.
 */
int mipo_init_dirs(const char *dir, bool *ret_group, struct mipo_err *err);

/* Removes dir and what init makes in it. */
void mipo_init_remove(const char *dir);

#endif
