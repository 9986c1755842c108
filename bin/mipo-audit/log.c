#include "bin/mipo-audit/common.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/line.h"
#include "store/logread.h"
#include "store/state.h"
#include "trust/entry.h"

#define DATA_SHOWN 160 /* bytes of data in a line for people */

struct opts {
	struct mipo_common common;
	struct mipo_list kinds;
	uint64_t since, limit;
};

static const struct mipo_opt rows[] = {
    {.name = "kind", .kind = MIPO_OPT_LIST, .arg = "KIND",
	.offset = offsetof(struct opts, kinds),
	.help = "only this kind; one that ends in a dot is a family (note.)"},
    {.name = "since-seq", .kind = MIPO_OPT_U64, .arg = "SEQ",
	.offset = offsetof(struct opts, since),
	.help = "only from this entry on"},
    {.name = "limit", .letter = 'n', .kind = MIPO_OPT_U64, .arg = "N",
	.offset = offsetof(struct opts, limit),
	.help = "only the first N of them"},
    {.name = NULL}};

static bool
is_wanted(const struct opts *opts, struct mipo_span kind)
{
	if (opts->kinds.n == 0)
		return true;
	for (size_t i = 0; i < opts->kinds.n; i++) {
		const char *want = opts->kinds.items[i];
		size_t len = strlen(want);

		if (mipo_span_is(kind, want))
			return true;
		if (len > 0 && want[len - 1] == '.' && kind.len > len &&
		    memcmp(kind.p, want, len) == 0)
			return true;
	}
	return false;
}

/* seq, time, kind, actor, and the beginning of data. */
static void
put_people(struct mipo_out *out, struct mipo_buf *text,
    const struct mipo_entry *entry)
{
	char time[MIPO_TIME_LEN];
	size_t shown =
	    entry->data.len < DATA_SHOWN ? entry->data.len : DATA_SHOWN;

	mipo_text_time(entry->stamp.time_ms, time);
	mipo_buf_clear(text);
	mipo_buf_putf(text, "%7llu  %s  %-18.*s  ",
	    (unsigned long long)entry->seq, time, (int)entry->kind.len,
	    entry->kind.p);
	mipo_text_show(text, entry->id.p, entry->id.len);
	mipo_buf_puts(text, "  ");
	mipo_text_show(text, entry->data.p, shown);
	if (shown < entry->data.len)
		mipo_buf_puts(text, " ...");
	mipo_out_line(out, text->data, text->len);
}

static int
list(struct mipo_logread *reader, const struct opts *opts,
    struct mipo_out *out, struct mipo_err *err)
{
	bool table = audit_table(&opts->common);
	uint64_t left = opts->limit == 0 ? UINT64_MAX : opts->limit;
	struct mipo_buf text;
	struct mipo_logrow row;
	int r = mipo_logread_seek(reader, opts->since, err);

	mipo_buf_init(&text, 1 << 16);
	while (r == 0 && left > 0 &&
	    (r = mipo_logread_next(reader, &row, err)) > 0) {
		struct mipo_entry entry;

		r = mipo_entry_parse(row.body, row.len, &entry, err);
		if (r != 0) {
			(void)mipo_err_prefix(err, "entry %llu",
			    (unsigned long long)row.seq);
			break;
		}
		if (!is_wanted(opts, entry.kind))
			continue;
		left--;
		if (table)
			put_people(out, &text, &entry);
		else
			mipo_out_line(out, (const char *)row.body, row.len);
	}
	if (r >= 0)
		r = mipo_buf_ok(&text, err);
	mipo_buf_release(&text);
	return r < 0 ? -1 : mipo_out_flush(out, err);
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_err err = {0};
	struct mipo_logread *reader = NULL;
	struct mipo_out *out = NULL;
	struct mipo_state *state;
	int status = 0;

	(void)argc;
	(void)argv;
	state = audit_open(&opts->common, false, &status);
	if (state == NULL)
		return status;
	out = mipo_out_new(STDOUT_FILENO, "stdout", &err);
	if (out == NULL || mipo_logread_open(state, &reader, &err) != 0 ||
	    list(reader, opts, out, &err) != 0)
		status = audit_fail(&err, "reading the log");
	mipo_logread_close(reader);
	mipo_out_free(out);
	mipo_state_close(state);
	return status;
}

const struct mipo_sub audit_log = {
    .name = "log",
    .operands = "",
    .summary = "list the log's entries, as they are stored",
    .opts = rows,
    .size = sizeof(struct opts),
    .run = run,
    .formats = "table|ndjson",
};
