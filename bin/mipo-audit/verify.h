/* The parts of mipo-audit verify. */
#ifndef MIPO_AUDIT_VERIFY_H
#define MIPO_AUDIT_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "kit/cli.h"
#include "trust/logcheck.h"
#include "trust/report.h"

struct mipo_err;

struct verify_opts {
	struct mipo_common common;
	const char *key;	/* file, or the vkey itself */
	const char *challenge;	/* nonce */
	const char *since;	/* file with a checkpoint */
	const char *state_file; /* what this auditor remembers */
	uint64_t max_age;	/* ms, 0: not asked */
	bool explain;
};

/* A checkpoint from a file of the auditor's. */
enum {
	ANCHOR_SINCE,
	ANCHOR_MEMORY,
	ANCHORS
};

/* One run. */
struct verify {
	const struct verify_opts *opts;
	bool pinned;
	struct mipo_pub key;
	struct mipo_anchor anchor[ANCHORS];
	bool has_anchor[ANCHORS];
	struct mipo_logcheck_opts check_opts;
	struct mipo_logcheck *check; /* holds facts */
	const struct mipo_logfacts *facts;
	struct mipo_buf note; /* the subject's newest checkpoint */
	struct mipo_report report;
	bool unmet; /* something that was asked for is not proven */
};

/* ---- what the auditor brings (verify-given.c) */

/* --key, as a vkey, a minisign or an OpenSSL public key, or their file. */
int verify_read_key(struct verify *run, struct mipo_err *err);

/* --since and --state-file; the latter may not be there yet. */
int verify_read_anchors(struct verify *run, struct mipo_err *err);

/*
 * The checkpoint in file path; *ret_has stays where it is not there and
 * need not be. A damaged one is E_INPUT.
 */
int verify_read_anchor(const struct verify *run, const char *path, bool must,
    struct mipo_checkpoint *ret_cp, bool *ret_has, struct mipo_err *err);

/*
 * Keeps the checkpoint that was found good in --state-file, under a lock
 * and in place of the one that it was held to alone (verify-memory.c). Of
 * one that another run put there and that contradicts it, the row "memory"
 * becomes FAIL.
 */
int verify_remember(struct verify *run, struct mipo_err *err);

/* ---- what is checked: both fill check, facts, note and report */

/* A bundle on fd. */
int verify_bundle(struct verify *run, int fd, struct mipo_err *err);

/*
 * A state's log; path NULL: where the state of this user is. One of two
 * files: verify-state.c, or verify-no-state.c, which refuses.
 */
int verify_state(struct verify *run, const char *path, struct mipo_err *err);

/* ---- what is said (verify-say.c) */

/* The rows about the key and what was asked for. Sets unmet. */
void verify_judge(struct verify *run);

/* Text or NDJSON on stdout. */
int verify_say(const struct verify *run, struct mipo_err *err);

#endif
