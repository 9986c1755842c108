/* The rows that mark.c looks things up in. */
#ifndef MIPO_NET_MARK_ROWS_H
#define MIPO_NET_MARK_ROWS_H

#include "net/mark.h"

extern const struct mipo_hint mipo_hint_rows[];
extern const size_t mipo_hint_n;

/* What is more exact comes first. */
extern const struct mipo_mark mipo_mark_rows[];
extern const size_t mipo_mark_n;

#endif
