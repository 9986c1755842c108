/*
 * A byte buffer that grows up to a hard maximum. Errors are sticky: after
 * the first failure every put does nothing, and mipo_buf_ok says so once.
 */
#ifndef MIPO_BASE_BUF_H
#define MIPO_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;

/* Fields are for reading; only the functions below write them. */
struct mipo_buf {
	char *data; /* not NUL-terminated; NULL while nothing was put */
	size_t len;
	size_t cap;
	size_t max;
	int failed; /* 0, 1 out of memory, 2 over max */
};

/* An empty buffer of at most max bytes. Allocates nothing. */
void mipo_buf_init(struct mipo_buf *buf, size_t max);

/* Frees the bytes. The buffer may be initialised again. */
void mipo_buf_release(struct mipo_buf *buf);

/* Forgets the bytes and the failure, keeps the memory. */
void mipo_buf_clear(struct mipo_buf *buf);

/* Room for n more bytes; NULL when failed. The caller then adds to len. */
char *mipo_buf_reserve(struct mipo_buf *buf, size_t n);

/* Appends bytes, text, one byte, formatted text. */
void mipo_buf_put(struct mipo_buf *buf, const void *p, size_t len);
void mipo_buf_puts(struct mipo_buf *buf, const char *s);
void mipo_buf_putc(struct mipo_buf *buf, char c);
void mipo_buf_putf(struct mipo_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Decimal digits, without printf's cost. */
void mipo_buf_put_u64(struct mipo_buf *buf, uint64_t n);
void mipo_buf_put_i64(struct mipo_buf *buf, int64_t n);

/* Two lower-case hex digits a byte. */
void mipo_buf_put_hex(struct mipo_buf *buf, const void *p, size_t len);

/* 0 when every put was kept, else -1 and an error that names the bound. */
int mipo_buf_ok(const struct mipo_buf *buf, struct mipo_err *err);

/*
 * The bytes as a NUL-terminated string that stays the buffer's; NULL when
 * failed.
 */
const char *mipo_buf_str(struct mipo_buf *buf, struct mipo_err *err);

#endif
