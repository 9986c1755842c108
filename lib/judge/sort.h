/* Sorting of packed keys: byte strings of one width, in memcmp order. */
#ifndef MIPO_JUDGE_SORT_H
#define MIPO_JUDGE_SORT_H

#include <stddef.h>

struct mipo_err;

/*
 * Sorts n keys of width bytes each (1..32) at keys. Linear time; takes as
 * much memory again while it runs, none where the keys are in order.
 */
int mipo_sort_keys(
    void *keys, size_t n, size_t width, struct mipo_err *err);

#endif
