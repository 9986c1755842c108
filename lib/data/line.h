/* Lines in and out: bounded, numbered, buffered, with sticky errors. */
#ifndef MIPO_DATA_LINE_H
#define MIPO_DATA_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_rec;

struct mipo_lines;

/* Reads from fd, which stays the caller's; name is for errors (copied). */
struct mipo_lines *mipo_lines_new(
    int fd, const char *name, struct mipo_err *err);

/* Reads len bytes at p, which stay the caller's. */
struct mipo_lines *mipo_lines_new_mem(
    const void *p, size_t len, const char *name, struct mipo_err *err);

/* Reads what fill hands over: 1..cap bytes, 0 at the end, -1 with err. */
struct mipo_lines *mipo_lines_new_fill(
    ptrdiff_t (*fill)(void *arg, char *p, size_t cap, struct mipo_err *err),
    void (*done)(void *arg), void *arg, const char *name,
    struct mipo_err *err);

/* Calls done(arg), where there is one. */
void mipo_lines_free(struct mipo_lines *lines);

/*
 * The next line without its LF; it stays valid until the next call.
 * Returns 1, or 0 at the end, or -1 (read error, longer than 1 MiB). A last
 * line without LF is not given out: 0, and mipo_lines_cut says true.
 */
int mipo_lines_next(struct mipo_lines *lines, const char **ret_line,
    size_t *ret_len, struct mipo_err *err);

/* Whether bytes without a final LF were left at the end. */
bool mipo_lines_cut(const struct mipo_lines *lines);

/*
 * Refuses such bytes where no scanner that was killed leaves them: after the
 * record that ended a stream, or, no beginning of a record, in place of one.
 */
int mipo_lines_rest(
    struct mipo_lines *lines, bool ended, struct mipo_err *err);

/* Where the last line came from, and its number (from 1). */
const char *mipo_lines_name(const struct mipo_lines *lines);
uint64_t mipo_lines_number(const struct mipo_lines *lines);

/* Prefixes err with "NAME:LINE" and returns -1. */
int mipo_lines_fail(const struct mipo_lines *lines, struct mipo_err *err);

struct mipo_out;

/* Writes to fd, which stays the caller's. Buffered, 64 KiB. */
struct mipo_out *mipo_out_new(
    int fd, const char *name, struct mipo_err *err);
void mipo_out_free(struct mipo_out *out); /* does not flush */

/* Every line at once (terminals, --line-buffered). */
void mipo_out_unbuffered(struct mipo_out *out, bool yes);

/* Errors are sticky; mipo_out_flush tells the first. */
void mipo_out_put(struct mipo_out *out, const void *p, size_t len);
void mipo_out_line(struct mipo_out *out, const char *line, size_t len);
void mipo_out_rec(struct mipo_out *out, const struct mipo_rec *rec);

/* Sees every byte before it is written (digests); NULL ends it. */
void mipo_out_tap(struct mipo_out *out,
    void (*sink)(void *arg, const void *p, size_t len), void *arg);

/* 0 when all bytes so far were taken by the kernel. EPIPE sets sys. */
int mipo_out_flush(struct mipo_out *out, struct mipo_err *err);

#endif
