#include <confuse.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/speed.h"
#include "base/text.h"
#include "kit/conf-part.h"

#define P(field) offsetof(struct mipo_conf_profile, field)
#define E(field) offsetof(struct mipo_conf_expect, field)
#define C(field) offsetof(struct mipo_conf_channel, field)

static const struct mipo_conf_row profile_rows[] = {
    {.key = "targets", .kind = MIPO_CONF_LIST, .offset = P(targets),
	.required = true},
    {.key = "exclude", .kind = MIPO_CONF_LIST, .offset = P(exclude)},
    {.key = "ports", .kind = MIPO_CONF_STR, .offset = P(ports)},
    {.key = "top", .kind = MIPO_CONF_NUMBER, .offset = P(top), .min = 1,
	.max = 65535},
    {.key = "rate", .kind = MIPO_CONF_SPEED, .offset = P(rate)},
    {.key = "retries", .kind = MIPO_CONF_NUMBER, .offset = P(retries),
	.max = 15},
    {.key = "wait", .kind = MIPO_CONF_DURATION, .offset = P(wait)},
    {.key = "method", .kind = MIPO_CONF_CHOICE, .offset = P(method),
	.choices = "syn|connect|udp"},
    {.key = "states", .kind = MIPO_CONF_STR, .offset = P(states)},
    {.key = "network", .kind = MIPO_CONF_STR, .offset = P(network)},
    {.key = "vantage", .kind = MIPO_CONF_STR, .offset = P(vantage)},
    {.key = "key", .kind = MIPO_CONF_STR, .offset = P(key)},
    {.key = "scope", .kind = MIPO_CONF_LIST, .offset = P(scope)},
    {.key = "contact", .kind = MIPO_CONF_STR, .offset = P(contact)},
    {.key = "channels", .kind = MIPO_CONF_LIST, .offset = P(channels)},
    {.key = NULL}};

static const struct mipo_conf_row expect_rows[] = {
    {.key = "targets", .kind = MIPO_CONF_LIST, .offset = E(targets),
	.required = true},
    {.key = "ports", .kind = MIPO_CONF_STR, .offset = E(ports),
	.required = true},
    {.key = "network", .kind = MIPO_CONF_STR, .offset = E(network)},
    {.key = "severity", .kind = MIPO_CONF_CHOICE, .offset = E(severity),
	.choices = "info|low|medium|high|critical"},
    {.key = NULL}};

static const struct mipo_conf_row channel_rows[] = {
    {.key = "type", .kind = MIPO_CONF_CHOICE, .offset = C(type),
	.required = true, .choices = "exec"},
    {.key = "command", .kind = MIPO_CONF_LIST, .offset = C(command),
	.required = true},
    {.key = "limit", .kind = MIPO_CONF_MS, .offset = C(limit_ms)},
    {.key = NULL}};

const struct mipo_conf_sort mipo_conf_sorts[MIPO_CONF_SORTS] = {
    {"profile", sizeof(struct mipo_conf_profile), profile_rows},
    {"expect", sizeof(struct mipo_conf_expect), expect_rows},
    {"channel", sizeof(struct mipo_conf_channel), channel_rows}};

#define MAX_ROWS 20

/*
 * libConfuse's error function has no argument of ours, and its scanner is
 * global anyway; so configurations are read one at a time.
 */
static struct mipo_err *now_err;
static const char *now_name;

static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	const char *names[MAX_ROWS + 1], *near = NULL;
	char text[256];
	size_t n = 0;
	va_list copy;

	va_copy(copy, ap);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	for (; cfg->opts != NULL && cfg->opts[n].name != NULL && n < MAX_ROWS;
	     n++)
		names[n] = cfg->opts[n].name;
	names[n] = NULL;
	if (strstr(fmt, "no such option") != NULL)
		near = mipo_text_nearest(va_arg(copy, const char *), names);
	va_end(copy);
	mipo_err_set(now_err, MIPO_E_USAGE, "%s:%d: %s%s%s%s", now_name,
	    cfg->line, text, near == NULL ? "" : "; did you mean ",
	    near == NULL ? "" : near, near == NULL ? "" : "?");
}

static void
make_opts(const struct mipo_conf_row *rows, cfg_opt_t opts[MAX_ROWS + 1])
{
	const cfg_opt_t str = CFG_STR(NULL, NULL, CFGF_NODEFAULT);
	const cfg_opt_t list = CFG_STR_LIST(NULL, NULL, CFGF_NODEFAULT);
	const cfg_opt_t end = CFG_END();
	size_t i;

	for (i = 0; rows[i].key != NULL && i < MAX_ROWS; i++) {
		opts[i] = rows[i].kind == MIPO_CONF_LIST ? list : str;
		opts[i].name = rows[i].key;
	}
	opts[i] = end;
}

/* One section that was read, and its values on the way into a struct. */
struct filling {
	cfg_t *cfg;
	const struct mipo_conf_marks *marks;
	struct mipo_conf_section *at;
	struct mipo_conf_pile *pile;
	struct mipo_err *err;
};

static int
check_choice(const char *choices, const char *value, struct mipo_err *err)
{
	size_t len = strlen(value);

	for (const char *p = choices; *p != '\0';) {
		size_t n = strcspn(p, "|");

		if (n == len && memcmp(p, value, n) == 0)
			return 0;
		p += n + (p[n] == '|');
	}
	return mipo_err_set(err, MIPO_E_USAGE, "\"%s\" is none of %s", value,
	    choices);
}

static int
check_value(const struct mipo_conf_row *row, const char *value,
    struct mipo_err *err)
{
	struct mipo_speed speed;
	uint64_t n;

	if (*value == '\0')
		return mipo_err_set(err, MIPO_E_USAGE, "the value is empty");
	switch (row->kind) {
	case MIPO_CONF_NUMBER:
		return mipo_text_u64(value, row->min, row->max, &n, err);
	case MIPO_CONF_SPEED:
		return mipo_speed_parse(value, &speed, err);
	case MIPO_CONF_DURATION:
	case MIPO_CONF_MS:
		return mipo_text_duration(value, &n, err);
	case MIPO_CONF_CHOICE:
		return check_choice(row->choices, value, err);
	default:
		return 0;
	}
}

static int
fill_list(struct filling *f, const struct mipo_conf_row *row)
{
	unsigned n = cfg_size(f->cfg, row->key);
	const char **items = mipo_conf_calloc(
	    f->pile, (size_t)n + 1, sizeof(*items), f->err);

	if (items == NULL)
		return -1;
	if (n == 0)
		return mipo_err_set(
		    f->err, MIPO_E_USAGE, "the list is empty");
	for (unsigned i = 0; i < n; i++) {
		const char *value = cfg_getnstr(f->cfg, row->key, i);

		if (check_value(row, value, f->err) != 0)
			return -1;
		items[i] = mipo_conf_copy(
		    f->pile, value, strlen(value), f->err);
		if (items[i] == NULL)
			return -1;
	}
	*(const char *const **)((char *)f->at + row->offset) = items;
	return 0;
}

static int
fill_value(struct filling *f, const struct mipo_conf_row *row)
{
	void *place = (char *)f->at + row->offset;
	const char *value;

	if (row->kind == MIPO_CONF_LIST)
		return fill_list(f, row);
	value = cfg_getstr(f->cfg, row->key);
	if (check_value(row, value, f->err) != 0)
		return -1;
	if (row->kind == MIPO_CONF_MS)
		return mipo_text_duration(value, place, f->err);
	value = mipo_conf_copy(f->pile, value, strlen(value), f->err);
	*(const char **)place = value;
	return value == NULL ? -1 : 0;
}

static int
fill_rows(struct filling *f, const struct mipo_conf_row *rows)
{
	for (size_t i = 0; rows[i].key != NULL; i++) {
		const struct mipo_conf_mark *mark = mipo_conf_mark_find(
		    f->marks, f->at->kind, f->at->title, rows[i].key);

		if (mark == NULL && rows[i].required) {
			mipo_err_set(f->err, MIPO_E_USAGE, "%s is missing",
			    rows[i].key);
			return mipo_err_prefix(f->err, "%s:%u: %s \"%s\"",
			    f->at->file, f->at->line, f->at->kind,
			    f->at->title);
		}
		if (mark == NULL)
			continue;
		f->at->lines[i] = mark->line;
		if (fill_value(f, &rows[i]) != 0)
			return mipo_err_prefix(f->err, "%s:%u: %s",
			    f->at->file, mark->line, rows[i].key);
	}
	return 0;
}

/* Titles become words of command lines, environments and reports. */
static int
check_title(const struct mipo_conf_section *at, struct mipo_err *err)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strlen(at->title);

	if (len > 0 && len <= 64 && at->title[0] != '-' &&
	    strspn(at->title, good) == len)
		return 0;
	return mipo_err_set(err, MIPO_E_USAGE,
	    "%s:%u: the title \"%s\" is not 1 to 64 letters, digits and . _ -",
	    at->file, at->line, at->title);
}

static int
fill_section(struct filling *f, const struct mipo_conf_sort *sort,
    const char *file, struct mipo_conf_table *table)
{
	const char *title = cfg_title(f->cfg);
	const struct mipo_conf_mark *mark = mipo_conf_mark_find(
	    f->marks, sort->kind, title == NULL ? "" : title, NULL);
	struct mipo_conf_section **items = table->items;

	f->at = mipo_conf_calloc(f->pile, 1, sort->size, f->err);
	if (f->at == NULL || mark == NULL)
		return mipo_err_set(f->err, MIPO_E_INTERNAL, "section");
	f->at->kind = sort->kind;
	f->at->title = mark->title;
	f->at->file = file;
	f->at->line = mark->line;
	if (check_title(f->at, f->err) != 0 ||
	    fill_rows(f, sort->rows) != 0 ||
	    mipo_grow((void **)&items, &table->cap, table->n + 2,
		sizeof(*items), f->err) != 0)
		return -1;
	table->items = items;
	items[table->n++] = f->at;
	items[table->n] = NULL;
	return 0;
}

static int
fill_tables(cfg_t *cfg, const char *file, const struct mipo_conf_marks *marks,
    struct mipo_conf_table tables[MIPO_CONF_SORTS],
    struct mipo_conf_pile *pile, struct mipo_err *err)
{
	struct filling f = {.marks = marks, .pile = pile, .err = err};

	for (int s = 0; s < MIPO_CONF_SORTS; s++) {
		const struct mipo_conf_sort *sort = &mipo_conf_sorts[s];
		unsigned n = cfg_size(cfg, sort->kind);

		for (unsigned i = 0; i < n; i++) {
			f.cfg = cfg_getnsec(cfg, sort->kind, i);
			if (fill_section(&f, sort, file, &tables[s]) != 0)
				return -1;
		}
	}
	return 0;
}

/* Lets libConfuse read the tidy text. The caller frees with cfg_free. */
static cfg_t *
confuse(const char *name, const char *tidy, struct mipo_err *err)
{
	static cfg_opt_t opts[MIPO_CONF_SORTS][MAX_ROWS + 1];
	cfg_opt_t top[] = {
	    CFG_SEC("profile", opts[0], CFGF_MULTI | CFGF_TITLE),
	    CFG_SEC("expect", opts[1], CFGF_MULTI | CFGF_TITLE),
	    CFG_SEC("channel", opts[2], CFGF_MULTI | CFGF_TITLE), CFG_END()};
	cfg_t *cfg;

	for (int s = 0; s < MIPO_CONF_SORTS; s++)
		make_opts(mipo_conf_sorts[s].rows, opts[s]);
	cfg = cfg_init(top, CFGF_NONE);
	if (cfg == NULL) {
		mipo_err_nomem(err);
		return NULL;
	}
	now_err = err;
	now_name = name;
	(void)cfg_set_error_function(cfg, on_error);
	if (cfg_parse_buf(cfg, tidy) != CFG_SUCCESS) {
		mipo_err_set(err, MIPO_E_USAGE, "%s: cannot be read", name);
		(void)cfg_free(cfg);
		cfg = NULL;
	}
	now_err = NULL;
	return cfg;
}

int
mipo_conf_read_text(const char *name, const char *text, size_t len,
    struct mipo_conf_table tables[MIPO_CONF_SORTS],
    struct mipo_conf_pile *pile, struct mipo_err *err)
{
	struct mipo_conf_marks marks = {.items = NULL};
	struct mipo_buf tidy;
	const char *s;
	cfg_t *cfg = NULL;
	int r = -1;

	mipo_buf_init(&tidy, 4 * MIPO_CONF_MAX);
	if (mipo_conf_tidy(name, text, len, &tidy, pile, &marks, err) != 0)
		goto out;
	s = mipo_buf_str(&tidy, err);
	if (s != NULL)
		cfg = confuse(name, s, err);
	if (cfg == NULL)
		goto out;
	r = fill_tables(cfg, name, &marks, tables, pile, err);
out:
	if (cfg != NULL)
		(void)cfg_free(cfg);
	mipo_buf_release(&tidy);
	free(marks.items);
	return r;
}
