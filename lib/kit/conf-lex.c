#include "kit/conf-lex.h"

#include <string.h>

#include "base/err.h"

int
mipo_lex_refuse(const struct mipo_lex *r, unsigned line, const char *what)
{
	mipo_err_set(r->err, MIPO_E_USAGE, "%s", what);
	return mipo_err_prefix(r->err, "%s:%u", r->name, line);
}

static bool
at(const struct mipo_lex *r, const char *s)
{
	size_t len = strlen(s);

	return (size_t)(r->end - r->p) >= len && memcmp(r->p, s, len) == 0;
}

static void
next_line(struct mipo_lex *r)
{
	r->line++;
	mipo_buf_putc(r->out, '\n');
}

/* Over a block comment that begins here. */
static int
skip_block(struct mipo_lex *r)
{
	unsigned line = r->line;

	for (r->p += 2; r->p < r->end; r->p++) {
		if (at(r, "*/")) {
			r->p += 2;
			return 0;
		}
		if (*r->p == '\n')
			next_line(r);
	}
	return mipo_lex_refuse(
	    r, line, "the comment that begins here has no end");
}

/* Over blanks and comments. */
static int
skip(struct mipo_lex *r)
{
	while (r->p < r->end) {
		if (*r->p == '\n') {
			next_line(r);
			r->p++;
		} else if (*r->p == ' ' || *r->p == '\t' || *r->p == '\r') {
			r->p++;
		} else if (*r->p == '#' || at(r, "//")) {
			while (r->p < r->end && *r->p != '\n')
				r->p++;
		} else if (at(r, "/*")) {
			if (skip_block(r) != 0)
				return -1;
		} else {
			break;
		}
	}
	return 0;
}

/* The character that an escape in double quotes stands for, or 0. */
static char
unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '"':
	case '\\':
	case '$':
		return c;
	default:
		return 0;
	}
}

static int
escape(struct mipo_lex *r, char quote)
{
	char next = r->p + 1 < r->end ? r->p[1] : '\0', c;

	if (quote == '\'') { /* as libConfuse has it */
		c = next == '\'' || next == '\\' ? next : '\0';
		mipo_buf_putc(&r->word, c != '\0' ? c : '\\');
		r->p += c != '\0' ? 2 : 1;
		return 0;
	}
	c = unescape(next);
	if (c == '\0')
		return mipo_lex_refuse(r, r->line,
		    "unknown escape in a string; there are "
		    "\\\\ \\\" \\$ \\n and \\t");
	mipo_buf_putc(&r->word, c);
	r->p += 2;
	return 0;
}

static int
read_quoted(struct mipo_lex *r)
{
	char quote = *r->p++;

	for (; r->p < r->end && *r->p != quote && *r->p != '\n';) {
		if (*r->p == '\\') {
			if (escape(r, quote) != 0)
				return -1;
			continue;
		}
		if (quote == '"' && at(r, "${"))
			return mipo_lex_refuse(r, r->line,
			    "${...} is not expanded here: write the value, "
			    "or \\${ to mean it");
		mipo_buf_putc(&r->word, *r->p++);
	}
	if (r->p == r->end || *r->p == '\n')
		return mipo_lex_refuse(
		    r, r->line, "the string that begins here has no end");
	r->p++;
	return 0;
}

static int
read_word(struct mipo_lex *r)
{
	static const char ends[] = " \t\r\n={},#\"'";
	const char *start = r->p;

	for (; r->p < r->end && strchr(ends, *r->p) == NULL; r->p++) {
		if (at(r, "${"))
			return mipo_lex_refuse(r, r->line,
			    "${...} is not expanded here: write the value");
		if (at(r, "//") || at(r, "/*"))
			return mipo_lex_refuse(r, r->line,
			    "a comment begins inside a word: put the word "
			    "in quotes");
		if (strchr("+*()\\", *r->p) != NULL)
			return mipo_lex_refuse(r, r->line,
			    "this character has no meaning here: put the "
			    "word in quotes");
	}
	mipo_buf_put(&r->word, start, (size_t)(r->p - start));
	return 0;
}

int
mipo_lex_next(struct mipo_lex *r, enum mipo_lex_token *ret)
{
	static const char single[] = "={},";
	static const enum mipo_lex_token tokens[] = {
	    LEX_EQUALS, LEX_OPEN, LEX_CLOSE, LEX_COMMA};
	const char *found;

	if (skip(r) != 0)
		return -1;
	if (r->p == r->end) {
		*ret = LEX_END;
		return 0;
	}
	found = strchr(single, *r->p);
	if (found != NULL) {
		r->p++;
		*ret = tokens[found - single];
		return 0;
	}
	mipo_buf_clear(&r->word);
	*ret = *r->p == '"' || *r->p == '\'' ? LEX_QUOTED : LEX_WORD;
	if ((*ret == LEX_QUOTED ? read_quoted(r) : read_word(r)) != 0)
		return -1;
	return mipo_buf_ok(&r->word, r->err);
}
