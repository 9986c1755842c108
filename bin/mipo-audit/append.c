#include "bin/mipo-audit/common.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "data/schema.h"
#include "store/door.h"
#include "store/state.h"

#define STDIN_MAX ((size_t)1 << 30)
#define STANDS	  5 /* exit status: it is appended, but not told */

struct opts {
	struct mipo_common common;
	uint64_t wait_ms;
};

static const struct opts defaults = {.wait_ms = 30000};

static const struct mipo_opt rows[] = {
    {.name = "wait", .kind = MIPO_OPT_DURATION, .arg = "TIME",
	.offset = offsetof(struct opts, wait_ms),
	.help = "wait so long for another writer, then end with 4 (30s)"},
    {.name = NULL}};

/*
 * Nothing from outside may pose as a grant, a receipt or an approval: all
 * that is not a note is refused, known kind or not.
 */
static int
refuse_core(const struct mipo_rec *rec, struct mipo_err *err)
{
	const char *type = mipo_rec_str(rec, "type");

	if (type == NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a record without its type");
	if (strncmp(type, "note.", 5) == 0 && type[5] != '\0')
		return 0;
	return mipo_err_set(err, MIPO_E_INPUT,
	    "%s is not appended from outside: only note.* is", type);
}

/* What people leave out; a wrong v or ts is refused all the same. */
static void
complete(struct mipo_rec *rec)
{
	if (!mipo_rec_has(rec, "v"))
		mipo_rec_put_int(rec, "v", 1);
	if (!mipo_rec_has(rec, "ts"))
		mipo_rec_put_time(rec, "ts", mipo_clock_wall_ms());
}

/* One line to a whole, checked note; *ret_rec is the caller's. */
static int
read_note(const char *line, size_t len, struct mipo_rec **ret_rec,
    struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	if (refuse_core(rec, err) == 0) {
		complete(rec);
		if (mipo_rec_ok(rec, err) == 0 &&
		    mipo_rec_check(rec, err) == 0) {
			*ret_rec = rec;
			return 0;
		}
	}
	mipo_rec_free(rec);
	return -1;
}

/* All of stdin, checked, before the lock is taken: producers may be slow. */
static int
read_all(struct mipo_lines *in, struct mipo_buf *notes, struct mipo_err *err)
{
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(in, &line, &len, err)) > 0) {
		struct mipo_rec *rec = NULL;

		if (read_note(line, len, &rec, err) != 0)
			return mipo_lines_fail(in, err);
		r = mipo_rec_canon(rec, notes, err);
		mipo_rec_free(rec);
		if (r != 0)
			return mipo_lines_fail(in, err);
		mipo_buf_putc(notes, '\n');
	}
	if (r == 0 && notes->len == 0 && !mipo_lines_cut(in))
		return mipo_err_set(
		    err, MIPO_E_INPUT, "stdin is empty: nothing to append");
	if (r == 0 && mipo_lines_cut(in)) {
		mipo_err_set(err, MIPO_E_INPUT, "the last line is cut");
		return mipo_err_prefix(err, "%s:%llu", mipo_lines_name(in),
		    (unsigned long long)mipo_lines_number(in) + 1);
	}
	return r < 0 ? -1 : mipo_buf_ok(notes, err);
}

static int
add_all(struct mipo_door *door, const struct mipo_buf *notes,
    struct mipo_err *err)
{
	struct mipo_lines *in =
	    mipo_lines_new_mem(notes->data, notes->len, "stdin", err);
	const char *line;
	size_t len;
	int r = -1;

	while (in != NULL && (r = mipo_lines_next(in, &line, &len, err)) > 0) {
		struct mipo_rec *rec = NULL;

		r = mipo_rec_parse(line, len, &rec, err);
		if (r == 0)
			r = mipo_door_add(door, rec, NULL, err);
		mipo_rec_free(rec);
		if (r != 0) {
			(void)mipo_lines_fail(in, err);
			break;
		}
	}
	mipo_lines_free(in);
	return r;
}

static int
commit(struct mipo_state *state, const struct opts *opts,
    const struct mipo_buf *notes, struct mipo_committed *ret_done,
    int *ret_status, struct mipo_err *err)
{
	struct mipo_door *door = NULL;
	struct mipo_actor actor;

	mipo_actor_find(&actor);
	if (mipo_door_open(state, &actor, "audit.append", opts->wait_ms,
		&door, err) != 0)
		return -1;
	if (add_all(door, notes, err) != 0) {
		mipo_door_abandon(door);
		return -1;
	}
	return bin_commit(door, ret_done, "append", ret_status, err);
}

static int
print(const struct opts *opts, const struct mipo_committed *done,
    struct mipo_err *err)
{
	struct mipo_out *out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	uint64_t n = done->last - done->first;
	struct mipo_rec *rec = NULL;
	char root[65], text[200];
	int r = -1;

	if (out == NULL)
		return -1;
	mipo_text_hex(done->root, sizeof(done->root), root);
	if (bin_table(&opts->common)) {
		int len = snprintf(text, sizeof(text),
		    "seq %llu  n %llu  size %llu  root %s",
		    (unsigned long long)done->first, (unsigned long long)n,
		    (unsigned long long)done->size, root);

		mipo_out_line(out, text, (size_t)len);
		r = 0;
	} else if ((rec = mipo_rec_start("audit.committed", err)) != NULL) {
		mipo_rec_put_int(rec, "seq", (int64_t)done->first);
		mipo_rec_put_int(rec, "n", (int64_t)n);
		mipo_rec_put_int(rec, "size", (int64_t)done->size);
		mipo_rec_put_str(rec, "root", root);
		r = bin_put_take(out, rec, err);
	}
	if (r == 0)
		r = mipo_out_flush(out, err);
	mipo_out_free(out);
	return r;
}

static int
append(struct mipo_state *state, const struct opts *opts)
{
	struct mipo_err err = {0};
	struct mipo_committed done = {.size = 0};
	struct mipo_lines *in = mipo_lines_new(STDIN_FILENO, "stdin", &err);
	struct mipo_buf notes;
	int status = 0;

	mipo_buf_init(&notes, STDIN_MAX);
	if (in == NULL || read_all(in, &notes, &err) != 0 ||
	    commit(state, opts, &notes, &done, &status, &err) != 0) {
		status = bin_fail(&err, "append");
	} else if (print(opts, &done, &err) != 0) {
		(void)bin_fail(&err, "appended, but not told");
		status = STANDS;
	}
	mipo_buf_release(&notes);
	mipo_lines_free(in);
	return status;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_err err = {0};
	struct mipo_state *state;
	int status = 0;

	(void)argc;
	(void)argv;
	if (mipo_cli_need_stdin(&err) != 0)
		return bin_fail(&err, "append");
	state = bin_open(&opts->common, true, &status);
	if (state == NULL)
		return status;
	status = append(state, opts);
	mipo_state_close(state);
	return status;
}

const struct mipo_sub audit_append = {
    .name = "append",
    .operands = "",
    .summary = "append the notes on stdin, in one commit",
    .opts = rows,
    .size = sizeof(struct opts),
    .defaults = &defaults,
    .run = run,
    .formats = "table|ndjson",
    .writes = true,
};
