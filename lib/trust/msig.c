#include "trust/msig.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "trust/key.h"

#define UNTRUSTED "untrusted comment: mipo signature of key "
#define TRUSTED	  "trusted comment: "
#define ALG	  "ED" /* prehashed */
#define RAW_LEN	  (2 + MIPO_KEYNUM_LEN + MIPO_SIG_LEN)

struct mipo_msig {
	crypto_generichash_state *state; /* 64-byte aligned, inside room */
	uint8_t room[sizeof(crypto_generichash_state) + 63];
};

struct mipo_msig *
mipo_msig_new(struct mipo_err *err)
{
	struct mipo_msig *msig = mipo_calloc(1, sizeof(*msig), err);
	uintptr_t at;

	if (msig == NULL)
		return NULL;
	at = ((uintptr_t)msig->room + 63) & ~(uintptr_t)63;
	msig->state = (void *)at;
	(void)crypto_generichash_init(
	    msig->state, NULL, 0, MIPO_MSIG_DIGEST);
	return msig;
}

void
mipo_msig_free(struct mipo_msig *msig)
{
	free(msig);
}

void
mipo_msig_add(struct mipo_msig *msig, const void *p, size_t len)
{
	(void)crypto_generichash_update(msig->state, p, len);
}

void
mipo_msig_final(
    struct mipo_msig *msig, uint8_t ret_digest[MIPO_MSIG_DIGEST])
{
	(void)crypto_generichash_final(
	    msig->state, ret_digest, MIPO_MSIG_DIGEST);
}

static bool
is_printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

/* What the second signature covers: the first one and the comment. */
static size_t
join(uint8_t *to, const uint8_t sig[MIPO_SIG_LEN], const char *trusted,
    size_t len)
{
	memcpy(to, sig, MIPO_SIG_LEN);
	memcpy(to + MIPO_SIG_LEN, trusted, len);
	return MIPO_SIG_LEN + len;
}

int
mipo_msig_sign(const struct mipo_key *key,
    const uint8_t digest[MIPO_MSIG_DIGEST], const char *trusted,
    struct mipo_buf *buf, struct mipo_err *err)
{
	uint8_t raw[RAW_LEN] = ALG, all[MIPO_SIG_LEN + MIPO_MSIG_COMMENT];
	uint8_t global[MIPO_SIG_LEN];
	uint8_t *sig = raw + 2 + MIPO_KEYNUM_LEN;
	size_t len = strlen(trusted);

	if (len >= MIPO_MSIG_COMMENT || !is_printable(trusted, len))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "a trusted comment is one line of ASCII");
	memcpy(raw + 2, mipo_key_pub(key)->keynum, MIPO_KEYNUM_LEN);
	if (mipo_sign(key, "", digest, MIPO_MSIG_DIGEST, sig, err) != 0)
		return -1;
	len = join(all, sig, trusted, len);
	if (mipo_sign(key, "", all, len, global, err) != 0)
		return -1;
	mipo_buf_puts(buf, UNTRUSTED);
	mipo_buf_puts(buf, mipo_key_pub(key)->id);
	mipo_buf_putc(buf, '\n');
	mipo_b64(buf, raw, sizeof(raw));
	mipo_buf_puts(buf, "\n" TRUSTED);
	mipo_buf_puts(buf, trusted);
	mipo_buf_putc(buf, '\n');
	mipo_b64(buf, global, sizeof(global));
	mipo_buf_putc(buf, '\n');
	return mipo_buf_ok(buf, err);
}

struct line {
	const char *p;
	size_t len;
};

/* Exactly four lines, each with its LF; the trusted comment in its words. */
static bool
split(const char *text, size_t len, struct line line[4])
{
	for (int i = 0; i < 4; i++) {
		const char *lf = len == 0 ? NULL : memchr(text, '\n', len);

		if (lf == NULL)
			return false;
		line[i].p = text;
		line[i].len = (size_t)(lf - text);
		len -= line[i].len + 1;
		text = lf + 1;
	}
	return len == 0 && line[2].len >= strlen(TRUSTED) &&
	    line[2].len < strlen(TRUSTED) + MIPO_MSIG_COMMENT &&
	    memcmp(line[2].p, TRUSTED, strlen(TRUSTED)) == 0 &&
	    is_printable(line[2].p, line[2].len);
}

/*
 * The one comment that mipo_msig_sign writes: no signature covers it, and
 * whoever prints the file prints it.
 */
static bool
is_untrusted(const struct line *line, const struct mipo_pub *pub)
{
	size_t len = strlen(UNTRUSTED);

	return line->len == len + strlen(pub->id) &&
	    memcmp(line->p, UNTRUSTED, len) == 0 &&
	    memcmp(line->p + len, pub->id, strlen(pub->id)) == 0;
}

static int
check(const uint8_t raw[RAW_LEN], const uint8_t global[MIPO_SIG_LEN],
    const struct mipo_pub *pub, const uint8_t digest[MIPO_MSIG_DIGEST],
    const char *trusted, struct mipo_err *err)
{
	uint8_t all[MIPO_SIG_LEN + MIPO_MSIG_COMMENT];
	const uint8_t *sig = raw + 2 + MIPO_KEYNUM_LEN;
	size_t len;

	if (memcmp(raw, ALG, 2) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "not a prehashed minisign signature");
	if (memcmp(raw + 2, pub->keynum, MIPO_KEYNUM_LEN) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "signed by another key than %s", pub->id);
	len = join(all, sig, trusted, strlen(trusted));
	if (mipo_verify(pub, "", digest, MIPO_MSIG_DIGEST, sig, err) != 0)
		return -1;
	return mipo_verify(pub, "", all, len, global, err);
}

int
mipo_msig_check(const char *text, size_t len, const struct mipo_pub *pub,
    const uint8_t digest[MIPO_MSIG_DIGEST],
    char ret_trusted[MIPO_MSIG_COMMENT], struct mipo_err *err)
{
	char trusted[MIPO_MSIG_COMMENT];
	uint8_t raw[RAW_LEN], global[MIPO_SIG_LEN];
	struct line line[4];
	size_t tlen;

	if (!split(text, len, line) ||
	    mipo_unb64_exact(
		line[1].p, line[1].len, raw, sizeof(raw), NULL) != 0 ||
	    mipo_unb64_exact(line[3].p, line[3].len, global, sizeof(global),
		NULL) != 0)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "not a minisign signature file");
	tlen = line[2].len - strlen(TRUSTED);
	memcpy(trusted, line[2].p + strlen(TRUSTED), tlen);
	trusted[tlen] = '\0';
	if (check(raw, global, pub, digest, trusted, err) != 0)
		return -1;
	if (!is_untrusted(&line[0], pub))
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "its untrusted comment is not the one that is written");
	memcpy(ret_trusted, trusted, tlen + 1);
	return 0;
}
