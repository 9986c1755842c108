#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "kit/conf-part.h"

static const struct mipo_conf_section *const none[1];

/* The sections of a sort as an array that is never NULL. */
static const void *
sections(const struct mipo_conf *conf, int sort)
{
	return conf->tables[sort].n == 0 ? (const void *)none
					 : conf->tables[sort].items;
}

const struct mipo_conf_profile *const *
mipo_conf_profiles(const struct mipo_conf *conf)
{
	return sections(conf, MIPO_CONF_PROFILE);
}

const struct mipo_conf_expect *const *
mipo_conf_expects(const struct mipo_conf *conf)
{
	return sections(conf, MIPO_CONF_EXPECT);
}

const struct mipo_conf_channel *const *
mipo_conf_channels(const struct mipo_conf *conf)
{
	return sections(conf, MIPO_CONF_CHANNEL);
}

const struct mipo_conf_file *
mipo_conf_files(const struct mipo_conf *conf, size_t *ret_n)
{
	*ret_n = conf->n_files;
	return conf->files;
}

struct mipo_conf_section *
mipo_conf_table_find(const struct mipo_conf_table *table, const char *title)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->items[i]->title, title) == 0)
			return table->items[i];
	return NULL;
}

#define MAX_NAMES 64 /* that a hint is chosen from */

/* Where the configuration was read from, for people. */
static void
places(const struct mipo_conf *conf, char *ret_text, size_t size)
{
	size_t n;
	const struct mipo_conf_file *files = mipo_conf_files(conf, &n);

	if (n == 0)
		(void)snprintf(ret_text, size,
		    ", of which there is no file: see mipo.conf(5)");
	else if (n == 1)
		(void)snprintf(ret_text, size, ", %s", files[0].path);
	else
		(void)snprintf(ret_text, size, ", %s and %zu more",
		    files[0].path, n - 1);
}

static const void *
find(const struct mipo_conf *conf, int sort, const char *title,
    struct mipo_err *err)
{
	const struct mipo_conf_table *table = &conf->tables[sort];
	const void *found = mipo_conf_table_find(table, title);
	const char *names[MAX_NAMES + 1], *near;
	char where[300];
	size_t n;

	if (found != NULL)
		return found;
	for (n = 0; n < table->n && n < MAX_NAMES; n++)
		names[n] = table->items[n]->title;
	names[n] = NULL;
	near = mipo_text_nearest(title, names);
	places(conf, where, sizeof(where));
	(void)mipo_err_set(err, MIPO_E_NOTFOUND,
	    "there is no %s \"%s\" in the configuration%s%s%s%s",
	    mipo_conf_sorts[sort].kind, title, where,
	    near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
	    near == NULL ? "" : "?");
	return NULL;
}

int
mipo_conf_profile(const struct mipo_conf *conf, const char *title,
    const struct mipo_conf_profile **ret_profile, struct mipo_err *err)
{
	const void *found = find(conf, MIPO_CONF_PROFILE, title, err);

	if (found == NULL)
		return -1;
	*ret_profile = found;
	return 0;
}

int
mipo_conf_channel(const struct mipo_conf *conf, const char *title,
    const struct mipo_conf_channel **ret_channel, struct mipo_err *err)
{
	const void *found = find(conf, MIPO_CONF_CHANNEL, title, err);

	if (found == NULL)
		return -1;
	*ret_channel = found;
	return 0;
}

int
mipo_conf_at(const struct mipo_conf_section *section, const char *key,
    struct mipo_err *err)
{
	unsigned line = section->line;

	for (int s = 0; s < MIPO_CONF_SORTS; s++) {
		const struct mipo_conf_sort *sort = &mipo_conf_sorts[s];

		for (size_t i = 0; sort->rows[i].key != NULL; i++)
			if (strcmp(sort->kind, section->kind) == 0 &&
			    strcmp(sort->rows[i].key, key) == 0 &&
			    section->lines[i] != 0)
				line = section->lines[i];
	}
	return mipo_err_prefix(err, "%s:%u: %s", section->file, line, key);
}
