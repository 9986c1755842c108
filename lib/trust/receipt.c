#include "trust/receipt.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/rec.h"
#include "trust/key.h"

#define PURPOSE "mipo-scan/receipt/v1\n"
#define B64_SIG 88

/* The bytes under the signature: rec without its sig. */
static int
signed_bytes(
    const struct mipo_rec *rec, struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_rec *bare = mipo_rec_dup(rec, err);
	int r;

	if (bare == NULL)
		return -1;
	mipo_rec_del(bare, "sig");
	r = mipo_rec_canon(bare, buf, err);
	mipo_rec_free(bare);
	return r;
}

static int
put_sig(struct mipo_rec *rec, const struct mipo_key *key,
    struct mipo_buf *buf, struct mipo_err *err)
{
	uint8_t sig[MIPO_SIG_LEN];
	const char *text;

	if (signed_bytes(rec, buf, err) != 0)
		return -1;
	if (mipo_sign(key, PURPOSE, buf->data, buf->len, sig, err) != 0)
		return -1;
	mipo_buf_clear(buf);
	mipo_b64(buf, sig, sizeof(sig));
	text = mipo_buf_str(buf, err);
	if (text == NULL)
		return -1;
	mipo_rec_put_str(rec, "sig", text);
	return mipo_rec_ok(rec, err);
}

int
mipo_receipt_sign(
    struct mipo_rec *rec, const struct mipo_key *key, struct mipo_err *err)
{
	struct mipo_buf buf;
	int r;

	mipo_rec_del(rec, "sig");
	mipo_rec_put_str(
	    rec, "key", key == NULL ? "none" : mipo_key_pub(key)->id);
	mipo_rec_put_str(rec, "signed", key == NULL ? "none" : "ed25519");
	if (key == NULL)
		return mipo_rec_ok(rec, err);
	mipo_buf_init(&buf, MIPO_REC_MAX_READ);
	r = put_sig(rec, key, &buf, err);
	mipo_buf_release(&buf);
	return r;
}

static bool
is(const struct mipo_rec *rec, const char *key, const char *value)
{
	const char *s = mipo_rec_str(rec, key);

	return s != NULL && strcmp(s, value) == 0;
}

static int
check_sig(const struct mipo_rec *rec, const struct mipo_pub *pub,
    struct mipo_buf *buf, enum mipo_receipt_state *ret_state,
    struct mipo_err *err)
{
	const char *text = mipo_rec_str(rec, "sig");
	struct mipo_err why = {0};
	uint8_t sig[MIPO_SIG_LEN];

	*ret_state = MIPO_RECEIPT_BAD;
	if (text == NULL || strlen(text) != B64_SIG ||
	    mipo_unb64_exact(text, B64_SIG, sig, sizeof(sig), NULL) != 0)
		return 0;
	if (signed_bytes(rec, buf, err) != 0)
		return -1;
	if (mipo_verify(pub, PURPOSE, buf->data, buf->len, sig, &why) == 0)
		*ret_state = MIPO_RECEIPT_GOOD;
	else if (why.code != MIPO_E_TAMPERED)
		return mipo_err_set(err, why.code, "%s", why.text);
	return 0;
}

int
mipo_receipt_check(const struct mipo_rec *rec, const struct mipo_pub *pub,
    enum mipo_receipt_state *ret_state, struct mipo_err *err)
{
	struct mipo_buf buf;
	int r;

	if (is(rec, "signed", "none")) {
		*ret_state = mipo_rec_has(rec, "sig") || !is(rec, "key", "none")
		    ? MIPO_RECEIPT_BAD
		    : MIPO_RECEIPT_UNSIGNED;
		return 0;
	}
	if (!is(rec, "signed", "ed25519") || mipo_rec_str(rec, "key") == NULL) {
		*ret_state = MIPO_RECEIPT_BAD;
		return 0;
	}
	if (pub == NULL || !is(rec, "key", pub->id)) {
		*ret_state = MIPO_RECEIPT_UNKNOWN;
		return 0;
	}
	mipo_buf_init(&buf, MIPO_REC_MAX_READ);
	r = check_sig(rec, pub, &buf, ret_state, err);
	mipo_buf_release(&buf);
	return r;
}
