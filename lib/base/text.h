/*
 * Strict text to value and back. A reader takes the whole string or gives
 * an error that quotes it; nothing is clamped, nothing is skipped.
 */
#ifndef MIPO_BASE_TEXT_H
#define MIPO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;

/* Decimal digits only, no sign, blanks or leading zero, min..max. */
int mipo_text_u64(const char *s, uint64_t min, uint64_t max,
    uint64_t *ret_n, struct mipo_err *err);

/* "90s", "15m", "4h", "7d", "250ms"; a bare number is seconds. In ms. */
int mipo_text_duration(
    const char *s, uint64_t *ret_ms, struct mipo_err *err);

/* "4096", "64K", "256M", "1G" (powers of 1024; "MiB" forms too). Bytes. */
int mipo_text_size(const char *s, uint64_t *ret_bytes, struct mipo_err *err);

/* Exactly 2 * len lower-case hex digits to len bytes. */
int mipo_text_unhex(
    const char *s, void *ret_bytes, size_t len, struct mipo_err *err);

/* len bytes to 2 * len lower-case hex digits and a NUL. */
void mipo_text_hex(const void *bytes, size_t len, char *ret_s);

/* Longest time text: 2026-11-22T10:00:00.000Z and a NUL. */
#define MIPO_TIME_LEN 25

/* Unix milliseconds (years 1970 to 9999) as RFC 3339, UTC, three digits. */
void mipo_text_time(int64_t ms, char ret_s[MIPO_TIME_LEN]);

/*
 * RFC 3339 with Z or an offset, fraction optional (digits beyond ms are
 * dropped); a time without a zone is refused. Unix milliseconds.
 */
int mipo_text_untime(const char *s, int64_t *ret_ms, struct mipo_err *err);

/* Whether len bytes are well-formed UTF-8 (no surrogates, no overlongs). */
bool mipo_text_is_utf8(const void *s, size_t len);

/*
 * Appends s for a human's eye: C0, DEL, C1, bidi controls and bytes that
 * are not UTF-8 become \xNN or \uNNNN, so no terminal obeys them.
 */
void mipo_text_show(struct mipo_buf *buf, const char *s, size_t len);

/* The row of names[] (NULL-ended) nearest to word, or NULL if none is. */
const char *mipo_text_nearest(const char *word, const char *const *names);

#endif
