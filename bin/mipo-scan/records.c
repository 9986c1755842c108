#include "config.h"

#include "bin/mipo-scan/plan.h"

#include "base/buf.h"
#include "base/err.h"
#include "bin/mipo-scan/fence.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"
#include "trust/digest.h"
#include "trust/hash.h"
#include "trust/key.h"

#define PORTS_MAX (6 * 65536)

/*
 * The digest of the scope: protocol, addresses that are left, ports. Equal
 * scopes have equal digests, however they were written.
 */
int
plan_scope(struct plan *plan, struct mipo_err *err)
{
	return mipo_scope_digest(mipo_method_proto(plan->config.method),
	    plan->targets, plan->ports, plan->config.scope, err);
}

static void
put_states(const struct plan *plan, struct mipo_rec *rec)
{
	mipo_rec_put_list(rec, "states");
	mipo_rec_put_str(rec, "silent_as", plan->silent_as);
	if (plan->opts->discover) {
		mipo_rec_add_str(rec, "states", "up");
		if (plan->states_given)
			mipo_rec_add_str(rec, "states", "silent");
		return;
	}
	for (int i = MIPO_OPEN; i < MIPO_STATE_N; i++)
		if ((plan->config.states & 1U << i) != 0)
			mipo_rec_add_str(rec, "states",
			    mipo_pstate_name((enum mipo_pstate)i));
}

/* Everything effective beside scope and seed, under the stream's names. */
static void
put_config(const struct plan *plan, struct mipo_rec *rec)
{
	const struct mipo_scanner_config *config = &plan->config;

	mipo_rec_put_str(rec, "method", mipo_method_name(config->method));
	mipo_rec_put_int(rec, "rate", (int64_t)config->rate);
	if (plan->rate_bits > 0)
		mipo_rec_put_int(rec, "rate_bits", (int64_t)plan->rate_bits);
	if (config->rate_auto)
		mipo_rec_put_bool(rec, "rate_auto", true);
	if (config->vlan > 0)
		mipo_rec_put_int(rec, "vlan", config->vlan);
	mipo_rec_put_int(rec, "retries", config->retries);
	mipo_rec_put_int(rec, "wait_ms", (int64_t)config->wait_ms);
	if (config->identify)
		mipo_rec_put_bool(rec, "identify", true);
	if (config->shards > 1) {
		mipo_rec_put_int(rec, "shard", (int64_t)config->shard);
		mipo_rec_put_int(rec, "shards", (int64_t)config->shards);
	}
	if (config->max_probes > 0)
		mipo_rec_put_int(
		    rec, "max_probes", (int64_t)config->max_probes);
	put_states(plan, rec);
}

static int
put_config_digest(
    const struct plan *plan, struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_rec *config = mipo_rec_new(err);
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, MIPO_REC_MAX_WRITE);
	mipo_buf_puts(&buf, "mipo/config/v1\n");
	put_config(plan, config);
	r = mipo_rec_canon(config, &buf, err);
	if (r == 0) {
		mipo_hash(buf.data, buf.len, digest);
		mipo_rec_put_hex(
		    rec, "config_sha256", digest, sizeof(digest));
	}
	mipo_rec_free(config);
	mipo_buf_release(&buf);
	return r;
}

/* What may be too long for one record. */
static int
put_scope(
    const struct plan *plan, struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_buf ports;
	const char *text;
	int r = -1;

	mipo_buf_init(&ports, PORTS_MAX);
	mipo_ports_format(plan->ports, &ports);
	text = mipo_buf_str(&ports, err);
	if (text != NULL) {
		if (!plan->opts->discover)
			mipo_rec_put_str(rec, "ports", text);
		r = 0;
	}
	mipo_buf_release(&ports);
	if (r != 0 ||
	    mipo_targets_put(plan->given, rec, "targets", err) != 0 ||
	    mipo_targets_put(plan->excluded, rec, "exclusions", err) != 0)
		return -1;
	if (mipo_rec_len(plan->names, "names") > 0)
		mipo_rec_add_all(rec, "names", plan->names);
	return mipo_rec_ok(rec, err);
}

static struct mipo_rec *
make_start(struct plan *plan, uint64_t planned, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("scan.start", err);
	uint64_t seed = plan->config.seed;
	uint8_t bytes[8];

	for (int i = 7; i >= 0; i--, seed >>= 8)
		bytes[i] = (uint8_t)seed;
	mipo_rec_put_str(rec, "scan", plan->config.scan);
	mipo_rec_put_str(rec, "network", plan->opts->network);
	mipo_rec_put_str(rec, "vantage", plan->opts->vantage);
	mipo_rec_put_str(rec, "key",
	    plan->key == NULL ? "none" : mipo_key_pub(plan->key)->id);
	mipo_rec_put_str(rec, "proto",
	    mipo_proto_name(mipo_method_proto(plan->config.method)));
	mipo_rec_put_hex(rec, "seed", bytes, sizeof(bytes));
	mipo_rec_put_int(rec, "planned", (int64_t)planned);
	if (plan->config.shards > 1)
		mipo_rec_put_int(rec, "scope_pairs",
		    (int64_t)(mipo_targets_count(plan->targets) *
			mipo_ports_count(plan->ports)));
	mipo_rec_put_str(rec, "tool", "mipo-scan " PACKAGE_VERSION);
	mipo_rec_put_hex(rec, "scope_sha256", plan->config.scope,
	    sizeof(plan->config.scope));
	put_config(plan, rec);
	fence_put(plan->fence, rec);
	if (plan->opts->contact != NULL)
		mipo_rec_put_str(rec, "contact", plan->opts->contact);
	if (put_config_digest(plan, rec, err) == 0 &&
	    mipo_rec_ok(rec, err) == 0)
		return rec;
	mipo_rec_free(rec);
	return NULL;
}

int
plan_start(struct plan *plan, uint64_t planned, struct opening *opening,
    struct mipo_err *err)
{
	struct mipo_rec *scope = mipo_rec_new(err), *start;
	int r = -1;

	if (scope != NULL && put_scope(plan, scope, err) == 0) {
		start = make_start(plan, planned, err);
		if (start != NULL)
			r = opening_fill_take(opening, start, scope, err);
	}
	mipo_rec_free(scope);
	return r;
}
