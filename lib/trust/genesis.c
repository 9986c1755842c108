#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/rec.h"
#include "trust/seal.h"

#define SEAL_RULE "mipo-audit/seal/v1"
#define HASH_RULE "rfc6962-sha256"

int
mipo_genesis_set(struct mipo_genesis *genesis, const char *org,
    const struct mipo_pub *log, const struct mipo_pub *ratchet,
    const struct mipo_pub *recovery, struct mipo_err *err)
{
	if (mipo_origin_make(org, log, genesis->origin, err) != 0 ||
	    mipo_vkey_make(genesis->origin, log, &genesis->log_vkey, err) !=
		0)
		return -1;
	memcpy(genesis->org, org, strlen(org) + 1);
	genesis->ratchet = *ratchet;
	genesis->recovery = *recovery;
	return 0;
}

/* The base64 line of the public key, as minisign has it. */
static void
put_recovery(struct mipo_buf *buf, const struct mipo_pub *pub)
{
	uint8_t raw[2 + MIPO_KEYNUM_LEN + MIPO_PK_LEN] = {'E', 'd'};

	memcpy(raw + 2, pub->keynum, MIPO_KEYNUM_LEN);
	memcpy(raw + 2 + MIPO_KEYNUM_LEN, pub->pk, MIPO_PK_LEN);
	mipo_b64(buf, raw, sizeof(raw));
}

/* None of these texts needs an escape. */
int
mipo_genesis_put(const struct mipo_genesis *genesis, struct mipo_buf *buf,
    struct mipo_err *err)
{
	mipo_buf_puts(buf, "{\"hash\":\"" HASH_RULE "\",\"log_vkey\":\"");
	mipo_vkey_format(&genesis->log_vkey, buf);
	mipo_buf_puts(buf, "\",\"org\":\"");
	mipo_buf_puts(buf, genesis->org);
	mipo_buf_puts(buf, "\",\"origin\":\"");
	mipo_buf_puts(buf, genesis->origin);
	mipo_buf_puts(buf, "\",\"ratchet\":\"");
	mipo_b64(buf, genesis->ratchet.pk, MIPO_PK_LEN);
	mipo_buf_puts(buf, "\",\"recovery\":\"");
	put_recovery(buf, &genesis->recovery);
	mipo_buf_puts(buf, "\",\"seal\":\"" SEAL_RULE "\"}");
	return mipo_buf_ok(buf, err);
}

static bool
copy_text(const struct mipo_rec *rec, const char *key, char *to, size_t cap)
{
	const char *s = mipo_rec_str(rec, key);

	if (s == NULL || strlen(s) >= cap)
		return false;
	memcpy(to, s, strlen(s) + 1);
	return true;
}

static bool
take_keys(const struct mipo_rec *rec, struct mipo_genesis *genesis)
{
	const char *vkey = mipo_rec_str(rec, "log_vkey");
	const char *ratchet = mipo_rec_str(rec, "ratchet");
	const char *recovery = mipo_rec_str(rec, "recovery");
	uint8_t pk[MIPO_PK_LEN];

	if (vkey == NULL || ratchet == NULL || recovery == NULL ||
	    mipo_vkey_parse(vkey, &genesis->log_vkey, NULL) != 0 ||
	    mipo_unb64_exact(
		ratchet, strlen(ratchet), pk, sizeof(pk), NULL) != 0)
		return false;
	mipo_pub_set(&genesis->ratchet, pk);
	return mipo_pub_parse(recovery, &genesis->recovery, NULL) == 0;
}

/*
 * What was understood must be written the same way again: so the field set
 * and every form are exact without a second list of them.
 */
static int
same_again(const struct mipo_genesis *genesis, struct mipo_span data,
    bool *ret_same, struct mipo_err *err)
{
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, MIPO_ENTRY_MAX);
	r = mipo_genesis_put(genesis, &buf, err);
	if (r == 0)
		*ret_same = buf.len == data.len &&
		    memcmp(buf.data, data.p, data.len) == 0;
	mipo_buf_release(&buf);
	return r;
}

static int
take_data(struct mipo_span data, struct mipo_genesis *genesis,
    struct mipo_err *err)
{
	struct mipo_rec *rec;
	bool good;

	if (mipo_entry_rec(data, &rec, err) != 0)
		return -1;
	good = take_keys(rec, genesis) &&
	    copy_text(rec, "org", genesis->org, sizeof(genesis->org)) &&
	    copy_text(
		rec, "origin", genesis->origin, sizeof(genesis->origin));
	mipo_rec_free(rec);
	if (good && same_again(genesis, data, &good, err) != 0)
		return -1;
	return good ? 0
		    : mipo_err_set(err, MIPO_E_INPUT,
			  "genesis has exactly hash, log_vkey, org, origin, "
			  "ratchet, recovery and seal, each of its form");
}

/* The origin carries the key's id, so nobody else can claim it. */
static int
check_origin(const struct mipo_genesis *genesis, struct mipo_err *err)
{
	size_t org = strlen(genesis->org);

	if (!mipo_origin_is_of(genesis->origin, &genesis->log_vkey.pub) ||
	    strncmp(genesis->origin, genesis->org, org) != 0 ||
	    genesis->origin[org] != '/' ||
	    strcmp(genesis->log_vkey.name, genesis->origin) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "genesis does not certify itself: origin %s is not of "
		    "its own org and key", genesis->origin);
	return 0;
}

int
mipo_genesis_parse(const void *bytes, size_t len,
    struct mipo_genesis *ret_genesis, struct mipo_err *err)
{
	static const uint8_t none[MIPO_HASH_LEN];
	struct mipo_genesis genesis;
	struct mipo_entry entry;

	if (mipo_entry_parse(bytes, len, &entry, err) != 0)
		return -1;
	if (!mipo_span_is(entry.kind, "genesis") || entry.seq != 0 ||
	    strcmp(entry.log, "0000000000000000") != 0 ||
	    memcmp(entry.prev, none, sizeof(none)) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "the first entry is no genesis (seq 0, log and prev "
		    "all zeros)");
	if (take_data(entry.data, &genesis, err) != 0 ||
	    check_origin(&genesis, err) != 0)
		return -1;
	*ret_genesis = genesis;
	return 0;
}
