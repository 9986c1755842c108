#include "out/csv.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* What spreadsheets take for the start of a formula. */
static const char *const formula_starts[] = {
    "=",
    "+",
    "-",
    "@",
    "\xef\xbc\x9d",
    "\xef\xbc\x8b",
    "\xef\xbc\x8d",
    "\xef\xbc\xa0",
    NULL,
};

static bool
starts_formula(const char *s)
{
	s += strspn(s, " '\"");
	for (size_t i = 0; formula_starts[i] != NULL; i++)
		if (strncmp(s, formula_starts[i], strlen(formula_starts[i])) ==
		    0)
			return true;
	return *s == '\t' || *s == '\r' || *s == '\n';
}

/* Whether the cell is safe bare in every list separator's locale. */
static bool
is_plain(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/_-")] ==
	       '\0';
}

void
mipo_csv_cell(struct mipo_buf *buf, const char *s)
{
	struct mipo_buf shown;

	if (s == NULL || *s == '\0')
		return;
	if (is_plain(s) && !starts_formula(s)) {
		mipo_buf_puts(buf, s);
		return;
	}
	mipo_buf_init(&shown, buf->max);
	mipo_text_show(&shown, s, strlen(s));
	if (shown.failed)
		buf->failed = shown.failed;
	mipo_buf_putc(buf, '"');
	if (starts_formula(s))
		mipo_buf_putc(buf, '\'');
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.data[i] == '"')
			mipo_buf_putc(buf, '"');
		mipo_buf_putc(buf, shown.data[i]);
	}
	mipo_buf_putc(buf, '"');
	mipo_buf_release(&shown);
}

void
mipo_csv_row(struct mipo_buf *buf, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			mipo_buf_putc(buf, ',');
		mipo_csv_cell(buf, cells[i]);
	}
	mipo_buf_puts(buf, "\r\n");
}
