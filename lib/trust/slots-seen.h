/*
 * The key slots (slots.h) as whoever only checks may see them: numbers and
 * public keys, nothing written, and no lock unless it is asked for.
 */
#ifndef MIPO_TRUST_SLOTS_SEEN_H
#define MIPO_TRUST_SLOTS_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/key.h"

struct mipo_err;

struct mipo_slots_seen {
	unsigned keys; /* how many of the two slots hold one */
	struct {
		uint64_t n;
		struct mipo_pub pub;
	} key[2];
};

/*
 * Reads path. ret_lock: NULL, or gets a file descriptor that holds the writers'
 * lock, waited for at most wait_ms (E_BUSY), until the caller closes it;
 * without it a slot that is just being written may be missed. E_TAMPERED:
 * the file has another size.
 */
int mipo_slots_see(const char *path, uint64_t wait_ms, int *ret_lock,
    struct mipo_slots_seen *ret_seen, struct mipo_err *err);

/* Whether one of them is pub with number n. */
bool mipo_slots_has(const struct mipo_slots_seen *seen, uint64_t n,
    const struct mipo_pub *pub);

#endif
