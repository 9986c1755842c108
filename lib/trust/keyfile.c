/*
 * Keys in files, in the forms of minisign 0.11 (jedisct1/minisign,
 * src/minisign.h): a comment line, then one base64 line.
 */
#include "trust/key.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define COMMENT	   "untrusted comment: "
#define SECRET_LEN 158
#define PUBLIC_LEN 42

/* Offsets inside the 158 bytes of a secret key. */
enum {
	AT_KDF = 2,
	AT_SUM = 4,
	AT_KEYNUM = 54,
	AT_SK = 62,
	AT_CHECK = 126
};

void
mipo_pub_minisign(const struct mipo_pub *pub, struct mipo_buf *buf)
{
	uint8_t raw[PUBLIC_LEN] = {'E', 'd'};

	memcpy(raw + 2, pub->keynum, MIPO_KEYNUM_LEN);
	memcpy(raw + 2 + MIPO_KEYNUM_LEN, pub->pk, MIPO_PK_LEN);
	mipo_buf_puts(buf, COMMENT "minisign public key ");
	for (int i = MIPO_KEYNUM_LEN - 1; i >= 0; i--)
		mipo_buf_putf(buf, "%02X", raw[2 + i]);
	mipo_buf_putc(buf, '\n');
	mipo_b64(buf, raw, sizeof(raw));
	mipo_buf_putc(buf, '\n');
}

/*
 * The base64 line of a key text: after a comment line, if there is one, and
 * with nothing but one LF behind it. NULL when the text is not like that.
 */
static const char *
key_line(const char *text, size_t *ret_len)
{
	size_t len;

	if (strncmp(text, COMMENT, strlen(COMMENT)) == 0) {
		text = strchr(text, '\n');
		if (text == NULL)
			return NULL;
		text++;
	}
	len = strcspn(text, "\n");
	if (text[len] == '\n' && text[len + 1] != '\0')
		return NULL;
	*ret_len = len;
	return text;
}

int
mipo_pub_parse(
    const char *text, struct mipo_pub *ret_pub, struct mipo_err *err)
{
	uint8_t raw[PUBLIC_LEN];
	size_t len;
	const char *line = key_line(text, &len);

	if (line == NULL ||
	    mipo_unb64_exact(line, len, raw, sizeof(raw), NULL) != 0 ||
	    memcmp(raw, "Ed", 2) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "not a minisign public key (a comment line and one "
		    "base64 line of 56 characters)");
	mipo_pub_set(ret_pub, raw + 2 + MIPO_KEYNUM_LEN);
	memcpy(ret_pub->keynum, raw + 2, MIPO_KEYNUM_LEN);
	return 0;
}

/* Fills the 158 bytes; salt, limits and checksum stay zero, as with -W. */
static void
pack(const struct mipo_key *key, uint8_t raw[SECRET_LEN])
{
	uint8_t *sk = raw + AT_SK;

	memset(raw, 0, SECRET_LEN);
	memcpy(raw, "Ed", 2);
	memcpy(raw + AT_SUM, "B2", 2);
	memcpy(raw + AT_KEYNUM, mipo_key_pub(key)->keynum, MIPO_KEYNUM_LEN);
	mipo_key_seed(key, sk);
	memcpy(sk + 32, mipo_key_pub(key)->pk, MIPO_PK_LEN);
}

int
mipo_key_save(const struct mipo_key *key, const char *path, const char *what,
    struct mipo_err *err)
{
	uint8_t raw[SECRET_LEN];
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, 1024);
	(void)mipo_buf_reserve(&buf, 1024); /* no copy is left by growing */
	pack(key, raw);
	mipo_buf_putf(&buf, COMMENT "mipo %s secret key %s\n", what,
	    mipo_key_pub(key)->id);
	mipo_b64(&buf, raw, sizeof(raw));
	mipo_buf_putc(&buf, '\n');
	r = mipo_buf_ok(&buf, err);
	if (r == 0)
		r = mipo_file_put(path, 0600, 1, buf.data, buf.len, err);
	sodium_memzero(raw, sizeof(raw));
	if (buf.data != NULL)
		sodium_memzero(buf.data, buf.cap);
	mipo_buf_release(&buf);
	return r;
}

/* The secret in raw, whose public half must be the one beside it. */
static int
unpack(const uint8_t raw[SECRET_LEN], struct mipo_key **ret_key,
    struct mipo_err *err)
{
	static const uint8_t plain[2];
	struct mipo_key *key;

	if (memcmp(raw, "Ed", 2) != 0 || memcmp(raw + AT_SUM, "B2", 2) != 0)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "not a minisign secret key");
	if (memcmp(raw + AT_KDF, plain, 2) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "this secret key has a passphrase, which nobody can type "
		    "for a timer: remove it on a copy with minisign -C -W");
	key = mipo_key_from_seed(raw + AT_SK, err);
	if (key == NULL)
		return -1;
	if (memcmp(mipo_key_pub(key)->pk, raw + AT_SK + 32, MIPO_PK_LEN) !=
	    0) {
		mipo_key_free(key);
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a damaged secret key: its halves do not belong "
		    "together");
	}
	*ret_key = key;
	return 0;
}

static int
parse_secret(
    const char *text, struct mipo_key **ret_key, struct mipo_err *err)
{
	uint8_t raw[SECRET_LEN];
	size_t len;
	const char *line = key_line(text, &len);
	int r;

	if (line == NULL ||
	    mipo_unb64_exact(line, len, raw, sizeof(raw), NULL) != 0)
		r = mipo_err_set(
		    err, MIPO_E_INPUT, "not a minisign secret key");
	else
		r = unpack(raw, ret_key, err);
	sodium_memzero(raw, sizeof(raw));
	return r;
}

int
mipo_key_load(
    const char *path, struct mipo_key **ret_key, struct mipo_err *err)
{
	struct mipo_buf buf;
	const char *text;
	int r = -1;

	mipo_buf_init(&buf, 4096);
	(void)mipo_buf_reserve(&buf, 4096);
	if (mipo_file_read_secret(path, &buf, err) != 0)
		goto out;
	text = mipo_buf_str(&buf, err);
	if (text == NULL || parse_secret(text, ret_key, err) != 0) {
		mipo_err_prefix(err, "%s", path);
		goto out;
	}
	r = 0;
out:
	if (buf.data != NULL)
		sodium_memzero(buf.data, buf.cap);
	mipo_buf_release(&buf);
	return r;
}
