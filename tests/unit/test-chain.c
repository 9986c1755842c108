#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "data/rec.h"
#include "trust/chain.h"

#define SIDE "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct mipo_stamp stamp = {
    1795262400123, "0123456789abcdef0123456789abcdef", 5000};
static const struct mipo_who who = {"person", "uid:1000", "loginuid", SIDE};

static struct mipo_key *
key_of(uint8_t n)
{
	struct mipo_err err = {0};
	uint8_t seed[32];
	struct mipo_key *key;

	memset(seed, n, sizeof(seed));
	key = mipo_key_from_seed(seed, &err);
	ck_assert_ptr_nonnull(key);
	return key;
}

static uint8_t nodes[8][64][MIPO_HASH_LEN];

static void
keep(void *arg, unsigned level, uint64_t index, const uint8_t hash[32])
{
	(void)arg;
	memcpy(nodes[level][index], hash, 32);
}

static int
fetch(void *arg, unsigned level, uint64_t index, uint8_t ret_hash[32],
    struct mipo_err *err)
{
	(void)arg;
	(void)err;
	memcpy(ret_hash, nodes[level][index], 32);
	return 0;
}

/* A small log: genesis, two notes, seal; one note, seal. */
struct small {
	struct mipo_chain chain;
	struct mipo_buf bytes;
	struct mipo_span entry[8];
	size_t n;
	struct mipo_key *log, *ratchet[3], *recovery;
	struct mipo_genesis genesis;
};

/* The bytes that were appended since from, as one entry. */
static void
took(struct small *small, size_t from)
{
	/* the buffer's memory is there from the start: it never moves */
	small->entry[small->n++] = (struct mipo_span){
	    small->bytes.data + from, small->bytes.len - from};
}

static void
add_note(struct small *small, const char *text)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_new(&err);
	size_t from = small->bytes.len;

	mipo_rec_put_int(rec, "v", 1);
	mipo_rec_put_str(rec, "type", "note.test");
	mipo_rec_put_time(rec, "ts", stamp.time_ms);
	mipo_rec_put_str(rec, "text", text);
	ck_ok(mipo_chain_add(&small->chain, rec, &stamp, &who, keep, NULL,
	    &small->bytes, &err));
	took(small, from);
	mipo_rec_free(rec);
}

static void
add_seal(struct small *small, size_t n)
{
	struct mipo_err err = {0};
	size_t from = small->bytes.len;

	ck_ok(mipo_chain_seal(&small->chain, small->ratchet[n],
	    mipo_key_pub(small->ratchet[n + 1]), keep, NULL, &small->bytes,
	    &err));
	took(small, from);
}

static void
make(struct small *small)
{
	struct mipo_err err = {0};

	memset(small, 0, sizeof(*small));
	mipo_buf_init(&small->bytes, 1 << 20);
	(void)mipo_buf_reserve(&small->bytes, 1 << 16);
	small->log = key_of(1);
	small->recovery = key_of(2);
	for (uint8_t i = 0; i < 3; i++)
		small->ratchet[i] = key_of((uint8_t)(10 + i));
	ck_ok(mipo_genesis_set(&small->genesis, "example.org",
	    mipo_key_pub(small->log), mipo_key_pub(small->ratchet[0]),
	    mipo_key_pub(small->recovery), &err));
	ck_ok(mipo_chain_genesis(&small->chain, &small->genesis, &stamp,
	    &who, keep, NULL, &small->bytes, &err));
	took(small, 0);
	add_note(small, "one");
	add_note(small, "tab \t, quote \", \xc3\xa9");
	add_seal(small, 0);
	add_note(small, "three");
	add_seal(small, 1);
}

static void
unmake(struct small *small)
{
	mipo_key_free(small->log);
	mipo_key_free(small->recovery);
	for (size_t i = 0; i < 3; i++)
		mipo_key_free(small->ratchet[i]);
	mipo_buf_release(&small->bytes);
}

START_TEST(chain_makes_what_readers_read)
{
	struct mipo_err err = {0};
	struct small small;
	struct mipo_entry entry;
	struct mipo_seal seal;
	uint8_t prev[32] = {0};

	make(&small);
	ck_assert_uint_eq(small.n, 6);
	for (size_t i = 0; i < small.n; i++) {
		ck_ok(mipo_entry_parse(small.entry[i].p, small.entry[i].len,
		    &entry, &err));
		ck_assert_uint_eq(entry.seq, i);
		ck_assert_mem_eq(entry.prev, prev, 32);
		ck_assert_str_eq(
		    entry.log, i == 0 ? "0000000000000000" : small.chain.log);
		ck_assert_int_eq(entry.stamp.time_ms, stamp.time_ms);
		ck_assert_int_eq(entry.stamp.mono_ms, 5000);
		ck_assert_str_eq(entry.stamp.boot, stamp.boot);
		ck_assert(mipo_span_is(entry.id, "uid:1000"));
		mipo_leaf_hash(small.entry[i].p, small.entry[i].len, prev);
	}
	ck_assert(mipo_span_is(entry.kind, "seal"));
	ck_ok(mipo_seal_parse(entry.data, &seal, &err));
	ck_assert_uint_eq(seal.n, 1);
	ck_assert_uint_eq(seal.size, 5);
	ck_ok(mipo_seal_check(&seal, small.genesis.origin,
	    mipo_key_pub(small.ratchet[1]), &err));
	ck_fails(mipo_seal_check(&seal, small.genesis.origin,
		     mipo_key_pub(small.ratchet[0]), &err), MIPO_E_TAMPERED);
	ck_fails(mipo_seal_check(&seal, "other/mipo-audit/x",
		     mipo_key_pub(small.ratchet[1]), &err), MIPO_E_TAMPERED);
	seal.size++;
	ck_fails(mipo_seal_check(&seal, small.genesis.origin,
		     mipo_key_pub(small.ratchet[1]), &err), MIPO_E_TAMPERED);
	unmake(&small);
}
END_TEST

START_TEST(chain_is_resumed)
{
	struct mipo_err err = {0};
	struct small small;
	struct mipo_chain again;
	struct mipo_buf a, b;

	make(&small);
	ck_ok(mipo_chain_resume(&again, small.n, small.entry[0],
	    small.entry[5], fetch, NULL, &err));
	ck_assert_str_eq(again.log, small.chain.log);
	ck_assert_uint_eq(again.n, 2);
	ck_assert_str_eq(
	    again.ratchet.id, mipo_key_pub(small.ratchet[2])->id);
	ck_assert_mem_eq(again.prev, small.chain.prev, 32);
	mipo_buf_init(&a, 4096);
	mipo_buf_init(&b, 4096);
	ck_ok(mipo_chain_checkpoint(&again, small.log, &a, &err));
	ck_ok(mipo_chain_checkpoint(&small.chain, small.log, &b, &err));
	ck_assert_mem_eq(a.data, b.data, b.len);
	ck_fails(mipo_chain_checkpoint(&again, small.recovery, &a, &err),
	    MIPO_E_TAMPERED);
	/* not the last one, not a seal, not of this size */
	ck_fails(mipo_chain_resume(&again, 6, small.entry[0], small.entry[3],
		     fetch, NULL, &err), MIPO_E_TAMPERED);
	ck_fails(mipo_chain_resume(&again, 5, small.entry[0], small.entry[4],
		     fetch, NULL, &err), MIPO_E_TAMPERED);
	ck_fails(mipo_chain_resume(&again, 6, small.entry[1], small.entry[5],
		     fetch, NULL, &err), MIPO_E_INPUT);
	mipo_buf_release(&a);
	mipo_buf_release(&b);
	unmake(&small);
}
END_TEST

START_TEST(chain_refuses)
{
	struct mipo_err err = {0};
	struct small small;
	struct mipo_rec *rec;
	struct mipo_chain before;
	size_t len;

	make(&small);
	before = small.chain;
	len = small.bytes.len;
	rec = mipo_rec_start("seal", &err);
	ck_fails(mipo_chain_add(&small.chain, rec, &stamp, &who, NULL, NULL,
		     &small.bytes, &err), MIPO_E_USAGE);
	mipo_rec_free(rec);
	rec = mipo_rec_start("note.x", &err);
	ck_fails(mipo_chain_add(&small.chain, rec, &stamp,
		     &(struct mipo_who){"robot", "a", "none", SIDE}, NULL,
		     NULL, &small.bytes, &err), MIPO_E_INPUT);
	mipo_rec_free(rec);
	ck_assert_uint_eq(small.bytes.len, len);
	ck_assert_mem_eq(&before, &small.chain, sizeof(before));
	/* nothing to seal, and the wrong key */
	ck_fails(mipo_chain_seal(&small.chain, small.ratchet[2],
		     mipo_key_pub(small.log), NULL, NULL, &small.bytes,
		     &err), MIPO_E_INTERNAL);
	add_note(&small, "four");
	ck_fails(mipo_chain_seal(&small.chain, small.ratchet[1],
		     mipo_key_pub(small.log), NULL, NULL, &small.bytes,
		     &err), MIPO_E_TAMPERED);
	ck_fails(mipo_chain_checkpoint(
		     &small.chain, small.log, &small.bytes, &err),
	    MIPO_E_INTERNAL);
	unmake(&small);
}
END_TEST

/* No byte of an entry may change and still read the same everywhere. */
START_TEST(entry_bytes_are_strict)
{
	struct mipo_err err = {0};
	struct small small;
	struct mipo_entry entry;
	char wrong[2048];
	const char *const cuts[] = {" ", "\n", "\0", "x", "{}"};

	make(&small);
	for (size_t i = 0; i < 5; i++) {
		size_t len = small.entry[1].len;

		memcpy(wrong, small.entry[1].p, len);
		memcpy(wrong + len, cuts[i], 1);
		ck_fails(mipo_entry_parse(wrong, len + 1, &entry, &err),
		    MIPO_E_INPUT);
		ck_fails(mipo_entry_parse(wrong, len - 1 - i, &entry, &err),
		    MIPO_E_INPUT);
	}
	unmake(&small);
}
END_TEST

#define ENTRY(actor, boot, data, kind, log, mono, prev, seq, time, v)   \
	"{\"actor\":" actor ",\"boot\":" boot ",\"data\":" data         \
	",\"kind\":" kind ",\"log\":" log ",\"mono\":" mono             \
	",\"prev\":" prev ",\"seq\":" seq ",\"time\":" time ",\"v\":" v "}"
#define A "{\"id\":\"uid:0\",\"kind\":\"person\",\"known_by\":\"none\"," \
	  "\"side\":\"" SIDE "\"}"
#define B "\"0123456789abcdef0123456789abcdef\""
#define D "{\"text\":\"x\",\"ts\":\"2026-11-22T10:00:00.000Z\"," \
	  "\"type\":\"note.x\",\"v\":1}"
#define K "\"note.x\""
#define L "\"0123456789abcdef\""
#define P "\"" SIDE "\""
#define T "\"2026-11-22T10:00:00.000Z\""

START_TEST(entry_forms)
{
	static const char *const bad[] = {
	    ENTRY("{}", B, D, K, L, "1", P, "1", T, "1"),
	    ENTRY("{\"id\":\"\",\"kind\":\"person\",\"known_by\":\"none\","
		  "\"side\":\"" SIDE "\"}", B, D, K, L, "1", P, "1", T, "1"),
	    ENTRY("{\"id\":\"a\",\"kind\":\"perso\",\"known_by\":\"none\","
		  "\"side\":\"" SIDE "\"}", B, D, K, L, "1", P, "1", T, "1"),
	    ENTRY("{\"id\":\"a\",\"kind\":\"person\",\"known_by\":\"none|"
		  "key\",\"side\":\"" SIDE "\"}", B, D, K, L, "1", P, "1", T,
		"1"),
	    ENTRY("{\"id\":\"a\",\"kind\":\"person\",\"known_by\":\"none\","
		  "\"side\":\"" SIDE "\",\"x\":1}", B, D, K, L, "1", P, "1",
		T, "1"),
	    ENTRY(A, "\"0123\"", D, K, L, "1", P, "1", T, "1"),
	    ENTRY(A, B, "[]", K, L, "1", P, "1", T, "1"),
	    ENTRY(A, B, D, "\"note.y\"", L, "1", P, "1", T, "1"),
	    ENTRY(A, B, D, "\"seal\"", L, "1", P, "1", T, "1"),
	    ENTRY(A, B, D, K, "\"0123456789ABCDEF\"", "1", P, "1", T, "1"),
	    ENTRY(A, B, D, K, L, "-1", P, "1", T, "1"),
	    ENTRY(A, B, D, K, L, "1", "\"00\"", "1", T, "1"),
	    ENTRY(A, B, D, K, L, "1", P, "\"1\"", T, "1"),
	    ENTRY(A, B, D, K, L, "1", P, "01", T, "1"),
	    ENTRY(A, B, D, K, L, "1", P, "9007199254740992", T, "1"),
	    ENTRY(A, B, D, K, L, "1", P, "1",
		"\"2026-11-22T10:00:00Z\"", "1"),
	    ENTRY(A, B, D, K, L, "1", P, "1",
		"\"2026-02-30T10:00:00.000Z\"", "1"),
	    ENTRY(A, B, D, K, L, "1", P, "1",
		"\"2026-11-22T10:00:00.0+1Z\"", "1"),
	    ENTRY(A, B, D, K, L, "1", P, "1", T, "2"),
	    ENTRY(A, B, D, K, L, "1", P, "1", T, "1,\"w\":1"),
	    ENTRY(A, B, D, K, L, "1", P, "1", T, "1,\"v\":1"),
	    NULL};
	static const char good[] =
	    ENTRY(A, B, D, K, L, "1", P, "1", T, "1");
	struct mipo_err err = {0};
	struct mipo_entry entry;

	ck_ok(mipo_entry_parse(good, sizeof(good) - 1, &entry, &err));
	for (const char *const *s = bad; *s != NULL; s++) {
		int r = mipo_entry_parse(*s, strlen(*s), &entry, &err);

		ck_assert_msg(r == -1 && err.code == MIPO_E_INPUT, "%s", *s);
		mipo_err_clear(&err);
	}
}
END_TEST

START_TEST(genesis_certifies_itself)
{
	struct mipo_err err = {0};
	struct small small;
	struct mipo_genesis genesis, other;
	struct mipo_chain chain;
	struct mipo_buf buf;

	make(&small);
	ck_ok(mipo_genesis_parse(
	    small.entry[0].p, small.entry[0].len, &genesis, &err));
	ck_assert_str_eq(genesis.origin, small.genesis.origin);
	ck_assert_str_eq(genesis.recovery.id, small.genesis.recovery.id);
	ck_fails(mipo_genesis_parse(
		     small.entry[1].p, small.entry[1].len, &genesis, &err),
	    MIPO_E_INPUT);
	/* somebody else's key under our origin */
	other = small.genesis;
	ck_ok(mipo_vkey_make(other.origin, mipo_key_pub(small.recovery),
	    &other.log_vkey, &err));
	mipo_buf_init(&buf, 4096);
	ck_ok(mipo_chain_genesis(
	    &chain, &other, &stamp, &who, NULL, NULL, &buf, &err));
	ck_fails(mipo_genesis_parse(buf.data, buf.len, &genesis, &err),
	    MIPO_E_TAMPERED);
	mipo_buf_clear(&buf);
	other = small.genesis;
	memcpy(other.org, "another.org", 12);
	ck_ok(mipo_chain_genesis(
	    &chain, &other, &stamp, &who, NULL, NULL, &buf, &err));
	ck_fails(mipo_genesis_parse(buf.data, buf.len, &genesis, &err),
	    MIPO_E_TAMPERED);
	ck_fails(mipo_genesis_set(&other, "a/b", mipo_key_pub(small.log),
		     mipo_key_pub(small.log), mipo_key_pub(small.log), &err),
	    MIPO_E_USAGE);
	mipo_buf_release(&buf);
	unmake(&small);
}
END_TEST

/* Memory that fails anywhere leaves the chain as it was. */
START_TEST(chain_out_of_memory)
{
	struct mipo_err err = {0};
	struct small small;
	struct mipo_rec *rec = mipo_rec_start("note.x", &err);
	struct mipo_chain before;
	struct mipo_buf buf;
	unsigned long n = 0;
	int r = -1;

	make(&small);
	before = small.chain;
	while (r != 0 && n < 200) {
		mipo_err_clear(&err);
		mipo_buf_init(&buf, 1 << 16);
		mipo_mem_fail_at(++n);
		r = mipo_chain_add(&small.chain, rec, &stamp, &who, NULL,
		    NULL, &buf, &err);
		mipo_mem_fail_at(0);
		mipo_buf_release(&buf);
		if (r == 0)
			break;
		ck_assert_int_eq(err.code, MIPO_E_NOMEM);
		ck_assert_mem_eq(&before, &small.chain, sizeof(before));
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_gt(n, 3);
	mipo_rec_free(rec);
	unmake(&small);
}
END_TEST

UNIT_MAIN("chain", chain_makes_what_readers_read, chain_is_resumed,
    chain_refuses, entry_bytes_are_strict, entry_forms,
    genesis_certifies_itself, chain_out_of_memory);
