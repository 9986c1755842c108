/* What the tests of the store share: a fresh state in a fresh directory. */
#ifndef MIPO_TESTS_STORE_H
#define MIPO_TESTS_STORE_H

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/rec.h"
#include "store/door.h"
#include "store/init.h"
#include "store/state.h"
#include "trust/key.h"

/* A directory of the test, and the state's path in it. */
struct place {
	char dir[64], state[80];
};

static inline void
place_make(struct place *place)
{
	(void)snprintf(
	    place->dir, sizeof(place->dir), "%s/place-XXXXXX", unit_dir);
	ck_assert_ptr_nonnull(mkdtemp(place->dir));
	(void)snprintf(place->state, sizeof(place->state), "%s/state",
	    place->dir);
}

static inline void
place_remove(struct place *place)
{
	ck_assert_int_eq(unit_remove(place->dir), 0);
}

static inline int
place_try_init(struct place *place, struct mipo_err *err)
{
	struct mipo_actor actor;
	struct mipo_init init = {.path = place->state,
	    .network = "default",
	    .vantage = "default",
	    .actor = &actor};
	struct mipo_inited made;
	struct mipo_key *key = mipo_key_new(err);

	if (key == NULL)
		return -1;
	mipo_actor_find(&actor);
	init.recovery = *mipo_key_pub(key);
	mipo_key_free(key);
	return mipo_init_state(&init, &made, err);
}

static inline void
place_init(struct place *place)
{
	struct mipo_err err = {0};

	place_make(place);
	ck_ok(mipo_trust_init(&err));
	ck_ok(place_try_init(place, &err));
}

static inline struct mipo_state *
place_open(struct place *place, bool write)
{
	struct mipo_err err = {0};
	struct mipo_state *state = NULL;

	ck_ok(mipo_state_open(place->state, write, &state, &err));
	return state;
}

/* Adds n notes in one commit. */
static inline int
place_notes(struct mipo_state *state, int n, struct mipo_committed *done,
    struct mipo_err *err)
{
	struct mipo_actor actor;
	struct mipo_door *door = NULL;

	mipo_actor_find(&actor);
	if (mipo_door_open(
		state, &actor, "audit.append", 5000, &door, err) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		struct mipo_rec *rec = mipo_rec_start("note.test", err);
		int r = -1;

		mipo_rec_put_str(rec, "text", "hello");
		mipo_rec_put_int(rec, "i", i);
		if (rec != NULL && mipo_rec_ok(rec, err) == 0)
			r = mipo_door_add(door, rec, NULL, err);
		mipo_rec_free(rec);
		if (r != 0) {
			mipo_door_abandon(door);
			return -1;
		}
	}
	return mipo_door_commit(door, done, err);
}

#endif
