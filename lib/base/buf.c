#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

void
mipo_buf_init(struct mipo_buf *buf, size_t max)
{
	memset(buf, 0, sizeof(*buf));
	buf->max = max;
}

void
mipo_buf_release(struct mipo_buf *buf)
{
	size_t max = buf->max;

	free(buf->data);
	mipo_buf_init(buf, max);
}

void
mipo_buf_clear(struct mipo_buf *buf)
{
	buf->len = 0;
	buf->failed = 0;
}

static char *
grow(struct mipo_buf *buf, size_t n)
{
	void *p = buf->data;

	if (n > buf->max - buf->len) {
		buf->failed = 2;
		return NULL;
	}
	if (mipo_grow(&p, &buf->cap, buf->len + n, 1, NULL) != 0) {
		buf->failed = 1;
		return NULL;
	}
	buf->data = p;
	return buf->data + buf->len;
}

char *
mipo_buf_reserve(struct mipo_buf *buf, size_t n)
{
	if (buf->failed)
		return NULL;
	if (n <= buf->cap - buf->len && n <= buf->max - buf->len &&
	    buf->data != NULL)
		return buf->data + buf->len;
	return grow(buf, n);
}

void
mipo_buf_put(struct mipo_buf *buf, const void *src, size_t len)
{
	char *p;

	if (len == 0)
		return;
	p = mipo_buf_reserve(buf, len);
	if (p == NULL)
		return;
	memcpy(p, src, len);
	buf->len += len;
}

void
mipo_buf_puts(struct mipo_buf *buf, const char *s)
{
	mipo_buf_put(buf, s, strlen(s));
}

void
mipo_buf_putc(struct mipo_buf *buf, char c)
{
	mipo_buf_put(buf, &c, 1);
}

void
mipo_buf_putf(struct mipo_buf *buf, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	p = mipo_buf_reserve(buf, (size_t)n + 1);
	if (p == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)n;
}

void
mipo_buf_put_u64(struct mipo_buf *buf, uint64_t n)
{
	char tmp[20];
	size_t at = sizeof(tmp);

	do {
		tmp[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	mipo_buf_put(buf, tmp + at, sizeof(tmp) - at);
}

void
mipo_buf_put_i64(struct mipo_buf *buf, int64_t n)
{
	if (n < 0) {
		mipo_buf_putc(buf, '-');
		mipo_buf_put_u64(buf, (uint64_t)0 - (uint64_t)n);
		return;
	}
	mipo_buf_put_u64(buf, (uint64_t)n);
}

void
mipo_buf_put_hex(struct mipo_buf *buf, const void *src, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *b = src;
	char *p = mipo_buf_reserve(buf, 2 * len);

	if (p == NULL)
		return;
	for (size_t i = 0; i < len; i++) {
		*p++ = digit[b[i] >> 4];
		*p++ = digit[b[i] & 15];
	}
	buf->len += 2 * len;
}

int
mipo_buf_ok(const struct mipo_buf *buf, struct mipo_err *err)
{
	if (buf->failed == 2)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "larger than its limit of %zu bytes", buf->max);
	if (buf->failed != 0)
		return mipo_err_nomem(err);
	return 0;
}

const char *
mipo_buf_str(struct mipo_buf *buf, struct mipo_err *err)
{
	char *p = mipo_buf_reserve(buf, 1);

	if (p == NULL) {
		(void)mipo_buf_ok(buf, err);
		return NULL;
	}
	*p = '\0';
	return buf->data;
}
