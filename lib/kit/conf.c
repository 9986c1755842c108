#include "kit/conf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "kit/conf-part.h"

#define ETC_DIR "/etc/mipo"

void *
mipo_conf_calloc(struct mipo_conf_pile *pile, size_t n, size_t size,
    struct mipo_err *err)
{
	void **items = pile->items, *p;

	if (mipo_grow((void **)&items, &pile->cap, pile->n + 1,
		sizeof(*items), err) != 0)
		return NULL;
	pile->items = items;
	p = mipo_calloc(n, size, err);
	if (p != NULL)
		items[pile->n++] = p;
	return p;
}

char *
mipo_conf_copy(struct mipo_conf_pile *pile, const char *s, size_t len,
    struct mipo_err *err)
{
	char *p = mipo_conf_calloc(pile, len + 1, 1, err);

	if (p != NULL && len > 0)
		memcpy(p, s, len);
	return p;
}

void
mipo_conf_free(struct mipo_conf *conf)
{
	if (conf == NULL)
		return;
	for (size_t i = 0; i < conf->pile.n; i++)
		free(conf->pile.items[i]);
	free(conf->pile.items);
	for (int s = 0; s < MIPO_CONF_SORTS; s++)
		free(conf->tables[s].items);
	free(conf->files);
	free(conf);
}

/* What the rows of one section alone cannot say. */
static int
check_section(const struct mipo_conf *conf, int sort,
    const struct mipo_conf_section *at, struct mipo_err *err)
{
	const struct mipo_conf_profile *p;

	if (sort != MIPO_CONF_PROFILE)
		return 0;
	p = (const struct mipo_conf_profile *)(const void *)at;
	if (p->ports != NULL && p->top != NULL) {
		mipo_err_set(err, MIPO_E_USAGE,
		    "ports and top contradict each other");
		return mipo_conf_at(at, "top", err);
	}
	for (size_t i = 0; p->channels != NULL && p->channels[i] != NULL;
	     i++) {
		if (mipo_conf_table_find(&conf->tables[MIPO_CONF_CHANNEL],
			p->channels[i]) != NULL)
			continue;
		mipo_err_set(err, MIPO_E_USAGE, "there is no channel \"%s\"",
		    p->channels[i]);
		return mipo_conf_at(at, "channels", err);
	}
	return 0;
}

static int
check_all(const struct mipo_conf *conf, struct mipo_err *err)
{
	for (int s = 0; s < MIPO_CONF_SORTS; s++)
		for (size_t i = 0; i < conf->tables[s].n; i++)
			if (check_section(conf, s, conf->tables[s].items[i],
				err) != 0)
				return -1;
	return 0;
}

/* Adds what was read; hide: in place of a section of the same title. */
static int
merge(struct mipo_conf *conf, const struct mipo_conf_table *from, int sort,
    bool hide, struct mipo_err *err)
{
	struct mipo_conf_table *to = &conf->tables[sort];

	for (size_t i = 0; i < from->n; i++) {
		struct mipo_conf_section *at = from->items[i], **items;
		struct mipo_conf_section *old =
		    mipo_conf_table_find(to, at->title);

		if (old != NULL && !hide)
			return mipo_err_set(err, MIPO_E_USAGE,
			    "%s:%u: %s \"%s\" is here for the second time; "
			    "the first is in %s:%u", at->file, at->line,
			    at->kind, at->title, old->file, old->line);
		for (size_t k = 0; old != NULL && k < to->n; k++)
			if (to->items[k] == old)
				to->items[k] = at;
		if (old != NULL)
			continue;
		items = to->items;
		if (mipo_grow((void **)&items, &to->cap, to->n + 2,
			sizeof(*items), err) != 0)
			return -1;
		to->items = items;
		items[to->n++] = at;
		items[to->n] = NULL;
	}
	return 0;
}

static int
add_text(struct mipo_conf *conf, const char *name, const char *text,
    size_t len, bool hide, struct mipo_err *err)
{
	struct mipo_conf_table tables[MIPO_CONF_SORTS] = {{.items = NULL}};
	const char *kept =
	    mipo_conf_copy(&conf->pile, name, strlen(name), err);
	int r = kept == NULL ? -1
			     : mipo_conf_read_text(kept, text, len, tables,
				   &conf->pile, err);

	for (int s = 0; s < MIPO_CONF_SORTS; s++) {
		if (r == 0)
			r = merge(conf, &tables[s], s, hide, err);
		free(tables[s].items);
	}
	return r;
}

/* Who may write it may run programs as us. */
static int
check_file(const char *path, bool named, const struct stat *st,
    struct mipo_err *err)
{
	bool others = (st->st_mode & S_IWOTH) != 0;
	bool group = (st->st_mode & S_IWGRP) != 0 && st->st_gid != 0;

	if (S_ISREG(st->st_mode) && (others || group))
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: %s may write to this file, and it names programs "
		    "to run: chmod %s-w it", path,
		    others ? "everybody" : "its group", others ? "o" : "g");
	if (!named && st->st_uid != 0 && st->st_uid != geteuid())
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: this file belongs to uid %u, neither root nor you",
		    path, (unsigned)st->st_uid);
	return 0;
}

static int
keep_file(struct mipo_conf *conf, const struct mipo_conf_file *file,
    struct mipo_err *err)
{
	struct mipo_conf_file *files = conf->files;

	if (mipo_grow((void **)&files, &conf->cap_files, conf->n_files + 1,
		sizeof(*files), err) != 0)
		return -1;
	conf->files = files;
	files[conf->n_files++] = *file;
	return 0;
}

/* named: it must exist, and whose it is was the caller's choice. */
static int
add_file(struct mipo_conf *conf, const char *path, bool named, bool hide,
    struct mipo_err *err)
{
	struct mipo_conf_file file = {.path = NULL};
	struct mipo_buf buf;
	struct stat st;
	int r = -1;

	if (!named && access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	mipo_buf_init(&buf, MIPO_CONF_MAX);
	if (mipo_file_read_stat(path, &buf, &st, err) != 0 ||
	    check_file(path, named, &st, err) != 0)
		goto out;
	file.uid = st.st_uid;
	file.mtime_ms = (int64_t)st.st_mtim.tv_sec * 1000 +
	    st.st_mtim.tv_nsec / 1000000;
	file.path = mipo_conf_copy(&conf->pile, path, strlen(path), err);
	file.text = mipo_conf_copy(&conf->pile, buf.data, buf.len, err);
	file.len = buf.len;
	if (file.path == NULL || file.text == NULL ||
	    keep_file(conf, &file, err) != 0)
		goto out;
	r = add_text(conf, path, file.text, file.len, hide, err);
out:
	mipo_buf_release(&buf);
	return r;
}

static int
is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	    strcmp(entry->d_name + len - 5, ".conf") == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* dir/name in the pile. */
static char *
join(struct mipo_conf *conf, const char *dir, const char *name,
    struct mipo_err *err)
{
	struct mipo_buf path;
	char *s = NULL;

	mipo_buf_init(&path, 4096);
	mipo_buf_putf(&path, "%s/%s", dir, name);
	if (mipo_buf_ok(&path, err) == 0)
		s = mipo_conf_copy(&conf->pile, path.data, path.len, err);
	mipo_buf_release(&path);
	return s;
}

static int
add_below(struct mipo_conf *conf, const char *dir, const char *name,
    struct mipo_err *err)
{
	const char *path = join(conf, dir, name, err);

	return path == NULL ? -1 : add_file(conf, path, false, false, err);
}

static int
add_dir(struct mipo_conf *conf, const char *dir, struct mipo_err *err)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_conf, by_bytes), r = 0;

	if (n < 0)
		return errno == ENOENT
		    ? 0
		    : mipo_err_sys(err, errno, "%s", dir);
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = add_below(conf, dir, names[i]->d_name, err);
		free(names[i]);
	}
	free(names);
	return r;
}

static int
add_etc(struct mipo_conf *conf, const char *etc_dir, struct mipo_err *err)
{
	const char *dir = join(conf, etc_dir, "conf.d", err);

	if (dir == NULL || add_below(conf, etc_dir, "mipo.conf", err) != 0)
		return -1;
	return add_dir(conf, dir, err);
}

/* conf takes r's success or is freed. */
static int
hand_over(struct mipo_conf *conf, int r, struct mipo_conf **ret_conf,
    struct mipo_err *err)
{
	if (r == 0)
		r = check_all(conf, err);
	if (r == 0)
		*ret_conf = conf;
	else
		mipo_conf_free(conf);
	return r;
}

int
mipo_conf_load_from(const char *etc_dir, const char *user_file,
    struct mipo_conf **ret_conf, struct mipo_err *err)
{
	struct mipo_conf *conf = mipo_calloc(1, sizeof(*conf), err);
	int r = 0;

	if (conf == NULL)
		return -1;
	if (etc_dir != NULL)
		r = add_etc(conf, etc_dir, err);
	if (r == 0 && user_file != NULL)
		r = add_file(conf, user_file, false, true, err);
	return hand_over(conf, r, ret_conf, err);
}

int
mipo_conf_parse(const char *name, const char *text, size_t len,
    struct mipo_conf **ret_conf, struct mipo_err *err)
{
	struct mipo_conf *conf = mipo_calloc(1, sizeof(*conf), err);

	if (conf == NULL)
		return -1;
	return hand_over(conf, add_text(conf, name, text, len, false, err),
	    ret_conf, err);
}

static int
load_named(const char *path, struct mipo_conf **ret_conf,
    struct mipo_err *err)
{
	struct mipo_conf *conf = mipo_calloc(1, sizeof(*conf), err);

	if (conf == NULL)
		return -1;
	return hand_over(
	    conf, add_file(conf, path, true, false, err), ret_conf, err);
}

/* The user's file, or NULL: paths that are not absolute do not count. */
static const char *
user_file(struct mipo_buf *path, struct mipo_err *err)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg != NULL && *xdg == '/')
		mipo_buf_putf(path, "%s/mipo/mipo.conf", xdg);
	else if (home != NULL && *home == '/')
		mipo_buf_putf(path, "%s/.config/mipo/mipo.conf", home);
	return path->len == 0 ? NULL : mipo_buf_str(path, err);
}

int
mipo_conf_load(const char *file, bool system, struct mipo_conf **ret_conf,
    struct mipo_err *err)
{
	const char *env = getenv("MIPO_CONFIG"), *user = NULL;
	struct mipo_buf path;
	int r;

	if (file == NULL && env != NULL && *env != '\0')
		file = env;
	if (file != NULL)
		return load_named(file, ret_conf, err);
	mipo_buf_init(&path, 4096);
	if (geteuid() != 0 && !system)
		user = user_file(&path, err);
	r = mipo_conf_load_from(ETC_DIR, user, ret_conf, err);
	mipo_buf_release(&path);
	return r;
}
