#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "out/boundary.h"

START_TEST(one_line_has_every_sentence)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;
	const char *text;

	mipo_buf_init(&buf, 65536);
	mipo_boundary_put(&buf, 0);
	text = mipo_buf_str(&buf, &err);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(strchr(text, '\n'));
	ck_assert_ptr_nonnull(strstr(text, "certifies nothing"));
	for (size_t i = 0; mipo_boundary[i] != NULL; i++) {
		ck_assert_ptr_nonnull(strstr(text, mipo_boundary[i]));
		for (const char *s = mipo_boundary[i]; *s != '\0'; s++)
			ck_assert(*s >= 0x20 && *s < 0x7f);
	}
	mipo_buf_release(&buf);
}
END_TEST

/* Joins wrapped lines again, so that both forms can be compared. */
static void
unwrap(const char *text, struct mipo_buf *buf)
{
	for (; *text != '\0'; text++) {
		if (*text != '\n')
			mipo_buf_putc(buf, *text);
		else if (text[1] != '\0' && text[1] != '\n')
			mipo_buf_putc(buf, ' ');
	}
}

START_TEST(wrapped_says_the_same)
{
	for (size_t width = 40; width < 100; width += 7) {
		struct mipo_buf wrapped, joined, plain;
		struct mipo_err err = {0};
		const char *text;

		mipo_buf_init(&wrapped, 65536);
		mipo_buf_init(&joined, 65536);
		mipo_buf_init(&plain, 65536);
		mipo_boundary_put(&wrapped, width);
		text = mipo_buf_str(&wrapped, &err);
		for (const char *s = text; *s != '\0'; s += *s == '\n') {
			ck_assert_uint_le(strcspn(s, "\n"), width);
			s += strcspn(s, "\n");
		}
		unwrap(text, &joined);
		mipo_buf_putf(&plain, "%s ", mipo_boundary_title);
		mipo_boundary_put(&plain, 0);
		ck_assert_str_eq(mipo_buf_str(&joined, &err),
		    mipo_buf_str(&plain, &err));
		mipo_buf_release(&wrapped);
		mipo_buf_release(&joined);
		mipo_buf_release(&plain);
	}
}
END_TEST

UNIT_MAIN("boundary", one_line_has_every_sentence, wrapped_says_the_same);
