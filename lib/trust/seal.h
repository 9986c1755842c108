/*
 * Seals: the last entry of every commit. data is exactly {n, next, root,
 * sig, size}: size and root of the tree before the seal, n (0 for the first
 * seal, then +1 each), next (base64: the public key that signs the next
 * seal), sig (base64) by the current ratchet key over
 * "mipo-audit/seal/v1\n" origin "\n" and the canonical data without sig.
 * A seal entry repeats actor, boot, mono and time of the entry before it,
 * which root covers: so the signature covers every byte of the seal.
 *
 * And genesis, entry 0: data is exactly {hash, log_vkey, org, origin,
 * ratchet, recovery, seal}.
 */
#ifndef MIPO_TRUST_SEAL_H
#define MIPO_TRUST_SEAL_H

#include "trust/entry.h"
#include "trust/note.h"

struct mipo_seal {
	uint64_t n;
	uint64_t size;
	uint8_t root[MIPO_HASH_LEN];
	struct mipo_pub next;
	uint8_t sig[MIPO_SIG_LEN];
};

/* Appends canonical data with the signature by key (fills seal->sig). */
int mipo_seal_make(struct mipo_seal *seal, const char *origin,
    const struct mipo_key *key, struct mipo_buf *buf, struct mipo_err *err);

/* Reads data; the field set and every form must be exact. */
int mipo_seal_parse(struct mipo_span data, struct mipo_seal *ret_seal,
    struct mipo_err *err);

/* 0 when the signature is by pub and for this origin; as mipo_verify. */
int mipo_seal_check(const struct mipo_seal *seal, const char *origin,
    const struct mipo_pub *pub, struct mipo_err *err);

struct mipo_genesis {
	char org[MIPO_ORG_MAX + 1];
	char origin[MIPO_ORIGIN_LEN];
	struct mipo_vkey log_vkey;
	struct mipo_pub ratchet;  /* key 0 */
	struct mipo_pub recovery; /* offline */
};

/* Fills origin and log_vkey from org and the log's key. */
int mipo_genesis_set(struct mipo_genesis *genesis, const char *org,
    const struct mipo_pub *log, const struct mipo_pub *ratchet,
    const struct mipo_pub *recovery, struct mipo_err *err);

/* Appends canonical data. */
int mipo_genesis_put(const struct mipo_genesis *genesis,
    struct mipo_buf *buf, struct mipo_err *err);

/*
 * Reads entry 0 whole: seq 0, log and prev all zeros, kind genesis, exact
 * data; the origin must name org and the key of log_vkey (E_TAMPERED).
 */
int mipo_genesis_parse(const void *bytes, size_t len,
    struct mipo_genesis *ret_genesis, struct mipo_err *err);

#endif
