#include "bin/mipo-store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "kit/table.h"
#include "store/door.h"
#include "store/scans.h"
#include "store/state.h"
#include "store/weight.h"
#include "trust/entry.h"
#include "trust/key.h"

struct opts {
	struct mipo_common common;
	const char *reason, *network, *vantage;
	uint64_t wait_ms;
};

static const struct opts defaults = {.wait_ms = 30000};

static const struct mipo_opt rows[] = {
    {.name = "reason", .kind = MIPO_OPT_STR, .arg = "TEXT",
	.offset = offsetof(struct opts, reason),
	.help = "approve: why it is accepted (required)"},
    {.name = "network", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, network),
	.help = "approve last: of this network"},
    {.name = "vantage", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, vantage),
	.help = "approve last: from this place"},
    {.name = "wait", .kind = MIPO_OPT_DURATION, .arg = "TIME",
	.offset = offsetof(struct opts, wait_ms),
	.help = "wait so long for another writer, then end with 4 (30s)"},
    {.name = NULL}};

static int
find(struct mipo_state *state, const struct opts *opts, const char *name,
    struct mipo_scan_row *ret_row, struct mipo_err *err)
{
	struct mipo_scan_filter filter = {
	    .network = opts->network, .vantage = opts->vantage,
	    .ports = strcmp(name, "last") == 0};
	char ref[64];

	(void)snprintf(ref, sizeof(ref), "%s%s",
	    strcmp(name, "last") == 0 || strchr(name, ':') != NULL ? ""
								   : "scan:",
	    name);
	if (mipo_scan_find(state, ref, &filter, ret_row, err) != 0)
		return -1;
	if (ret_row->proto == MIPO_ICMP)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "scan %s is a look for hosts: a baseline is of ports",
		    ret_row->scan);
	if (strcmp(ret_row->verdict, "complete") != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "scan %s is %s: only a complete look can be a baseline",
		    ret_row->scan, ret_row->verdict);
	if (ret_row->weight == MIPO_WEIGHT_OPEN)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "scan %s concludes nothing (%s): it cannot be a baseline",
		    ret_row->scan, ret_row->why);
	return 0;
}

static struct mipo_rec *
make(const struct mipo_scan_row *row, const char *reason,
    struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("evidence.baseline", err);

	if (rec == NULL)
		return NULL;
	mipo_rec_put_str(rec, "scan", row->scan);
	mipo_rec_put_str(rec, "scope_sha256", row->scope);
	mipo_rec_put_str(rec, "network", row->network);
	mipo_rec_put_str(rec, "vantage", row->vantage);
	mipo_rec_put_str(rec, "state_sha256", row->state);
	mipo_rec_put_str(rec, "reason", reason);
	if (mipo_rec_ok(rec, err) == 0)
		return rec;
	mipo_rec_free(rec);
	return NULL;
}

static int
log_it(struct mipo_state *state, const struct opts *opts,
    const struct mipo_rec *rec, struct mipo_committed *done,
    int *ret_status, struct mipo_err *err)
{
	struct mipo_door *door = NULL;
	struct mipo_actor actor;

	mipo_actor_find(&actor);
	if (mipo_door_open(state, &actor, "baseline.approve", opts->wait_ms,
		&door, err) != 0)
		return -1;
	if (mipo_door_add(door, rec, NULL, err) != 0) {
		mipo_door_abandon(door);
		return -1;
	}
	return bin_commit(door, done, "baseline", ret_status, err);
}

static const char *
signed_how(const struct mipo_scan_row *row)
{
	if (strcmp(row->trust, "unsigned") == 0)
		return "not signed";
	return strcmp(row->trust, "elsewhere") == 0
	    ? "signed by a scanner of another place"
	    : "signed by an unknown key";
}

static int
approve(struct mipo_state *state, const struct opts *opts, const char *name,
    int *ret_status, struct mipo_err *err)
{
	struct mipo_scan_row row;
	struct mipo_committed done;
	struct mipo_rec *rec;
	int r;

	if (opts->reason == NULL || opts->reason[0] == '\0')
		return mipo_err_set(err, MIPO_E_USAGE,
		    "an approval needs its --reason");
	if (find(state, opts, name, &row, err) != 0)
		return -1;
	rec = make(&row, opts->reason, err);
	if (rec == NULL)
		return -1;
	r = log_it(state, opts, rec, &done, ret_status, err);
	mipo_rec_free(rec);
	if (r != 0)
		return -1;
	if (!row.trusted)
		mipo_log(MIPO_LOG_WARN, "scan %s is %s: nobody vouches for "
		    "this baseline but you", row.scan, signed_how(&row));
	mipo_log(MIPO_LOG_INFO,
	    "scan %s is the baseline by %s of network %s from %s: log entry "
	    "%llu", row.scan, mipo_proto_name(row.proto), row.network,
	    row.vantage,
	    (unsigned long long)done.first);
	return 0;
}

struct sink {
	struct mipo_table *table;
	struct mipo_out *out;
	struct mipo_err *err;
};

static const char *
str(const struct mipo_rec *rec, const char *key)
{
	const char *s = mipo_rec_str(rec, key);

	return s == NULL ? "" : s;
}

static int
to_table(void *arg, const struct mipo_entry *entry)
{
	struct mipo_table *table = ((struct sink *)arg)->table;
	struct mipo_err *err = ((struct sink *)arg)->err;
	struct mipo_rec *rec = NULL;

	if (mipo_entry_rec(entry->data, &rec, err) != 0)
		return -1;
	mipo_table_text(table, str(rec, "network"));
	mipo_table_text(table, str(rec, "vantage"));
	mipo_table_text(table, str(rec, "scan"));
	mipo_table_time(table, entry->stamp.time_ms);
	mipo_table_n(table, entry->id.p, entry->id.len);
	mipo_table_text(table, str(rec, "reason"));
	mipo_table_u64(table, entry->seq);
	mipo_rec_free(rec);
	return 0;
}

/* The record as it was logged, with who, when and where beside it. */
static int
to_record(void *arg, const struct mipo_entry *entry)
{
	struct sink *sink = arg;
	struct mipo_rec *rec = NULL, *actor = NULL;

	if (mipo_entry_rec(entry->data, &rec, sink->err) != 0)
		return -1;
	if (mipo_entry_rec(entry->actor, &actor, sink->err) != 0) {
		mipo_rec_free(rec);
		return -1;
	}
	mipo_rec_put_rec_take(rec, "actor", actor);
	mipo_rec_put_time(rec, "approved", entry->stamp.time_ms);
	mipo_rec_put_int(rec, "seq", (int64_t)entry->seq);
	return bin_put_take(sink->out, rec, sink->err);
}

static int
list(struct mipo_state *state, const struct opts *opts, struct mipo_err *err)
{
	static const char *const heads[] = {"NETWORK", "VANTAGE", "SCAN",
	    "APPROVED", "BY", "REASON", ">ENTRY", NULL};
	bool table = bin_table(&opts->common);
	struct sink sink = {.err = err};
	int r = -1;

	sink.table = mipo_table_new(heads, err);
	sink.out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	if (sink.table != NULL && sink.out != NULL)
		r = mipo_baselines_each(
		    state, table ? to_table : to_record, &sink, err);
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
	bool approving = strcmp(argv[0], "approve") == 0;
	struct mipo_err err = {0};
	struct mipo_state *state;
	int status = 0, r;

	if (approving ? argc != 2 : argc != 1 || strcmp(argv[0], "list") != 0) {
		mipo_log(MIPO_LOG_ERROR, "baseline: say approve SCAN, "
		    "approve last, or list");
		return 2;
	}
	if (mipo_trust_init(&err) != 0)
		return bin_fail(&err, "baseline");
	state = bin_open(&opts->common, approving, &status);
	if (state == NULL)
		return status;
	r = approving ? approve(state, opts, argv[1], &status, &err)
		      : list(state, opts, &err);
	if (r != 0)
		status = bin_fail(&err, "baseline");
	mipo_state_close(state);
	return status;
}

const struct mipo_sub store_baseline = {
    .name = "baseline",
    .operands = "approve SCAN | approve last | list",
    .summary = "accept a complete look, or list what was accepted",
    .opts = rows,
    .size = sizeof(struct opts),
    .defaults = &defaults,
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
    .writes = true,
};
