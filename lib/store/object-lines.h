/* An object as lines. */
#ifndef MIPO_STORE_OBJECT_LINES_H
#define MIPO_STORE_OBJECT_LINES_H

#include <stddef.h>

struct mipo_err;
struct mipo_lines;
struct mipo_state;

/*
 * The lines of the object of that name (64 hex digits), then those of tail
 * (len bytes, copied; a look's receipt). The end is given only when the
 * object's digest was right. *ret_lines: caller's.
 */
int mipo_object_lines(struct mipo_state *state, const char *hex,
    const void *tail, size_t len, struct mipo_lines **ret_lines,
    struct mipo_err *err);

#endif
