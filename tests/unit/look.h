/* Making looks for tests: a stream of lines over a small scope. */
#ifndef MIPO_TESTS_LOOK_H
#define MIPO_TESTS_LOOK_H

#include "store.h"

#include "base/buf.h"
#include "base/text.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/target.h"
#include "store/record.h"
#include "trust/digest.h"
#include "trust/hash.h"
#include "trust/receipt.h"

/* A look over 198.18.0.0/24 and 2001:db8::/126, ports 22, 80-89. */
struct sim {
	char scan[33];
	/* NULL: "net", "v", "complete" */
	const char *network, *vantage, *verdict;
	const char *target;	       /* NULL: both of the above */
	bool udp;		       /* silent: open|filtered */
	int64_t started_ms;
	const struct mipo_key *key;
	bool no_end;
	/* What they say instead; the end record before it is signed. */
	void (*lie)(struct mipo_rec *end);
	void (*start_lie)(struct mipo_rec *start);
	struct mipo_buf obs; /* observation lines */
	uint64_t n;
};

static inline void
sim_init(struct sim *sim, int id, int64_t started_ms)
{
	memset(sim, 0, sizeof(*sim));
	(void)snprintf(sim->scan, sizeof(sim->scan), "%032x", id);
	sim->started_ms = started_ms;
	mipo_buf_init(&sim->obs, 1 << 30);
}

static inline void
sim_obs(struct sim *sim, const char *ip, int port, enum mipo_pstate state)
{
	struct mipo_obs obs = {.ts_ms = sim->started_ms + 5,
	    .port = (uint16_t)port,
	    .state = (uint8_t)state,
	    .proto = sim->udp ? MIPO_UDP : MIPO_TCP,
	    .reason = sim->udp && state == MIPO_OPEN ? MIPO_R_UDP_REPLY
		: state == MIPO_OPEN	 ? MIPO_R_SYN_ACK
		: state == MIPO_CLOSED	 ? MIPO_R_RST
					 : MIPO_R_NO_ANSWER,
	    .ttl = -1, .rtt_us = -1, .window = -1, .pass = -1,
	    .icmp_type = -1, .icmp_code = -1};

	memcpy(obs.scan, sim->scan, sizeof(obs.scan));
	ck_assert_int_eq(mipo_addr_parse(ip, &obs.ip, NULL), 0);
	mipo_obs_emit(&sim->obs, &obs);
	mipo_buf_putc(&sim->obs, '\n');
	sim->n++;
}

static inline void
sim_put(struct mipo_rec *rec, struct mipo_buf *buf)
{
	struct mipo_err err = {0};

	ck_ok(mipo_rec_canon(rec, buf, &err));
	mipo_buf_putc(buf, '\n');
	mipo_rec_free(rec);
}

/* What the scope holds, and in which state each pair is. */
struct sim_scope {
	struct mipo_targets *targets;
	struct mipo_ports *ports;
	uint64_t n_ports, n;
	uint8_t states[260 * 11]; /* 0: not listed */
};

static inline void
sim_scope_init(const struct sim *sim, struct sim_scope *scope)
{
	struct mipo_err err = {0};

	scope->targets = mipo_targets_new(&err);
	scope->ports = mipo_ports_new(&err);
	if (sim->target != NULL)
		ck_ok(mipo_targets_add(
		    scope->targets, sim->target, NULL, &err));
	else {
		ck_ok(mipo_targets_add(
		    scope->targets, "198.18.0.0/24", NULL, &err));
		ck_ok(mipo_targets_add(
		    scope->targets, "2001:db8::/126", NULL, &err));
	}
	ck_ok(mipo_ports_add(scope->ports, "22,80-89", &err));
	scope->n_ports = mipo_ports_count(scope->ports);
	scope->n = mipo_targets_count(scope->targets) * scope->n_ports;
	memset(scope->states, 0, sizeof(scope->states));
	ck_assert_uint_le(scope->n, sizeof(scope->states));
}

static inline void
sim_scope_release(struct sim_scope *scope)
{
	mipo_targets_free(scope->targets);
	mipo_ports_free(scope->ports);
}

static inline void
sim_scope_see(struct sim_scope *scope, const struct mipo_obs *obs)
{
	int k = mipo_ports_index(scope->ports, obs->port);
	uint64_t i;
	uint8_t *state;

	if (k < 0 || !mipo_targets_find(scope->targets, &obs->ip, &i))
		return;
	state = &scope->states[i * scope->n_ports + (uint64_t)k];
	if (*state == 0 || obs->state < *state)
		*state = obs->state;
}

static inline void
sim_start(const struct sim *sim, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("scan.start", &err);
	struct sim_scope all;
	uint8_t scope[32];

	sim_scope_init(sim, &all);
	ck_ok(mipo_scope_digest(sim->udp ? MIPO_UDP : MIPO_TCP, all.targets,
	    all.ports, scope, &err));
	mipo_rec_put_time(rec, "ts", sim->started_ms);
	mipo_rec_put_str(rec, "scan", sim->scan);
	mipo_rec_put_str(
	    rec, "network", sim->network == NULL ? "net" : sim->network);
	mipo_rec_put_str(
	    rec, "vantage", sim->vantage == NULL ? "v" : sim->vantage);
	mipo_rec_put_str(rec, "key",
	    sim->key == NULL ? "none" : mipo_key_pub(sim->key)->id);
	mipo_rec_put_str(rec, "method", sim->udp ? "udp" : "syn");
	mipo_rec_put_str(rec, "proto", sim->udp ? "udp" : "tcp");
	if (sim->target != NULL)
		mipo_rec_add_str(rec, "targets", sim->target);
	else {
		mipo_rec_add_str(rec, "targets", "198.18.0.0/24");
		mipo_rec_add_str(rec, "targets", "2001:db8::/126");
	}
	mipo_rec_put_str(rec, "ports", "22,80-89");
	mipo_rec_put_list(rec, "exclusions");
	mipo_rec_put_str(rec, "seed", "0000000000000001");
	mipo_rec_put_hex(rec, "scope_sha256", scope, 32);
	mipo_rec_put_hex(rec, "config_sha256", scope, 32);
	mipo_rec_add_str(rec, "states", "open");
	mipo_rec_add_str(rec, "states", "closed");
	if (sim->udp)
		mipo_rec_add_str(rec, "states", "unreachable");
	mipo_rec_put_str(
	    rec, "silent_as", sim->udp ? "open|filtered" : "filtered");
	mipo_rec_put_int(rec, "planned", (int64_t)all.n);
	sim_scope_release(&all);
	mipo_rec_put_str(rec, "tool", "mipo-scan test");
	if (sim->start_lie != NULL)
		sim->start_lie(rec);
	sim_put(rec, buf);
}

/* The counts; ret_digest: the state digest. */
static inline struct mipo_rec *
sim_counts(const struct sim *sim, struct sim_scope *scope,
    uint8_t ret_digest[32])
{
	struct mipo_rec *rec = mipo_rec_new(NULL);
	int64_t n[MIPO_STATE_N] = {0};
	const char *p = sim->obs.data;
	struct mipo_states states;
	struct mipo_obs obs;
	struct mipo_addr ip;

	for (size_t left = sim->obs.len; left > 0;) {
		const char *lf = memchr(p, '\n', left);

		if (mipo_obs_parse_fast(p, (size_t)(lf - p), &obs) == 1)
			sim_scope_see(scope, &obs);
		left -= (size_t)(lf - p) + 1;
		p = lf + 1;
	}
	ck_assert_int_eq(mipo_states_init(&states,
	    sim->udp ? MIPO_UDP : MIPO_TCP, NULL), 0);
	for (uint64_t i = 0; i < scope->n; i++) {
		if (scope->states[i] == 0)
			scope->states[i] =
			    sim->udp ? MIPO_OPEN_FILTERED : MIPO_FILTERED;
		n[scope->states[i]]++;
		mipo_targets_at(scope->targets, i / scope->n_ports, &ip);
		mipo_states_add(&states, &ip,
		    mipo_ports_at(scope->ports, i % scope->n_ports),
		    scope->states[i]);
	}
	mipo_states_final(&states, ret_digest);
	mipo_states_release(&states);
	mipo_rec_put_int(rec, "open", n[MIPO_OPEN]);
	mipo_rec_put_int(rec, "closed", n[MIPO_CLOSED]);
	mipo_rec_put_int(rec, "filtered", n[MIPO_FILTERED]);
	mipo_rec_put_int(rec, "open_filtered", n[MIPO_OPEN_FILTERED]);
	mipo_rec_put_int(rec, "unreachable", n[MIPO_UNREACHABLE]);
	return rec;
}

static inline void
sim_end(const struct sim *sim, struct mipo_buf *buf)
{
	static const char *const zeros[] = {"answered", "send_pps",
	    "capture_received", "capture_drops", "loss_ppm", NULL};
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("scan.end", &err);
	struct mipo_rec *perm = mipo_rec_new(&err);
	struct mipo_rec *pass = mipo_rec_new(&err);
	struct sim_scope all;
	uint8_t digest[32], state[32];

	sim_scope_init(sim, &all);
	mipo_hash(buf->data, buf->len, digest);
	mipo_rec_put_time(rec, "ts", sim->started_ms + 1000);
	mipo_rec_put_str(rec, "scan", sim->scan);
	mipo_rec_put_time(rec, "started", sim->started_ms);
	for (size_t i = 0; zeros[i] != NULL; i++)
		mipo_rec_put_int(rec, zeros[i], 0);
	mipo_rec_put_int(rec, "planned", (int64_t)all.n);
	mipo_rec_put_int(rec, "attempted", (int64_t)all.n);
	mipo_rec_put_int(rec, "accepted", (int64_t)all.n);
	mipo_rec_put_list(rec, "send_errors");
	mipo_rec_put_rec_take(rec, "counts", sim_counts(sim, &all, state));
	mipo_rec_put_int(pass, "pass", 0);
	mipo_rec_add_pair(pass, "intervals", 0, (int64_t)all.n - 1);
	mipo_rec_put_int(pass, "probes", (int64_t)all.n);
	mipo_rec_add_rec_take(rec, "passes", pass);
	sim_scope_release(&all);
	mipo_rec_put_str(perm, "id", "none");
	mipo_rec_put_str(perm, "key", "");
	mipo_rec_put_rec_take(rec, "permutation", perm);
	mipo_rec_put_list(rec, "canaries");
	mipo_rec_put_list(rec, "sandbox");
	mipo_rec_put_str(
	    rec, "verdict", sim->verdict == NULL ? "complete" : sim->verdict);
	mipo_rec_put_list(rec, "reasons");
	mipo_rec_put_int(rec, "records", (int64_t)sim->n + 1);
	mipo_rec_put_hex(rec, "stream_sha256", digest, 32);
	mipo_rec_put_hex(rec, "state_sha256", state, 32);
	if (sim->lie != NULL)
		sim->lie(rec);
	ck_ok(mipo_receipt_sign(rec, sim->key, &err));
	sim_put(rec, buf);
}

/* The whole stream, into buf. Releases sim. */
static inline void
sim_stream(struct sim *sim, struct mipo_buf *buf)
{
	mipo_buf_init(buf, 1 << 30);
	sim_start(sim, buf);
	mipo_buf_put(buf, sim->obs.data, sim->obs.len);
	if (!sim->no_end)
		sim_end(sim, buf);
	ck_assert_int_eq(mipo_buf_ok(buf, NULL), 0);
	mipo_buf_release(&sim->obs);
}

/* Feeds a stream line by line; on failure nothing is recorded. */
static inline int
sim_record_text(struct mipo_state *state, const struct mipo_buf *buf,
    struct mipo_recorded *done, struct mipo_err *err)
{
	struct mipo_record *record = NULL;
	struct mipo_actor actor;
	const char *p = buf->data, *end = p + buf->len;
	bool is_end;
	int r = 0;

	mipo_actor_find(&actor);
	if (mipo_record_new(state, &record, err) != 0)
		return -1;
	while (r == 0 && p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		r = mipo_record_line(
		    record, p, (size_t)(lf - p), &is_end, err);
		p = lf + 1;
	}
	if (r == 0)
		r = mipo_record_finish(record, &actor, 5000, done, err);
	mipo_record_free(record);
	return r;
}

static inline int
sim_record(struct mipo_state *state, struct sim *sim,
    struct mipo_recorded *done, struct mipo_err *err)
{
	struct mipo_buf buf;
	int r;

	sim_stream(sim, &buf);
	r = sim_record_text(state, &buf, done, err);
	mipo_buf_release(&buf);
	return r;
}

#endif
