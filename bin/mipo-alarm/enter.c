/* Judging what the state holds at the moment of writing. */
#include "bin/mipo-alarm/alarm.h"

#include "base/err.h"
#include "judge/world.h"
#include "store/door.h"
#include "store/state.h"

#define LOCK_WAIT_MS 30000
#define OUTSIDE	     3 /* loads outside of the transaction, at most */

/* A snapshot of the state becomes the world; how long its log was. */
static int
load(struct mipo_state *state, struct mipo_world *world, const char *scan,
    bool *weak, uint64_t *size, struct mipo_err *err)
{
	int r;

	if (mipo_state_read_begin(state, err) != 0)
		return -1;
	r = mipo_state_entries(state, size, err);
	if (r == 0)
		r = alarm_load_world(state, world, scan, weak, err);
	mipo_state_read_end(state);
	return r;
}

int
alarm_door(struct mipo_state *state, const struct mipo_actor *actor,
    const char *scope, struct mipo_door **ret_door, struct mipo_err *err)
{
	return mipo_door_open(
	    state, actor, scope, LOCK_WAIT_MS, ret_door, err);
}

/* What others wrote between loading and the door is not in the world. */
int
alarm_enter(struct mipo_state *state, const struct mipo_actor *actor,
    const char *scope, struct mipo_world *world, const char *scan,
    bool *ret_weak, struct mipo_door **ret_door, struct mipo_err *err)
{
	struct mipo_door *door = NULL;
	uint64_t then, now;
	bool weak = false;

	for (int i = 0; i < OUTSIDE; i++) {
		mipo_door_abandon(door);
		door = NULL;
		if (load(state, world, scan, &weak, &then, err) != 0 ||
		    alarm_door(state, actor, scope, &door, err) != 0)
			return -1;
		if (mipo_state_entries(state, &now, err) != 0)
			goto fail;
		if (now == then)
			goto out;
	}
	if (alarm_load_world(state, world, scan, &weak, err) != 0)
		goto fail;
out:
	*ret_weak = weak;
	*ret_door = door;
	return 0;
fail:
	mipo_door_abandon(door);
	return -1;
}
