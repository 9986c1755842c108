#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/shard.h"
#include "out/boundary.h"
#include "out/csv.h"
#include "out/export.h"

/*
 * One table for every kind of row, so that any reader takes it: the first
 * column tells the kind, the rest are empty where they do not apply.
 */
enum column {
	C_ROW,
	C_TIME,
	C_NETWORK,
	C_VANTAGE,
	C_SCAN,
	C_IP,
	C_PROTO,
	C_PORT,
	C_SERVICE,
	C_CLASS,
	C_RISKY,
	C_STATE,
	C_REASON,
	C_KIND,
	C_BEFORE,
	C_AFTER,
	C_RULE,
	C_SEVERITY,
	C_SINCE,
	C_VERDICT,
	C_SIGNED,
	C_TEXT,
	C_N
};

static const char *const column_names[C_N] = {
    "row",
    "time",
    "network",
    "vantage",
    "scan",
    "ip",
    "proto",
    "port",
    "service",
    "class",
    "risky",
    "state",
    "reason",
    "kind",
    "before",
    "after",
    "rule",
    "severity",
    "since",
    "verdict",
    "signed",
    "text",
};

struct csv {
	struct mipo_out *out;
	struct mipo_buf row;
	uint64_t rows;	       /* written after the boundary row */
	struct mipo_rec *look; /* scan.start of the look that passes */
};

static int
put_row(struct csv *csv, const char *const *cells, struct mipo_err *err)
{
	mipo_buf_clear(&csv->row);
	mipo_csv_row(&csv->row, cells, C_N);
	if (mipo_buf_ok(&csv->row, err) != 0)
		return mipo_err_prefix(err, "a row of the table");
	mipo_out_put(csv->out, csv->row.data, csv->row.len);
	csv->rows++;
	return 0;
}

/* port_text: where the port's digits are to stay while the row is made. */
static void
fill_port(const char **cells, int64_t port, char port_text[8])
{
	enum mipo_proto proto = cells[C_PROTO] == NULL
	    ? MIPO_TCP
	    : mipo_proto_find(cells[C_PROTO]);
	const struct mipo_service *service;

	if (port < 1 || port > 65535 || proto == MIPO_PROTO_N)
		return;
	(void)snprintf(port_text, 8, "%d", (int)port);
	cells[C_PORT] = port_text;
	service = mipo_service_of(proto, (uint16_t)port);
	cells[C_SERVICE] = service == NULL ? NULL : service->name;
	cells[C_CLASS] = service == NULL ? NULL : service->class_;
	cells[C_RISKY] = service != NULL && service->risky ? "yes" : "no";
}

static int
put_obs(struct csv *csv, const struct mipo_obs *obs, struct mipo_err *err)
{
	const char *cells[C_N] = {[C_ROW] = "observation",
	    [C_PROTO] = mipo_proto_name(obs->proto)};
	char time[MIPO_TIME_LEN], ip[MIPO_ADDR_LEN], port[8];

	mipo_text_time(obs->ts_ms, time);
	(void)mipo_addr_format(&obs->ip, ip);
	cells[C_TIME] = time;
	cells[C_NETWORK] = mipo_rec_str(csv->look, "network");
	cells[C_VANTAGE] = mipo_rec_str(csv->look, "vantage");
	cells[C_SCAN] = obs->scan;
	cells[C_IP] = ip;
	fill_port(cells, obs->port, port);
	cells[C_STATE] = mipo_pstate_name(obs->state);
	cells[C_REASON] = mipo_reason_name(obs->reason);
	return put_row(csv, cells, err);
}

static int
keep_look(struct csv *csv, const struct mipo_rec *start, struct mipo_err *err)
{
	mipo_rec_free(csv->look);
	csv->look = mipo_rec_dup(start, err);
	return csv->look == NULL ? -1 : 0;
}

/* end is NULL where the look was cut. */
static int
put_look(struct csv *csv, const struct mipo_rec *end, struct mipo_err *err)
{
	const char *cells[C_N] = {[C_ROW] = "look"};
	int64_t planned = 0, answered = 0;
	char text[160];

	cells[C_TIME] = mipo_rec_str(csv->look, "ts");
	cells[C_NETWORK] = mipo_rec_str(csv->look, "network");
	cells[C_VANTAGE] = mipo_rec_str(csv->look, "vantage");
	cells[C_SCAN] = mipo_rec_str(csv->look, "scan");
	cells[C_PROTO] = mipo_rec_str(csv->look, "proto");
	cells[C_KIND] = mipo_rec_str(csv->look, "method");
	cells[C_VERDICT] = "interrupted";
	cells[C_SIGNED] = "none";
	cells[C_TEXT] = "no end record: nothing may be concluded from what "
			"this look does not list";
	if (end != NULL) {
		(void)mipo_rec_int(end, "planned", &planned);
		(void)mipo_rec_int(end, "answered", &answered);
		(void)snprintf(text, sizeof(text),
		    "%" PRId64 " pairs planned, %" PRId64 " answered", planned,
		    answered);
		cells[C_VERDICT] = mipo_shard_verdict(end);
		cells[C_SIGNED] = mipo_rec_str(end, "signed");
		cells[C_TEXT] = text;
	}
	return put_row(csv, cells, err);
}

/* From a record's field to a column. */
struct map {
	const char *field;
	enum column column;
};

static const struct map change_map[] = {
    {"ts", C_TIME},
    {"network", C_NETWORK},
    {"vantage", C_VANTAGE},
    {"new_scan", C_SCAN},
    {"ip", C_IP},
    {"proto", C_PROTO},
    {"kind", C_KIND},
    {"before", C_BEFORE},
    {"after", C_AFTER},
    {NULL, C_N},
};

static const struct map alarm_map[] = {
    {"ts", C_TIME},
    {"network", C_NETWORK},
    {"vantage", C_VANTAGE},
    {"ip", C_IP},
    {"proto", C_PROTO},
    {"state", C_STATE},
    {"event", C_KIND},
    {"rule", C_RULE},
    {"severity", C_SEVERITY},
    {"since", C_SINCE},
    {"reason", C_REASON},
    {"summary", C_TEXT},
    {NULL, C_N},
};

static const struct map baseline_map[] = {
    {"ts", C_TIME},
    {"network", C_NETWORK},
    {"vantage", C_VANTAGE},
    {"scan", C_SCAN},
    {"reason", C_TEXT},
    {NULL, C_N},
};

static const struct {
	const char *type, *row;
	const struct map *map;
} tables[] = {
    {"change", "change", change_map},
    {"alarm", "alarm", alarm_map},
    {"evidence.baseline", "baseline", baseline_map},
};

static int
put_record(struct csv *csv, const struct mipo_item *item, struct mipo_err *err)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const char *cells[C_N] = {[C_ROW] = tables[i].row};
		int64_t port = 0;
		char text[8];

		if (strcmp(item->type, tables[i].type) != 0)
			continue;
		for (const struct map *m = tables[i].map; m->field; m++)
			cells[m->column] = mipo_rec_str(item->rec, m->field);
		if (mipo_rec_int(item->rec, "port", &port))
			fill_port(cells, port, text);
		return put_row(csv, cells, err);
	}
	return 0; /* not a row of this table: ndjson has it */
}

static int
csv_feed(void *self, const struct mipo_item *item, struct mipo_err *err)
{
	struct csv *csv = self;

	switch (item->kind) {
	case MIPO_ITEM_LOOK:
		return keep_look(csv, item->rec, err);
	case MIPO_ITEM_OBS:
		return put_obs(csv, item->obs, err);
	case MIPO_ITEM_LOOK_END:
	case MIPO_ITEM_LOOK_CUT:
		return put_look(csv, item->rec, err);
	case MIPO_ITEM_RECORD:
		return put_record(csv, item, err);
	case MIPO_ITEM_OTHER:
		break;
	}
	return 0;
}

static int
csv_done(void *self, const char *why_partial, struct mipo_err *err)
{
	const char *cells[C_N] = {[C_ROW] = "end"};
	struct csv *csv = self;
	char text[600];

	(void)snprintf(text, sizeof(text),
	    "%" PRIu64 " rows between the "
	    "boundary and this one; the input was %s%s",
	    csv->rows, why_partial == NULL ? "whole" : "not whole: ",
	    why_partial == NULL ? "" : why_partial);
	cells[C_TEXT] = text;
	return put_row(csv, cells, err);
}

static void
csv_free(void *self)
{
	struct csv *csv = self;

	mipo_rec_free(csv->look);
	mipo_buf_release(&csv->row);
	free(csv);
}

static int
csv_new(struct mipo_out *out, const struct mipo_export_opts *opts,
    struct mipo_sink *ret_sink, struct mipo_err *err)
{
	const char *cells[C_N] = {[C_ROW] = "boundary"};
	struct csv *csv = mipo_calloc(1, sizeof(*csv), err);
	char time[MIPO_TIME_LEN];
	int r;

	if (csv == NULL)
		return -1;
	csv->out = out;
	mipo_buf_init(&csv->row, (size_t)4 * MIPO_REC_MAX_READ);
	mipo_text_time(opts->now_ms, time);
	cells[C_TIME] = time;
	cells[C_TEXT] = mipo_rec_str(opts->start, "boundary");
	r = put_row(csv, column_names, err);
	if (r == 0)
		r = put_row(csv, cells, err);
	if (r != 0) {
		csv_free(csv);
		return -1;
	}
	csv->rows = 0;
	*ret_sink = (struct mipo_sink){csv, csv_feed, csv_done, csv_free};
	return 0;
}

const struct mipo_exporter mipo_export_csv = {
    .name = "csv",
    .suffix = ".csv",
    .summary = "one table of looks, observations, changes and alarms",
    .new = csv_new,
};
