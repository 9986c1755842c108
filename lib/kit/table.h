/*
 * Tables for people: columns as wide as their widest cell, heads on top,
 * hostile bytes escaped. Rows are kept until they are printed.
 */
#ifndef MIPO_KIT_TABLE_H
#define MIPO_KIT_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_table;

/*
 * heads, NULL-ended and borrowed, names the columns; a head that begins
 * with '>' (not shown) is of numbers, which stand on the right.
 */
struct mipo_table *mipo_table_new(
    const char *const *heads, struct mipo_err *err);
void mipo_table_free(struct mipo_table *table); /* NULL is nothing */

/* The next cell, from left to right, row by row. Failures are sticky. */
void mipo_table_text(struct mipo_table *table, const char *s);
void mipo_table_n(struct mipo_table *table, const char *s, size_t len);
void mipo_table_u64(struct mipo_table *table, uint64_t n);
void mipo_table_time(struct mipo_table *table, int64_t ms); /* to seconds */

/* Writes it to fd; nothing when there is no row. */
int mipo_table_print(
    struct mipo_table *table, int fd, struct mipo_err *err);

#endif
