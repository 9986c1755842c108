/* The salted side object of an actor (reference: audit.md, 5.1). */
#ifndef MIPO_STORE_ACTOR_H
#define MIPO_STORE_ACTOR_H

#include <stdint.h>

struct mipo_actor;
struct mipo_buf;
struct mipo_err;

/*
 * Appends the canonical side object: a fresh salt, and what is known of the
 * person beside the id (name, host, terminal, ssh origin). ret_digest is
 * the SHA-256 of these bytes, which the log entry carries; whoever deletes
 * the bytes forgets the person, and the proof stays.
 */
int mipo_actor_side(const struct mipo_actor *actor, struct mipo_buf *ret_body,
    uint8_t ret_digest[32], struct mipo_err *err);

#endif
