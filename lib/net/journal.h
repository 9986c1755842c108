/*
 * The journal of a scan, by which it goes on after it was ended or killed:
 * lines of NDJSON that are only appended. Answers, and now and then a mark:
 * what of the order is done. A mark holds the digest of all before it, so
 * that a file whose end was lost, in any order, is good up to a mark. No
 * fsync is needed for that, and none is made.
 */
#ifndef MIPO_NET_JOURNAL_H
#define MIPO_NET_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "net/intervals.h"
#include "trust/hash.h"

struct mipo_err;
struct mipo_journal;
struct mipo_lines;
struct mipo_obs;
struct mipo_rec;
struct mipo_targets;

#define MIPO_JOURNAL_PASSES 16
#define MIPO_JOURNAL_SCANS  64 /* whose ids are kept */
#define MIPO_JOURNAL_UNSENT 4000000 /* runs of one scan */

/* What a journal says. For reading. */
struct mipo_journal_said {
	struct mipo_rec *first; /* the first journal.start; NULL: empty */
	struct mipo_rec *mark;	/* the last one, or NULL */
	struct mipo_intervals done[MIPO_JOURNAL_PASSES]; /* by all marks */
	struct mipo_targets *absent; /* in any scan up to it, or NULL */
	char scans[MIPO_JOURNAL_SCANS][33];
	uint64_t n_scans; /* may be more than are kept */
	bool uncounted;	  /* one of them did not end itself */
	char *ended;	  /* the verdict, or NULL */
	uint64_t bytes, lines;	/* that are good: the rest was lost */
	bool lossy;		/* and there was more than a cut last line */
	uint8_t sha256[MIPO_HASH_LEN]; /* of the good bytes */
};

/*
 * Reads a journal to its end, or to where it is no longer good. E_INPUT when
 * it does not even begin as one.
 */
int mipo_journal_read(struct mipo_lines *lines,
    struct mipo_journal_said *ret_said, struct mipo_err *err);
void mipo_journal_said_release(struct mipo_journal_said *said);

/*
 * Opens the file at path, or makes it (mode 0600), locks it (E_BUSY) and
 * reads it. It is not written to before mipo_journal_begin; one that was made
 * is gone again where that was not called. E_USAGE where it is a link or no
 * file; E_PERM where somebody else but root owns it, or may write to it.
 */
int mipo_journal_open(const char *path, struct mipo_journal **ret_journal,
    struct mipo_err *err);
void mipo_journal_free(struct mipo_journal *journal);
const struct mipo_journal_said *mipo_journal_said(
    const struct mipo_journal *journal);
const char *mipo_journal_path(const struct mipo_journal *journal);

/*
 * start, a journal.start, opens the part of this scan. E_USAGE that names
 * the first field in which it differs from the first one, or that the scan
 * has ended. What is no longer good at the end of the file is cut off.
 */
int mipo_journal_begin(struct mipo_journal *journal,
    const struct mipo_rec *start, struct mipo_err *err);

/* Gives every observation that was read to take, until that says -1. */
int mipo_journal_each(struct mipo_journal *journal,
    int (*take)(void *arg, const struct mipo_obs *obs, struct mipo_err *err),
    void *arg, struct mipo_err *err);

/* Appends. Errors are kept for mipo_journal_flush. */
void mipo_journal_obs(
    struct mipo_journal *journal, const struct mipo_obs *obs);
void mipo_journal_rec(struct mipo_journal *journal, struct mipo_rec *rec);
/* What sha256 is of rec, behind what hash had; rec loses its own. */
int mipo_journal_digest(const struct mipo_hash *hash, struct mipo_rec *rec,
    uint8_t ret_digest[MIPO_HASH_LEN], struct mipo_err *err);

/* The same, with sha256 added: of a mark, or the end. */
void mipo_journal_seal(struct mipo_journal *journal, struct mipo_rec *rec);
int mipo_journal_flush(struct mipo_journal *journal, struct mipo_err *err);

#endif
