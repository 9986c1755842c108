/*
 * HTML and SVG text. Markup is in format strings of ours; every %s is
 * escaped, so that no byte from outside can become markup.
 */
#ifndef MIPO_OUT_HTML_H
#define MIPO_OUT_HTML_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct mipo_out;

/* A document under way. Its first failure is kept. */
struct mipo_html {
	struct mipo_out *out; /* the caller's */
	struct mipo_buf piece;
	struct mipo_err err;
};

void mipo_html_init(struct mipo_html *html, struct mipo_out *out);
void mipo_html_release(struct mipo_html *html);

/*
 * printf with the conversions %s (escaped text; control and bidi characters
 * shown as \xNN or \uNNNN; NULL is nothing), %.8s (its first 8 bytes), %d
 * %u %ld %lu %zu and %%. Anything else in a format is our own mistake and
 * fails the document.
 */
void mipo_html(struct mipo_html *html, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* 0 when every piece was handed to out. */
int mipo_html_ok(const struct mipo_html *html, struct mipo_err *err);

/* The escaping alone: appends s as it may stand in text and attributes. */
void mipo_html_escape(struct mipo_buf *buf, const char *s);

#endif
