/*
 * The journal of a scan: wherever it is cut, and whichever byte of it is
 * another, what is read of it was written, and no mark stands on what is not.
 */
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"
#include "net/journal.h"
#include "net/resume-impl.h"
#include "net/resume.h"

#define SCAN "00112233445566778899aabbccddeeff"
#define HASH SCAN SCAN

static struct mipo_err err;
static int64_t obs_ms = 1700000000000;
static const char path[] = "journal"; /* in the directory of the tests */

static struct mipo_rec *
start_of(int retries)
{
	struct mipo_rec *rec = mipo_rec_start("journal.start", &err);

	mipo_rec_put_str(rec, "scan", SCAN);
	mipo_rec_put_str(rec, "network", "lab");
	mipo_rec_put_str(rec, "vantage", "here");
	mipo_rec_put_str(rec, "method", "syn");
	mipo_rec_put_int(rec, "vlan", 0);
	mipo_rec_put_str(rec, "seed", "0000000000000007");
	mipo_rec_put_str(rec, "scope_sha256", HASH);
	mipo_rec_put_str(rec, "states", "open,closed");
	mipo_rec_put_str(rec, "silent_as", "filtered");
	mipo_rec_put_int(rec, "retries", retries);
	mipo_rec_put_int(rec, "wait_ms", 1000);
	mipo_rec_put_int(rec, "shard", 1);
	mipo_rec_put_int(rec, "shards", 1);
	return rec;
}

static void
put_pass(struct mipo_rec *mark, int64_t number, int64_t end)
{
	struct mipo_rec *pass = mipo_rec_new(&err);

	mipo_rec_put_int(pass, "pass", number);
	mipo_rec_put_int(pass, "probes", end);
	mipo_rec_add_pair(pass, "intervals", 0, end - 1);
	mipo_rec_add_rec_take(mark, "passes", pass);
}

/* All places before end are done in the first pass. */
static struct mipo_rec *
mark_of(int64_t end, bool last)
{
	static const char *const numbers[] = {"attempted", "accepted",
	    "capture_received", "capture_drops", "duplicates", "rejected",
	    "unrepeated", "sending_ms"};
	struct mipo_rec *rec = mipo_rec_start("journal.mark", &err);

	mipo_rec_put_str(rec, "scan", SCAN);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		mipo_rec_put_int(rec, numbers[i], end);
	mipo_rec_put_list(rec, "faults");
	mipo_rec_put_list(rec, "send_errors");
	mipo_rec_put_bool(rec, "last", last);
	put_pass(rec, 0, end);
	return rec;
}

static void
go_there(void)
{
	ck_assert_int_eq(chdir(unit_dir), 0);
	(void)unlink(path);
}

static struct mipo_journal *
open_it(int retries)
{
	struct mipo_journal *journal = NULL;
	struct mipo_rec *start = start_of(retries);
	int r;

	mipo_err_clear(&err);
	r = mipo_journal_open(path, &journal, &err);
	if (r == 0)
		r = mipo_journal_begin(journal, start, &err);
	mipo_rec_free(start);
	if (r == 0)
		return journal;
	mipo_journal_free(journal);
	return NULL;
}

static void
put_obs(struct mipo_journal *journal, uint8_t host)
{
	struct mipo_obs obs = {.ts_ms = obs_ms,
	    .scan = SCAN,
	    .port = 22,
	    .state = MIPO_OPEN,
	    .reason = MIPO_R_SYN_ACK,
	    .ttl = 64,
	    .rtt_us = 100,
	    .window = 1,
	    .icmp_type = -1,
	    .icmp_code = -1};

	obs.ip.family = 4;
	memcpy(obs.ip.b, (uint8_t[]){198, 18, 0, host}, 4);
	mipo_journal_obs(journal, &obs);
}

static void
seal(struct mipo_journal *journal, struct mipo_rec *rec)
{
	mipo_journal_seal(journal, rec);
	mipo_rec_free(rec);
	ck_ok(mipo_journal_flush(journal, &err));
}

static size_t
size_of(void)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return (size_t)st.st_size;
}

/* Four answers and a mark, three times; two answers more. */
static void
fill(struct mipo_buf *ret_bytes, size_t ends[3])
{
	struct mipo_journal *journal;

	go_there();
	journal = open_it(1);
	for (uint8_t i = 0; i < 3; i++) {
		for (uint8_t j = 0; j < 4; j++)
			put_obs(journal, (uint8_t)(4 * i + j + 1));
		seal(journal, mark_of(10 * (i + 1), false));
		ends[i] = size_of();
	}
	put_obs(journal, 13);
	put_obs(journal, 14);
	ck_ok(mipo_journal_flush(journal, &err));
	mipo_journal_free(journal);
	mipo_buf_init(ret_bytes, 1 << 20);
	ck_ok(mipo_file_read(path, ret_bytes, &err));
}

static int
count(void *arg, const struct mipo_obs *obs, struct mipo_err *e)
{
	(void)e;
	(void)obs;
	++*(int *)arg;
	return 0;
}

/* What is read of those bytes; -1 where they are no journal. */
static int
read_it(const char *p, size_t len, uint64_t *ret_done)
{
	struct mipo_journal *journal = NULL;
	const struct mipo_journal_said *said;
	int n = 0;

	ck_ok(mipo_file_put(path, 0600, 0, p, len, &err));
	mipo_err_clear(&err);
	if (mipo_journal_open(path, &journal, &err) != 0)
		return -1;
	said = mipo_journal_said(journal);
	*ret_done = mipo_intervals_count(&said->done[0]);
	ck_ok(mipo_journal_each(journal, count, &n, &err));
	mipo_journal_free(journal);
	return n;
}

static unsigned
marks_at(size_t at, const size_t ends[3])
{
	unsigned n = 0;

	while (n < 3 && at >= ends[n])
		n++;
	return n;
}

START_TEST(it_may_be_cut_anywhere)
{
	struct mipo_buf bytes;
	size_t ends[3], head;
	uint64_t done;

	fill(&bytes, ends);
	head = (size_t)((char *)memchr(bytes.data, '\n', bytes.len) -
	    bytes.data) + 1;
	for (size_t len = 0; len <= bytes.len; len++) {
		int n = read_it(bytes.data, len, &done);
		unsigned marks = marks_at(len, ends);

		if ((n < 0) != (len > 0 && len < head) ||
		    (n >= 0 && done != 10 * marks) ||
		    (n >= 0 && (unsigned)n < 4 * marks))
			ck_abort_msg("cut at %zu: %d, %lu", len, n, done);
	}
	ck_assert_int_eq(read_it(bytes.data, bytes.len, &done), 14);
	mipo_buf_release(&bytes);
}
END_TEST

START_TEST(a_mark_stands_on_the_bytes_before_it)
{
	struct mipo_buf bytes;
	size_t ends[3];
	uint64_t done;

	fill(&bytes, ends);
	for (size_t at = 0; at < bytes.len; at += 3) {
		uint64_t most = 10 * marks_at(at, ends);
		int n;

		bytes.data[at] ^= 1;
		n = read_it(bytes.data, bytes.len, &done);
		bytes.data[at] ^= 1;
		if (n >= 0 && done > most)
			ck_abort_msg("changed at %zu: %lu", at, done);
	}
	mipo_buf_release(&bytes);
}
END_TEST

/* Written on behind what is good, it is good as a whole. */
START_TEST(it_goes_on)
{
	struct mipo_journal *journal;
	struct mipo_buf bytes;
	size_t ends[3];
	uint64_t done;

	fill(&bytes, ends);
	(void)read_it(bytes.data, bytes.len - 7, &done);
	journal = open_it(1);
	ck_assert_msg(journal != NULL, "%s", err.text);
	ck_assert_uint_eq(mipo_journal_said(journal)->n_scans, 1);
	ck_assert(mipo_journal_said(journal)->uncounted);
	ck_assert(!mipo_journal_said(journal)->lossy);
	put_obs(journal, 14);
	seal(journal, mark_of(40, true));
	mipo_journal_free(journal);

	journal = open_it(1);
	ck_assert_msg(journal != NULL, "%s", err.text);
	ck_assert_uint_eq(mipo_journal_said(journal)->n_scans, 2);
	ck_assert_uint_eq(
	    mipo_intervals_count(&mipo_journal_said(journal)->done[0]), 40);
	mipo_journal_free(journal);
	mipo_buf_release(&bytes);
}
END_TEST

static struct mipo_scanner *
scan_ports(struct mipo_journal *journal, const char *list)
{
	const struct mipo_scanner_config config = {
	    .method = MIPO_METHOD_CONNECT,
	    .scan = SCAN,
	    .retries = 1,
	    .memory = UINT64_C(1) << 30,
	    .journal = journal};
	const struct mipo_scanner_hooks hooks = {.arg = NULL};
	struct mipo_targets *targets = mipo_targets_new(&err);
	struct mipo_ports *ports = mipo_ports_new(&err);
	struct mipo_scanner *scan = NULL;

	ck_ok(mipo_targets_add(targets, "198.18.0.8/31", NULL, &err));
	ck_ok(mipo_ports_add(ports, list, &err));
	ck_ok(mipo_scanner_new(
	    &config, &hooks, targets, ports, &scan, &err));
	ck_ok(mipo_scanner_open(scan, &err));
	scan->tally.started_ms = mipo_clock_wall_ms();
	scan->tally.started_ns = mipo_clock_mono_ns();
	ck_ok(mipo_resume_start(scan, &err));
	scan->window = scan->part;
	ck_ok(mipo_resume_enter(scan, &err));
	mipo_targets_free(targets);
	mipo_ports_free(ports);
	return scan;
}

static struct mipo_scanner *
scan_by(struct mipo_journal *journal)
{
	return scan_ports(journal, "22-26");
}

#define MANY 10000 /* places */

/* A scan whose pass is over; in it every one in so many did not leave. */
static void
walk_without(uint64_t every, size_t unsent_before)
{
	struct mipo_journal *journal = open_it(1);
	struct mipo_scanner *scan;

	ck_assert_msg(journal != NULL, "%s", err.text);
	scan = scan_ports(journal, "1-5000");
	ck_assert_uint_eq(scan->part.end, MANY);
	scan->resume->n_unsent = unsent_before;
	mipo_resume_walks(scan);
	for (uint64_t i = 0; i < MANY; i += every)
		mipo_resume_hole(scan, i);
	scan->connected = scan->window.end;
	mipo_resume_walked(scan);
	ck_ok(mipo_resume_finish(scan, &err));
	mipo_scanner_free(scan);
	mipo_journal_free(journal);
}

static uint64_t
done_then(void)
{
	struct mipo_journal *journal = NULL;
	uint64_t n;

	mipo_err_clear(&err);
	ck_ok(mipo_journal_open(path, &journal, &err));
	n = mipo_intervals_count(&mipo_journal_said(journal)->done[0]);
	ck_assert(!mipo_journal_said(journal)->lossy);
	mipo_journal_free(journal);
	return n;
}

/* However many did not leave, the others are done, and stay so. */
START_TEST(many_may_be_refused)
{
	go_there();
	walk_without(2, 0);
	ck_assert_uint_eq(done_then(), MANY / 2);
	walk_without(4, 0);
	ck_assert_uint_eq(done_then(), MANY / 4 * 3);
	walk_without(3, MIPO_JOURNAL_UNSENT - 100);
	ck_assert_uint_eq(done_then(), MANY / 4 * 3);
	walk_without(MANY, 0);
	ck_assert_uint_eq(done_then(), MANY - 1);
}
END_TEST

/*
 * A host that was absent when its places were passed over had no probe, also
 * where a later scan that met it was ended before it had one.
 */
START_TEST(who_was_absent_had_no_probe)
{
	struct mipo_rec *absent = mipo_rec_start("journal.absent", &err);
	struct mipo_rec *mark = mark_of(10, false);
	struct mipo_journal *journal;
	struct mipo_scanner *scan;

	go_there();
	journal = open_it(1);
	mipo_rec_put_str(absent, "scan", SCAN);
	mipo_rec_add_str(absent, "hosts", "198.18.0.9");
	mipo_journal_rec(journal, absent);
	seal(journal, mark_of(10, false));
	mipo_journal_free(journal);
	mipo_rec_free(absent);
	journal = open_it(1);
	put_pass(mark, 1, 10);
	seal(journal, mark);
	mipo_journal_free(journal);

	journal = open_it(1);
	ck_assert_msg(journal != NULL, "%s", err.text);
	scan = scan_by(journal);
	scan->pass = 1;
	for (uint64_t pair = 0; pair < 10; pair++) {
		uint64_t index = mipo_perm_inverse(scan->perm, pair);

		ck_assert_uint_eq(mipo_pairs_get(&scan->pairs, pair),
		    pair < 5 ? MIPO_PAIR_SILENT : MIPO_PAIR_UNTOUCHED);
		mipo_pairs_set(&scan->pairs, pair, MIPO_PAIR_SILENT);
		ck_assert_int_eq(
		    mipo_resume_skips(scan, index, pair), pair < 5);
	}
	mipo_scanner_free(scan);
	mipo_journal_free(journal);
}
END_TEST

/* Runs of the longest addresses, with a host that is there between them. */
START_TEST(many_may_be_absent)
{
	struct mipo_addr addr;
	struct mipo_journal *journal;
	struct mipo_scanner *scan;

	go_there();
	journal = open_it(1);
	scan = scan_by(journal);
	ck_ok(mipo_addr_parse(
	    "2001:db8:1111:2222:3333:4444:5555:1000", &addr, &err));
	for (int i = 0; i < 6000; i++) {
		if (i % 3 != 0)
			mipo_resume_absent(scan, &addr);
		ck_assert(mipo_addr_add(&addr, 1));
	}
	mipo_resume_absent_end(scan);
	seal(journal, mark_of(10, false));
	mipo_scanner_free(scan);
	mipo_journal_free(journal);

	journal = open_it(1);
	ck_assert_msg(journal != NULL, "%s", err.text);
	ck_assert_uint_eq(mipo_targets_count(
	    mipo_journal_said(journal)->absent), 4000);
	mipo_journal_free(journal);
}
END_TEST

/* No answer is newer than the end, also where the clock was set back. */
START_TEST(time_goes_on_from_the_last_answer)
{
	const int64_t late = mipo_clock_wall_ms() + 3600000;
	struct mipo_journal *journal;
	struct mipo_scanner *scan;

	go_there();
	journal = open_it(1);
	obs_ms = late;
	put_obs(journal, 8);
	seal(journal, mark_of(10, false));
	mipo_journal_free(journal);

	journal = open_it(1);
	ck_assert_msg(journal != NULL, "%s", err.text);
	scan = scan_by(journal);
	ck_assert_int_ge(
	    mipo_scanner_wall_ms(scan, mipo_clock_mono_ns()), late);
	ck_assert_int_lt(
	    mipo_scanner_wall_ms(scan, mipo_clock_mono_ns()), late + 60000);
	mipo_scanner_free(scan);
	mipo_journal_free(journal);
}
END_TEST

static void
refused(int retries, const char *why)
{
	ck_assert_ptr_null(open_it(retries));
	ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
}

START_TEST(another_scan_may_not)
{
	struct mipo_rec *end = mipo_rec_start("journal.end", &err);
	struct mipo_journal *journal;

	go_there();
	journal = open_it(1);
	refused(1, "another process");
	seal(journal, mark_of(10, true));
	mipo_journal_free(journal);
	refused(2, "retries is 1 there, 2 here");
	journal = open_it(1);
	ck_assert_msg(journal != NULL, "%s", err.text);
	mipo_rec_put_str(end, "scan", SCAN);
	mipo_rec_put_str(end, "verdict", "complete");
	seal(journal, end);
	mipo_journal_free(journal);
	refused(1, "this scan has ended, its look was complete");
}
END_TEST

/* A file that is something else is left as it is. */
START_TEST(what_is_no_journal_is_left_alone)
{
	static const char *const texts[] = {"secret", "secret\n", "{}\n",
	    "{\"v\":1,\"type\":\"scan.start\"}\n"};
	struct mipo_buf buf;

	go_there();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ck_ok(mipo_file_put(
		    path, 0600, 0, texts[i], strlen(texts[i]), &err));
		refused(1, "is no journal of a scan");
		mipo_err_clear(&err);
		mipo_buf_init(&buf, 1024);
		ck_ok(mipo_file_read(path, &buf, &err));
		ck_assert_uint_eq(buf.len, strlen(texts[i]));
		mipo_buf_release(&buf);
	}
}
END_TEST

UNIT_MAIN("journal", it_may_be_cut_anywhere,
    a_mark_stands_on_the_bytes_before_it, it_goes_on,
    who_was_absent_had_no_probe, many_may_be_absent, many_may_be_refused,
    time_goes_on_from_the_last_answer, another_scan_may_not,
    what_is_no_journal_is_left_alone);
