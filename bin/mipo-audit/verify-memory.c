/* What an auditor remembers, who may verify twice at a time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "bin/mipo-audit/verify.h"

#define WAIT_MS 5000 /* it is held for one small file */

static int
open_lock(const char *file, int *ret_fd, struct mipo_err *err)
{
	struct mipo_buf name;
	const char *path;
	int fd = -1;

	mipo_buf_init(&name, 8192);
	mipo_buf_putf(&name, "%s.lock", file);
	path = mipo_buf_str(&name, err);
	if (path != NULL) {
		fd = open(path,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		    0644);
		if (fd < 0)
			mipo_err_sys(err, errno, "%s", path);
	}
	if (fd >= 0 && mipo_file_lock(fd, path, WAIT_MS, err) != 0) {
		(void)close(fd);
		fd = -1;
	}
	mipo_buf_release(&name);
	*ret_fd = fd;
	return fd < 0 ? -1 : 0;
}

static bool
same(const struct mipo_checkpoint *a, const struct mipo_checkpoint *b)
{
	return a->size == b->size && strcmp(a->origin, b->origin) == 0 &&
	    memcmp(a->root, b->root, sizeof(a->root)) == 0;
}

/* The row says what was remembered when the run began. */
static void
tell_fork(struct verify *run, const struct mipo_checkpoint *cp)
{
	for (size_t i = 0; i < run->report.n; i++) {
		struct mipo_finding *row = &run->report.row[i];

		if (strcmp(row->check, "memory") != 0)
			continue;
		row->verdict = MIPO_FAIL;
		(void)snprintf(row->text, sizeof(row->text),
		    "another verify has meanwhile remembered other %llu "
		    "entries: there are two histories",
		    (unsigned long long)cp->size);
	}
}

/*
 * Only what this run was held to is replaced: what another run put there
 * meanwhile is for the next one to be held to.
 */
static int
replace(struct verify *run, struct mipo_err *err)
{
	const char *path = run->opts->state_file;
	struct mipo_checkpoint found, kept;
	bool has = false, had = run->has_anchor[ANCHOR_MEMORY];

	if (mipo_checkpoint_peek(
		run->note.data, run->note.len, &found, err) != 0 ||
	    verify_read_anchor(run, path, false, &kept, &has, err) != 0)
		return -1;
	if (has && kept.size == found.size && !same(&kept, &found)) {
		tell_fork(run, &kept);
		return 0;
	}
	if (has != had || (has && !same(&kept, &run->anchor[ANCHOR_MEMORY].cp)))
		return 0;
	return mipo_file_put(
	    path, 0644, 0, run->note.data, run->note.len, err);
}

int
verify_remember(struct verify *run, struct mipo_err *err)
{
	int fd, r;

	if (run->opts->state_file == NULL || run->note.len == 0)
		return 0;
	r = open_lock(run->opts->state_file, &fd, err);
	if (r == 0) {
		r = replace(run, err);
		(void)close(fd);
	}
	return r != 0 ? mipo_err_prefix(err, "--state-file") : 0;
}
