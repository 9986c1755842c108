/* The words of a configuration file, for conf-text.c. */
#ifndef MIPO_KIT_CONF_LEX_H
#define MIPO_KIT_CONF_LEX_H

#include "kit/conf-part.h"

enum mipo_lex_token {
	LEX_END,
	LEX_WORD,
	LEX_QUOTED,
	LEX_EQUALS,
	LEX_OPEN,
	LEX_CLOSE,
	LEX_COMMA
};

struct mipo_lex {
	const char *name;
	const char *p, *end;
	unsigned line;	      /* of p */
	struct mipo_buf *out; /* gets the line ends that are passed */
	struct mipo_buf word; /* the last WORD or QUOTED, escapes undone */
	struct mipo_conf_pile *pile;
	struct mipo_conf_marks *marks;
	struct mipo_err *err;
};

/* The next token, over blanks and comments. */
int mipo_lex_next(struct mipo_lex *lex, enum mipo_lex_token *ret);

/* Records "NAME:LINE: what". Returns -1. */
int mipo_lex_refuse(
    const struct mipo_lex *lex, unsigned line, const char *what);

#endif
