/* What the files of the front door share. */
#ifndef BIN_MIPO_MIPO_H
#define BIN_MIPO_MIPO_H

#include "kit/cli.h"

struct mipo_err;

/* The subcommands of mipo's own. */
extern const struct mipo_sub mipo_doctor;
extern const struct mipo_sub mipo_run;

/*
 * Finds the program mipo-NAME: beside this one, in the package's libexec
 * directory, in PATH. *ret_path: caller's. NOTFOUND where it is nowhere.
 */
int find_program(const char *name, char **ret_path, struct mipo_err *err);

#endif
