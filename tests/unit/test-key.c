#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "trust/hash.h"
#include "trust/key.h"

static const char *
scratch(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", unit_dir, name);
	return path;
}

static void
ck_hex(const uint8_t *p, size_t len, const char *want)
{
	char hex[2 * 64 + 1];

	mipo_text_hex(p, len, hex);
	ck_assert_str_eq(hex, want);
}

/* FIPS 180-4 examples: "abc", the empty string, a million times "a". */
START_TEST(hash_known_answers)
{
	struct mipo_err err = {0};
	struct mipo_hash *hash = mipo_hash_new(&err);
	uint8_t d[MIPO_HASH_LEN], e[MIPO_HASH_LEN];
	const struct mipo_hash_part parts[] = {{"a", 1}, {"", 0}, {"bc", 2}};
	char block[1000];

	mipo_hash("abc", 3, d);
	ck_hex(d, 32,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	mipo_hash_parts(parts, 3, e);
	ck_assert_mem_eq(d, e, 32);
	mipo_hash("", 0, d);
	ck_hex(d, 32,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	memset(block, 'a', sizeof(block));
	for (int i = 0; i < 1000; i++)
		mipo_hash_sink(hash, block, sizeof(block));
	mipo_hash_peek(hash, e);
	mipo_hash_final(hash, d);
	ck_assert_mem_eq(d, e, 32);
	ck_hex(d, 32,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	mipo_hash_final(hash, d); /* final resets */
	ck_hex(d, 32,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	mipo_hash_free(hash);
}
END_TEST

/* RFC 8032, 7.1: tests 1 and 3. */
START_TEST(key_known_answers)
{
	struct mipo_err err = {0};
	struct mipo_key *key;
	uint8_t seed[32], sig[MIPO_SIG_LEN];

	ck_ok(mipo_text_unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919"
			      "703bac031cae7f60", seed, 32, &err));
	key = mipo_key_from_seed(seed, &err);
	ck_assert_ptr_nonnull(key);
	ck_hex(mipo_key_pub(key)->pk, 32,
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
	ck_assert_str_eq(mipo_key_pub(key)->id, "21fe31dfa154a261");
	ck_ok(mipo_sign(key, "", "", 0, sig, &err));
	ck_hex(sig, 64,
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
	mipo_key_free(key);
	ck_ok(mipo_text_unhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b"
			      "85ce3a2e0b4458f7", seed, 32, &err));
	key = mipo_key_from_seed(seed, &err);
	ck_ok(mipo_sign(key, "\xaf", "\x82", 1, sig, &err));
	ck_hex(sig, 64,
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
	mipo_key_free(key);
}
END_TEST

START_TEST(key_purpose_separates)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err), *other = mipo_key_new(&err);
	const struct mipo_pub *pub = mipo_key_pub(key);
	static char big[100000];
	uint8_t sig[MIPO_SIG_LEN];

	ck_ok(mipo_sign(key, "a/v1\n", big, sizeof(big), sig, &err));
	ck_ok(mipo_verify(pub, "a/v1\n", big, sizeof(big), sig, &err));
	ck_fails(mipo_verify(pub, "b/v1\n", big, sizeof(big), sig, &err),
	    MIPO_E_TAMPERED);
	ck_fails(mipo_verify(pub, "a/v1\n", big, sizeof(big) - 1, sig, &err),
	    MIPO_E_TAMPERED);
	ck_fails(mipo_verify(mipo_key_pub(other), "a/v1\n", big,
		     sizeof(big), sig, &err), MIPO_E_TAMPERED);
	for (size_t bit = 0; bit < 512; bit += 37) {
		sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_fails(mipo_verify(
			     pub, "a/v1\n", big, sizeof(big), sig, &err),
		    MIPO_E_TAMPERED);
		sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	mipo_key_free(key);
	mipo_key_free(other);
}
END_TEST

START_TEST(base64_is_strict)
{
	struct mipo_err err = {0};
	const char *const bad[] = {"Zg", "Zg=", "Zh==", "Zg== ", " Zg==",
	    "Z_8=", "Zg==Zg==", "Zg\n==", "Z", "un\221r",
	    NULL};
	uint8_t out[8];
	struct mipo_buf buf;
	size_t len;

	for (const char *const *s = bad; *s != NULL; s++)
		ck_fails(mipo_unb64(*s, strlen(*s), out, sizeof(out), &len,
		    &err), MIPO_E_INPUT);
	ck_ok(mipo_unb64("Zm9vYg==", 8, out, sizeof(out), &len, &err));
	ck_assert_uint_eq(len, 4);
	ck_assert_mem_eq(out, "foob", 4);
	ck_fails(mipo_unb64_exact("Zm9vYg==", 8, out, 3, &err), MIPO_E_INPUT);
	ck_fails(mipo_unb64_exact("Zm9vYg==", 8, out, 5, &err), MIPO_E_INPUT);
	mipo_buf_init(&buf, 100);
	mipo_b64(&buf, "foob", 4);
	mipo_b64(&buf, "", 0);
	ck_assert_str_eq(mipo_buf_str(&buf, &err), "Zm9vYg==");
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(key_file_round_trip)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err), *again = NULL;
	const char *path = scratch("scanner.key");
	uint8_t a[32], b[32];
	struct stat st;

	ck_ok(mipo_key_save(key, path, "scanner", &err));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_ok(mipo_key_load(path, &again, &err));
	mipo_key_seed(key, a);
	mipo_key_seed(again, b);
	ck_assert_mem_eq(a, b, 32);
	ck_fails(mipo_key_save(key, path, "scanner", &err), MIPO_E_IO);
	mipo_key_free(again);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_fails(mipo_key_load(path, &again, &err), MIPO_E_PERM);
	ck_fails(mipo_key_load(scratch("none"), &again, &err),
	    MIPO_E_NOTFOUND);
	mipo_key_free(key);
}
END_TEST

/* Writes a secret key file whose byte at was changed. */
static void
put_damaged(const struct mipo_key *key, const char *path, size_t at)
{
	struct mipo_err err = {0};
	struct mipo_buf buf, out;
	uint8_t raw[158];
	char *line;

	mipo_buf_init(&buf, 4096);
	mipo_buf_init(&out, 4096);
	(void)unlink(path);
	ck_ok(mipo_key_save(key, path, "x", &err));
	ck_ok(mipo_file_read(path, &buf, &err));
	line = strchr(mipo_buf_str(&buf, &err), '\n') + 1;
	ck_ok(mipo_unb64_exact(line, 212, raw, sizeof(raw), &err));
	raw[at] ^= 1;
	mipo_buf_put(&out, buf.data, (size_t)(line - buf.data));
	mipo_b64(&out, raw, sizeof(raw));
	mipo_buf_putc(&out, '\n');
	ck_ok(mipo_file_put(path, 0600, 0, out.data, out.len, &err));
	mipo_buf_release(&buf);
	mipo_buf_release(&out);
}

START_TEST(key_file_damaged)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err), *again;
	const size_t at[] = {0, 2, 4, 62, 93, 94, 125};

	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
		put_damaged(key, scratch("damaged"), at[i]);
		ck_fails(mipo_key_load(scratch("damaged"), &again, &err),
		    MIPO_E_INPUT);
	}
	mipo_key_free(key);
}
END_TEST

START_TEST(pub_forms)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err);
	struct mipo_pub pub = {0};
	struct mipo_buf buf;
	const char *text;
	char *bad;

	mipo_buf_init(&buf, 1000);
	mipo_pub_minisign(mipo_key_pub(key), &buf);
	text = mipo_buf_str(&buf, &err);
	ck_ok(mipo_pub_parse(text, &pub, &err));
	ck_assert_str_eq(pub.id, mipo_key_pub(key)->id);
	ck_ok(mipo_pub_parse(strchr(text, '\n') + 1, &pub, &err));
	ck_assert_mem_eq(pub.pk, mipo_key_pub(key)->pk, 32);
	ck_fails(mipo_pub_parse("", &pub, &err), MIPO_E_INPUT);
	ck_fails(mipo_pub_parse("untrusted comment: x", &pub, &err),
	    MIPO_E_INPUT);
	bad = mipo_strdup(text, &err);
	*(strchr(bad, '\n') + 1) = 'U'; /* another algorithm */
	ck_fails(mipo_pub_parse(bad, &pub, &err), MIPO_E_INPUT);
	free(bad);
	mipo_buf_puts(&buf, "more\n");
	ck_fails(mipo_pub_parse(mipo_buf_str(&buf, &err), &pub, &err),
	    MIPO_E_INPUT);
	mipo_buf_release(&buf);
	mipo_key_free(key);
}
END_TEST

START_TEST(key_out_of_memory)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err), *again;
	const char *path = scratch("oom.key");

	(void)unlink(path);
	ck_ok(mipo_key_save(key, path, "x", &err));
	for (unsigned long n = 1; n < 10; n++) {
		int r;

		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		r = mipo_key_load(path, &again, &err);
		mipo_mem_fail_at(0);
		if (r == 0) {
			mipo_key_free(again);
			ck_assert_uint_gt(n, 1);
			break;
		}
		ck_assert_int_eq(err.code, MIPO_E_NOMEM);
	}
	ck_assert_int_eq(err.code, MIPO_E_NONE);
	mipo_key_free(key);
}
END_TEST

UNIT_MAIN("key", hash_known_answers, key_known_answers,
    key_purpose_separates, base64_is_strict, key_file_round_trip,
    key_file_damaged, pub_forms, key_out_of_memory);
