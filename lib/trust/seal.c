#include "trust/seal.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/canon.h"

#define PURPOSE "mipo-audit/seal/v1\n"

/* The canonical data, with or without its signature. */
static void
put_data(struct mipo_buf *buf, const struct mipo_seal *seal, bool with_sig)
{
	mipo_buf_puts(buf, "{\"n\":");
	mipo_buf_put_u64(buf, seal->n);
	mipo_buf_puts(buf, ",\"next\":\"");
	mipo_b64(buf, seal->next.pk, MIPO_PK_LEN);
	mipo_buf_puts(buf, "\",\"root\":\"");
	mipo_buf_put_hex(buf, seal->root, MIPO_HASH_LEN);
	mipo_buf_puts(buf, "\",");
	if (with_sig) {
		mipo_buf_puts(buf, "\"sig\":\"");
		mipo_b64(buf, seal->sig, MIPO_SIG_LEN);
		mipo_buf_puts(buf, "\",");
	}
	mipo_buf_puts(buf, "\"size\":");
	mipo_buf_put_u64(buf, seal->size);
	mipo_buf_putc(buf, '}');
}

static void
put_signed(
    struct mipo_buf *buf, const struct mipo_seal *seal, const char *origin)
{
	mipo_buf_puts(buf, origin);
	mipo_buf_putc(buf, '\n');
	put_data(buf, seal, false);
}

int
mipo_seal_make(struct mipo_seal *seal, const char *origin,
    const struct mipo_key *key, struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_buf text;
	int r;

	mipo_buf_init(&text, 1024);
	put_signed(&text, seal, origin);
	r = mipo_buf_ok(&text, err);
	if (r == 0)
		r = mipo_sign(
		    key, PURPOSE, text.data, text.len, seal->sig, err);
	mipo_buf_release(&text);
	if (r != 0)
		return -1;
	put_data(buf, seal, true);
	return mipo_buf_ok(buf, err);
}

int
mipo_seal_check(const struct mipo_seal *seal, const char *origin,
    const struct mipo_pub *pub, struct mipo_err *err)
{
	struct mipo_buf text;
	int r;

	mipo_buf_init(&text, 1024);
	put_signed(&text, seal, origin);
	r = mipo_buf_ok(&text, err);
	if (r == 0)
		r = mipo_verify(
		    pub, PURPOSE, text.data, text.len, seal->sig, err);
	mipo_buf_release(&text);
	return r;
}

static bool
take_int(const struct mipo_member *m, uint64_t *ret_n)
{
	uint64_t n = 0;

	for (size_t i = 0; i < m->len; i++) {
		if (m->value[i] < '0' || m->value[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(m->value[i] - '0');
	}
	*ret_n = n;
	return true;
}

static bool
take_b64(const struct mipo_member *m, void *ret_p, size_t len)
{
	return m->len > 2 && m->value[0] == '"' &&
	    mipo_unb64_exact(m->value + 1, m->len - 2, ret_p, len, NULL) == 0;
}

static bool
take_root(const struct mipo_member *m, struct mipo_seal *seal)
{
	char hex[2 * MIPO_HASH_LEN + 1];

	if (m->len != sizeof(hex) + 1 || m->value[0] != '"')
		return false;
	memcpy(hex, m->value + 1, sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	return mipo_text_unhex(hex, seal->root, MIPO_HASH_LEN, NULL) == 0;
}

int
mipo_seal_parse(struct mipo_span data, struct mipo_seal *ret_seal,
    struct mipo_err *err)
{
	static const char *const names[] = {
	    "n", "next", "root", "sig", "size"};
	struct mipo_member m[6];
	struct mipo_seal seal;
	uint8_t next[MIPO_PK_LEN];
	bool good;
	size_t n;

	good = mipo_canon_members(data.p, data.len, "", m, 6, &n) && n == 5;
	for (size_t i = 0; good && i < 5; i++)
		good = m[i].key_len == strlen(names[i]) &&
		    memcmp(m[i].key, names[i], m[i].key_len) == 0;
	if (!good || !take_int(&m[0], &seal.n) ||
	    !take_b64(&m[1], next, sizeof(next)) ||
	    !take_root(&m[2], &seal) ||
	    !take_b64(&m[3], seal.sig, sizeof(seal.sig)) ||
	    !take_int(&m[4], &seal.size))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a seal has exactly n, next, root, sig and size, each "
		    "of its form");
	mipo_pub_set(&seal.next, next);
	*ret_seal = seal;
	return 0;
}
