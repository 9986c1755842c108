/* Making looks for tests: a stream of lines over a small scope. */
#ifndef MIPO_TESTS_LOOK_H
#define MIPO_TESTS_LOOK_H

#include "store.h"

#include "base/buf.h"
#include "base/text.h"
#include "data/obs.h"
#include "store/record.h"
#include "trust/hash.h"
#include "trust/receipt.h"

/* A look over 198.18.0.0/24 and 2001:db8::/126, ports 22, 80-89. */
struct sim {
	char scan[33];
	/* NULL: "net", "v", "complete" */
	const char *network, *vantage, *verdict;
	const char *target;	       /* NULL: both of the above */
	int64_t started_ms;
	const struct mipo_key *key;
	bool no_end;
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
	    .reason = state == MIPO_OPEN ? MIPO_R_SYN_ACK
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

static inline void
sim_start(const struct sim *sim, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("scan.start", &err);
	uint8_t scope[32];

	mipo_hash(sim->target == NULL ? "" : sim->target,
	    sim->target == NULL ? 0 : strlen(sim->target), scope);
	mipo_rec_put_time(rec, "ts", sim->started_ms);
	mipo_rec_put_str(rec, "scan", sim->scan);
	mipo_rec_put_str(
	    rec, "network", sim->network == NULL ? "net" : sim->network);
	mipo_rec_put_str(
	    rec, "vantage", sim->vantage == NULL ? "v" : sim->vantage);
	mipo_rec_put_str(rec, "key",
	    sim->key == NULL ? "none" : mipo_key_pub(sim->key)->id);
	mipo_rec_put_str(rec, "method", "syn");
	mipo_rec_put_str(rec, "proto", "tcp");
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
	mipo_rec_put_str(rec, "silent_as", "filtered");
	mipo_rec_put_int(rec, "planned", 260 * 11);
	mipo_rec_put_str(rec, "tool", "mipo-scan test");
	sim_put(rec, buf);
}

static inline struct mipo_rec *
sim_counts(void)
{
	struct mipo_rec *rec = mipo_rec_new(NULL);

	mipo_rec_put_int(rec, "open", 0);
	mipo_rec_put_int(rec, "closed", 0);
	mipo_rec_put_int(rec, "filtered", 0);
	mipo_rec_put_int(rec, "open_filtered", 0);
	mipo_rec_put_int(rec, "unreachable", 0);
	return rec;
}

static inline void
sim_end(const struct sim *sim, struct mipo_buf *buf)
{
	static const char *const zeros[] = {"planned", "attempted", "accepted",
	    "answered", "send_pps", "capture_received", "capture_drops",
	    "loss_ppm", NULL};
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("scan.end", &err);
	struct mipo_rec *perm = mipo_rec_new(&err);
	uint8_t digest[32];

	mipo_hash(buf->data, buf->len, digest);
	mipo_rec_put_time(rec, "ts", sim->started_ms + 1000);
	mipo_rec_put_str(rec, "scan", sim->scan);
	mipo_rec_put_time(rec, "started", sim->started_ms);
	for (size_t i = 0; zeros[i] != NULL; i++)
		mipo_rec_put_int(rec, zeros[i], 0);
	mipo_rec_put_list(rec, "send_errors");
	mipo_rec_put_rec_take(rec, "counts", sim_counts());
	mipo_rec_put_str(perm, "id", "none");
	mipo_rec_put_str(perm, "key", "");
	mipo_rec_put_rec_take(rec, "permutation", perm);
	mipo_rec_put_list(rec, "passes");
	mipo_rec_put_list(rec, "canaries");
	mipo_rec_put_list(rec, "sandbox");
	mipo_rec_put_str(
	    rec, "verdict", sim->verdict == NULL ? "complete" : sim->verdict);
	mipo_rec_put_list(rec, "reasons");
	mipo_rec_put_int(rec, "records", (int64_t)sim->n + 1);
	mipo_rec_put_hex(rec, "stream_sha256", digest, 32);
	mipo_rec_put_hex(rec, "state_sha256", digest, 32);
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
