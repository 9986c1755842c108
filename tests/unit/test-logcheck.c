#include "makelog.h"

#include <stdio.h>

#include "base/text.h"
#include "trust/logcheck.h"
#include "trust/report.h"

/* A log's entries as they may be bent: pointers that a test changes. */
#define MOST 400

struct bent {
	struct mipo_span entry[MOST];
	size_t n;
	struct mipo_span note;
	char room[8][4096];
	size_t used;
};

static void
bend(struct bent *bent, const struct makelog *log)
{
	memset(bent, 0, sizeof(*bent));
	for (size_t i = 0; i < log->n; i++)
		bent->entry[i] = makelog_entry(log, i);
	bent->n = log->n;
	bent->note = (struct mipo_span){log->note.data, log->note.len};
}

/* A copy of entry i in which a text was replaced by one as long. */
static void
rewrite(struct bent *bent, size_t i, const char *from, const char *to)
{
	char *copy = bent->room[bent->used++];
	char *at;

	memcpy(copy, bent->entry[i].p, bent->entry[i].len);
	copy[bent->entry[i].len] = '\0';
	at = strstr(copy, from);
	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	bent->entry[i].p = copy;
}

static struct mipo_logcheck *check;

static const struct mipo_logfacts *
run(const struct bent *bent, const struct mipo_logcheck_opts *opts)
{
	struct mipo_err err = {0};
	const struct mipo_logfacts *facts;

	mipo_logcheck_free(check);
	ck_ok(mipo_logcheck_new(opts, &check, &err));
	for (size_t i = 0; i < bent->n; i++)
		ck_ok(mipo_logcheck_entry(check, bent->entry[i].p,
		    bent->entry[i].len, NULL, &err));
	if (bent->note.p != NULL)
		ck_ok(mipo_logcheck_note(
		    check, bent->note.p, bent->note.len, &err));
	ck_ok(mipo_logcheck_finish(check, &facts, &err));
	return facts;
}

/* With one thread and with several: the verdict must be the same. */
static const struct mipo_logfacts *
run_both(const struct bent *bent, const struct makelog *log)
{
	struct mipo_logcheck_opts opts = {
	    .key = mipo_key_pub(log->log), .threads = 1};
	struct mipo_logfacts one = *run(bent, &opts);
	const struct mipo_logfacts *many;

	opts.threads = 3;
	many = run(bent, &opts);
	ck_assert_mem_eq(one.fault, many->fault, sizeof(one.fault));
	ck_assert_uint_eq(one.first_bad, many->first_bad);
	ck_assert_uint_eq(one.good_prefix, many->good_prefix);
	ck_assert_uint_eq(one.scans_good, many->scans_good);
	return many;
}

static uint64_t
faults(const struct mipo_logfacts *facts)
{
	uint64_t n = 0;

	for (int i = 0; i < MIPO_FAULT_N; i++)
		n += facts->fault[i].count;
	return n;
}

/* Exactly this check found something, first at seq, good up to prefix. */
static void
ck_found(const struct mipo_logfacts *facts, enum mipo_logfault which,
    uint64_t seq, uint64_t prefix)
{
	struct mipo_report report = {0};

	ck_assert_msg(facts->fault[which].count > 0, "check %d is silent",
	    (int)which);
	ck_assert_uint_eq(facts->fault[which].seq, seq);
	ck_assert_uint_eq(facts->first_bad, seq);
	ck_assert_uint_eq(facts->good_prefix, prefix);
	mipo_logcheck_report(facts, &report);
	ck_assert(mipo_report_has(&report, MIPO_FAIL));
}

START_TEST(good_logs)
{
	struct makelog log;
	struct bent bent;
	const size_t sizes[] = {1, 3, 6, 200};

	for (size_t i = 0; i < 4; i++) {
		const struct mipo_logfacts *facts;
		struct mipo_report report = {0};

		makelog_make(&log, "a", sizes[i]);
		bend(&bent, &log);
		facts = run_both(&bent, &log);
		ck_assert_uint_eq(faults(facts), 0);
		ck_assert_uint_eq(facts->entries, log.n);
		ck_assert_uint_eq(facts->good_prefix, log.n);
		ck_assert_uint_eq(facts->first_bad, UINT64_MAX);
		ck_assert(facts->covered);
		ck_assert_uint_eq(facts->seals, (log.n - 3) / 3 + 1);
		ck_assert_uint_eq(facts->scans_good, facts->scans);
		ck_assert_uint_eq(facts->jumps, 0);
		mipo_logcheck_report(facts, &report);
		ck_assert(!mipo_report_has(&report, MIPO_FAIL));
		makelog_end(&log);
	}
}
END_TEST

/* Table 1 of our threat list: edit, delete, swap, insert, cut. */
START_TEST(edited)
{
	struct makelog log;
	struct bent bent;

	makelog_make(&log, "a", 12);
	bend(&bent, &log);
	rewrite(&bent, 6, "note 1", "note 7");
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 6, 6);
	bend(&bent, &log);
	rewrite(&bent, 7, "again", "agaio");
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 7, 6);
	/* two neighbours */
	rewrite(&bent, 6, "note 1", "note 7");
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 6, 6);
	bend(&bent, &log);
	rewrite(&bent, 6, ",\"mono\":", ",\"nomo\":");
	ck_found(run_both(&bent, &log), MIPO_FAULT_FORM, 6, 6);
	makelog_end(&log);
}
END_TEST

START_TEST(edited_prev)
{
	struct makelog log;
	struct bent bent;
	char from[16] = "\"prev\":\"", to[16] = "\"prev\":\"";

	makelog_make(&log, "a", 12);
	for (size_t i = 1; i < 12; i++) {
		const char *prev;

		bend(&bent, &log);
		prev = strstr(bent.entry[i].p, from);
		memcpy(from + 8, prev + 8, 4);
		memcpy(to + 8, prev + 8, 4);
		to[9] = to[9] == '0' ? '1' : '0';
		rewrite(&bent, i, from, to);
		ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, i, i / 3 * 3);
		from[8] = to[8] = '\0';
	}
	makelog_end(&log);
}
END_TEST

/* Each single byte of each entry: none may pass, and the entry is named. */
START_TEST(every_byte_of_every_entry)
{
	struct makelog log;
	struct bent bent;
	struct mipo_logcheck_opts opts = {.threads = 1};

	makelog_make(&log, "a", 9);
	opts.key = mipo_key_pub(log.log);
	for (size_t i = 0; i < log.n; i++) {
		for (size_t b = 0; b < log.at[i + 1] - log.at[i]; b++) {
			const struct mipo_logfacts *facts;
			char copy[4096];

			bend(&bent, &log);
			memcpy(copy, bent.entry[i].p, bent.entry[i].len);
			copy[b] ^= 1;
			bent.entry[i].p = copy;
			facts = run(&bent, &opts);
			ck_assert_msg(facts->first_bad == i ||
				(i == 0 && facts->first_bad <= 1),
			    "byte %zu of entry %zu: first bad %llu", b, i,
			    (unsigned long long)facts->first_bad);
			ck_assert_uint_eq(
			    facts->good_prefix, i < 3 ? 0 : i / 3 * 3);
		}
	}
	makelog_end(&log);
}
END_TEST

/* A log whose entry 3 is a note of len letters. */
static void
make_long(struct makelog *log, size_t len)
{
	static char text[MIPO_ENTRY_MAX + 1];

	ck_assert_uint_lt(len, sizeof(text));
	memset(text, 'x', len);
	text[len] = '\0';
	makelog_make(log, "a", 3);
	makelog_note(log, text);
	makelog_seal(log);
}

/* What stands behind the longest entry or checkpoint is not cut off it. */
START_TEST(longer_than_the_longest)
{
	static char longer[MIPO_NOTE_MAX + 10];
	struct makelog log;
	struct bent bent;
	struct mipo_buf note;
	size_t rest;

	make_long(&log, 1000);
	rest = makelog_entry(&log, 3).len - 1000;
	makelog_end(&log);
	make_long(&log, MIPO_ENTRY_MAX - rest);
	bend(&bent, &log);
	ck_assert_uint_eq(bent.entry[3].len, MIPO_ENTRY_MAX);
	ck_assert_uint_eq(faults(run_both(&bent, &log)), 0);
	memset(longer, ' ', sizeof(longer));
	memcpy(longer, bent.entry[3].p, bent.entry[3].len);
	bent.entry[3].p = longer;
	for (size_t more = 1; more < 10; more += 4) {
		bent.entry[3].len = MIPO_ENTRY_MAX + more;
		ck_found(run_both(&bent, &log), MIPO_FAULT_FORM, 3, 3);
	}
	/* a note may carry lines of others' signatures */
	bend(&bent, &log);
	mipo_buf_init(&note, MIPO_NOTE_MAX);
	mipo_buf_put(&note, log.note.data, log.note.len);
	mipo_buf_puts(&note, "\xe2\x80\x94 other ");
	while (note.len < MIPO_NOTE_MAX - 1)
		mipo_buf_putc(&note, 'A');
	mipo_buf_putc(&note, '\n');
	memcpy(longer, note.data, note.len);
	bent.note = (struct mipo_span){longer, note.len};
	ck_assert_uint_eq(faults(run_both(&bent, &log)), 0);
	longer[note.len] = ' ';
	bent.note.len++;
	ck_assert_uint_gt(run_both(&bent, &log)
			      ->fault[MIPO_FAULT_CHECKPOINT].count, 0);
	mipo_buf_release(&note);
	makelog_end(&log);
}
END_TEST

START_TEST(deleted_and_swapped)
{
	struct makelog log;
	struct bent bent;
	struct mipo_span held;

	makelog_make(&log, "a", 15);
	bend(&bent, &log);
	memmove(&bent.entry[7], &bent.entry[8],
	    (bent.n-- - 8) * sizeof(bent.entry[0]));
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 7, 6);
	bend(&bent, &log);
	held = bent.entry[6];
	bent.entry[6] = bent.entry[7];
	bent.entry[7] = held;
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 6, 6);
	/* the same entry again: it is the copy that is out of place */
	bend(&bent, &log);
	memmove(&bent.entry[8], &bent.entry[7],
	    (bent.n++ - 7) * sizeof(bent.entry[0]));
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 8, 6);
	/* a whole commit goes */
	bend(&bent, &log);
	memmove(&bent.entry[6], &bent.entry[9],
	    (bent.n - 9) * sizeof(bent.entry[0]));
	bent.n -= 3;
	ck_found(run_both(&bent, &log), MIPO_FAULT_ORDER, 6, 6);
	makelog_end(&log);
}
END_TEST

START_TEST(cut)
{
	struct makelog log;
	struct bent bent;
	const struct mipo_logfacts *facts;

	makelog_make(&log, "a", 15);
	for (size_t n = 0; n < log.n; n++) {
		bend(&bent, &log);
		bent.n = n;
		facts = run_both(&bent, &log);
		ck_assert_uint_eq(
		    facts->first_bad, n == 0 ? 0 : n % 3 == 0 ? n : n / 3 * 3);
		ck_assert_uint_eq(facts->good_prefix, n / 3 * 3);
	}
	/* without its checkpoint nothing says where the log ends */
	bend(&bent, &log);
	bent.note.p = NULL;
	facts = run_both(&bent, &log);
	ck_assert_uint_eq(facts->fault[MIPO_FAULT_CHECKPOINT].count, 1);
	ck_assert(!facts->covered);
	makelog_end(&log);
}
END_TEST

/* Two logs of the same shape: nothing of one passes in the other. */
START_TEST(other_logs)
{
	struct makelog log, other;
	struct bent bent;
	const struct mipo_logfacts *facts;
	struct mipo_logcheck_opts opts = {.threads = 1};

	makelog_make(&log, "a", 9);
	makelog_make(&other, "b", 9);
	bend(&bent, &log);
	bent.entry[4] = makelog_entry(&other, 4);
	facts = run_both(&bent, &log);
	ck_found(facts, MIPO_FAULT_ORDER, 4, 3);
	bend(&bent, &log);
	bent.note = (struct mipo_span){other.note.data, other.note.len};
	facts = run_both(&bent, &log);
	ck_assert_uint_eq(facts->fault[MIPO_FAULT_CHECKPOINT].count, 2);
	ck_assert_uint_eq(facts->first_bad, UINT64_MAX);
	/* the whole other log, under our pinned key */
	bend(&bent, &other);
	facts = run_both(&bent, &log);
	ck_assert_uint_eq(facts->fault[MIPO_FAULT_KEY].count, 1);
	ck_assert_uint_eq(faults(facts), 1);
	ck_assert_uint_eq(facts->first_bad, UINT64_MAX);
	ck_assert_uint_eq(facts->good_prefix, other.n);
	/* its genesis alone, put before ours */
	bend(&bent, &log);
	bent.entry[0] = makelog_entry(&other, 0);
	facts = run_both(&bent, &log);
	ck_assert_uint_eq(facts->fault[MIPO_FAULT_KEY].count, 1);
	ck_assert_uint_eq(facts->first_bad, 0);
	ck_assert_uint_eq(facts->good_prefix, 0);
	bend(&bent, &other);
	/* and under no key: nothing is wrong with it */
	ck_assert_uint_eq(faults(run(&bent, &opts)), 0);
	makelog_end(&log);
	makelog_end(&other);
}
END_TEST

/* A thief has the log's key and today's ratchet key, but no older one. */
START_TEST(rewritten_by_a_thief)
{
	struct makelog log, forged;
	struct bent bent;
	struct mipo_err err = {0};
	struct mipo_rec *rec;

	makelog_make(&log, "a", 9);
	/* history anew from entry 6 on, sealed with the key of now */
	makelog_make(&forged, "a", 6);
	mipo_key_free(forged.ratchet);
	forged.ratchet = makelog_key("a", "ratchet", log.chain.n);
	rec = makelog_rec(&forged, "note.test");
	mipo_rec_put_str(rec, "text", "what never was");
	makelog_add_take(&forged, rec);
	/* the writer refuses; the thief has his own */
	ck_fails(mipo_chain_seal(&forged.chain, forged.ratchet,
		     mipo_key_pub(log.ratchet), NULL, NULL, &forged.bytes,
		     &err), MIPO_E_TAMPERED);
	forged.chain.ratchet = *mipo_key_pub(forged.ratchet);
	makelog_seal(&forged);
	bend(&bent, &forged);
	ck_found(run_both(&bent, &log), MIPO_FAULT_SEAL, 7, 6);
	makelog_end(&log);
	makelog_end(&forged);
}
END_TEST

/* The last seal's own fields are under its signature too. */
START_TEST(last_seal_resigned)
{
	struct makelog log, forged;
	struct bent bent;

	makelog_make(&log, "a", 9);
	makelog_make(&forged, "a", 6);
	makelog_note(&forged, "note 1");
	makelog_note(&forged, "again");
	forged.chain.stamp.time_ms += 3600000;
	makelog_seal(&forged);
	bend(&bent, &forged);
	ck_assert_uint_eq(bent.n, 9);
	ck_found(run_both(&bent, &log), MIPO_FAULT_SEAL, 8, 6);
	makelog_end(&log);
	makelog_end(&forged);
}
END_TEST

START_TEST(receipts)
{
	struct makelog log;
	struct mipo_key *stranger = makelog_key("a", "stranger", 0);
	struct mipo_report report = {0};
	const struct mipo_logfacts *facts;
	struct mipo_rec *rec;
	struct bent bent;

	makelog_make(&log, "a", 3);
	makelog_add_take(
	    &log, makelog_receipt(&log, log.scanner, "one", 3));
	makelog_add_take(&log, makelog_receipt(&log, NULL, "two", 3));
	makelog_add_take(&log, makelog_receipt(&log, stranger, "three", 5));
	makelog_seal(&log);
	bend(&bent, &log);
	facts = run_both(&bent, &log);
	ck_assert_uint_eq(faults(facts), 0);
	ck_assert_uint_eq(facts->scans, 3);
	ck_assert_uint_eq(facts->scans_good, 1);
	ck_assert_uint_eq(facts->scans_unsigned, 1);
	ck_assert_uint_eq(facts->scans_unknown, 1);
	mipo_logcheck_report(facts, &report);
	ck_assert(mipo_report_has(&report, MIPO_NOT_CHECKED));
	rec = makelog_receipt(&log, log.scanner, "four", 4);
	mipo_rec_put_str(rec, "verdict", "degraded"); /* after the signing */
	makelog_add_take(&log, rec);
	makelog_seal(&log);
	bend(&bent, &log);
	ck_found(run_both(&bent, &log), MIPO_FAULT_RECEIPT, 7, 7);
	mipo_key_free(stranger);
	makelog_end(&log);
}
END_TEST

START_TEST(clocks_challenges_anchors)
{
	struct makelog log;
	struct mipo_anchor anchor[3] = {0};
	struct mipo_logcheck_opts opts = {.threads = 2,
	    .challenge = "a nonce", .anchors = anchor, .n_anchors = 3};
	const struct mipo_logfacts *facts;
	struct bent bent;

	makelog_make(&log, "a", 3);
	anchor[0].cp.size = 3;
	mipo_tree_root(&log.chain.tree, anchor[0].cp.root);
	anchor[1].cp.size = 3;
	anchor[2].cp.size = 100;
	log.stamp.time_ms -= 60000;
	makelog_note(&log, "back in time");
	makelog_challenge(&log, "a nonce");
	makelog_seal(&log);
	bend(&bent, &log);
	facts = run(&bent, &opts);
	ck_assert_uint_eq(faults(facts), 0);
	ck_assert_uint_eq(facts->jumps, 1);
	ck_assert_uint_eq(facts->first_jump, 3);
	ck_assert_int_eq(facts->jump_ms, -60000);
	ck_assert(facts->challenged);
	ck_assert_uint_eq(facts->challenge_seq, 4);
	ck_assert_int_eq(anchor[0].found, MIPO_ANCHOR_SAME);
	ck_assert_int_eq(anchor[1].found, MIPO_ANCHOR_OTHER);
	ck_assert_int_eq(anchor[2].found, MIPO_ANCHOR_BEYOND);
	opts.challenge = "another";
	ck_assert(!run(&bent, &opts)->challenged);
	makelog_end(&log);
}
END_TEST

START_TEST(out_of_memory)
{
	struct makelog log;
	struct mipo_logcheck_opts opts = {.threads = 1};
	unsigned long n = 0;
	int r = -1;

	makelog_make(&log, "a", 12);
	mipo_logcheck_free(check);
	check = NULL;
	while (r != 0 && n < 500) {
		const struct mipo_logfacts *facts;
		struct mipo_err err = {0};

		mipo_mem_fail_at(++n);
		r = mipo_logcheck_new(&opts, &check, &err);
		for (size_t i = 0; r == 0 && i < log.n; i++)
			r = mipo_logcheck_entry(check,
			    makelog_entry(&log, i).p,
			    makelog_entry(&log, i).len, NULL, &err);
		if (r == 0)
			r = mipo_logcheck_finish(check, &facts, &err);
		mipo_mem_fail_at(0);
		if (r != 0)
			ck_assert_int_eq(err.code, MIPO_E_NOMEM);
		mipo_logcheck_free(check);
		check = NULL;
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_gt(n, 3);
	makelog_end(&log);
}
END_TEST

static const char *
verdict_of(const struct mipo_report *report, const char *name)
{
	for (size_t i = 0; i < report->n; i++)
		if (strcmp(report->row[i].check, name) == 0)
			return mipo_verdict_name(report->row[i].verdict);
	return "no row";
}

/* What was not read did not pass. */
START_TEST(nothing_read)
{
	static const char *const checks[] = {"form", "order", "seals",
	    "tiles", "nodes", "receipts", "clock"};
	struct mipo_logcheck_opts opts = {
	    .threads = 1, .nodes = true, .tiles = true};
	struct mipo_report report = {0};
	struct makelog log;
	static struct bent bent;

	memset(&bent, 0, sizeof(bent));
	mipo_logcheck_report(run(&bent, &opts), &report);
	ck_assert(!mipo_report_has(&report, MIPO_PASS));
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		ck_assert_str_eq(
		    verdict_of(&report, checks[i]), "NOT CHECKED");
	/* one entry, and that one damaged */
	makelog_make(&log, "a", 3);
	bend(&bent, &log);
	bent.n = 1;
	bent.entry[0].len--;
	report.n = 0;
	mipo_logcheck_report(run(&bent, &opts), &report);
	ck_assert_str_eq(verdict_of(&report, "form"), "FAIL");
	ck_assert_str_eq(verdict_of(&report, "genesis"), "NOT CHECKED");
	ck_assert_str_eq(verdict_of(&report, "seals"), "NOT CHECKED");
	ck_assert_str_eq(verdict_of(&report, "clock"), "NOT CHECKED");
	makelog_end(&log);
}
END_TEST

UNIT_MAIN("logcheck", nothing_read, good_logs, edited, edited_prev,
    every_byte_of_every_entry, longer_than_the_longest,
    deleted_and_swapped, cut, other_logs, rewritten_by_a_thief,
    last_seal_resigned, receipts, clocks_challenges_anchors, out_of_memory);
