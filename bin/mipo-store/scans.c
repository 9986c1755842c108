#include "bin/mipo-store/store.h"

#include <stdint.h>
#include <unistd.h>

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "kit/table.h"
#include "store/scans.h"
#include "store/state.h"

struct opts {
	struct mipo_common common;
	const char *network, *vantage, *verdict;
	uint64_t limit;
};

static const struct mipo_opt rows[] = {
    {.name = "network", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, network),
	.help = "only looks at this network"},
    {.name = "vantage", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, vantage),
	.help = "only looks from this place"},
    {.name = "verdict", .kind = MIPO_OPT_CHOICE, .arg = "VERDICT",
	.choices = "complete|degraded|incomplete|interrupted",
	.offset = offsetof(struct opts, verdict),
	.help = "only looks with this verdict"},
    {.name = "limit", .letter = 'n', .kind = MIPO_OPT_U64, .arg = "N",
	.offset = offsetof(struct opts, limit), .min = 1, .max = INT64_MAX,
	.help = "only the newest N, newest first"},
    {.name = NULL}};

/* Where rows go: one of the two. */
struct sink {
	struct mipo_table *table;
	struct mipo_out *out;
	struct mipo_err *err;
};

static int
to_table(void *arg, const struct mipo_scan_row *row)
{
	struct mipo_table *table = ((struct sink *)arg)->table;

	mipo_table_text(table, row->scan);
	mipo_table_time(table, row->started_ms);
	mipo_table_text(table, row->network);
	mipo_table_text(table, row->vantage);
	mipo_table_text(table, row->method);
	mipo_table_text(table, row->verdict);
	mipo_table_text(table, row->trust);
	mipo_table_text(
	    table, row->why[0] == '\0' ? "yes" : row->why);
	mipo_table_u64(table, row->planned);
	mipo_table_u64(table, row->open);
	mipo_table_u64(table, row->seq);
	return 0;
}

static int
to_record(void *arg, const struct mipo_scan_row *row)
{
	struct sink *sink = arg;
	struct mipo_rec *rec = mipo_rec_start("scan", sink->err);

	if (rec == NULL)
		return -1;
	mipo_rec_put_time(rec, "ts", row->ended_ms);
	mipo_rec_put_str(rec, "scan", row->scan);
	mipo_rec_put_int(rec, "seq", (int64_t)row->seq);
	mipo_rec_put_str(rec, "network", row->network);
	mipo_rec_put_str(rec, "vantage", row->vantage);
	mipo_rec_put_str(rec, "proto", mipo_proto_name(row->proto));
	mipo_rec_put_str(rec, "method", row->method);
	mipo_rec_put_str(rec, "scope_sha256", row->scope);
	mipo_rec_put_str(rec, "stream_sha256", row->stream);
	if (row->state[0] != '\0')
		mipo_rec_put_str(rec, "state_sha256", row->state);
	mipo_rec_put_time(rec, "started", row->started_ms);
	mipo_rec_put_time(rec, "ended", row->ended_ms);
	mipo_rec_put_str(rec, "verdict", row->verdict);
	mipo_rec_put_str(rec, "trust", row->trust);
	mipo_rec_put_bool(rec, "concludes", row->why[0] == '\0');
	if (row->why[0] != '\0')
		mipo_rec_put_str(rec, "why", row->why);
	mipo_rec_put_str(rec, "key", row->key);
	mipo_rec_put_int(rec, "planned", (int64_t)row->planned);
	mipo_rec_put_int(rec, "open", (int64_t)row->open);
	return bin_put_take(sink->out, rec, sink->err);
}

static int
list(struct mipo_state *state, const void *arg, int *ret_status,
    struct mipo_err *err)
{
	const struct opts *opts = arg;
	static const char *const heads[] = {"SCAN", "STARTED", "NETWORK",
	    "VANTAGE", "METHOD", "VERDICT", "TRUST", "CONCLUDES", ">PAIRS",
	    ">OPEN", ">ENTRY", NULL};
	struct mipo_scan_filter filter = {.network = opts->network,
	    .vantage = opts->vantage,
	    .verdict = opts->verdict,
	    .newest_first = opts->limit > 0,
	    .limit = opts->limit};
	bool table = bin_table(&opts->common);
	struct sink sink = {.err = err};
	int r = -1;

	(void)ret_status;
	sink.table = mipo_table_new(heads, err);
	sink.out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	if (sink.table != NULL && sink.out != NULL)
		r = mipo_scans_each(state, &filter,
		    table ? to_table : to_record, &sink, err);
	if (r == 0 && err->code == MIPO_E_NONE)
		r = table ? mipo_table_print(sink.table, STDOUT_FILENO, err)
			  : mipo_out_flush(sink.out, err);
	mipo_table_free(sink.table);
	mipo_out_free(sink.out);
	return err->code == MIPO_E_NONE ? r : -1;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;

	(void)argc;
	(void)argv;
	return bin_with_state(
	    &opts->common, false, "listing scans", list, opts);
}

const struct mipo_sub store_scans = {
    .name = "scans",
    .operands = "",
    .summary = "list the recorded looks",
    .opts = rows,
    .size = sizeof(struct opts),
    .run = run,
};
