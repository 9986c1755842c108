#include "index.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "data/line.h"
#include "store/object.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/rebuild.h"
#include "store/bindings.h"
#include "store/scans.h"
#include "store/schema.h"

#define T0 INT64_C(1700000000000)

START_TEST(intervals)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;
	static const struct {
		enum mipo_pstate web;
		uint64_t changes;
	} looks[] = {{MIPO_OPEN, 3}, {MIPO_OPEN, 0}, {MIPO_CLOSED, 1},
	    {MIPO_CLOSED, 0}, {MIPO_OPEN, 1}};

	place_init(&place);
	state = place_open(&place, true);
	for (int i = 0; i < 5; i++) {
		sim_init(&sim, i + 1, T0 + i * 100000);
		sim_obs(&sim, "2001:db8::1", 80, MIPO_OPEN);
		sim_obs(&sim, "198.18.0.9", 80, looks[i].web);
		sim_obs(&sim, "198.18.0.9", 22, MIPO_OPEN);
		ck_ok(sim_record(state, &sim, &done, &err));
		ck_assert_uint_eq(done.pairs, 3);
		ck_assert_uint_eq(done.changes, looks[i].changes);
		ck_assert_int_eq(
		    state_of(state, "198.18.0.9", 80), looks[i].web);
	}
	/* five looks, five writes: the index grows with changes alone */
	ck_assert_int_eq(count(state, "SELECT count(*) FROM binding"), 3);
	ck_assert_int_eq(count(state, "SELECT count(*) FROM past"), 2);
	sim_init(&sim, 9, T0 + 900000); /* all silent */
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_uint_eq(done.changes, 3);
	ck_assert_int_eq(
	    state_of(state, "2001:db8::1", 80), MIPO_FILTERED);
	must_agree(state);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* What was not covered, or not wholly, changes nothing. */
START_TEST(coverage_before_conclusion)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;
	static const char *const verdicts[] = {
	    "degraded", "incomplete", "interrupted"};

	place_init(&place);
	state = place_open(&place, true);
	sim_init(&sim, 1, T0);
	sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
	sim_obs(&sim, "198.18.0.9", 81, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	for (int i = 0; i < 3; i++) {
		sim_init(&sim, 2 + i, T0 + 1000 + i);
		sim.verdict = verdicts[i];
		sim_obs(&sim, "198.18.0.9", 80, MIPO_CLOSED);
		sim_obs(&sim, "198.18.0.9", 83 + i, MIPO_OPEN);
		ck_ok(sim_record(state, &sim, &done, &err));
		ck_assert_uint_eq(done.changes, 1); /* what it saw open */
		ck_assert_str_eq(done.verdict, verdicts[i]);
	}
	sim_init(&sim, 6, T0 + 5000);
	sim.target = "198.18.0.0/29"; /* .9 is outside */
	ck_ok(sim_record(state, &sim, &done, &err));
	sim_init(&sim, 7, T0 + 6000);
	sim.vantage = "elsewhere";
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_uint_eq(done.changes, 0);
	ck_assert_int_eq(state_of(state, "198.18.0.9", 80), MIPO_OPEN);
	ck_assert_int_eq(state_of(state, "198.18.0.9", 81), MIPO_OPEN);
	must_agree(state);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(cut_stream)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct mipo_scan_row row;
	struct mipo_lines *lines = NULL;
	struct sim sim;
	struct mipo_buf empty;
	const char *line;
	size_t len;

	place_init(&place);
	state = place_open(&place, true);
	mipo_buf_init(&empty, 1);
	ck_fails(sim_record_text(state, &empty, &done, &err),
	    MIPO_E_INCONCLUSIVE);
	sim_init(&sim, 1, T0);
	sim.no_end = true;
	sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_str_eq(done.verdict, "interrupted");
	ck_assert_str_eq(done.trust, "unsigned");
	ck_ok(mipo_scan_find(state, "scan:00000000000000000000000000000001",
	    NULL, &row, &err));
	ck_ok(mipo_scan_open(state, &row, &lines, &err));
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 0);
	mipo_lines_free(lines);
	must_agree(state);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* A bad line anywhere, and nothing at all was recorded. */
START_TEST(bad_streams)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;
	struct mipo_buf good, bad;
	char *at;
	enum mipo_code code;

	place_init(&place);
	state = place_open(&place, true);
	for (int i = 0; i < 7; i++) {
		sim_init(&sim, 1, T0);
		sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
		if (i == 0)
			sim_obs(&sim, "198.18.1.0", 80, MIPO_OPEN);
		if (i == 1)
			sim_obs(&sim, "198.18.0.1", 90, MIPO_OPEN);
		if (i == 2)
			mipo_buf_puts(&sim.obs, "{\"type\":}\n");
		if (i == 3)
			sim.scan[3] = 'x';
		sim_stream(&sim, &good);
		if (i == 4) /* another count */
			good.data[good.len - 3] ^= 1;
		if (i == 5) {
			at = memmem(good.data, good.len, "\"open\",\"ts", 10);
			at[1] = 'O';
		}
		if (i == 6) { /* an observation less */
			mipo_buf_init(&bad, 1 << 20);
			at = memchr(good.data, '\n', good.len);
			mipo_buf_put(
			    &bad, good.data, (size_t)(at - good.data) + 1);
			at = memmem(good.data, good.len, "{\"accepted", 10);
			mipo_buf_put(&bad, at,
			    (size_t)(good.data + good.len - at));
			mipo_buf_release(&good);
			good = bad;
		}
		ck_assert_int_eq(
		    sim_record_text(state, &good, &done, &err), -1);
		code = i == 6 ? MIPO_E_TAMPERED : MIPO_E_INPUT;
		ck_assert_msg(
		    err.code == code, "%d: %d %s", i, err.code, err.text);
		mipo_err_clear(&err);
		mipo_buf_release(&good);
	}
	ck_assert_int_eq(count(state, "SELECT count(*) FROM scan"), 0);
	ck_assert_int_eq(count(state, "SELECT count(*) FROM leaf"), 4);
	must_agree(state);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(trust)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct mipo_key *own, *alien;
	struct sim sim;
	struct mipo_buf buf;
	char *at;

	place_init(&place);
	state = place_open(&place, true);
	own = scanner_key(&place);
	alien = mipo_key_new(&err);
	sim_init(&sim, 1, T0);
	sim.key = own;
	enroll(state, own, "net", "v");
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_str_eq(done.trust, "trusted");
	sim_init(&sim, 1, T0); /* the same id again */
	sim.key = own;
	ck_fails(sim_record(state, &sim, &done, &err), MIPO_E_INPUT);
	sim_init(&sim, 2, T0 + 1);
	sim.key = alien;
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_str_eq(done.trust, "unknown");
	sim_init(&sim, 3, T0 + 2);
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_str_eq(done.trust, "unsigned");
	sim_init(&sim, 4, T0 + 3);
	sim.key = own;
	sim_stream(&sim, &buf);
	at = memmem(buf.data, buf.len, "\"answered\":0", 12);
	at[11] = '7'; /* a signed field is touched */
	ck_fails(sim_record_text(state, &buf, &done, &err), MIPO_E_TAMPERED);
	mipo_buf_release(&buf);
	ck_assert_int_eq(count(state, "SELECT count(*) FROM scan"), 3);
	must_agree(state);
	mipo_key_free(own);
	mipo_key_free(alien);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* A look that comes in late does not undo what a later one settled. */
START_TEST(late_look)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;

	place_init(&place);
	state = place_open(&place, true);
	sim_init(&sim, 1, T0 + 5000);
	sim.target = "198.18.0.0/29";
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	sim_init(&sim, 2, T0);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_CLOSED);
	sim_obs(&sim, "198.18.0.2", 80, MIPO_OPEN);
	sim_obs(&sim, "198.18.0.99", 80, MIPO_OPEN); /* only seen here */
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_uint_eq(done.changes, 1);
	ck_assert_int_eq(state_of(state, "198.18.0.1", 80), MIPO_OPEN);
	ck_assert_int_eq(state_of(state, "198.18.0.2", 80), 0);
	ck_assert_int_eq(state_of(state, "198.18.0.99", 80), MIPO_OPEN);
	must_agree(state);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

static void
udp_look(struct mipo_state *state, int id, bool answers, uint64_t changes)
{
	struct mipo_err err = {0};
	struct mipo_recorded done;
	struct sim sim;

	sim_init(&sim, id, T0 + id * 1000);
	sim.udp = true;
	if (answers)
		sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	ck_assert_uint_eq(done.changes, changes);
}

/* Bindings and their past, by the ids and times of looks. */
static void
udp_rows(struct mipo_state *state, char *text, size_t size)
{
	static const char *const sql[] = {
	    "SELECT b.state, b.reason, b.ts, s.scan, '' FROM binding b JOIN "
	    "scan s ON s.seq=b.since ORDER BY ip, port",
	    "SELECT p.state, p.reason, p.ts, s.scan, u.scan FROM past p JOIN "
	    "scan s ON s.seq=p.since JOIN scan u ON u.seq=p.until ORDER BY "
	    "ip, port, p.ts"};
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, size - 1);
	for (int i = 0; i < 2; i++) {
		struct mipo_q *q;

		ck_ok(mipo_q_new(mipo_state_db(state), sql[i], &q, &err));
		while (mipo_q_step(q, &err) > 0)
			for (int k = 0; k < 5; k++) {
				mipo_q_show(q, k, &buf);
				mipo_buf_putc(&buf, k < 4 ? ' ' : '\n');
			}
		mipo_q_done(q);
	}
	ck_assert_uint_gt(buf.len, 0);
	(void)snprintf(text, size, "%.*s", (int)buf.len, buf.data);
	mipo_buf_release(&buf);
}

/* Silence by UDP hides no open pair: as if all had come in order. */
START_TEST(late_udp_look)
{
	struct place place;
	struct mipo_state *state;
	char rows[2][2000];

	for (int late = 0; late < 2; late++) {
		place_init(&place);
		state = place_open(&place, true);
		if (!late)
			udp_look(state, 1, true, 1);
		udp_look(state, 2, false, !late);
		udp_look(state, 3, false, 0);
		if (late)
			udp_look(state, 1, true, 1);
		ck_assert_int_eq(
		    state_of(state, "198.18.0.1", 80), MIPO_OPEN_FILTERED);
		ck_assert_int_eq(count(state, "SELECT count(*) FROM past "
			"WHERE state=1"), 1);
		udp_rows(state, rows[late], sizeof(rows[late]));
		must_agree(state);
		mipo_state_close(state);
		place_remove(&place);
	}
	ck_assert_str_eq(rows[0], rows[1]);
}
END_TEST

static void
lists_open(struct mipo_rec *start)
{
	mipo_rec_put_list(start, "states");
	mipo_rec_add_str(start, "states", "open");
	mipo_rec_put_str(start, "silent_as", "");
}

static int
take_checked(void *arg, const struct mipo_binding *binding)
{
	*(int64_t *)arg = binding->checked_ms;
	return 0;
}

/* Left out by a look that lists some states alone: nothing was checked. */
START_TEST(checked_by_who_tells)
{
	static void (*const lies[])(
	    struct mipo_rec *) = {lists_open, NULL, NULL, lists_open};
	static const int64_t checked[] = {1, 2, 3, 3};
	struct mipo_binding_filter filter = {.port = 80};
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;
	int64_t ms;

	place_init(&place);
	state = place_open(&place, true);
	for (int i = 0; i < 4; i++) {
		sim_init(&sim, i + 1, T0 + i * 1000);
		sim.start_lie = lies[i];
		sim.target = i < 3 ? NULL : "198.18.0.0/28";
		if (i < 3)
			sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
		ck_ok(sim_record(state, &sim, &done, &err));
		ck_ok(mipo_bindings_each(
		    state, &filter, take_checked, &ms, &err));
		ck_assert_int_eq(ms,
		    i == 0 ? T0 + 5 : T0 + (checked[i] - 1) * 1000);
	}
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(find_and_open)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct mipo_scan_filter filter = {.network = "net", .vantage = "v"};
	struct mipo_scan_row row;
	struct mipo_lines *lines = NULL;
	struct mipo_buf stream, back;
	struct sim sim;
	const char *line;
	size_t len;
	int r;

	place_init(&place);
	state = place_open(&place, true);
	ck_fails(mipo_scan_find(state, "last", &filter, &row, &err),
	    MIPO_E_NOTFOUND);
	for (int i = 1; i < 5; i++) {
		sim_init(&sim, i, T0 + i);
		sim.verdict = i == 4 ? "degraded" : NULL;
		sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
		ck_ok(sim_record(state, &sim, &done, &err));
	}
	ck_ok(mipo_scan_find(state, "last", &filter, &row, &err));
	ck_assert_str_eq(row.scan + 31, "3");
	filter.not_scan = row.scan;
	ck_ok(mipo_scan_find(state, "last", &filter, &row, &err));
	ck_assert_str_eq(row.scan + 31, "2");
	ck_assert_uint_eq(row.open, 1);
	ck_fails(mipo_scan_find(state, "scan:000000", &filter, &row, &err),
	    MIPO_E_USAGE);
	ck_fails(mipo_scan_find(state, "scan:0000", &filter, &row, &err),
	    MIPO_E_USAGE);
	ck_fails(mipo_scan_find(state, "scan:ffffff", &filter, &row, &err),
	    MIPO_E_NOTFOUND);
	sim_init(&sim, 2, T0 + 2);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	sim_stream(&sim, &stream);
	mipo_buf_init(&back, 1 << 20);
	ck_ok(mipo_scan_open(state, &row, &lines, &err));
	while ((r = mipo_lines_next(lines, &line, &len, &err)) > 0) {
		mipo_buf_put(&back, line, len);
		mipo_buf_putc(&back, '\n');
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_eq(back.len, stream.len);
	ck_assert_mem_eq(back.data, stream.data, back.len);
	mipo_lines_free(lines);
	mipo_buf_release(&back);
	mipo_buf_release(&stream);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* A foreign hand in the index, or in the objects, is named. */
START_TEST(check_names_it)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct mipo_checked checked;
	struct mipo_scan_row row;
	struct sim sim;
	char said[600], path[300];
	sqlite3 *sq;
	static const char *const evil[] = {"UPDATE binding SET state=2",
	    "DELETE FROM binding", "UPDATE scan SET verdict='degraded'",
	    "INSERT INTO owner(subject, seq) VALUES('uid:666', 1)"};

	place_init(&place);
	state = place_open(&place, true);
	sim_init(&sim, 1, T0);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	for (int i = 0; i < 4; i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/mipo.db", place.state);
		ck_assert_int_eq(sqlite3_open(path, &sq), SQLITE_OK);
		ck_assert_int_eq(
		    sqlite3_exec(sq, evil[i], NULL, NULL, NULL), SQLITE_OK);
		(void)sqlite3_close(sq);
		ck_ok(mipo_check(state, index_say, said, &checked, &err));
		ck_assert_uint_ge(checked.differences, 1);
		ck_ok(mipo_rebuild(state, NULL, &err));
		must_agree(state);
	}
	ck_ok(mipo_object_put(state, "x", 1, (uint8_t[32]){0}, &err));
	ck_ok(mipo_check(state, index_say, said, &checked, &err));
	ck_assert_uint_eq(checked.spare, 1);
	ck_assert_uint_eq(checked.differences, 0);
	ck_ok(mipo_scan_find(
	    state, "scan:0000000000000000", NULL, &row, &err));
	(void)snprintf(path, sizeof(path), "%s/objects/%.2s/%s",
	    place.state, row.stream, row.stream);
	ck_assert_int_eq(unlink(path), 0);
	ck_ok(mipo_check(state, index_say, said, &checked, &err));
	ck_assert_uint_eq(checked.differences, 1);
	ck_assert_ptr_nonnull(strstr(said, row.stream));
	ck_fails(mipo_rebuild(state, NULL, &err), MIPO_E_TAMPERED);
	ck_assert_int_eq(count(state, "SELECT count(*) FROM scan"), 1);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* An index of another version is made anew by the first writer. */
START_TEST(old_index)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct mipo_scan_filter filter = {.network = NULL};
	struct mipo_scan_row row;
	struct sim sim;
	uint8_t before[32], after[32];

	place_init(&place);
	state = place_open(&place, true);
	sim_init(&sim, 1, T0);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	index_digest(state, before);
	ck_ok(mipo_db_exec(mipo_state_db(state),
	    "PRAGMA user_version=7; DROP TABLE owner; "
	    "CREATE TABLE future(a)", &err));
	mipo_state_close(state);
	state = place_open(&place, false);
	ck_fails(mipo_scan_find(state, "last", &filter, &row, &err),
	    MIPO_E_USAGE);
	mipo_state_close(state);
	state = place_open(&place, true);
	index_digest(state, after);
	ck_assert_mem_eq(before, after, 32);
	ck_ok(mipo_scan_find(state, "last", &filter, &row, &err));
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* Random looks, in random order of time: rebuild gives the same rows. */
START_TEST(many_random_looks)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct mipo_key *own;
	struct sim sim;
	unsigned seed = 7;
	static const char *const targets[] = {
	    NULL, "198.18.0.0/28", "198.18.0.8/29", NULL};
	static const char *const verdicts[] = {
	    NULL, NULL, "degraded", NULL, "incomplete"};

	place_init(&place);
	state = place_open(&place, true);
	own = scanner_key(&place);
	for (int i = 0; i < 90; i++) {
		bool again = rand_r(&seed) % 4 == 0;
		int r;

		if (i == 25)
			enroll(state, own, "net", NULL);
		/* some bear the id of another, at some other place */
		sim_init(&sim, again ? 1 + rand_r(&seed) % (i + 1) : i + 1,
		    T0 + i * 1000 + rand_r(&seed) % 4000);
		sim.vantage = rand_r(&seed) % 8 == 0 ? "w" : NULL;
		if (rand_r(&seed) % 12 == 0)
			sim.started_ms = INT64_C(4070908800000); /* 2099 */
		sim.key = i >= 25 && rand_r(&seed) % 3 != 0 ? own : NULL;
		sim.target = targets[rand_r(&seed) % 4];
		sim.verdict = verdicts[rand_r(&seed) % 5];
		sim.no_end = rand_r(&seed) % 10 == 0;
		for (int k = rand_r(&seed) % 16; k > 0; k--) {
			char ip[32];

			(void)snprintf(ip, sizeof(ip), "198.18.0.%d",
			    8 + rand_r(&seed) % 8);
			sim_obs(&sim, ip, 80 + rand_r(&seed) % 4,
			    1 + (unsigned)rand_r(&seed) % 2);
		}
		r = sim_record(state, &sim, &done, &err);
		ck_assert_msg(r == 0 || (again && err.code == MIPO_E_INPUT),
		    "%s", err.text);
	}
	ck_assert_int_gt(count(state, "SELECT count(*) FROM past"), 50);
	ck_assert_int_gt(
	    count(state, "SELECT count(*) FROM scan WHERE successor>0"), 3);
	ck_assert_int_gt(
	    count(state, "SELECT count(*) FROM scan WHERE weight=1"), 5);
	ck_assert_int_gt(
	    count(state, "SELECT count(*) FROM scan WHERE weight=2"), 5);
	must_agree(state);
	mipo_key_free(own);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(memory_may_be_out)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;
	struct mipo_buf buf;
	unsigned long n;
	int r = -1;

	place_init(&place);
	state = place_open(&place, true);
	sim_init(&sim, 1, T0);
	sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
	sim_obs(&sim, "198.18.0.8", 80, MIPO_OPEN);
	sim_stream(&sim, &buf);
	for (n = 1; r != 0 && n < 2000; n++) {
		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		r = sim_record_text(state, &buf, &done, &err);
		mipo_mem_fail_at(0);
		ck_assert_msg(r == 0 || err.code == MIPO_E_NOMEM, "%lu: %s",
		    n, err.text);
		ck_assert_int_eq(count(state, "SELECT count(*) FROM scan"),
		    r == 0);
	}
	ck_assert_uint_gt(n, 50);
	ck_assert_int_eq(r, 0);
	must_agree(state);
	mipo_buf_release(&buf);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* What could not be exported is not let in. */
START_TEST(stream_too_long)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;
	struct mipo_buf buf;
	int64_t leaves;
	size_t n;

	ck_assert_uint_eq(mipo_object_bound, UINT64_C(077777777777));
	place_init(&place);
	state = place_open(&place, true);
	leaves = count(state, "SELECT count(*) FROM leaf");
	sim_init(&sim, 1, T0);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	sim_stream(&sim, &buf);
	for (n = buf.len - 1; buf.data[n - 1] != '\n'; n--)
		; /* before the end record */
	mipo_object_bound = n - 1;
	ck_assert_int_eq(sim_record_text(state, &buf, &done, &err), -1);
	ck_assert_int_eq(err.code, MIPO_E_INPUT);
	ck_assert_ptr_nonnull(strstr(err.text, sim.scan));
	mipo_err_clear(&err);
	ck_assert_int_eq(
	    count(state, "SELECT count(*) FROM leaf"), leaves);
	mipo_object_bound = n;
	ck_ok(sim_record_text(state, &buf, &done, &err));
	ck_assert_int_gt(
	    count(state, "SELECT count(*) FROM leaf"), leaves);
	mipo_object_bound = MIPO_OBJECT_MOST;
	must_agree(state);
	mipo_buf_release(&buf);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

UNIT_MAIN("store-record", stream_too_long,
    intervals, coverage_before_conclusion, cut_stream,
    bad_streams, trust, late_look, late_udp_look,
    checked_by_who_tells,
    find_and_open, check_names_it, old_index,
    many_random_looks, memory_may_be_out);
