/* A text file that people write, line by line. */
#ifndef MIPO_SCAN_LINES_H
#define MIPO_SCAN_LINES_H

#include <stdint.h>

struct mipo_err;

/*
 * Hands each line, without its comment (# and what follows), to each, which
 * may write into it; lines count from 1. An error of each is prefixed with
 * "PATH:LINE". "-" is standard input. ret_sha256 (may be NULL) gets the
 * digest of the whole file.
 */
int lines_read(const char *path, uint8_t *ret_sha256,
    int (*each)(
	void *arg, char *line, unsigned number, struct mipo_err *err),
    void *arg, struct mipo_err *err);

/* The next word of *rest, blanks and commas being between them, or NULL. */
char *lines_word(char **rest);

#endif
