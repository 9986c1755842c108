/* The end record of a look whose own never came. */
#ifndef MIPO_STORE_INTERRUPTED_H
#define MIPO_STORE_INTERRUPTED_H

#include <stdint.h>

struct mipo_err;
struct mipo_look;
struct mipo_rec;
struct mipo_sheet;

/*
 * For the log only: verdict interrupted, origin "store", unsigned, with
 * what could be counted of the lines that came. sheet is sorted. NULL on
 * failure; the caller frees it.
 */
struct mipo_rec *mipo_interrupted_end(const struct mipo_look *look,
    const struct mipo_sheet *sheet, uint64_t lines, struct mipo_err *err);

#endif
