#include "store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/logread.h"
#include "store/sides.h"
#include "walk.h"

START_TEST(init_and_commits)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_committed done;
	struct stat st;
	char path[128];

	place_init(&place);
	ck_fails(place_try_init(&place, &err), MIPO_E_USAGE);
	(void)snprintf(path, sizeof(path), "%s/keys", place.state);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0700);
	state = place_open(&place, true);
	ck_assert_uint_eq(walk_log(state), 4);
	for (int i = 0; i < 20; i++) {
		ck_ok(place_notes(state, i, &done, &err));
		ck_assert_uint_eq(done.size, walk_log(state));
		ck_assert_uint_eq(done.last, done.size - 1);
	}
	mipo_state_close(state);
	state = place_open(&place, false);
	ck_assert_uint_eq(walk_log(state), 4 + 190 + 19);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* What is added and abandoned leaves no trace, and no key behind. */
START_TEST(abandoned)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_actor actor;
	struct mipo_door *door = NULL;
	struct mipo_rec *rec;

	place_init(&place);
	state = place_open(&place, true);
	mipo_actor_find(&actor);
	ck_fails(mipo_door_open(state, &actor, "Store Record", 0, &door,
		     &err),
	    MIPO_E_INTERNAL);
	ck_ok(mipo_door_open(state, &actor, "audit.append", 0, &door, &err));
	rec = mipo_rec_start("access.owner", &err);
	ck_fails(mipo_door_add(door, rec, NULL, &err), MIPO_E_INPUT);
	mipo_rec_put_str(rec, "subject", "uid:7");
	ck_fails(mipo_door_add(door, rec, NULL, &err), MIPO_E_INTERNAL);
	ck_fails(mipo_door_commit(door, NULL, &err), MIPO_E_INTERNAL);
	ck_ok(mipo_door_open(state, &actor, "audit.append", 0, &door, &err));
	ck_ok(mipo_door_add(door, rec, NULL, &err));
	mipo_door_abandon(door);
	mipo_rec_free(rec);
	ck_assert_uint_eq(walk_log(state), 4);
	ck_ok(place_notes(state, 1, NULL, &err));
	ck_assert_uint_eq(walk_log(state), 6);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(lock_is_waited_for)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *a, *b;
	struct mipo_actor actor;
	struct mipo_door *door = NULL, *other = NULL;

	place_init(&place);
	a = place_open(&place, true);
	b = place_open(&place, true);
	mipo_actor_find(&actor);
	ck_ok(mipo_door_open(a, &actor, "audit.append", 0, &door, &err));
	ck_assert_int_eq(mipo_door_open(b, &actor, "audit.append", 50,
			     &other, &err), -1);
	ck_assert_int_eq(err.code, MIPO_E_BUSY);
	ck_assert_int_eq(mipo_err_exit(&err), 4);
	mipo_err_clear(&err);
	mipo_door_abandon(door);
	ck_ok(mipo_door_open(b, &actor, "audit.append", 50, &other, &err));
	mipo_door_abandon(other);
	mipo_state_close(a);
	mipo_state_close(b);
	place_remove(&place);
}
END_TEST

#define WRITERS 2
#define COMMITS 40

START_TEST(two_writers_and_a_reader)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	pid_t pids[WRITERS];
	int status, left = WRITERS;

	place_init(&place);
	for (int w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		if (pids[w] != 0)
			continue;
		if (mipo_state_open(place.state, true, &state, &err) != 0)
			_exit(1);
		for (int i = 0; i < COMMITS; i++)
			if (place_notes(state, 1 + i % 3, NULL, &err) != 0) {
				(void)fprintf(stderr, "%s\n", err.text);
				_exit(2);
			}
		mipo_state_close(state);
		_exit(0);
	}
	state = place_open(&place, false);
	while (left > 0) {
		(void)walk_log(state);
		if (waitpid(-1, &status, WNOHANG) > 0) {
			ck_assert_int_eq(status, 0);
			left--;
		}
	}
	/* 40 commits of 1, 2, 3 notes in turn, and their seals, twice */
	ck_assert_uint_eq(walk_log(state), 4 + WRITERS * (79 + COMMITS));
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

static void
copy_file(const char *dir, const char *from, const char *to)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;
	char path[256];

	mipo_buf_init(&buf, 64 << 20);
	(void)snprintf(path, sizeof(path), "%s/%s", dir, from);
	ck_ok(mipo_file_read(path, &buf, &err));
	(void)snprintf(path, sizeof(path), "%s/%s", dir, to);
	ck_ok(mipo_file_put(path, 0600, 0, buf.data, buf.len, &err));
	mipo_buf_release(&buf);
}

/* An older copy of the database, or of the key file, is refused. */
START_TEST(rollback_is_refused)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;

	place_init(&place);
	copy_file(place.state, "keys/ratchet", "old-ratchet");
	copy_file(place.state, "mipo.db", "old.db");
	copy_file(place.state, "mipo.db-wal", "old.db-wal");
	state = place_open(&place, true);
	ck_ok(place_notes(state, 1, NULL, &err));
	copy_file(place.state, "keys/ratchet", "new-ratchet");
	copy_file(place.state, "old-ratchet", "keys/ratchet");
	ck_fails(place_notes(state, 1, NULL, &err), MIPO_E_TAMPERED);
	copy_file(place.state, "new-ratchet", "keys/ratchet");
	ck_ok(place_notes(state, 1, NULL, &err));
	mipo_state_close(state);
	copy_file(place.state, "old.db", "mipo.db");
	copy_file(place.state, "old.db-wal", "mipo.db-wal");
	state = place_open(&place, true);
	ck_fails(place_notes(state, 1, NULL, &err), MIPO_E_TAMPERED);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* The guard rails and the comparison of the schema. */
START_TEST(foreign_hands)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	char path[128];
	sqlite3 *sq;
	static const char *const evil[] = {
	    "CREATE VIEW v AS SELECT 1",
	    "DROP TRIGGER leaf_no_UPDATE",
	    "CREATE TRIGGER t AFTER INSERT ON note BEGIN SELECT 1; END",
	    "ALTER TABLE side ADD COLUMN x TEXT",
	    "PRAGMA application_id=7",
	    "CREATE TABLE extra(a)",
	};

	for (size_t i = 0; i < sizeof(evil) / sizeof(*evil); i++) {
		place_init(&place);
		(void)snprintf(
		    path, sizeof(path), "%s/mipo.db", place.state);
		ck_assert_int_eq(sqlite3_open(path, &sq), SQLITE_OK);
		ck_assert_int_ne(sqlite3_exec(sq, "UPDATE leaf SET body=x'00'",
				     NULL, NULL, NULL),
		    SQLITE_OK);
		ck_assert_int_ne(sqlite3_exec(sq, "DELETE FROM note", NULL,
				     NULL, NULL),
		    SQLITE_OK);
		ck_assert_int_eq(
		    sqlite3_exec(sq, evil[i], NULL, NULL, NULL), SQLITE_OK);
		(void)sqlite3_close(sq);
		ck_assert_int_eq(
		    mipo_state_open(place.state, false, &state, &err), -1);
		ck_assert(err.code == MIPO_E_TAMPERED ||
		    err.code == MIPO_E_INPUT);
		mipo_err_clear(&err);
		place_remove(&place);
	}
}
END_TEST

/* Who opened the state before another version did writes no more. */
START_TEST(upgraded_in_between)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state, *other;
	uint64_t before, after;

	place_init(&place);
	state = place_open(&place, true);
	other = place_open(&place, true);
	ck_ok(place_notes(state, 1, NULL, &err));
	ck_ok(mipo_state_entries(state, &before, &err));
	ck_ok(mipo_db_exec(
	    mipo_state_db(other), "PRAGMA user_version=99", &err));
	ck_assert_int_eq(place_notes(state, 1, NULL, &err), -1);
	ck_assert_int_eq(err.code, MIPO_E_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "another version of mipo"));
	mipo_err_clear(&err);
	ck_ok(mipo_state_entries(state, &after, &err));
	ck_assert_uint_eq(before, after);
	mipo_state_close(other);
	mipo_state_close(state);
	state = place_open(&place, true); /* ours again */
	ck_ok(place_notes(state, 1, NULL, &err));
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* Each allocation fails once: the log is whole before and after. */
START_TEST(memory_may_be_out)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	uint64_t size;
	unsigned long n;
	int r = -1;

	place_init(&place);
	state = place_open(&place, true);
	size = walk_log(state);
	for (n = 1; r != 0 && n < 1000; n++) {
		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		r = place_notes(state, 2, NULL, &err);
		mipo_mem_fail_at(0);
		ck_assert_msg(r == 0 || err.code == MIPO_E_NOMEM, "%lu: %s",
		    n, err.text);
		ck_assert_uint_eq(walk_log(state), size + (r == 0 ? 3 : 0));
	}
	ck_assert_uint_gt(n, 5);
	ck_assert_int_eq(r, 0);
	mipo_state_close(state);
	r = -1;
	for (n = 1; r != 0 && n < 1000; n++) {
		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		r = mipo_state_open(place.state, true, &state, &err);
		mipo_mem_fail_at(0);
		ck_assert(r == 0 || err.code == MIPO_E_NOMEM);
	}
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(init_whole_or_not_at_all)
{
	struct mipo_err err = {0};
	struct place place;
	unsigned long n;
	int r = -1;

	place_make(&place);
	ck_ok(mipo_trust_init(&err));
	for (n = 1; r != 0 && n < 2000; n++) {
		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		r = place_try_init(&place, &err);
		mipo_mem_fail_at(0);
		ck_assert(r == 0 || err.code == MIPO_E_NOMEM);
		if (r != 0) /* nothing at all may be left */
			ck_assert_msg(rmdir(place.dir) == 0, "%lu %s", n,
			    err.text);
		if (r != 0)
			ck_assert_int_eq(mkdir(place.dir, 0700), 0);
	}
	ck_assert_int_eq(r, 0);
	place_remove(&place);
}
END_TEST

/* Whom /proc, sudo and the kernel name, in this order. */
START_TEST(who_acts)
{
	struct mipo_actor actor;

	ck_assert_int_eq(setenv("SUDO_UID", "1234", 1), 0);
	mipo_actor_find(&actor);
	if (strcmp(actor.known_by, "loginuid") == 0)
		return; /* a login's uid stands above sudo's word */
	if (geteuid() == 0) {
		ck_assert_str_eq(actor.id, "uid:1234");
		ck_assert_str_eq(actor.known_by, "sudo-env");
		ck_assert_str_eq(actor.kind, "person");
	} else
		ck_assert_str_eq(actor.known_by, "none");
	ck_assert_int_eq(setenv("SUDO_UID", "12x", 1), 0);
	mipo_actor_find(&actor);
	ck_assert_str_eq(actor.known_by, "none");
	ck_assert_str_eq(actor.kind, "system");
	(void)unsetenv("SUDO_UID");
}
END_TEST

static struct mipo_sidefacts
see_sides(struct mipo_state *state)
{
	struct mipo_err err = {0};
	struct mipo_logread *reader = NULL;
	struct mipo_sides *sides = NULL;
	struct mipo_sidefacts facts;
	struct mipo_logrow row;

	ck_ok(mipo_logread_open(state, &reader, &err));
	ck_ok(mipo_sides_new(state, &sides, &err));
	while (mipo_logread_next(reader, &row, &err) > 0)
		ck_ok(mipo_sides_entry(sides, row.body, row.len, &err));
	ck_ok(mipo_sides_entry(sides, "", 0, &err)); /* passed over */
	ck_ok(mipo_sides_finish(sides, &facts, &err));
	mipo_sides_free(sides);
	mipo_logread_close(reader);
	return facts;
}

static void
change_sides(const struct place *place, const char *sql)
{
	char path[128];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/mipo.db", place->state);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* What one of three commits names is there, gone, bent or one too many. */
START_TEST(sides)
{
	static const struct {
		const char *sql;
		uint64_t rows, wrong, forgotten, spare;
	} cases[] = {
	    {"SELECT 1", 3, 0, 0, 0},
	    {"DELETE FROM side WHERE digest = (SELECT min(digest) FROM side)",
		2, 0, 1, 0},
	    {"REPLACE INTO side SELECT max(digest), x'00' FROM side",
		2, 1, 1, 0},
	    {"INSERT INTO side (digest, body) VALUES (zeroblob(32), x'01')",
		3, 2, 1, 1},
	};
	struct mipo_err err = {0};
	struct place place;

	place_init(&place);
	for (int i = 0; i < 2; i++) {
		struct mipo_state *state = place_open(&place, true);

		ck_ok(place_notes(state, 2, NULL, &err));
		mipo_state_close(state);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mipo_state *state;
		struct mipo_sidefacts facts;

		change_sides(&place, cases[i].sql);
		state = place_open(&place, false);
		facts = see_sides(state);
		mipo_state_close(state);
		ck_assert_uint_eq(facts.named, 3);
		ck_assert_uint_eq(facts.rows, cases[i].rows);
		ck_assert_uint_eq(facts.wrong, cases[i].wrong);
		ck_assert_uint_eq(facts.forgotten, cases[i].forgotten);
		ck_assert_uint_eq(facts.spare, cases[i].spare);
	}
	place_remove(&place);
}
END_TEST

UNIT_MAIN("store-log", init_and_commits, sides, abandoned, lock_is_waited_for,
    two_writers_and_a_reader, rollback_is_refused, foreign_hands,
    upgraded_in_between, memory_may_be_out, init_whole_or_not_at_all,
    who_acts);
