/* Between conf.c, conf-text.c and conf-rows.c; not for others. */
#ifndef MIPO_KIT_CONF_PART_H
#define MIPO_KIT_CONF_PART_H

#include "base/buf.h"
#include "kit/conf.h"

#define MIPO_CONF_MAX (1U << 20) /* bytes of a file */

/* Memory that lives as long as the configuration. */
struct mipo_conf_pile {
	void **items;
	size_t n, cap;
};

/* Zeroed memory of the pile, and a copy of len bytes with a NUL. */
void *mipo_conf_calloc(struct mipo_conf_pile *pile, size_t n, size_t size,
    struct mipo_err *err);
char *mipo_conf_copy(struct mipo_conf_pile *pile, const char *s, size_t len,
    struct mipo_err *err);

/* Where a section (key NULL) or a key of it stands. */
struct mipo_conf_mark {
	const char *kind, *title, *key; /* the pile's; kind "": top level */
	unsigned line;
};

struct mipo_conf_marks {
	struct mipo_conf_mark *items;
	size_t n, cap;
};

/* That section's or key's mark, or NULL. */
const struct mipo_conf_mark *mipo_conf_mark_find(
    const struct mipo_conf_marks *marks, const char *kind, const char *title,
    const char *key);

/*
 * Checks the shape of a text and appends it to out without comments, every
 * value in double quotes, every line in its place: what libConfuse then
 * reads without a chance to read it otherwise. Notes where things stand.
 */
int mipo_conf_tidy(const char *name, const char *text, size_t len,
    struct mipo_buf *out, struct mipo_conf_pile *pile,
    struct mipo_conf_marks *marks, struct mipo_err *err);

enum mipo_conf_kind {
	MIPO_CONF_STR,	    /* const char * */
	MIPO_CONF_LIST,	    /* const char *const *, NULL-ended */
	MIPO_CONF_NUMBER,   /* const char *, min..max */
	MIPO_CONF_SPEED,    /* const char *, base/speed.h */
	MIPO_CONF_DURATION, /* const char * */
	MIPO_CONF_MS,	    /* uint64_t */
	MIPO_CONF_CHOICE    /* const char *, one of choices */
};

/* One key of a section; rows end with a NULL key. */
struct mipo_conf_row {
	const char *key;
	enum mipo_conf_kind kind;
	size_t offset;
	bool required;
	const char *choices;
	uint64_t min, max;
};

struct mipo_conf_sort {
	const char *kind;
	size_t size;
	const struct mipo_conf_row *rows;
};

enum { MIPO_CONF_PROFILE, MIPO_CONF_EXPECT, MIPO_CONF_CHANNEL,
	MIPO_CONF_SORTS };

extern const struct mipo_conf_sort mipo_conf_sorts[MIPO_CONF_SORTS];

/* A NULL-ended array of sections, and how many there are. */
struct mipo_conf_table {
	struct mipo_conf_section **items;
	size_t n, cap;
};

/* The section of that title, or NULL. */
struct mipo_conf_section *mipo_conf_table_find(
    const struct mipo_conf_table *table, const char *title);

struct mipo_conf {
	struct mipo_conf_pile pile;
	struct mipo_conf_table tables[MIPO_CONF_SORTS];
	struct mipo_conf_file *files;
	size_t n_files, cap_files;
};

/* Reads one checked text into the tables. name is the pile's. */
int mipo_conf_read_text(const char *name, const char *text, size_t len,
    struct mipo_conf_table tables[MIPO_CONF_SORTS],
    struct mipo_conf_pile *pile, struct mipo_err *err);

/* mipo_conf_load, from these places; each may be NULL or missing. */
int mipo_conf_load_from(const char *etc_dir, const char *user_file,
    struct mipo_conf **ret_conf, struct mipo_err *err);

#endif
