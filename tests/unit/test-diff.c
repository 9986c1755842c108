#include "looks.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "data/schema.h"
#include "judge/change.h"
#include "judge/diff.h"
#include "judge/sort.h"
#include "trust/perm.h"

/* The changes as text, "kind ip port before>after; ...". */
static struct mipo_buf told;
static struct mipo_diff_sum sum;

static void
one(void *arg, const struct mipo_change *change)
{
	char ip[MIPO_ADDR_LEN];

	(void)arg;
	(void)mipo_addr_format(&change->ip, ip);
	if (told.len > 0)
		mipo_buf_puts(&told, "; ");
	mipo_buf_putf(&told, "%s %s", mipo_ckinds[change->kind].name, ip);
	if (change->port != 0)
		mipo_buf_putf(&told, " %u", change->port);
	for (size_t i = 0; i < change->n_ports; i++)
		mipo_buf_putf(&told, "%s%u", i == 0 ? " [" : ",",
		    change->ports[i]);
	if (change->n_ports > 0)
		mipo_buf_puts(&told, "]");
	mipo_buf_putf(&told, " %s>%s", mipo_known_name(change->before),
	    mipo_known_name(change->after));
}

static const char *
diff(struct look old, struct look new)
{
	struct mipo_snap *a = NULL, *b = NULL;
	struct mipo_err err = {0};

	mipo_buf_release(&told);
	mipo_buf_init(&told, 65536);
	ck_ok(look_snap(&old, &a, &err));
	ck_ok(look_snap(&new, &b, &err));
	ck_ok(mipo_diff_run(a, b, one, NULL, &sum, &err));
	mipo_snap_free(a);
	mipo_snap_free(b);
	return mipo_buf_str(&told, &err);
}

#define LOOK(...) ((struct look){__VA_ARGS__})
#define ck_diff(old, new, want, sure)                                   \
	do {                                                            \
		ck_assert_str_eq(diff(old, new), want);                 \
		ck_assert_msg(sum.conclusive == (sure), "conclusive %d: %s", \
		    sum.conclusive, sum.reasons[0]);                    \
	} while (0)

START_TEST(equal_looks_do_not_differ)
{
	ck_diff(LOOK(.pairs = "198.18.0.1 22 open, 198.18.0.1 80 closed"),
	    LOOK(.pairs = "198.18.0.1 80 closed, 198.18.0.1 22 open"), "",
	    true);
	ck_assert_uint_eq(sum.compared, 12);
	ck_diff(LOOK(.pairs = ""), LOOK(.pairs = ""), "", true);
	ck_assert_uint_eq(sum.compared, 12);
}
END_TEST

START_TEST(each_kind_of_pair)
{
	const char alive[] = "198.18.0.1 443 closed, 198.18.0.1 22 ";
	char old[80], new[80];
	static const char *const rows[][3] = {
	    {"closed", "open", "opened 198.18.0.1 22 closed>open"},
	    {"filtered", "open", "opened 198.18.0.1 22 filtered>open"},
	    {"unreachable", "open", "opened 198.18.0.1 22 unreachable>open"},
	    {"open|filtered", "open",
		"first_seen_open 198.18.0.1 22 open|filtered>open"},
	    {"open", "closed", "closed 198.18.0.1 22 open>closed"},
	    {"open", "filtered", "filtered 198.18.0.1 22 open>filtered"},
	    {"open", "unreachable",
		"filtered 198.18.0.1 22 open>unreachable"},
	    {"filtered", "closed",
		"unfiltered 198.18.0.1 22 filtered>closed"},
	    {"closed", "filtered", ""}, {"filtered", "unreachable", ""},
	    {"closed", "open|filtered", ""}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		(void)snprintf(old, sizeof(old), "%s%s", alive, rows[i][0]);
		(void)snprintf(new, sizeof(new), "%s%s", alive, rows[i][1]);
		ck_diff(LOOK(.pairs = old), LOOK(.pairs = new), rows[i][2],
		    true);
	}
}
END_TEST

START_TEST(silence_is_what_was_declared)
{
	/* Not listed by a complete look: filtered, as it declares. */
	ck_diff(LOOK(.pairs = "198.18.0.1 22 open, 198.18.0.1 80 closed"),
	    LOOK(.pairs = "198.18.0.1 80 closed"),
	    "filtered 198.18.0.1 22 open>filtered", true);
	ck_diff(LOOK(.pairs = "198.18.0.1 22 open"),
	    LOOK(.states = "open filtered", .silent = "closed"),
	    "closed 198.18.0.1 22 open>closed", true);
	/* Nothing was declared: nothing is known, nor concluded. */
	ck_diff(LOOK(.pairs = "198.18.0.1 22 open"),
	    LOOK(.states = "open", .silent = ""),
	    "uncovered 198.18.0.1 22 open>unknown", false);
	ck_diff(LOOK(.states = "open", .silent = ""),
	    LOOK(.states = "open", .silent = "",
		.pairs = "198.18.0.1 22 open"),
	    "first_seen_open 198.18.0.1 22 unknown>open", true);
	ck_diff(LOOK(.states = "open", .silent = "",
		    .pairs = "198.18.0.1 22 open"),
	    LOOK(.states = "open", .silent = "",
		.pairs = "198.18.0.1 22 open"),
	    "", true);
}
END_TEST

START_TEST(only_what_both_cover_is_compared)
{
	/* Wider ports, one port less: the pair simple, single. */
	struct look simple = LOOK(.targets = "198.18.0.1", .ports = "22,113",
	    .pairs = "198.18.0.1 22 open, 198.18.0.1 113 closed");
	struct look single = LOOK(.targets = "198.18.0.1", .ports = "1-100",
	    .pairs = "198.18.0.1 22 open, 198.18.0.1 53 open, "
		     "198.18.0.1 70 closed, 198.18.0.1 80 open");

	ck_diff(simple, single,
	    "first_seen_open 198.18.0.1 53 not_covered>open; "
	    "first_seen_open 198.18.0.1 80 not_covered>open", false);
	ck_assert_uint_eq(sum.compared, 1);
	ck_assert_uint_eq(sum.only_old, 1);
	ck_assert_uint_eq(sum.only_new, 99);
	ck_diff(single, simple,
	    "uncovered 198.18.0.1 53 open>not_covered; "
	    "uncovered 198.18.0.1 80 open>not_covered", false);
	/* Excluded is not covered. */
	ck_diff(LOOK(.pairs = "198.18.0.2 22 open"),
	    LOOK(.exclude = "198.18.0.2"),
	    "uncovered 198.18.0.2 22 open>not_covered", false);
	/* Wider only: all that was known is known again. */
	ck_diff(LOOK(.ports = "22", .pairs = "198.18.0.1 22 open"),
	    LOOK(.pairs = "198.18.0.1 22 open"), "", true);
	/* Nothing in common. */
	ck_diff(LOOK(.targets = "198.18.0.1"), LOOK(.targets = "198.18.0.2"),
	    "", false);
	ck_assert_uint_eq(sum.compared, 0);
}
END_TEST

START_TEST(hosts_appear_and_go)
{
	struct look silent = LOOK(.pairs = "198.18.0.2 22 unreachable");
	struct look there = LOOK(.pairs = "198.18.0.1 22 open, "
		"198.18.0.1 80 open, 198.18.0.1 443 closed");

	ck_diff(silent, there,
	    "host_appeared 198.18.0.1 [22,80] filtered>open", true);
	ck_diff(there, silent,
	    "host_gone 198.18.0.1 [22,80] open>filtered", true);
	ck_diff(silent, LOOK(.pairs = "198.18.0.1 22 closed"),
	    "host_appeared 198.18.0.1 filtered>closed", true);
	/* It answers at a port that was not covered: nothing is known. */
	ck_diff(LOOK(.ports = "22"),
	    LOOK(.pairs = "198.18.0.1 80 open"),
	    "first_seen_open 198.18.0.1 80 not_covered>open", true);
	/* It did answer at a port that is covered no longer. */
	ck_diff(there, LOOK(.ports = "22,443"),
	    "filtered 198.18.0.1 22 open>filtered; "
	    "uncovered 198.18.0.1 80 open>not_covered", false);
	/* Covered and silent at one port, found at a new one too. */
	ck_diff(LOOK(.ports = "22"),
	    LOOK(.pairs = "198.18.0.1 22 open, 198.18.0.1 80 open"),
	    "host_appeared 198.18.0.1 [22] filtered>open; "
	    "first_seen_open 198.18.0.1 80 not_covered>open", true);
	/* A host out of the old scope did not appear. */
	ck_diff(LOOK(.targets = "198.18.0.2"),
	    LOOK(.pairs = "198.18.0.1 22 open"),
	    "first_seen_open 198.18.0.1 22 not_covered>open", true);
	/* One whose silence was not declared may have been there. */
	ck_diff(LOOK(.silent = "", .states = "open"),
	    LOOK(.pairs = "198.18.0.1 22 open"),
	    "first_seen_open 198.18.0.1 22 unknown>open", true);
}
END_TEST

/* Nothing is closed, filtered or gone by a look that is not complete. */
START_TEST(a_weak_look_concludes_nothing)
{
	static const char *const verdicts[] = {
	    "degraded", "incomplete", "interrupted", ""};
	struct look full = LOOK(.pairs = "198.18.0.1 22 open, "
		"198.18.0.1 80 open, 198.18.0.1 443 closed");

	for (size_t i = 0; i < 4; i++) {
		ck_diff(full, LOOK(.verdict = verdicts[i]),
		    "uncovered 198.18.0.1 22 open>unknown; "
		    "uncovered 198.18.0.1 80 open>unknown", false);
		ck_diff(full,
		    LOOK(.verdict = verdicts[i], .pairs =
			"198.18.0.1 22 closed, 198.18.0.1 443 open"),
		    "uncovered 198.18.0.1 22 open>unknown; "
		    "uncovered 198.18.0.1 80 open>unknown; "
		    "opened 198.18.0.1 443 closed>open", false);
		/* And what it did not see before may have been there. */
		ck_diff(LOOK(.verdict = verdicts[i],
			    .pairs = "198.18.0.1 443 closed"), full,
		    "first_seen_open 198.18.0.1 22 unknown>open; "
		    "first_seen_open 198.18.0.1 80 unknown>open", false);
		ck_diff(LOOK(.verdict = verdicts[i]), full,
		    "first_seen_open 198.18.0.1 22 unknown>open; "
		    "first_seen_open 198.18.0.1 80 unknown>open", false);
		ck_diff(LOOK(.verdict = verdicts[i],
			    .pairs = "198.18.0.1 80 open"),
		    LOOK(.pairs = "198.18.0.1 80 closed"),
		    "closed 198.18.0.1 80 open>closed", false);
	}
}
END_TEST

/* Of a scan that broke off, what was not probed was not covered. */
START_TEST(the_receipt_tells_what_was_probed)
{
	static const uint8_t key[MIPO_PERM_KEY_LEN] = {0x00, 0x11, 0x22, 0x33,
	    0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee,
	    0xff};
	struct look whole = LOOK(.targets = "198.18.0.0-198.18.0.99",
	    .exclude = "198.18.0.7", .ports = "22,80");
	struct mipo_perm *perm = NULL;
	struct mipo_err err = {0};
	char pair[64], want[96];
	struct look part = whole;
	uint64_t x;

	part.verdict = "interrupted";
	part.walked = 120;
	part.refused = 5;
	ck_ok(mipo_perm_new(99 * 2, 1, key, &perm, &err));
	for (uint64_t place = 0; place < 198; place++) {
		x = mipo_perm_at(perm, place);
		(void)snprintf(pair, sizeof(pair), "198.18.0.%u %s",
		    (unsigned)(x / 2 + (x / 2 >= 7)), x % 2 ? "80" : "22");
		(void)snprintf(want, sizeof(want), "uncovered %s open>%s",
		    pair, place >= 5 && place < 120 ? "unknown" :
						      "not_covered");
		(void)snprintf(pair + strlen(pair),
		    sizeof(pair) - strlen(pair), " open");
		whole.pairs = pair;
		ck_diff(whole, part, want, false);
	}
	mipo_perm_free(perm);
	/* A complete look needs no such list. */
	part.verdict = "complete";
	diff(whole, part);
	ck_assert_uint_eq(sum.kinds[MIPO_CK_HOST_GONE], 1);
	ck_assert(sum.conclusive);
}
END_TEST

START_TEST(of_two_states_the_stronger_stands)
{
	ck_diff(LOOK(.pairs = "198.18.0.1 22 closed, 198.18.0.1 22 open, "
			      "198.18.0.1 22 unreachable"),
	    LOOK(.pairs = "198.18.0.1 22 open"), "", true);
}
END_TEST

START_TEST(order_is_numeric)
{
	ck_diff(LOOK(.targets = "198.18.0.0/24 2001:db8::/120",
		    .pairs = "198.18.0.9 80 closed, 198.18.0.10 80 closed, "
			     "2001:db8::9 80 closed, 2001:db8::10 80 closed"),
	    LOOK(.targets = "198.18.0.0/24 2001:db8::/120",
		.pairs = "2001:db8::10 22 open, 2001:db8::9 443 open, "
			 "198.18.0.10 443 open, 198.18.0.10 22 open, "
			 "198.18.0.9 22 open, 198.18.0.9 80 closed, "
			 "198.18.0.10 80 closed, 2001:db8::9 80 closed, "
			 "2001:db8::10 80 closed"),
	    "opened 198.18.0.9 22 filtered>open; "
	    "opened 198.18.0.10 22 filtered>open; "
	    "opened 198.18.0.10 443 filtered>open; "
	    "opened 2001:db8::9 443 filtered>open; "
	    "opened 2001:db8::10 22 filtered>open", true);
}
END_TEST

START_TEST(other_places_are_not_compared)
{
	struct look other[] = {
	    {.network = "x"}, {.vantage = "x"}};
	struct mipo_snap *a = NULL, *b = NULL;
	struct mipo_err err = {0};

	for (size_t i = 0; i < 2; i++) {
		ck_ok(look_snap(&LOOK(.pairs = ""), &a, &err));
		ck_ok(look_snap(&other[i], &b, &err));
		ck_fails(mipo_diff_run(a, b, one, NULL, &sum, &err),
		    MIPO_E_INPUT);
		mipo_snap_free(a);
		mipo_snap_free(b);
	}
}
END_TEST

START_TEST(a_look_must_be_what_it_declares)
{
	struct look bad[] = {{.pairs = "198.18.0.4 22 open"},
	    {.pairs = "198.18.0.1 23 open"}, {.silent = "open"},
	    {.silent = "gone"}, {.states = "ajar"}, {.ports = "0"},
	    {.targets = "198.18.0.300"}, {.exclude = "no such thing"},
	    {.exclude = "198.18.0.1", .pairs = "198.18.0.1 22 open"}};
	struct mipo_snap *snap = NULL;
	struct mipo_err err = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ck_assert_int_eq(look_snap(&bad[i], &snap, &err), -1);
		ck_assert_msg(err.text[0] != '\0', "%zu", i);
		ck_assert_int_eq(mipo_err_exit(&err), 2);
		mipo_err_clear(&err);
	}
}
END_TEST

START_TEST(gates)
{
	struct mipo_err err = {0};
	unsigned set = 0;

	ck_ok(mipo_ckinds_parse("opened,host_gone", &set, &err));
	ck_assert_uint_eq(
	    set, 1U << MIPO_CK_OPENED | 1U << MIPO_CK_HOST_GONE);
	ck_ok(mipo_ckinds_parse("none", &set, &err));
	ck_assert_uint_eq(set, 0);
	ck_ok(mipo_ckinds_parse("all", &set, &err));
	for (unsigned k = 1; k < MIPO_CKIND_N; k++)
		ck_assert(set & 1U << k);
	ck_fails(mipo_ckinds_parse("opened,", &set, &err), MIPO_E_USAGE);
	ck_fails(mipo_ckinds_parse("", &set, &err), MIPO_E_USAGE);
	ck_fails(mipo_ckinds_parse("opend", &set, &err), MIPO_E_USAGE);
	ck_fails(mipo_ckinds_parse("none,opened", &set, &err), MIPO_E_USAGE);
	ck_assert_uint_eq(mipo_ckinds_default(), 1U << MIPO_CK_OPENED |
	    1U << MIPO_CK_FIRST_SEEN_OPEN | 1U << MIPO_CK_HOST_APPEARED |
	    1U << MIPO_CK_HOST_FIRST_SEEN);
}
END_TEST

/* What is written by hand is what the general writer would write. */
static void
check_line(const struct mipo_buf *line)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = NULL;

	ck_ok(mipo_rec_parse(line->data, line->len, &rec, &err));
	ck_ok(mipo_rec_check(rec, &err));
	ck_assert(mipo_rec_is_canon(line->data, line->len));
	ck_assert_uint_le(line->len, MIPO_REC_MAX_WRITE);
	mipo_rec_free(rec);
}

START_TEST(change_lines_are_canonical)
{
	struct look odd = {.network = "a\"b\\\xc3\xa9", .vantage = "v\n"};
	struct mipo_change change = {.kind = MIPO_CK_OPENED, .port = 22,
	    .before = MIPO_NOT_COVERED, .after = MIPO_OPEN};
	static uint16_t ports[65535];
	struct mipo_changes *changes;
	struct mipo_err err = {0};
	struct mipo_snap *snap;
	struct mipo_buf line;

	mipo_buf_init(&line, MIPO_REC_MAX_WRITE);
	ck_ok(look_snap(&odd, &snap, &err));
	changes = mipo_changes_new(snap, snap, 1U << MIPO_CK_OPENED,
	    1795341600123, &err);
	ck_assert_ptr_nonnull(changes);
	ck_ok(mipo_addr_parse("2001:db8::1", &change.ip, &err));
	for (unsigned k = 1; k < MIPO_CK_HOST_APPEARED; k++) {
		change.kind = (enum mipo_ckind)k;
		mipo_buf_clear(&line);
		mipo_changes_emit(changes, &change, &line);
		check_line(&line);
	}
	for (unsigned i = 0; i < 65535; i++)
		ports[i] = (uint16_t)(i + 1);
	change.kind = MIPO_CK_HOST_GONE;
	change.port = 0;
	change.ports = ports;
	for (change.n_ports = 0; change.n_ports <= 65535;
	     change.n_ports += change.n_ports < 2 ? 1 : 9362) {
		mipo_buf_clear(&line);
		mipo_changes_emit(changes, &change, &line);
		check_line(&line);
	}
	mipo_buf_release(&line);
	mipo_changes_free(changes);
	mipo_snap_free(snap);
}
END_TEST

START_TEST(ends_tell_what_came_of_it)
{
	struct mipo_snap *snap = NULL;
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	uint8_t digest[32] = {0};
	int64_t n;

	diff(LOOK(.pairs = "198.18.0.1 80 closed"),
	    LOOK(.pairs = "198.18.0.1 80 closed, 198.18.0.1 22 open",
		.verdict = "degraded"));
	rec = mipo_diff_end(&sum, mipo_ckinds_default(), digest, &err);
	ck_ok(mipo_rec_check(rec, &err));
	ck_assert_str_eq(mipo_rec_str(rec, "status"), "changed");
	ck_assert(mipo_rec_int(rec, "kinds.opened", &n) && n == 1);
	ck_assert_str_eq(
	    mipo_rec_str(rec, "reasons.0"), "the new look is degraded");
	mipo_rec_free(rec);
	rec = mipo_diff_end(&sum, 0, digest, &err);
	ck_assert_str_eq(mipo_rec_str(rec, "status"), "inconclusive");
	mipo_rec_free(rec);
	ck_ok(look_snap(&LOOK(.pairs = ""), &snap, &err));
	rec = mipo_diff_start(NULL, snap, ~1U, &err);
	ck_ok(mipo_rec_check(rec, &err));
	ck_assert_uint_eq(mipo_rec_len(rec, "gate"), MIPO_CKIND_N - 1);
	mipo_rec_free(rec);
	mipo_snap_free(snap);
}
END_TEST

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 20);
}

START_TEST(keys_sort)
{
	static uint8_t keys[4000][20], want[4000][20];
	struct mipo_err err = {0};
	uint32_t x = 1;

	for (size_t i = 0; i < 4000; i++)
		for (size_t j = 0; j < 20; j++) {
			x = x * 1664525 + 1013904223;
			keys[i][j] = (uint8_t)(j < 9 ? x >> 31 : x >> 24);
		}
	memcpy(want, keys, sizeof(want));
	qsort(want, 4000, 20, by_bytes);
	mipo_mem_fail_at(1);
	ck_fails(mipo_sort_keys(keys, 4000, 20, &err), MIPO_E_NOMEM);
	ck_ok(mipo_sort_keys(keys, 4000, 20, &err));
	ck_assert(memcmp(keys, want, sizeof(want)) == 0);
	mipo_mem_fail_at(1);
	ck_ok(mipo_sort_keys(keys, 4000, 20, &err)); /* in order: no memory */
	mipo_mem_fail_at(0);
}
END_TEST

/* All of it, with the nth allocation failing, until none does. */
START_TEST(memory_runs_out)
{
	struct look old = LOOK(.pairs = "198.18.0.1 22 open, "
		"198.18.0.1 80 open, 2001:db8::1 80 open",
	    .targets = "198.18.0.0/30 2001:db8::1");
	struct look new = LOOK(.pairs = "198.18.0.2 22 open",
	    .verdict = "degraded", .walked = 3, .refused = 1);
	uint8_t digest[32] = {0};
	bool done = false;

	mipo_rec_init();
	for (unsigned long n = 1; !done; n++) {
		struct mipo_snap *a = NULL, *b = NULL;
		struct mipo_changes *changes = NULL;
		struct mipo_rec *start = NULL, *end = NULL;
		struct mipo_err err = {0};

		mipo_mem_fail_at(n);
		done = look_snap(&old, &a, &err) == 0 &&
		    look_snap(&new, &b, &err) == 0 &&
		    mipo_diff_run(a, b, one, NULL, &sum, &err) == 0 &&
		    (changes = mipo_changes_new(a, b, 1, 0, &err)) != NULL &&
		    (start = mipo_diff_start(a, b, 1, &err)) != NULL &&
		    mipo_rec_ok(start, &err) == 0 &&
		    (end = mipo_diff_end(&sum, 1, digest, &err)) != NULL &&
		    mipo_rec_ok(end, &err) == 0;
		mipo_mem_fail_at(0);
		ck_assert_msg(done || err.code == MIPO_E_NOMEM,
		    "allocation %lu: %s", n, err.text);
		mipo_rec_free(start);
		mipo_rec_free(end);
		mipo_changes_free(changes);
		mipo_snap_free(a);
		mipo_snap_free(b);
		ck_assert_uint_lt(n, 5000);
	}
}
END_TEST

UNIT_MAIN("diff", equal_looks_do_not_differ, each_kind_of_pair,
    silence_is_what_was_declared, only_what_both_cover_is_compared,
    hosts_appear_and_go, a_weak_look_concludes_nothing,
    the_receipt_tells_what_was_probed,
    of_two_states_the_stronger_stands, order_is_numeric,
    other_places_are_not_compared, a_look_must_be_what_it_declares, gates,
    change_lines_are_canonical, ends_tell_what_came_of_it, keys_sort,
    memory_runs_out);
