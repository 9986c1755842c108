#include "look.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "crash.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/object.h"
#include "store/rebuild.h"
#include "walk.h"

#define T0 INT64_C(1700000000000)

static const char *copy_from, *copy_to;

static int
copy_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	char to[256];
	struct mipo_buf buf;
	int r = 0;

	(void)ftw;
	(void)snprintf(to, sizeof(to), "%s%s", copy_to,
	    path + strlen(copy_from));
	if (kind == FTW_D)
		return mkdir(to, st->st_mode & 07777);
	mipo_buf_init(&buf, 1 << 24);
	r = mipo_file_read(path, &buf, NULL);
	if (r == 0)
		r = mipo_file_put(
		    to, st->st_mode & 07777, 0, buf.data, buf.len, NULL);
	mipo_buf_release(&buf);
	return r;
}

/* A copy of a state, quick enough to have one for each crash. */
static void
copy_state(const struct place *from, const char *to)
{
	copy_from = from->state;
	copy_to = to;
	(void)unit_remove(to);
	ck_assert_int_eq(nftw(copy_from, copy_one, 8, FTW_PHYS), 0);
}

/* What the process does that is going to crash. 0: it went well. */
typedef int work(struct place *place);

static int
work_notes(struct place *place)
{
	struct mipo_state *state;

	if (mipo_state_open(place->state, true, &state, NULL) != 0 ||
	    place_notes(state, 3, NULL, NULL) != 0)
		return 1;
	mipo_state_close(state);
	return 0;
}

static int
work_checkpoint(struct place *place)
{
	struct mipo_state *state;

	if (mipo_state_open(place->state, true, &state, NULL) != 0 ||
	    place_notes(state, 1, NULL, NULL) != 0 ||
	    mipo_db_exec(mipo_state_db(state),
		"PRAGMA wal_checkpoint(TRUNCATE)", NULL) != 0 ||
	    place_notes(state, 1, NULL, NULL) != 0)
		return 1;
	mipo_state_close(state);
	return 0;
}

static int
work_record(struct place *place)
{
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;

	sim_init(&sim, 2, T0 + 1000);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	sim_obs(&sim, "198.18.0.2", 80, MIPO_CLOSED);
	if (mipo_state_open(place->state, true, &state, NULL) != 0 ||
	    sim_record(state, &sim, &done, NULL) != 0)
		return 1;
	mipo_state_close(state);
	return 0;
}

static int64_t
number(struct mipo_state *state, const char *sql)
{
	struct mipo_err err = {0};
	int64_t n;

	ck_ok(mipo_db_number(mipo_state_db(state), sql, 0, &n, &err));
	return n;
}

static void
say(void *arg, const char *text)
{
	(void)arg;
	(void)fprintf(stderr, "check: %s\n", text);
}

/*
 * After the crash: the log is whole, the index is what it says, each look
 * of the log is in the index, and the next writer can go on.
 */
static void
must_be_whole(struct place *place, const char *what)
{
	struct mipo_err err = {0};
	struct mipo_state *state;
	struct mipo_checked checked;

	ck_assert_msg(mipo_state_open(place->state, true, &state, &err) == 0,
	    "%s: %s", what, err.text);
	(void)walk_log(state);
	ck_ok(mipo_check(state, say, NULL, &checked, &err));
	ck_assert_msg(checked.differences == 0, "%s", what);
	ck_assert_int_eq(number(state, "SELECT count(*) FROM scan"),
	    number(state, "SELECT count(*) FROM leaf WHERE "
		"instr(body, '\"kind\":\"scan.end\"')>0"));
	ck_assert_msg(place_notes(state, 1, NULL, &err) == 0, "%s: %s", what,
	    err.text);
	(void)walk_log(state);
	mipo_state_close(state);
}

/* Crashes work at each call in turn; how many calls there were. */
static unsigned long
crash_everywhere(struct place *base, work *run, const char *name)
{
	struct place place = *base;
	unsigned long n, crashes = 0;
	char what[64];

	(void)snprintf(place.state, sizeof(place.state), "%s/copy", base->dir);
	for (n = 1;; n++) {
		for (int mode = 0; mode < 3; mode++) {
			int status;
			pid_t pid;

			copy_state(base, place.state);
			pid = fork();
			if (pid == 0) {
				crash_arm(n, (enum crash_loss)mode);
				_exit(run(&place));
			}
			ck_assert_int_eq(waitpid(pid, &status, 0), pid);
			ck_assert(WIFEXITED(status));
			if (WEXITSTATUS(status) == 0)
				return crashes;
			ck_assert_int_eq(WEXITSTATUS(status), CRASH_STATUS);
			crashes++;
			(void)snprintf(what, sizeof(what),
			    "%s, call %lu, mode %d", name, n, mode);
			must_be_whole(&place, what);
		}
	}
}

static void
base_state(struct place *place)
{
	struct mipo_err err = {0};
	struct mipo_state *state;
	struct mipo_recorded done;
	struct sim sim;

	place_init(place);
	state = place_open(place, true);
	sim_init(&sim, 1, T0);
	sim_obs(&sim, "198.18.0.1", 80, MIPO_OPEN);
	sim_obs(&sim, "198.18.0.3", 80, MIPO_OPEN);
	ck_ok(sim_record(state, &sim, &done, &err));
	mipo_state_close(state);
}

START_TEST(notes)
{
	struct place place;

	base_state(&place);
	ck_assert_uint_gt(crash_everywhere(&place, work_notes, "notes"), 60);
	place_remove(&place);
}
END_TEST

START_TEST(checkpoint)
{
	struct place place;

	base_state(&place);
	ck_assert_uint_gt(
	    crash_everywhere(&place, work_checkpoint, "checkpoint"), 120);
	place_remove(&place);
}
END_TEST

START_TEST(record)
{
	struct place place;

	base_state(&place);
	ck_assert_uint_gt(crash_everywhere(&place, work_record, "record"), 100);
	place_remove(&place);
}
END_TEST

/* A state is there whole, or not at all. */
START_TEST(init)
{
	struct mipo_err err = {0};
	struct place place;
	unsigned long n;
	int status;

	place_make(&place);
	ck_ok(mipo_trust_init(&err));
	for (n = 1;; n++) {
		pid_t pid = fork();

		if (pid == 0) {
			crash_arm(n, CRASH_KEEP);
			_exit(place_try_init(&place, NULL) == 0 ? 0 : 1);
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert(WIFEXITED(status));
		if (access(place.state, F_OK) == 0)
			must_be_whole(&place, "init");
		if (WEXITSTATUS(status) == 0)
			break;
		ck_assert_int_eq(WEXITSTATUS(status), CRASH_STATUS);
		place_remove(&place);
		ck_assert_int_eq(mkdir(place.dir, 0700), 0);
	}
	ck_assert_uint_gt(n, 20);
	place_remove(&place);
}
END_TEST

/* Durable is: the key's slot, the commit, the old key's end. No more. */
START_TEST(three_syncs)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;

	place_init(&place);
	state = place_open(&place, true);
	ck_ok(place_notes(state, 1, NULL, &err));
	crash_arm(0, CRASH_KEEP);
	ck_ok(place_notes(state, 1, NULL, &err));
	ck_assert_uint_eq(crash_syncs(), 3);
	mipo_state_close(state);
	ck_assert_uint_eq(crash_syncs(), 3);
	place_remove(&place);
}
END_TEST

/* Which syncs fail before the commit stands, and which after. */
START_TEST(sync_fails)
{
	struct mipo_err err = {0};
	struct place place;
	uint64_t before, after;

	place_init(&place);
	for (unsigned long n = 1; n <= 3; n++) {
		struct mipo_state *state = place_open(&place, true);
		struct mipo_committed done = {.size = 0};

		ck_ok(place_notes(state, 1, NULL, &err)); /* the WAL is there */
		ck_ok(mipo_state_entries(state, &before, &err));
		crash_fail_sync(n);
		ck_assert_int_eq(place_notes(state, 1, &done, &err), -1);
		crash_fail_sync(0);
		mipo_err_clear(&err);
		mipo_state_close(state);
		state = place_open(&place, false);
		ck_ok(mipo_state_entries(state, &after, &err));
		mipo_state_close(state);
		ck_assert_uint_eq(done.size, n == 3 ? after : 0);
		if (n != 2) /* then the disk may hold either */
			ck_assert_uint_eq(after, before + (n == 3 ? 2 : 0));
		must_be_whole(&place, "a sync that failed");
	}
	place_remove(&place);
}
END_TEST

/* Names are durable in the directory that holds them. */
START_TEST(directories)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	uint8_t digest[32];
	char objects[128];

	place_make(&place);
	ck_ok(mipo_trust_init(&err));
	(void)strcat(place.state, "/");
	crash_arm(0, CRASH_KEEP);
	ck_ok(place_try_init(&place, &err));
	ck_assert(crash_synced(place.dir));
	state = place_open(&place, true);
	(void)snprintf(objects, sizeof(objects), "%sobjects", place.state);
	for (int i = 0; i < 2; i++) { /* made, and there already */
		crash_arm(0, CRASH_KEEP);
		ck_ok(mipo_object_put(state, "x", 1, digest, &err));
		ck_assert(crash_synced(objects));
	}
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

UNIT_MAIN("store-crash", notes, checkpoint, record, init, three_syncs,
    sync_fails, directories);
