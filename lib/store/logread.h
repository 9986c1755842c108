/*
 * Reading the log: its entries in order and its signed checkpoints, all in
 * one snapshot, so that a writer beside it raises no false alarm. Nothing
 * is checked here beyond what the file system says: that is verify's work,
 * which gets the bytes as they are stored.
 */
#ifndef MIPO_STORE_LOGREAD_H
#define MIPO_STORE_LOGREAD_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_logread;
struct mipo_state;

/* One stored entry. body stays valid until the next call on its reader. */
struct mipo_logrow {
	uint64_t seq; /* as the table has it; a gap is the reader's finding */
	const uint8_t *body;
	size_t len;
};

/* One stored checkpoint note; body as above. */
struct mipo_noterow {
	uint64_t size; /* as the table has it */
	const char *body; /* the whole signed note, no NUL */
	size_t len;
};

/* One stored Merkle node, whatever its numbers are; hash as above. */
struct mipo_noderow {
	int64_t last, level;
	const uint8_t *hash;
	size_t len;
};

/*
 * Begins a snapshot of state (which must be in no other) and stands before
 * entry 0. Close it before the state.
 */
int mipo_logread_open(struct mipo_state *state,
    struct mipo_logread **ret_reader, struct mipo_err *err);
void mipo_logread_close(struct mipo_logread *reader); /* NULL is nothing */

/* How long the snapshot's log is: its largest seq and one. */
uint64_t mipo_logread_size(const struct mipo_logread *reader);

/* Stands before the first entry whose seq is at least seq. */
int mipo_logread_seek(
    struct mipo_logread *reader, uint64_t seq, struct mipo_err *err);

/* The next entry in ascending seq: 1, or 0 at the end, or -1. */
int mipo_logread_next(struct mipo_logread *reader,
    struct mipo_logrow *ret_row, struct mipo_err *err);

/* The newest checkpoint. E_TAMPERED where the log has none. */
int mipo_logread_checkpoint(struct mipo_logread *reader,
    struct mipo_noterow *ret_note, struct mipo_err *err);

/*
 * The checkpoint of the smallest size that is larger than after (0 for the
 * first): 1, or 0 when there is none, or -1. One a commit.
 */
int mipo_logread_note(struct mipo_logread *reader, uint64_t after,
    struct mipo_noterow *ret_note, struct mipo_err *err);

/* The next Merkle node in the order of (last, level): 1, 0 or -1. */
int mipo_logread_node(struct mipo_logread *reader,
    struct mipo_noderow *ret_node, struct mipo_err *err);

/* How many entries and checkpoints have a number that none can have. */
int mipo_logread_strays(struct mipo_logread *reader, uint64_t *ret_entries,
    uint64_t *ret_notes, struct mipo_err *err);

#endif
