#include "bin/mipo-diff/diff.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/snap.h"
#include "store/scans.h"
#include "store/state.h"
#include "store/weight.h"

static int
read_fd(int fd, const char *name, struct mipo_snap **ret_snap,
    struct mipo_err *err)
{
	struct mipo_lines *lines = mipo_lines_new(fd, name, err);
	int r;

	if (lines == NULL)
		return -1;
	r = mipo_snap_read_any(lines, ret_snap, err);
	mipo_lines_free(lines);
	return r;
}

int
diff_read_file(
    const char *path, struct mipo_snap **ret_snap, struct mipo_err *err)
{
	int fd, r;

	if (strcmp(path, "-") == 0) {
		if (mipo_cli_need_stdin(err) != 0)
			return -1;
		return read_fd(STDIN_FILENO, "stdin", ret_snap, err);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	r = read_fd(fd, path, ret_snap, err);
	(void)close(fd);
	return r;
}

/* Reading one look, in a thread of its own. */
struct job {
	const char *path;
	struct mipo_snap *snap;
	struct mipo_err err;
	int r;
};

static int
work(void *arg)
{
	struct job *job = arg;

	job->r = diff_read_file(job->path, &job->snap, &job->err);
	return 0;
}

int
diff_read_files(char *const paths[2], struct mipo_snap *ret_snaps[2],
    struct mipo_err *err)
{
	struct job job[2] = {{.path = paths[0]}, {.path = paths[1]}};
	bool apart;
	thrd_t thread;

	mipo_rec_init();
	apart = thrd_create(&thread, work, &job[0]) == thrd_success;
	if (!apart)
		(void)work(&job[0]);
	(void)work(&job[1]);
	if (apart)
		(void)thrd_join(thread, NULL);
	for (int i = 0; i < 2; i++)
		if (job[i].r != 0 && err->code == MIPO_E_NONE)
			*err = job[i].err;
	if (err->code == MIPO_E_NONE) {
		ret_snaps[0] = job[0].snap;
		ret_snaps[1] = job[1].snap;
		return 0;
	}
	mipo_snap_free(job[0].snap);
	mipo_snap_free(job[1].snap);
	return -1;
}

static int
read_row(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_snap **ret_snap, struct mipo_err *err)
{
	struct mipo_lines *lines;
	int r;

	if (mipo_scan_open(state, row, &lines, err) != 0)
		return -1;
	r = mipo_snap_read_any(lines, ret_snap, err);
	mipo_lines_free(lines);
	if (r == 0 && row->weight == MIPO_WEIGHT_OPEN)
		mipo_snap_weaken(*ret_snap);
	return r;
}

/* The look at hand proves here what the state lets it prove. */
static int
weigh(struct mipo_state *state, struct mipo_snap *new, struct mipo_err *err)
{
	const struct mipo_rec *end = mipo_snap_end(new);
	const char *why;
	int weight;

	if (end == NULL)
		return 0;
	if (mipo_scan_weigh(state, mipo_snap_start(new), end, &weight, &why,
		err) != 0)
		return -1;
	if (weight == MIPO_WEIGHT_OPEN)
		mipo_snap_weaken(new);
	return 0;
}

/* No look is there to compare with: whether it is the first of all. */
static int
none_found(struct mipo_state *state, const struct mipo_scan_filter *filter,
    bool *ret_first, struct mipo_err *err)
{
	struct mipo_scan_filter any = *filter;
	struct mipo_scan_row row;

	any.scope = NULL;
	mipo_err_clear(err);
	*ret_first = mipo_scan_find(state, "last", &any, &row, err) != 0;
	if (*ret_first && err->code != MIPO_E_NOTFOUND)
		return -1;
	mipo_err_clear(err);
	return 0;
}

static int
read_ref(struct mipo_state *state, const char *ref, struct mipo_snap *new,
    struct mipo_snap **ret_snap, bool *ret_first, struct mipo_err *err)
{
	struct mipo_scan_filter filter = {
	    .network = mipo_snap_network(new),
	    .vantage = mipo_snap_vantage(new),
	    .scope = mipo_snap_scope(new),
	    .proto = mipo_snap_proto(new),
	    .not_scan = mipo_snap_scan(new),
	    .cover = mipo_snap_cover(new),
	};
	struct mipo_scan_row row;
	int r;

	if (mipo_state_read_begin(state, err) != 0)
		return -1;
	r = weigh(state, new, err);
	if (r == 0)
		r = mipo_scan_find(state, ref, &filter, &row, err);
	if (r == 0) {
		r = read_row(state, &row, ret_snap, err);
	} else if (strncmp(ref, "scan:", 5) != 0 &&
	    err->code == MIPO_E_NOTFOUND) {
		*ret_snap = NULL;
		r = none_found(state, &filter, ret_first, err);
	}
	mipo_state_read_end(state);
	return r;
}

int
diff_read_state(const struct diff_opts *opts, struct mipo_snap *new,
    struct mipo_snap **ret_snap, bool *ret_first, struct mipo_err *err)
{
	struct mipo_state *state = NULL;
	char *path = NULL;
	int r = -1;

	if (mipo_state_find(opts->common.state, opts->common.system, &path,
		err) == 0 &&
	    mipo_state_open(path, false, &state, err) == 0)
		r = read_ref(
		    state, opts->against, new, ret_snap, ret_first, err);
	mipo_state_close(state);
	free(path);
	return r;
}
