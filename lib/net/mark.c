#include "net/mark.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "net/mark-rows.h"

enum mipo_ask
mipo_hint_of(uint16_t port)
{
	for (size_t i = 0; i < mipo_hint_n; i++)
		if (mipo_hint_rows[i].port == port)
			return (enum mipo_ask)mipo_hint_rows[i].ask;
	return MIPO_ASK_NOTHING;
}

/* Where the text is, letters of either case; NULL: nowhere. */
static const uint8_t *
find_text(const uint8_t *p, size_t len, const char *text)
{
	size_t n = strlen(text);

	for (; len >= n; p++, len--)
		if (strncasecmp((const char *)p, text, n) == 0)
			return p;
	return NULL;
}

static bool
begins(const struct mipo_mark *mark, const uint8_t *bytes, size_t len)
{
	if (len < mark->len || (mark->whole && len != mark->len))
		return false;
	for (size_t i = 0; i < mark->len; i++)
		if (mark->is[i] != '?' && (uint8_t)mark->is[i] != bytes[i])
			return false;
	return true;
}

const struct mipo_mark *
mipo_mark_find(enum mipo_ask asked, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < mipo_mark_n; i++) {
		const struct mipo_mark *mark = &mipo_mark_rows[i];

		if (mark->asked != MIPO_ASK_NOTHING && mark->asked != asked)
			continue;
		if (begins(mark, bytes, len) &&
		    (mark->with == NULL ||
			find_text(bytes + mark->len, len - mark->len,
			    mark->with) != NULL))
			return mark;
	}
	return NULL;
}

bool
mipo_mark_waits(
    const struct mipo_mark *mark, const uint8_t *bytes, size_t len)
{
	if (mark == NULL)
		return true;
	if (mark->text < 0)
		return false;
	if (strcmp(mark->service, "http") == 0)
		return memmem(bytes, len, "\r\n\r\n", 4) == NULL &&
		    memmem(bytes, len, "\n\n", 2) == NULL;
	return mark->text == 0 && memchr(bytes, '\n', len) == NULL;
}

/* Up to the end of its line; where text lies in other bytes, a NUL ends it. */
static struct mipo_piece
line_at(const uint8_t *p, size_t len, bool nul)
{
	struct mipo_piece piece = {p, 0};

	while (piece.len < len && piece.len < MIPO_BANNER_MAX &&
	    p[piece.len] != '\r' && p[piece.len] != '\n' &&
	    !(nul && p[piece.len] == '\0'))
		piece.len++;
	return piece;
}

struct mipo_piece
mipo_mark_line(
    const struct mipo_mark *mark, const uint8_t *bytes, size_t len)
{
	const struct mipo_piece none = {bytes, 0};
	size_t at = mark == NULL ? 0 : (size_t)mark->text;

	if (mark != NULL && (mark->text < 0 || at > len))
		return none;
	if (at == 0)
		while (at < len && (bytes[at] == '\r' || bytes[at] == '\n'))
			at++;
	return line_at(bytes + at, len - at, mark != NULL && mark->text > 0);
}

struct mipo_piece
mipo_mark_server(const uint8_t *bytes, size_t len)
{
	static const char name[] = "\nserver:";
	struct mipo_piece piece = {bytes, 0};
	const uint8_t *p, *end = bytes + len;

	p = memmem(bytes, len, "\r\n\r\n", 4);
	if (p != NULL)
		end = p;
	p = find_text(bytes, (size_t)(end - bytes), name);
	if (p == NULL)
		return piece;
	p += sizeof(name) - 1;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return line_at(p, (size_t)(end - p), false);
}

bool
mipo_mark_is_bad_request(const uint8_t *bytes, size_t len)
{
	static const struct mipo_mark bad = {.is = "HTTP/1.? 400", .len = 12};

	return begins(&bad, bytes, len);
}

void
mipo_mark_show(struct mipo_buf *buf, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '\\')
			mipo_buf_puts(buf, "\\\\");
		else if (p[i] >= 0x20 && p[i] < 0x7f)
			mipo_buf_putc(buf, (char)p[i]);
		else
			mipo_buf_putf(buf, "\\x%02x", p[i]);
	}
}
