/* Each allocation of the store's readers, of check and rebuild, may fail. */
#include "index.h"

#include "base/mem.h"
#include "store/bindings.h"
#include "store/config.h"
#include "store/scans.h"

#define T0 INT64_C(1700000000000)

static struct mipo_state *state;
static struct mipo_err err;
static int rows;

static int
count_row(void *arg, const struct mipo_binding *binding)
{
	(void)arg;
	(void)binding;
	rows++;
	return 0;
}

static int
count_scan(void *arg, const struct mipo_scan_row *row)
{
	(void)arg;
	(void)row;
	rows++;
	return 0;
}

static int
count_scanner(void *arg, const struct mipo_scanner *scanner)
{
	(void)arg;
	(void)scanner;
	rows++;
	return 0;
}

static int
count_entry(void *arg, const struct mipo_entry *entry)
{
	(void)arg;
	(void)entry;
	rows++;
	return 0;
}

static int
count_rec(void *arg, const struct mipo_rec *rec)
{
	(void)arg;
	(void)rec;
	rows++;
	return 0;
}

static int
do_check(void)
{
	struct mipo_checked checked = {.differences = 0};
	char said[600] = "";
	int r = mipo_check(state, index_say, said, &checked, &err);

	/* memory that is out is no difference */
	ck_assert_msg(r != 0 || checked.differences == 0, "%s", said);
	rows = (int)checked.read.looks;
	return r;
}

static int
do_rebuild(void)
{
	struct mipo_rebuilt done = {.looks = 0};
	int r = mipo_rebuild(state, &done, &err);

	rows = (int)done.looks;
	return r;
}

static int
do_bindings(void)
{
	struct mipo_binding_filter filter = {.port = 0};

	return mipo_bindings_each(state, &filter, count_row, NULL, &err);
}

static int
do_covered(void)
{
	struct mipo_binding_filter filter = {.port = 89};
	struct mipo_bindings_cover cover = {.told = 0};
	int r = mipo_bindings_covered(state, &filter, &cover, &err);

	rows = cover.told == 1U << MIPO_TCP && cover.untold == 0;
	return r;
}

static int
do_scans(void)
{
	struct mipo_scan_filter filter = {.network = "net"};

	return mipo_scans_each(state, &filter, count_scan, NULL, &err);
}

static int
do_scanners(void)
{
	return mipo_scanners_each(state, count_scanner, NULL, &err);
}

static int
do_baselines(void)
{
	return mipo_baselines_each(state, count_entry, NULL, &err);
}

static int
do_alarms(void)
{
	return mipo_alarms_each(state, true, count_rec, NULL, &err);
}

static int
do_config(void)
{
	bool known, approved;

	return mipo_config_known(state, "00", &known, &approved, &err);
}

static const struct {
	int (*run)(void);
	int rows;
	unsigned long least; /* allocations there must be */
} calls[] = {{do_check, 3, 30}, {do_rebuild, 3, 30}, {do_bindings, 4, 3},
    {do_covered, 1, 3}, {do_scans, 3, 0}, {do_scanners, 1, 0},
    {do_baselines, 0, 0}, {do_alarms, 0, 0}, {do_config, 0, 0}};

/* It fails by name, or gives all there is. */
static void
fail_each(size_t which)
{
	unsigned long n = 0;
	int r;

	do {
		mipo_err_clear(&err);
		rows = 0;
		mipo_mem_fail_at(++n);
		r = calls[which].run();
		mipo_mem_fail_at(0);
		ck_assert_msg(r == 0 || err.code == MIPO_E_NOMEM, "%lu: %s",
		    n, err.text);
	} while (r != 0 && n < 5000);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(rows, calls[which].rows);
	ck_assert_uint_gt(n, calls[which].least);
}

START_TEST(each_allocation_may_fail)
{
	struct mipo_recorded done;
	struct place place;
	struct sim sim;

	place_init(&place);
	state = place_open(&place, true);
	for (int i = 1; i < 4; i++) {
		sim_init(&sim, i, T0 + i * 1000000);
		sim_obs(&sim, "198.18.0.1", 80 + i, MIPO_OPEN);
		sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
		ck_ok(sim_record(state, &sim, &done, &err));
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		fail_each(i);
	must_agree(state);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

UNIT_MAIN("store-alloc", each_allocation_may_fail);
