/*
 * Logs for tests: made by the writer's own code from fixed seeds and times,
 * so that the same calls always give the same bytes.
 */
#ifndef MIPO_TESTS_MAKELOG_H
#define MIPO_TESTS_MAKELOG_H

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "data/rec.h"
#include "trust/chain.h"
#include "trust/receipt.h"
#include "unit.h"

#define MAKELOG_SIDE                                                    \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define MAKELOG_TIME INT64_C(1795262400123) /* 2026-11-21T12:00:00.123Z */

struct makelog {
	struct mipo_chain chain;
	struct mipo_genesis genesis;
	struct mipo_stamp stamp;
	struct mipo_buf bytes; /* all entries, one behind the other */
	size_t *at;	       /* where each begins; at[n] is the end */
	size_t n, cap;
	struct mipo_buf note; /* the newest checkpoint */
	struct mipo_key *log, *ratchet, *scanner, *recovery;
	const char *name;
};

static const struct mipo_who makelog_who = {
    "person", "uid:1000", "loginuid", MAKELOG_SIDE};

/* A key that is always the same for the same words. */
static inline struct mipo_key *
makelog_key(const char *name, const char *what, uint64_t n)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;
	uint8_t seed[32];
	struct mipo_key *key;

	mipo_buf_init(&buf, 1000);
	mipo_buf_putf(
	    &buf, "%s/%s/%llu", name, what, (unsigned long long)n);
	mipo_hash(buf.data, buf.len, seed);
	mipo_buf_release(&buf);
	key = mipo_key_from_seed(seed, &err);
	ck_assert_ptr_nonnull(key);
	return key;
}

/* Notes where the entry that was just appended ends; a second passes. */
static inline void
makelog_took(struct makelog *log)
{
	struct mipo_err err = {0};
	void *at = log->at;

	ck_ok(mipo_grow(&at, &log->cap, log->n + 2, sizeof(*log->at), &err));
	log->at = at;
	log->at[0] = 0;
	log->at[++log->n] = log->bytes.len;
	log->stamp.time_ms += 1000;
	log->stamp.mono_ms += 1000;
}

static inline struct mipo_span
makelog_entry(const struct makelog *log, size_t i)
{
	return (struct mipo_span){
	    log->bytes.data + log->at[i], log->at[i + 1] - log->at[i]};
}

/* Genesis alone. name decides all keys. */
static inline void
makelog_begin(struct makelog *log, const char *name)
{
	struct mipo_err err = {0};

	memset(log, 0, sizeof(*log));
	log->name = name;
	log->stamp = (struct mipo_stamp){
	    MAKELOG_TIME, "0123456789abcdef0123456789abcdef", 5000};
	mipo_buf_init(&log->bytes, SIZE_MAX / 4);
	mipo_buf_init(&log->note, MIPO_NOTE_MAX);
	log->log = makelog_key(name, "log", 0);
	log->recovery = makelog_key(name, "recovery", 0);
	log->scanner = makelog_key(name, "scanner", 0);
	log->ratchet = makelog_key(name, "ratchet", 0);
	ck_ok(mipo_genesis_set(&log->genesis, "example.org",
	    mipo_key_pub(log->log), mipo_key_pub(log->ratchet),
	    mipo_key_pub(log->recovery), &err));
	ck_ok(mipo_chain_genesis(&log->chain, &log->genesis, &log->stamp,
	    &makelog_who, NULL, NULL, &log->bytes, &err));
	makelog_took(log);
}

static inline void
makelog_end(struct makelog *log)
{
	mipo_key_free(log->log);
	mipo_key_free(log->recovery);
	mipo_key_free(log->scanner);
	mipo_key_free(log->ratchet);
	mipo_buf_release(&log->bytes);
	mipo_buf_release(&log->note);
	free(log->at);
}

/* A record with v, type and the log's time. */
static inline struct mipo_rec *
makelog_rec(const struct makelog *log, const char *type)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_new(&err);

	ck_assert_ptr_nonnull(rec);
	mipo_rec_put_int(rec, "v", 1);
	mipo_rec_put_str(rec, "type", type);
	mipo_rec_put_time(rec, "ts", log->stamp.time_ms);
	return rec;
}

static inline void
makelog_add_take(struct makelog *log, struct mipo_rec *rec)
{
	struct mipo_err err = {0};

	ck_ok(mipo_chain_add(&log->chain, rec, &log->stamp, &makelog_who,
	    NULL, NULL, &log->bytes, &err));
	mipo_rec_free(rec);
	makelog_took(log);
}

static inline void
makelog_note(struct makelog *log, const char *text)
{
	struct mipo_rec *rec = makelog_rec(log, "note.test");

	mipo_rec_put_str(rec, "text", text);
	makelog_add_take(log, rec);
}

static inline void
makelog_challenge(struct makelog *log, const char *nonce)
{
	struct mipo_rec *rec = makelog_rec(log, "evidence.challenge");

	mipo_rec_put_str(rec, "nonce", nonce);
	makelog_add_take(log, rec);
}

static inline void
makelog_scanner(struct makelog *log)
{
	struct mipo_rec *rec = makelog_rec(log, "access.scanner");
	const struct mipo_pub *pub = mipo_key_pub(log->scanner);
	struct mipo_buf buf;

	mipo_buf_init(&buf, 100);
	mipo_b64(&buf, pub->pk, MIPO_PK_LEN);
	mipo_rec_put_str(rec, "key", pub->id);
	mipo_rec_put_str(rec, "name", "test");
	mipo_rec_put_str(rec, "network", "lab");
	mipo_rec_put_str(rec, "pub", mipo_buf_str(&buf, NULL));
	mipo_rec_put_str(rec, "vantage", "here");
	mipo_buf_release(&buf);
	makelog_add_take(log, rec);
}

/* A receipt (not a whole one: the log does not mind), signed if key is. */
static inline struct mipo_rec *
makelog_receipt(const struct makelog *log, const struct mipo_key *key,
    const void *stream, size_t len)
{
	struct mipo_rec *rec = makelog_rec(log, "scan.end");
	struct mipo_err err = {0};
	uint8_t digest[32];

	mipo_hash(stream, len, digest);
	mipo_rec_put_str(rec, "scan", "00112233445566778899aabbccddeeff");
	mipo_rec_put_hex(rec, "stream_sha256", digest, sizeof(digest));
	mipo_rec_put_str(rec, "verdict", "complete");
	ck_ok(mipo_receipt_sign(rec, key, &err));
	return rec;
}

/* Seals what is there and signs the checkpoint. */
static inline void
makelog_seal(struct makelog *log)
{
	struct mipo_err err = {0};
	struct mipo_key *next =
	    makelog_key(log->name, "ratchet", log->chain.n + 1);

	ck_ok(mipo_chain_seal(&log->chain, log->ratchet, mipo_key_pub(next),
	    NULL, NULL, &log->bytes, &err));
	mipo_key_free(log->ratchet);
	log->ratchet = next;
	makelog_took(log);
	mipo_buf_clear(&log->note);
	ck_ok(mipo_chain_checkpoint(
	    &log->chain, log->log, &log->note, &err));
}

/*
 * Genesis, scanner, owner's note, seal; then commits of two records, every
 * fifth with a signed receipt, until there are at least size entries.
 */
static inline void
makelog_make(struct makelog *log, const char *name, size_t size)
{
	char text[32];

	makelog_begin(log, name);
	makelog_scanner(log);
	makelog_seal(log);
	for (unsigned i = 0; log->n < size; i++) {
		(void)snprintf(text, sizeof(text), "note %u", i);
		makelog_note(log, text);
		if (i % 5 == 0)
			makelog_add_take(log,
			    makelog_receipt(
				log, log->scanner, text, strlen(text)));
		else
			makelog_note(log, "again");
		makelog_seal(log);
	}
}

#endif
