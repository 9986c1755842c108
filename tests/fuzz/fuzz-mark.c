/*
 * Any bytes as what an open port said: the first says what was asked.
 * Nothing is read beyond them (the sanitizer sees it), what is found lies
 * within them, and its text is printable and says each byte.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "net/mark.h"

/* Undoes mipo_mark_show. */
static void
check_text(const struct mipo_buf *text, struct mipo_piece piece)
{
	size_t at = 0;

	for (size_t i = 0; i < piece.len; i++) {
		unsigned byte = (uint8_t)text->data[at];

		must(byte >= 0x20 && byte < 0x7f);
		if (byte != '\\') {
			at++;
		} else if (text->data[at + 1] == '\\') {
			at += 2;
		} else {
			must(sscanf(text->data + at, "\\x%2x", &byte) == 1);
			at += 4;
		}
		must(byte == piece.p[i]);
	}
	must(at == text->len);
}

static void
check_piece(struct mipo_piece piece, const uint8_t *p, size_t len)
{
	struct mipo_buf text;

	must(piece.len <= MIPO_BANNER_MAX);
	must(piece.p >= p && piece.p + piece.len <= p + len);
	mipo_buf_init(&text, 4 * MIPO_BANNER_MAX + 1);
	mipo_mark_show(&text, piece.p, piece.len);
	must(mipo_buf_str(&text, NULL) != NULL);
	check_text(&text, piece);
	mipo_buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mipo_mark *mark;
	enum mipo_ask asked;
	uint8_t *copy;
	size_t len;

	if (size == 0)
		return 0;
	asked = (enum mipo_ask)(data[0] % MIPO_ASK_N);
	len = size - 1;
	copy = malloc(len == 0 ? 1 : len);
	must(copy != NULL);
	if (len > 0)
		memcpy(copy, data + 1, len);
	mark = mipo_mark_find(asked, copy, len);
	must(mark == NULL || (len >= mark->len && mark->len > 0));
	must(mark != NULL || mipo_mark_waits(mark, copy, len));
	check_piece(mipo_mark_line(mark, copy, len), copy, len);
	check_piece(mipo_mark_server(copy, len), copy, len);
	must(!mipo_mark_is_bad_request(copy, len) || mark != NULL);
	free(copy);
	return 0;
}
