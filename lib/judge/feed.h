/*
 * The intake of rules without a state: looks and diff streams, one behind
 * the other, become a world. Records of other types are passed over.
 */
#ifndef MIPO_JUDGE_FEED_H
#define MIPO_JUDGE_FEED_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_alarms;
struct mipo_err;
struct mipo_lines;
struct mipo_world;

/* What came; streams that ended early are counted, and prove nothing. */
struct mipo_fed {
	uint64_t looks, diffs;
	uint64_t cut;	 /* streams without their end record */
	uint64_t unsure; /* diffs that say themselves that they are not sure */
	uint64_t first;	 /* of these, those without any look to compare with */
	uint64_t weak;	 /* looks, and news of looks, that are not complete */
	char network[64]; /* of the streams; "*" where they differ */
	char scan[33];	  /* of the last one; a diff's is the new look's */
};

/*
 * Reads lines to their end. looks: whether looks count (else they are read
 * and checked only). E_INPUT and E_TAMPERED name the line.
 */
int mipo_feed_read(struct mipo_lines *lines, struct mipo_world *world,
    bool looks, struct mipo_fed *ret_fed, struct mipo_err *err);

/*
 * Reads earlier alarm streams; what is no alarm record is passed over, but
 * without any stream it is E_INPUT. *ret_cut: one had no end record.
 */
int mipo_feed_alarms(struct mipo_lines *lines, struct mipo_alarms *alarms,
    bool *ret_cut, struct mipo_err *err);

#endif
