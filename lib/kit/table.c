#include "kit/table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define COLUMNS_MAX 16

struct mipo_table {
	const char *const *heads;
	size_t columns, at, rows;
	size_t width[COLUMNS_MAX];
	struct mipo_buf cells; /* each ends in a NUL */
};

static bool
is_right(const struct mipo_table *table, size_t column)
{
	return table->heads[column][0] == '>';
}

/* Characters, not bytes: what continues one counts nothing. */
static size_t
length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

struct mipo_table *
mipo_table_new(const char *const *heads, struct mipo_err *err)
{
	struct mipo_table *table = mipo_calloc(1, sizeof(*table), err);

	if (table == NULL)
		return NULL;
	table->heads = heads;
	mipo_buf_init(&table->cells, (size_t)1 << 32);
	while (table->columns < COLUMNS_MAX &&
	    heads[table->columns] != NULL) {
		const char *head = heads[table->columns];

		table->width[table->columns++] =
		    length(head + (head[0] == '>'));
	}
	return table;
}

void
mipo_table_free(struct mipo_table *table)
{
	if (table == NULL)
		return;
	mipo_buf_release(&table->cells);
	free(table);
}

void
mipo_table_n(struct mipo_table *table, const char *s, size_t len)
{
	size_t before = table->cells.len, width;

	mipo_text_show(&table->cells, s, len);
	mipo_buf_putc(&table->cells, '\0');
	if (table->cells.failed)
		return;
	width = length(table->cells.data + before);
	if (width > table->width[table->at])
		table->width[table->at] = width;
	if (++table->at == table->columns) {
		table->at = 0;
		table->rows++;
	}
}

void
mipo_table_text(struct mipo_table *table, const char *s)
{
	mipo_table_n(table, s, strlen(s));
}

void
mipo_table_u64(struct mipo_table *table, uint64_t n)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	mipo_table_n(table, digits + at, sizeof(digits) - at);
}

void
mipo_table_time(struct mipo_table *table, int64_t ms)
{
	char text[MIPO_TIME_LEN];

	mipo_text_time(ms, text);
	text[19] = 'Z'; /* the fraction is for machines */
	mipo_table_n(table, text, 20);
}

static void
put_cell(const struct mipo_table *table, size_t column, const char *s,
    struct mipo_buf *out)
{
	size_t pad = table->width[column] - length(s);
	bool last = column + 1 == table->columns;

	if (column > 0)
		mipo_buf_puts(out, "  ");
	for (size_t i = 0; i < pad && is_right(table, column); i++)
		mipo_buf_putc(out, ' ');
	mipo_buf_puts(out, s);
	for (size_t i = 0; i < pad && !is_right(table, column) && !last; i++)
		mipo_buf_putc(out, ' ');
}

int
mipo_table_print(struct mipo_table *table, int fd, struct mipo_err *err)
{
	const char *cell = table->cells.data;
	struct mipo_buf out;
	int r = mipo_buf_ok(&table->cells, err);

	if (r != 0 || table->rows == 0)
		return r;
	mipo_buf_init(&out, (size_t)1 << 32);
	for (size_t c = 0; c < table->columns; c++)
		put_cell(table, c, table->heads[c] + is_right(table, c), &out);
	mipo_buf_putc(&out, '\n');
	for (size_t row = 0; row < table->rows; row++) {
		for (size_t c = 0; c < table->columns; c++) {
			put_cell(table, c, cell, &out);
			cell += strlen(cell) + 1;
		}
		mipo_buf_putc(&out, '\n');
	}
	r = mipo_buf_ok(&out, err);
	if (r == 0)
		r = mipo_file_write_all(fd, out.data, out.len, err);
	mipo_buf_release(&out);
	return r;
}
