/*
 * The boundary text: what the evidence shows, what it does not show, and
 * that nothing is certified. It is in every form that leaves the program;
 * a test asks each. There is this one text, in no other words.
 */
#ifndef MIPO_OUT_BOUNDARY_H
#define MIPO_OUT_BOUNDARY_H

#include <stddef.h>

struct mipo_buf;

/* Its heading, and its sentences in order, ASCII, NULL-ended. */
extern const char mipo_boundary_title[];
extern const char *const mipo_boundary[];

/*
 * Appends the sentences. width 0: all on one line with blanks between and
 * no LF (csv cells, JSON strings). Else the plain text form: the title, an
 * empty line, then each sentence as a paragraph whose lines have at most
 * width (40 or more) columns, an empty line between, LF at the end.
 */
void mipo_boundary_put(struct mipo_buf *buf, size_t width);

#endif
