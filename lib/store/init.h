/* Making a state: whole or not at all. */
#ifndef MIPO_STORE_INIT_H
#define MIPO_STORE_INIT_H

#include <stdbool.h>

#include "store/door.h"
#include "trust/key.h"

struct mipo_err;

/* What the state is to be. Strings are borrowed. */
struct mipo_init {
	const char *path;    /* where; nothing may be there */
	const char *org;     /* NULL: "local"; letters, digits, . and - */
	const char *network; /* of its scanner; NULL: any */
	const char *vantage; /* NULL: any */
	const struct mipo_actor *actor; /* becomes the owner */
	struct mipo_pub recovery; /* its secret is never here */
};

/* What was made. */
struct mipo_inited {
	char origin[160];
	char vkey[256];	 /* the log's, for auditors */
	char scanner[17]; /* the scanner's key id */
	bool group;	 /* group mipo exists and may read */
};

/* E_USAGE where anything but an empty directory is at path. */
int mipo_init_check(const char *path, struct mipo_err *err);

/*
 * Builds path.PID.new beside path and renames it: keys/ (log key, ratchet,
 * scanner key), objects/, mipo.db with genesis, access.owner and
 * access.scanner. On failure nothing stays.
 */
int mipo_init_state(const struct mipo_init *init,
    struct mipo_inited *ret_made, struct mipo_err *err);

/*
 * Writes a new recovery secret to path (minisign form, 0600, never over a
 * file) and its public half to path.pub. Refused when path lies inside
 * state_path.
 */
int mipo_init_recovery(const char *path, const char *state_path,
    struct mipo_pub *ret_pub, struct mipo_err *err);

#endif
