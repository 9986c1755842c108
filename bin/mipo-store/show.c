#include "bin/mipo-store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/presence.h"
#include "data/rec.h"
#include "kit/table.h"
#include "store/bindings.h"
#include "store/state.h"

struct opts {
	struct mipo_common common;
	const char *network, *vantage, *only;
	bool hosts;
};

static const struct mipo_opt rows[] = {
    {.name = "network", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, network),
	.help = "only this network"},
    {.name = "vantage", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, vantage),
	.help = "only as seen from this place"},
    {.name = "only", .kind = MIPO_OPT_STR, .arg = "STATE",
	.offset = offsetof(struct opts, only),
	.help = "only bindings in this state: open, closed, filtered, "
		"open|filtered or unreachable"},
    {.name = "hosts", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct opts, hosts),
	.help = "which hosts are there, by mipo-scan --discover"},
    {.name = NULL}};

/* "53", or "53/udp": of one protocol. */
static int
parse_port(const char *what, size_t digits,
    struct mipo_binding_filter *filter, struct mipo_err *err)
{
	char number[8] = "";
	uint64_t port;

	if (digits < sizeof(number))
		memcpy(number, what, digits);
	if (mipo_text_u64(number, 1, 65535, &port, err) != 0)
		return mipo_err_prefix(err, "port");
	if (what[digits] == '/')
		filter->proto = what + digits + 1;
	filter->port = (uint16_t)port;
	return 0;
}

/* A port, an address, or a network. */
static int
parse_what(const char *what, struct mipo_binding_filter *filter,
    struct mipo_err *err)
{
	size_t digits = strspn(what, "0123456789");

	if (what[digits] == '\0' || (what[digits] == '/' &&
		mipo_proto_find(what + digits + 1) != MIPO_PROTO_N))
		return parse_port(what, digits, filter, err);
	if (strchr(what, '/') != NULL)
		return mipo_addr_parse_cidr(
		    what, &filter->first, &filter->last, err);
	if (mipo_addr_parse(what, &filter->first, err) != 0)
		return -1;
	filter->last = filter->first;
	return 0;
}

static int
parse_only(const struct opts *opts, uint8_t *ret_state, struct mipo_err *err)
{
	const char *only = opts->only;

	*ret_state = (uint8_t)(opts->hosts
		? mipo_presence_find(only)
		: mipo_pstate_find(only, strlen(only)));
	return *ret_state != 0 ? 0 : mipo_err_set(err, MIPO_E_USAGE,
	    "--only: '%s' is none of %s", only, opts->hosts
		? "up and silent, as hosts are"
		: "open, closed, filtered, open|filtered and unreachable");
}

struct sink {
	struct mipo_table *table;
	struct mipo_out *out;
	uint64_t n;
	struct mipo_err *err;
};

static const char *
reason_of(const struct mipo_binding *binding)
{
	if (binding->proto == MIPO_ICMP)
		return mipo_presence_reason(binding->reason);
	return binding->reason == 0
	    ? "silent"
	    : mipo_reason_name((enum mipo_reason)binding->reason);
}

static const char *
state_of(const struct mipo_binding *binding)
{
	return binding->proto == MIPO_ICMP
	    ? mipo_presence_name(binding->state)
	    : mipo_pstate_name((enum mipo_pstate)binding->state);
}

static int
to_table(void *arg, const struct mipo_binding *binding)
{
	struct sink *sink = arg;
	struct mipo_table *table = sink->table;
	const bool host = binding->proto == MIPO_ICMP;
	const struct mipo_service *service = host
	    ? NULL
	    : mipo_service_of(binding->proto, binding->port);
	char ip[MIPO_ADDR_LEN], port[16];

	(void)mipo_addr_format(&binding->ip, ip);
	(void)snprintf(port, sizeof(port), "%u/%s", binding->port,
	    mipo_proto_name(binding->proto));
	mipo_table_text(table, ip);
	mipo_table_text(table, host ? "host" : port);
	mipo_table_text(table, service == NULL ? "" : service->name);
	mipo_table_text(table, state_of(binding));
	mipo_table_time(table, binding->since_ms);
	if (binding->checked_ms == 0)
		mipo_table_text(table, "");
	else
		mipo_table_time(table, binding->checked_ms);
	mipo_table_text(table, reason_of(binding));
	mipo_table_text(table, binding->trust);
	mipo_table_text(table, binding->network);
	mipo_table_text(table, binding->vantage);
	sink->n++;
	return 0;
}

static int
to_record(void *arg, const struct mipo_binding *binding)
{
	struct sink *sink = arg;
	struct mipo_rec *rec = mipo_rec_start("binding", sink->err);
	char ip[MIPO_ADDR_LEN];

	if (rec == NULL)
		return -1;
	(void)mipo_addr_format(&binding->ip, ip);
	mipo_rec_put_time(rec, "ts", binding->since_ms);
	mipo_rec_put_str(rec, "network", binding->network);
	mipo_rec_put_str(rec, "vantage", binding->vantage);
	mipo_rec_put_str(rec, "ip", ip);
	mipo_rec_put_str(rec, "proto", mipo_proto_name(binding->proto));
	if (binding->proto != MIPO_ICMP)
		mipo_rec_put_int(rec, "port", binding->port);
	mipo_rec_put_str(rec, "state", state_of(binding));
	mipo_rec_put_str(rec, "reason", reason_of(binding));
	mipo_rec_put_time(rec, "since", binding->since_ms);
	mipo_rec_put_str(rec, "scan", binding->scan);
	mipo_rec_put_str(rec, "trust", binding->trust);
	if (binding->checked_ms != 0)
		mipo_rec_put_time(rec, "checked", binding->checked_ms);
	sink->n++;
	return bin_put_take(sink->out, rec, sink->err);
}

/* "tcp and udp", of bits 1 << enum mipo_proto. */
static const char *
names(unsigned protos, char *buf, size_t size)
{
	buf[0] = '\0';
	for (enum mipo_proto i = 0; i <= MIPO_ICMP; i++) {
		size_t n = strlen(buf);

		if ((protos & 1U << i) != 0)
			(void)snprintf(buf + n, size - n, "%s%s",
			    n == 0 ? "" : " and ", mipo_proto_name(i));
	}
	return buf;
}

/* Nothing listed is an answer only where somebody looked who can tell. */
static int
say_nothing(struct mipo_state *state,
    const struct mipo_binding_filter *filter, const char *what,
    int *ret_status, struct mipo_err *err)
{
	struct mipo_bindings_cover cover;
	char by[64];

	if (mipo_bindings_covered(state, filter, &cover, err) != 0)
		return -1;
	*ret_status = cover.told != 0 && cover.untold == 0 ? 0 : 3;
	if (cover.told != 0)
		mipo_log(MIPO_LOG_INFO, "%s: covered by a look that "
		    "concludes, and nothing to list (%s)", what,
		    names(cover.told, by, sizeof(by)));
	if (cover.untold != 0)
		mipo_log(MIPO_LOG_WARN, "%s: covered by a look that does not "
		    "tell open from silent (%s): what is not listed may be "
		    "open", what, names(cover.untold, by, sizeof(by)));
	if (cover.told == 0 && cover.untold == 0)
		mipo_log(MIPO_LOG_WARN, "%s: no look that concludes covered "
		    "it: nothing is known", what);
	return 0;
}

static int
list(struct mipo_state *state, const struct opts *opts, struct sink *sink,
    const struct mipo_binding_filter *filter)
{
	static const char *const heads[] = {"ADDRESS", ">PORT", "SERVICE",
	    "STATE", "SINCE", "CHECKED", "REASON", "TRUST", "NETWORK",
	    "VANTAGE", NULL};
	bool table = bin_table(&opts->common);
	int r = -1;

	sink->table = mipo_table_new(heads, sink->err);
	sink->out = mipo_out_new(STDOUT_FILENO, "stdout", sink->err);
	if (sink->table != NULL && sink->out != NULL)
		r = mipo_bindings_each(state, filter,
		    table ? to_table : to_record, sink, sink->err);
	if (r == 0 && sink->err->code == MIPO_E_NONE)
		r = table
		    ? mipo_table_print(sink->table, STDOUT_FILENO, sink->err)
		    : mipo_out_flush(sink->out, sink->err);
	mipo_table_free(sink->table);
	mipo_out_free(sink->out);
	return sink->err->code == MIPO_E_NONE ? r : -1;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_err err = {0};
	struct mipo_binding_filter filter = {
	    .network = opts->network, .vantage = opts->vantage,
	    .hosts = opts->hosts};
	struct sink sink = {.err = &err};
	const char *what = argc > 0 ? argv[0] : "the whole index";
	struct mipo_state *state;
	int status = 0;

	if ((opts->only != NULL &&
		parse_only(opts, &filter.state, &err) != 0) ||
	    (argc > 0 && parse_what(what, &filter, &err) != 0))
		return bin_fail(&err, "show");
	if (opts->hosts && filter.port != 0) {
		mipo_log(MIPO_LOG_ERROR, "--hosts: they have no ports");
		return 2;
	}
	state = bin_open(&opts->common, false, &status);
	if (state == NULL)
		return status;
	if (list(state, opts, &sink, &filter) != 0 ||
	    (sink.n == 0 &&
		say_nothing(state, &filter, what, &status, &err) != 0))
		status = bin_fail(&err, "show");
	mipo_state_close(state);
	return status;
}

const struct mipo_sub store_show = {
    .name = "show",
    .operands = "[HOST|SUBNET|PORT]",
    .summary = "what is known of a host, a subnet or a port",
    .opts = rows,
    .size = sizeof(struct opts),
    .max_operands = 1,
    .run = run,
};
