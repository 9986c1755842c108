#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "kit/conf-lex.h"

#define MAX_DEPTH 4

/* The last word as a value that libConfuse cannot read in two ways. */
static void
put_value(struct mipo_lex *r)
{
	mipo_buf_putc(r->out, '"');
	for (size_t i = 0; i < r->word.len; i++) {
		char c = r->word.data[i];

		if (c == '\n') {
			mipo_buf_puts(r->out, "\\n");
			continue;
		}
		if (strchr("\"\\$", c) != NULL)
			mipo_buf_putc(r->out, '\\');
		mipo_buf_putc(r->out, c);
	}
	mipo_buf_putc(r->out, '"');
}

const struct mipo_conf_mark *
mipo_conf_mark_find(const struct mipo_conf_marks *marks, const char *kind,
    const char *title, const char *key)
{
	for (size_t i = 0; i < marks->n; i++) {
		const struct mipo_conf_mark *m = &marks->items[i];

		if (strcmp(m->kind, kind) == 0 &&
		    strcmp(m->title, title) == 0 &&
		    (key == NULL ? m->key == NULL
				 : m->key != NULL && strcmp(m->key, key) == 0))
			return m;
	}
	return NULL;
}

/* Notes a section or key; the second of its name is an error. */
static int
mark(struct mipo_lex *r, const char *kind, const char *title, const char *key,
    unsigned line)
{
	const struct mipo_conf_mark *old =
	    mipo_conf_mark_find(r->marks, kind, title, key);
	struct mipo_conf_mark *items = r->marks->items;

	if (old != NULL) {
		mipo_err_set(r->err, MIPO_E_USAGE,
		    "%s%s%s is here for the second time; the first is in "
		    "line %u", key != NULL ? key : kind,
		    key != NULL || *title == '\0' ? "" : " ",
		    key != NULL ? "" : title, old->line);
		return mipo_err_prefix(r->err, "%s:%u", r->name, line);
	}
	if (mipo_grow((void **)&items, &r->marks->cap, r->marks->n + 1,
		sizeof(*items), r->err) != 0)
		return -1;
	r->marks->items = items;
	items[r->marks->n++] = (struct mipo_conf_mark){
	    .kind = kind, .title = title, .key = key, .line = line};
	return 0;
}

static char *
keep_word(struct mipo_lex *r)
{
	return mipo_conf_copy(r->pile, r->word.data, r->word.len, r->err);
}

/* What follows "key =": a value, or a list in braces. */
static int
read_value(struct mipo_lex *r, unsigned line)
{
	bool comma_or_end = false;
	enum mipo_lex_token token;

	if (mipo_lex_next(r, &token) != 0)
		return -1;
	if (token == LEX_WORD || token == LEX_QUOTED) {
		put_value(r);
		return 0;
	}
	if (token != LEX_OPEN)
		return mipo_lex_refuse(r, line, "there is no value after =");
	for (mipo_buf_putc(r->out, '{');; comma_or_end = !comma_or_end) {
		if (mipo_lex_next(r, &token) != 0)
			return -1;
		if (token == LEX_CLOSE)
			break;
		if (token == LEX_END)
			return mipo_lex_refuse(
			    r, line, "the list that begins here has no end");
		if (comma_or_end ? token != LEX_COMMA
				 : token != LEX_WORD && token != LEX_QUOTED)
			return mipo_lex_refuse(r, r->line,
			    "in a list there are values and commas only");
		if (comma_or_end)
			mipo_buf_putc(r->out, ',');
		else
			put_value(r);
	}
	mipo_buf_puts(r->out, "} ");
	return 0;
}

static int read_items(struct mipo_lex *r, const char *kind, const char *title,
    unsigned line, int depth);

/* After "kind" or "kind title": a section's body. */
static int
read_section(struct mipo_lex *r, const char *kind, enum mipo_lex_token token,
    unsigned line, int depth)
{
	const char *title = "";

	if (token != LEX_OPEN) {
		put_value(r);
		title = keep_word(r);
		if (title == NULL || mipo_lex_next(r, &token) != 0)
			return -1;
	}
	if (token != LEX_OPEN)
		return mipo_lex_refuse(
		    r, line, "after a section's title comes {");
	if (depth == MAX_DEPTH)
		return mipo_lex_refuse(r, line, "sections are nested too deep");
	if (mark(r, kind, title, NULL, line) != 0)
		return -1;
	mipo_buf_putc(r->out, '{');
	return read_items(r, kind, title, line, depth + 1);
}

static int
read_item(struct mipo_lex *r, const char *kind, const char *title, int depth)
{
	unsigned line = r->line;
	enum mipo_lex_token token;
	char *key = keep_word(r);

	if (key == NULL)
		return -1;
	mipo_buf_put(r->out, r->word.data, r->word.len);
	mipo_buf_putc(r->out, ' ');
	if (mipo_lex_next(r, &token) != 0)
		return -1;
	if (token == LEX_EQUALS) {
		mipo_buf_putc(r->out, '=');
		if (mark(r, kind, title, key, line) != 0)
			return -1;
		return read_value(r, line);
	}
	if (token != LEX_WORD && token != LEX_QUOTED && token != LEX_OPEN)
		return mipo_lex_refuse(r, line, "after a name comes = or {");
	return read_section(r, key, token, line, depth);
}

static int
read_items(struct mipo_lex *r, const char *kind, const char *title,
    unsigned line, int depth)
{
	enum mipo_lex_token token;

	for (;;) {
		if (mipo_lex_next(r, &token) != 0)
			return -1;
		if (token == LEX_END && depth == 0)
			return 0;
		if (token == LEX_END)
			return mipo_lex_refuse(r, line,
			    "the section that begins here has no end: is the "
			    "file cut?");
		if (token == LEX_CLOSE && depth > 0) {
			mipo_buf_puts(r->out, "} ");
			return 0;
		}
		if (token != LEX_WORD)
			return mipo_lex_refuse(r, r->line,
			    "here a name is expected, of a key or a section; a "
			    "value with a comma in it goes in \"quotes\"");
		if (read_item(r, kind, title, depth) != 0)
			return -1;
		mipo_buf_putc(r->out, ' ');
	}
}

/* Bytes that no line of ours has: all but text, tabs and line ends. */
static int
check_bytes(const struct mipo_lex *r)
{
	unsigned line = 1;

	for (const char *p = r->p; p < r->end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '\n')
			line++;
		else if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7f)
			return mipo_lex_refuse(
			    r, line, "there is a control character here");
	}
	if (!mipo_text_is_utf8(r->p, (size_t)(r->end - r->p)))
		return mipo_lex_refuse(
		    r, 1, "the file is not UTF-8 throughout");
	return 0;
}

int
mipo_conf_tidy(const char *name, const char *text, size_t len,
    struct mipo_buf *out, struct mipo_conf_pile *pile,
    struct mipo_conf_marks *marks, struct mipo_err *err)
{
	struct mipo_lex r = {.name = name, .p = text, .end = text + len,
	    .line = 1, .out = out, .pile = pile, .marks = marks, .err = err};
	int result = -1;

	mipo_buf_init(&r.word, MIPO_CONF_MAX);
	if (check_bytes(&r) == 0 && read_items(&r, "", "", 1, 0) == 0) {
		mipo_buf_putc(out, '\n');
		result = mipo_buf_ok(out, err);
	}
	if (mipo_buf_ok(&r.word, err) != 0)
		result = -1;
	mipo_buf_release(&r.word);
	return result;
}
