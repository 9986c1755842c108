#include "bin/mipo-audit/common.h"
#include "bin/mipo-audit/log-words.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/line.h"
#include "store/logread.h"
#include "store/state.h"
#include "trust/entry.h"

/* Where the columns for people begin, unless the one before is wider. */
#define AT_KIND  35
#define AT_ACTOR 55
#define AT_WORDS 67

struct opts {
	struct mipo_common common;
	struct mipo_list kinds;
	uint64_t since, limit, last;
};

static const struct opts defaults = {.limit = UINT64_MAX};

static const struct mipo_opt rows[] = {
    {.name = "kind", .kind = MIPO_OPT_LIST, .arg = "KIND",
	.offset = offsetof(struct opts, kinds),
	.help = "only this kind; one that ends in a dot is a family (note.)"},
    {.name = "since-seq", .kind = MIPO_OPT_U64, .arg = "SEQ",
	.offset = offsetof(struct opts, since),
	.help = "only from this entry on"},
    {.name = "limit", .letter = 'n', .kind = MIPO_OPT_U64, .arg = "N",
	.offset = offsetof(struct opts, limit), .min = 1,
	.help = "only the first N of them"},
    {.name = "last", .kind = MIPO_OPT_U64, .arg = "N",
	.offset = offsetof(struct opts, last), .min = 1,
	.help = "only the newest N of them"},
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

static void
pad(struct mipo_buf *text, size_t to)
{
	do
		mipo_buf_putc(text, ' ');
	while (text->len < to);
}

/* seq, time, kind, actor, and what it is about. */
static int
put_people(struct mipo_out *out, struct mipo_buf *text,
    const struct mipo_entry *entry, struct mipo_err *err)
{
	char time[MIPO_TIME_LEN];

	mipo_text_time(entry->stamp.time_ms, time);
	mipo_buf_clear(text);
	mipo_buf_putf(text, "%7llu  %s", (unsigned long long)entry->seq, time);
	pad(text, AT_KIND);
	mipo_text_show(text, entry->kind.p, entry->kind.len);
	pad(text, AT_ACTOR);
	mipo_text_show(text, entry->id.p, entry->id.len);
	pad(text, AT_WORDS);
	if (audit_words(text, entry, err) != 0 || mipo_buf_ok(text, err) != 0)
		return -1;
	mipo_out_line(out, text->data, text->len);
	return 0;
}

static void
put_heads(struct mipo_out *out, struct mipo_buf *text)
{
	mipo_buf_puts(text, "    SEQ  TIME");
	pad(text, AT_KIND);
	mipo_buf_puts(text, "KIND");
	pad(text, AT_ACTOR);
	mipo_buf_puts(text, "ACTOR");
	pad(text, AT_WORDS);
	mipo_buf_puts(text, "WHAT");
	mipo_out_line(out, text->data, text->len);
}

/* One walk over the log: what is listed, and what is to be left out. */
struct lister {
	const struct opts *opts;
	struct mipo_logread *reader;
	struct mipo_out *out; /* NULL: only count */
	struct mipo_buf text;
	uint64_t from; /* entry to begin with */
	uint64_t skip; /* that many wanted ones first */
	uint64_t left; /* may still be listed */
	uint64_t seen; /* wanted ones so far */
};

static int
take(struct lister *lister, const struct mipo_logrow *row,
    struct mipo_err *err)
{
	bool table = bin_table(&lister->opts->common);
	struct mipo_entry entry;

	if (mipo_entry_parse(row->body, row->len, &entry, err) != 0)
		return -1;
	if (!is_wanted(lister->opts, entry.kind) ||
	    lister->seen++ < lister->skip || lister->out == NULL)
		return 0;
	lister->left--;
	if (!table) {
		mipo_out_line(lister->out, (const char *)row->body, row->len);
		return 0;
	}
	if (lister->text.len == 0)
		put_heads(lister->out, &lister->text);
	return put_people(lister->out, &lister->text, &entry, err);
}

static int
walk(struct lister *lister, struct mipo_err *err)
{
	struct mipo_logrow row;
	int r = mipo_logread_seek(lister->reader, lister->from, err);

	lister->seen = 0;
	while (r == 0 && lister->left > 0 &&
	    (r = mipo_logread_next(lister->reader, &row, err)) > 0) {
		r = take(lister, &row, err);
		if (r == 0)
			continue;
		(void)mipo_err_stored(err);
		(void)mipo_err_prefix(
		    err, "entry %llu", (unsigned long long)row.seq);
	}
	return r;
}

/* Where the newest that are asked for begin. */
static int
find_last(struct lister *lister, struct mipo_err *err)
{
	uint64_t size = mipo_logread_size(lister->reader);
	uint64_t last = lister->opts->last;

	if (last == 0)
		return 0;
	if (lister->opts->kinds.n == 0) {
		if (size > last && size - last > lister->from)
			lister->from = size - last;
		return 0;
	}
	if (walk(lister, err) != 0)
		return -1;
	if (lister->seen > last)
		lister->skip = lister->seen - last;
	return 0;
}

static int
list(struct mipo_logread *reader, const struct opts *opts,
    struct mipo_out *out, struct mipo_err *err)
{
	struct lister lister = {.opts = opts, .reader = reader,
	    .from = opts->since, .left = opts->limit};
	int r;

	mipo_buf_init(&lister.text, 1 << 16);
	r = find_last(&lister, err);
	lister.out = out;
	if (r == 0)
		r = walk(&lister, err);
	mipo_buf_release(&lister.text);
	return r != 0 ? -1 : mipo_out_flush(out, err);
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
	state = bin_open(&opts->common, false, &status);
	if (state == NULL)
		return status;
	out = mipo_out_new(STDOUT_FILENO, "stdout", &err);
	if (out == NULL || mipo_logread_open(state, &reader, &err) != 0 ||
	    list(reader, opts, out, &err) != 0)
		status = bin_fail(&err, "reading the log");
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
    .defaults = &defaults,
    .run = run,
    .formats = "table|ndjson",
};
