/*
 * A log entry: one canonical JSON object with exactly the fields actor,
 * boot, data, kind, log, mono, prev, seq, time, v, at most 65,535 bytes.
 * Its bytes are what is stored, hashed and signed.
 */
#ifndef MIPO_TRUST_ENTRY_H
#define MIPO_TRUST_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "trust/hash.h"

struct mipo_buf;
struct mipo_err;
struct mipo_rec;

#define MIPO_ENTRY_MAX 65535
#define MIPO_LOGID_LEN 17 /* 16 hex digits and a NUL */

/* When: for people the wall clock, for order the boot's own. */
struct mipo_stamp {
	int64_t time_ms; /* Unix */
	char boot[33];	 /* boot id, 32 hex digits */
	int64_t mono_ms; /* since that boot */
};
void mipo_stamp_now(struct mipo_stamp *ret_stamp);

/* Who: borrowed strings. */
struct mipo_who {
	const char *kind;     /* person, rule, system */
	const char *id;	      /* "uid:1000"; 1 to 255 bytes */
	const char *known_by; /* loginuid, peercred, session, key, token,
				 sudo-env, none */
	const char *side;     /* 64 hex: digest of the salted side object */
};

/* Appends the canonical actor object; a wrong word fails at the entry. */
int mipo_who_put(
    const struct mipo_who *who, struct mipo_buf *buf, struct mipo_err *err);

/* What an entry is made of. */
struct mipo_entry_in {
	const char *log; /* 16 hex digits */
	uint64_t seq;
	const uint8_t *prev; /* leaf hash of seq - 1; zeros for 0 */
	const struct mipo_stamp *stamp;
	const char *actor; /* canonical object (mipo_who_put) */
	size_t actor_len;
	const char *kind;
	const char *data; /* canonical object, taken verbatim */
	size_t data_len;
};

/* Appends the entry's bytes; checked again as a reader would. */
int mipo_entry_build(const struct mipo_entry_in *in, struct mipo_buf *buf,
    struct mipo_err *err);

/* A part of the entry's bytes. */
struct mipo_span {
	const char *p;
	size_t len;
};
static inline bool
mipo_span_is(struct mipo_span span, const char *s)
{
	return span.len == strlen(s) && memcmp(span.p, s, span.len) == 0;
}

/* An entry that was read; spans point into the bytes it was read from. */
struct mipo_entry {
	uint64_t seq;
	uint8_t prev[MIPO_HASH_LEN];
	const char *prev_at; /* its 64 digits */
	struct mipo_stamp stamp;
	char log[MIPO_LOGID_LEN];
	struct mipo_span actor; /* canonical object */
	struct mipo_span id;	/* actor.id, still escaped as in JSON */
	struct mipo_span kind;
	struct mipo_span data; /* canonical object */
	struct mipo_span type; /* data.type; empty where there is none */
};

/*
 * Strict: exactly the ten fields, each of its form, all bytes canonical,
 * nothing after. Allocates nothing. The error (E_INPUT) says where.
 */
int mipo_entry_parse(const void *bytes, size_t len,
    struct mipo_entry *ret_entry, struct mipo_err *err);

/* A record from an entry's data (or actor). Caller's. */
int mipo_entry_rec(
    struct mipo_span span, struct mipo_rec **ret_rec, struct mipo_err *err);

/* log id of a genesis entry: the first 8 bytes of SHA-256 of its bytes. */
void mipo_log_id(
    const void *genesis, size_t len, char ret_log[MIPO_LOGID_LEN]);

#endif
