/*
 * The derived tables made anew from log and objects, and compared with what
 * they would be.
 */
#ifndef MIPO_STORE_REBUILD_H
#define MIPO_STORE_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_state;

struct mipo_rebuilt {
	uint64_t entries; /* of the log that were read */
	uint64_t looks;	  /* of them; each one's object was read */
	bool nodes;	  /* the log's tree nodes had to be restored */
};

/*
 * Drops the derived tables and makes them anew; restores nodes of the log's
 * tree that are missing or wrong. E_TAMPERED, and nothing is changed, where
 * the entries are not those that the newest checkpoint signs. ret_done may
 * be NULL.
 */
int mipo_rebuild(struct mipo_state *state, struct mipo_rebuilt *ret_done,
    struct mipo_err *err);

/* What check found wrong: one line of text each. */
typedef void mipo_check_say(void *arg, const char *text);

struct mipo_checked {
	struct mipo_rebuilt read;
	uint64_t differences; /* rows, or objects that are missing or wrong */
	uint64_t spare;	      /* objects that no entry names: harmless */
};

/*
 * Reads the whole log and every object it names, derives the tables and the
 * tree's nodes once more beside the state and compares them row by row, the
 * tables only when every entry and object could be used; and side objects
 * with their digests. Writes nothing. Says at most 100 differences. Whether
 * the log itself holds is mipo-audit verify's question.
 */
int mipo_check(struct mipo_state *state, mipo_check_say *say, void *arg,
    struct mipo_checked *ret_checked, struct mipo_err *err);

#endif
