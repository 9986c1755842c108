#include "out/html.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"

static void
put_escaped(struct mipo_buf *buf, char c)
{
	switch (c) {
	case '&':
		mipo_buf_puts(buf, "&amp;");
		break;
	case '<':
		mipo_buf_puts(buf, "&lt;");
		break;
	case '>':
		mipo_buf_puts(buf, "&gt;");
		break;
	case '"':
		mipo_buf_puts(buf, "&quot;");
		break;
	case '\'':
		mipo_buf_puts(buf, "&#39;");
		break;
	default:
		mipo_buf_putc(buf, c);
	}
}

void
mipo_html_escape(struct mipo_buf *buf, const char *s)
{
	struct mipo_buf shown;

	mipo_buf_init(&shown, buf->max);
	mipo_text_show(&shown, s, strlen(s));
	for (size_t i = 0; i < shown.len; i++)
		put_escaped(buf, shown.data[i]);
	if (shown.failed)
		buf->failed = shown.failed;
	mipo_buf_release(&shown);
}

/* The first bytes of an id; hostile ones may be cut inside a character. */
static void
put_prefix(struct mipo_buf *buf, const char *s, size_t len)
{
	char prefix[16] = {0};

	memcpy(prefix, s, strnlen(s, len));
	mipo_html_escape(buf, prefix);
}

/* What stands behind a % of fmt; returns its last character. */
static const char *
convert(struct mipo_buf *buf, const char *fmt, va_list *ap)
{
	const char *s;

	if (strncmp(fmt, "ld", 2) == 0) {
		mipo_buf_put_i64(buf, va_arg(*ap, long));
	} else if (strncmp(fmt, "lu", 2) == 0) {
		mipo_buf_put_u64(buf, va_arg(*ap, unsigned long));
	} else if (strncmp(fmt, "zu", 2) == 0) {
		mipo_buf_put_u64(buf, va_arg(*ap, size_t));
	} else if (*fmt == 'd') {
		mipo_buf_put_i64(buf, va_arg(*ap, int));
	} else if (*fmt == 'u') {
		mipo_buf_put_u64(buf, va_arg(*ap, unsigned));
	} else if (*fmt == 's') {
		s = va_arg(*ap, const char *);
		if (s != NULL)
			mipo_html_escape(buf, s);
	} else if (strncmp(fmt, ".8s", 3) == 0) {
		put_prefix(buf, va_arg(*ap, const char *), 8);
		return fmt + 2;
	} else if (*fmt == '%') {
		mipo_buf_putc(buf, '%');
	} else {
		buf->failed = 2;
		return fmt - 1;
	}
	return *fmt == 'l' || *fmt == 'z' ? fmt + 1 : fmt;
}

void
mipo_html_init(struct mipo_html *html, struct mipo_out *out)
{
	memset(html, 0, sizeof(*html));
	html->out = out;
	mipo_buf_init(&html->piece, (size_t)8 * MIPO_REC_MAX_READ);
}

void
mipo_html_release(struct mipo_html *html)
{
	mipo_buf_release(&html->piece);
}

int
mipo_html_ok(const struct mipo_html *html, struct mipo_err *err)
{
	if (html->err.code == MIPO_E_NONE)
		return 0;
	return mipo_err_set(err, html->err.code, "%s", html->err.text);
}

void
mipo_html(struct mipo_html *html, const char *fmt, ...)
{
	struct mipo_buf *piece = &html->piece;
	va_list ap;

	mipo_buf_clear(piece);
	va_start(ap, fmt);
	for (; *fmt != '\0'; fmt++) {
		if (*fmt == '%')
			fmt = convert(piece, fmt + 1, &ap);
		else
			mipo_buf_putc(piece, *fmt);
	}
	va_end(ap);
	if (mipo_buf_ok(piece, &html->err) == 0)
		mipo_out_put(html->out, piece->data, piece->len);
}
