/* A receipt is held to its stream, field by field. */
#include "index.h"

#include "base/mem.h"
#include "store/claims.h"

#define T0 INT64_C(1700000000000)

static void
set_int(struct mipo_rec *rec, const char *key, int64_t more)
{
	int64_t n = 0;

	ck_assert(mipo_rec_int(rec, key, &n));
	mipo_rec_put_int(rec, key, n + more);
}

static void
lie_planned(struct mipo_rec *end)
{
	set_int(end, "planned", 1);
}

/* Moves n pairs from filtered to another state. */
static void
move(struct mipo_rec *end, const char *to, int64_t n, int64_t lost)
{
	struct mipo_err err = {0};
	struct mipo_rec *counts = NULL;

	ck_ok(mipo_rec_sub(end, "counts", &counts, &err));
	set_int(counts, to, n);
	set_int(counts, "filtered", -n - lost);
	mipo_rec_put_rec_take(end, "counts", counts);
}

static void
lie_open(struct mipo_rec *end)
{
	move(end, "open", 1, 0);
}

static void
lie_closed(struct mipo_rec *end)
{
	move(end, "closed", -1, 0);
}

static void
lie_sum(struct mipo_rec *end)
{
	move(end, "open", 0, 1);
}

static void
lie_hidden(struct mipo_rec *end)
{
	mipo_rec_put_str(end, "verdict", "degraded");
	move(end, "closed", 1, 0);
}

static void
lie_state(struct mipo_rec *end)
{
	static const uint8_t zero[32];

	mipo_rec_put_hex(end, "state_sha256", zero, sizeof(zero));
}

static void
lie_drops(struct mipo_rec *end)
{
	mipo_rec_put_int(end, "capture_drops", 3);
}

static void
lie_loss(struct mipo_rec *end)
{
	mipo_rec_put_int(end, "loss_ppm", 10001);
}

static void
lie_reasons(struct mipo_rec *end)
{
	mipo_rec_add_str(end, "reasons", "it broke");
}

static void
lie_canary(struct mipo_rec *end)
{
	for (int i = 0; i < 2; i++) {
		struct mipo_rec *canary = mipo_rec_new(NULL);

		mipo_rec_put_str(canary, "ip", "127.0.0.1");
		mipo_rec_put_int(canary, "port", 80);
		mipo_rec_put_bool(canary, "seen", i == 0);
		mipo_rec_add_rec_take(end, "canaries", canary);
	}
}

static void
lie_unknown(struct mipo_rec *end)
{
	mipo_rec_put_int(end, "unknown", 12);
}

/* Errors, the second of which has places that no probe left for. */
static void
put_errors(struct mipo_rec *end, bool listed)
{
	for (int i = 0; i < 2; i++) {
		struct mipo_rec *failed = mipo_rec_new(NULL);

		mipo_rec_put_str(failed, "errno", "ENOBUFS");
		mipo_rec_put_int(failed, "count", 4);
		mipo_rec_put_list(failed, "indices");
		if (i == 1 && listed)
			mipo_rec_add_pair(failed, "indices", 7, 9);
		mipo_rec_add_rec_take(end, "send_errors", failed);
	}
}

static void
lie_errors(struct mipo_rec *end)
{
	put_errors(end, true);
}

static void
lie_attempted(struct mipo_rec *end)
{
	set_int(end, "attempted", -1);
	set_int(end, "accepted", -1);
}

/* Also of a look that says that it is not complete. */
static void
lie_accepted(struct mipo_rec *end)
{
	mipo_rec_put_str(end, "verdict", "degraded");
	set_int(end, "accepted", 1);
}

static void
lie_passes(struct mipo_rec *end)
{
	mipo_rec_put_list(end, "passes");
}

/* Two passes, whose runs leave out what lies between 1429 and 1500. */
static void
lie_gap(struct mipo_rec *end)
{
	mipo_rec_put_list(end, "passes");
	for (int i = 0; i < 2; i++) {
		struct mipo_rec *pass = mipo_rec_new(NULL);

		mipo_rec_put_int(pass, "pass", i);
		mipo_rec_add_pair(pass, "intervals", 0, 1429);
		mipo_rec_add_pair(pass, "intervals", 1500, 2859);
		mipo_rec_put_int(pass, "probes", 2860);
		mipo_rec_add_rec_take(end, "passes", pass);
	}
}

static void
lie_shard(struct mipo_rec *rec)
{
	mipo_rec_put_int(rec, "shard", 3);
	mipo_rec_put_int(rec, "shards", 2);
}

static void
lie_half_shard(struct mipo_rec *rec)
{
	mipo_rec_put_int(rec, "shards", 2);
}

static void
lie_backwards(struct mipo_rec *end)
{
	mipo_rec_put_time(end, "ts", T0 - 1);
}

static void
lie_started(struct mipo_rec *end)
{
	mipo_rec_put_time(end, "started", T0 + 6);
}

static void
lie_ended(struct mipo_rec *end)
{
	mipo_rec_put_time(end, "ts", T0 + 4);
}

static void
lie_scope(struct mipo_rec *start)
{
	static const uint8_t zero[32];

	mipo_rec_put_hex(start, "scope_sha256", zero, sizeof(zero));
}

static void
lie_start_planned(struct mipo_rec *start)
{
	set_int(start, "planned", 11);
}

static void
lie_targets(struct mipo_rec *start)
{
	mipo_rec_add_str(start, "targets", "198.18.7.0/24");
}

static void
lie_exclusions(struct mipo_rec *start)
{
	mipo_rec_add_str(start, "exclusions", "198.18.0.0/24");
}

static void
lie_states(struct mipo_rec *start)
{
	mipo_rec_put_list(start, "states");
	mipo_rec_add_str(start, "states", "open");
}

static const struct {
	void (*start)(struct mipo_rec *rec), (*end)(struct mipo_rec *rec);
	const char *text;
} lies[] = {{NULL, lie_planned, "scan.end: planned is 2861, due is 2860"},
    {NULL, lie_open, "scan.end: counts has 2 open, listed are 1"},
    {NULL, lie_closed, "scan.end: counts has 0 closed, listed are 1"},
    {NULL, lie_sum, "scan.end: counts are of 2859 pairs, due are 2860"},
    {NULL, lie_hidden, "scan.end: counts has 2 closed, listed are 1"},
    {NULL, lie_state, "scan.end: state_sha256 is 0000000000"},
    {NULL, lie_drops, "complete, capture_drops is 3, due is 0"},
    {NULL, lie_loss, "complete, loss_ppm is 10001, due is at most 10000"},
    {NULL, lie_reasons, "complete, reasons tell why not"},
    {NULL, lie_canary, "complete, canaries has one that was not seen"},
    {NULL, lie_unknown, "complete, unknown is 12, due is 0"},
    {NULL, lie_errors, "complete, send_errors.1.indices has pairs that no"},
    {NULL, lie_passes, "complete, passes lacks place 0 of the order, due"},
    {NULL, lie_gap, "complete, passes lacks place 1430 of the order, due"},
    {NULL, lie_accepted, "accepted is 2861, attempted only 2860"},
    {NULL, lie_shard, "scan.end: shard is 3, shards is 2"},
    {NULL, lie_half_shard, "scan.end: shard is 0, shards is 2"},
    {lie_shard, NULL, "scan.start: shard is 3, shards is 2"},
    {NULL, lie_attempted, "attempted is 2859, due is at least 2860"},
    {NULL, lie_backwards, "started is 2023-11-14T22:13:20.000Z, after"},
    {NULL, lie_started, "a ts is 2023-11-14T22:13:20.005Z, which is not"},
    {NULL, lie_ended, "a ts is 2023-11-14T22:13:20.005Z, which is not"},
    {lie_scope, NULL, "scan.start: scope_sha256 is 00000000000"},
    {lie_start_planned, NULL, "scan.start: planned is 2871, due is 2860"},
    {lie_targets, NULL, "scan.start: scope_sha256 is "},
    {lie_exclusions, NULL, "scan.start: scope_sha256 is "},
    {lie_states, NULL, "states lacks closed, of which 1 are listed"}};

static void
say(struct sim *sim, int id, const struct mipo_key *key)
{
	sim_init(sim, id, T0);
	sim->key = key;
	sim_obs(sim, "198.18.0.1", 80, MIPO_OPEN);
	sim_obs(sim, "2001:db8::2", 22, MIPO_CLOSED);
}

/* Each lie is refused, signed by a registered key or not; none is kept. */
START_TEST(refused)
{
	struct mipo_recorded done;
	struct mipo_checked checked;
	struct mipo_err err = {0};
	struct mipo_state *state;
	struct mipo_key *own;
	struct place place;
	struct sim sim;
	char said[600];

	place_init(&place);
	state = place_open(&place, true);
	own = scanner_key(&place);
	for (size_t i = 0; i < 2 * sizeof(lies) / sizeof(*lies); i++) {
		say(&sim, 1, i % 2 == 0 ? own : NULL);
		sim.lie = lies[i / 2].end;
		sim.start_lie = lies[i / 2].start;
		ck_assert_int_eq(sim_record(state, &sim, &done, &err), -1);
		ck_assert_msg(err.code == MIPO_E_TAMPERED &&
			strstr(err.text, lies[i / 2].text) != NULL,
		    "%s: %s", lies[i / 2].text, err.text);
		mipo_err_clear(&err);
	}
	ck_ok(mipo_check(state, index_say, said, &checked, &err));
	ck_assert_uint_eq(checked.read.looks + checked.spare, 0);
	say(&sim, 1, own);
	ck_ok(sim_record(state, &sim, &done, &err));
	mipo_key_free(own);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

static void
truth_unreachable(struct mipo_rec *end)
{
	set_int(end, "attempted", -1);
	set_int(end, "accepted", -3);
	put_errors(end, false); /* what was refused was sent again */
	mipo_rec_put_int(end, "unknown", 0);
}

static void
truth_uncounted(struct mipo_rec *end)
{
	struct mipo_rec *resumed = mipo_rec_new(NULL);

	mipo_rec_put_int(resumed, "times", 1);
	mipo_rec_put_list(resumed, "scans");
	mipo_rec_add_str(
	    resumed, "scans", "00000000000000000000000000000001");
	mipo_rec_put_str(resumed, "journal_sha256",
	    "00000000000000000000000000000000"
	    "00000000000000000000000000000000");
	mipo_rec_put_bool(resumed, "uncounted", true);
	mipo_rec_put_rec_take(end, "resumed", resumed);
	set_int(end, "attempted", -300);
}

static void
truth_partial(struct mipo_rec *end)
{
	mipo_rec_put_str(end, "verdict", "interrupted");
	mipo_rec_put_int(end, "attempted", 40);
	mipo_rec_put_int(end, "accepted", 40);
	lie_errors(end);
	move(end, "filtered", 0, 2800);
	lie_drops(end);
	lie_reasons(end);
	lie_canary(end);
	lie_state(end);
}

static void
all_states(struct mipo_rec *start)
{
	static const char *const names[] = {
	    "open", "closed", "filtered", "unreachable"};

	mipo_rec_put_list(start, "states");
	for (int i = 0; i < 4; i++)
		mipo_rec_add_str(start, "states", names[i]);
}

/* What looks odd and is so. */
START_TEST(kept)
{
	struct mipo_recorded done;
	struct mipo_err err = {0};
	struct mipo_state *state;
	struct place place;
	struct sim sim;

	place_init(&place);
	state = place_open(&place, true);
	say(&sim, 1, NULL); /* a pair that answered twice */
	sim_obs(&sim, "198.18.0.9", 80, MIPO_CLOSED);
	sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	say(&sim, 2, NULL); /* a filter that answered, a host that is not */
	sim_obs(&sim, "198.18.0.9", 81, MIPO_FILTERED);
	sim_obs(&sim, "198.18.0.9", 82, MIPO_UNREACHABLE);
	sim.start_lie = all_states;
	sim.lie = truth_unreachable;
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_str_eq(done.why, "");
	say(&sim, 4, NULL); /* of one before it that was killed */
	sim.lie = truth_uncounted;
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_str_eq(done.why, "");
	say(&sim, 3, NULL); /* it broke off, and says so */
	sim.lie = truth_partial;
	ck_ok(sim_record(state, &sim, &done, &err));
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* Nothing is lost or left behind when memory is out. */
START_TEST(memory_may_be_out)
{
	struct mipo_recorded done;
	struct mipo_err err = {0};
	struct mipo_state *state;
	struct mipo_buf buf;
	struct place place;
	struct sim sim;
	unsigned long n = 0;

	place_init(&place);
	state = place_open(&place, true);
	say(&sim, 1, NULL);
	sim.lie = lie_state;
	sim_stream(&sim, &buf);
	do {
		mipo_err_clear(&err);
		mipo_mem_fail_at(++n);
		ck_assert_int_eq(
		    sim_record_text(state, &buf, &done, &err), -1);
		mipo_mem_fail_at(0);
	} while (err.code == MIPO_E_NOMEM);
	ck_assert_msg(err.code == MIPO_E_TAMPERED, "%s", err.text);
	ck_assert_uint_gt(n, 50);
	mipo_buf_release(&buf);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

UNIT_MAIN("store-claims", refused, kept, memory_may_be_out);
