/*
 * Any text as a minisign signature by a key of ours: what holds is, byte
 * for byte, what that key writes.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "trust/key.h"
#include "trust/msig.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = {7}, digest[MIPO_MSIG_DIGEST] = {9};
	char trusted[MIPO_MSIG_COMMENT];
	struct mipo_err err = {0};
	struct mipo_key *key;
	struct mipo_buf buf;

	must(mipo_trust_init(&err) == 0);
	key = mipo_key_from_seed(seed, &err);
	must(key != NULL);
	if (mipo_msig_check((const char *)data, size, mipo_key_pub(key),
		digest, trusted, &err) == 0) {
		mipo_buf_init(&buf, 4096);
		must(mipo_msig_sign(key, digest, trusted, &buf, &err) == 0);
		must(buf.len == size && memcmp(buf.data, data, size) == 0);
		mipo_buf_release(&buf);
	} else {
		must(err.code == MIPO_E_INPUT || err.code == MIPO_E_TAMPERED);
	}
	mipo_key_free(key);
	return 0;
}
