/*
 * The ratchet's secret on disk: one file of 8192 bytes, mode 0600, with two
 * slots that are overwritten in place, so that an old secret is gone for
 * good (copy-on-write file systems, snapshots and remapping disks weaken
 * this). The open file is also the writers' lock, which dies with its
 * process. A failed write or sync is fatal: every later call fails.
 *
 * One commit: open, settle(certified key), [begin] prepare, [insert,
 * commit] finish. After a rollback: drop. A crash anywhere leaves what
 * settle puts in order.
 */
#ifndef MIPO_TRUST_SLOTS_H
#define MIPO_TRUST_SLOTS_H

#include <stdint.h>

struct mipo_err;
struct mipo_key;
struct mipo_pub;

struct mipo_slots;

/* A new file with ratchet key 0; the path must not exist. Synced. */
int mipo_slots_create(
    const char *path, const struct mipo_key *key, struct mipo_err *err);

/*
 * Opens and locks; waits at most wait_ms (E_BUSY). Refuses a file that is
 * not a secret's (mode, owner, size, link). Unlocked by close.
 */
int mipo_slots_open(const char *path, uint64_t wait_ms,
    struct mipo_slots **ret_slots, struct mipo_err *err);
void mipo_slots_close(struct mipo_slots *slots); /* NULL is nothing */

/*
 * Brings the slots in step with the key that the log certifies (next of
 * its last seal, or genesis' ratchet) with number n: the one slot that
 * holds it stays, anything else in the other is wiped. E_TAMPERED when
 * neither holds it: the log or the key file was rolled back.
 */
int mipo_slots_settle(struct mipo_slots *slots, uint64_t n,
    const struct mipo_pub *certified, struct mipo_err *err);

/* The secret that signs seal n. Stays the slots'. NULL before settle. */
const struct mipo_key *mipo_slots_key(const struct mipo_slots *slots);

/* Makes key n + 1 and writes it, synced, beside the current one. */
int mipo_slots_prepare(struct mipo_slots *slots,
    const struct mipo_pub **ret_next, struct mipo_err *err);

/* After the commit: wipes the old secret; the prepared one is current. */
int mipo_slots_finish(struct mipo_slots *slots, struct mipo_err *err);

/* After a rollback: wipes the prepared one. Nothing when none is. */
int mipo_slots_drop(struct mipo_slots *slots, struct mipo_err *err);

#endif
