/*
 * Recording a look: its lines are checked, spooled as an object and sorted
 * as they come; one commit at the end makes it part of the state. Until
 * then nothing is there, and nothing stays when the process dies.
 */
#ifndef MIPO_STORE_RECORD_H
#define MIPO_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/door.h"

struct mipo_err;
struct mipo_record;
struct mipo_state;

int mipo_record_new(struct mipo_state *state, struct mipo_record **ret_record,
    struct mipo_err *err);
void mipo_record_free(struct mipo_record *record); /* NULL is nothing */

/*
 * One line without LF. *ret_end: it was the end record, which is to be
 * passed on only after the commit. E_INPUT: a bad line, an observation
 * outside the scope, a scan that is recorded already, but for one that it
 * supersedes (apply.h). E_TAMPERED: count,
 * digest or signature of the end record do not hold.
 */
int mipo_record_line(struct mipo_record *record, const char *line, size_t len,
    bool *ret_end, struct mipo_err *err);

struct mipo_recorded_place {
	char network[64], vantage[64];
};

/* What was recorded. */
struct mipo_recorded {
	char scan[33];
	char verdict[16];
	char trust[12];	   /* weight.h */
	char key[17];	   /* of its signature, or "none" */
	struct mipo_recorded_place place;
	struct mipo_recorded_place registered; /* that key; "": any, none */
	char why[12];	   /* it concludes nothing (weight.h); "" */
	uint64_t pairs;	   /* that were listed */
	uint64_t changes;  /* bindings of the index that were written */
	struct mipo_committed log;
};

/*
 * The commit. Without an end record the look is recorded as interrupted,
 * with an end record of our own in the log (origin "store"). E_INCONCLUSIVE
 * when not even a scan.start came: then nothing is recorded. *ret_recorded
 * is filled also with E_STANDS (mipo_door_commit).
 */
int mipo_record_finish(struct mipo_record *record,
    const struct mipo_actor *actor, uint64_t wait_ms,
    struct mipo_recorded *ret_recorded, struct mipo_err *err);

#endif
