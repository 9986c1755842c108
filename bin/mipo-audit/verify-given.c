#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "bin/mipo-audit/verify.h"

#define KEY_MAX	 4096 /* bytes of a file with a key */
#define PEM_HEAD "-----BEGIN PUBLIC KEY-----\n"

/* An Ed25519 key as openssl writes it (RFC 8410): 12 bytes before it. */
static int
parse_pem(const char *text, struct mipo_pub *ret_pub, struct mipo_err *err)
{
	static const uint8_t head[] = {
	    0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0};
	uint8_t raw[sizeof(head) + MIPO_PK_LEN];
	const char *line = text + strlen(PEM_HEAD);

	if (mipo_unb64_exact(line, strcspn(line, "\n"), raw, sizeof(raw),
		NULL) != 0 ||
	    memcmp(raw, head, sizeof(head)) != 0)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "not an Ed25519 public key");
	mipo_pub_set(ret_pub, raw + sizeof(head));
	return 0;
}

/* A key in one of the forms that "mipo-audit keys" prints. */
static int
parse_key(char *text, struct mipo_pub *ret_pub, struct mipo_err *err)
{
	struct mipo_vkey vkey;
	char *lf = strchr(text, '\n');

	if (strncmp(text, PEM_HEAD, strlen(PEM_HEAD)) == 0)
		return parse_pem(text, ret_pub, err);
	if (strchr(text, ' ') != NULL || strchr(text, '+') == NULL)
		return mipo_pub_parse(text, ret_pub, err);
	if (lf != NULL && lf[1] == '\0')
		*lf = '\0';
	if (mipo_vkey_parse(text, &vkey, NULL) == 0) {
		*ret_pub = vkey.pub;
		return 0;
	}
	return mipo_pub_parse(text, ret_pub, err);
}

static int
read_key_file(struct verify *run, struct mipo_err *err)
{
	const char *path = run->opts->key;
	struct mipo_buf buf;
	struct stat st;
	int r = -1;

	mipo_buf_init(&buf, KEY_MAX);
	if (stat(path, &st) == 0 && st.st_size > KEY_MAX)
		mipo_err_set(err, MIPO_E_INPUT,
		    "%s is no key, it is too large for one: is it the bundle?",
		    path);
	else if (mipo_file_read(path, &buf, err) == 0 &&
	    mipo_buf_str(&buf, err) != NULL) {
		r = parse_key(buf.data, &run->key, err);
		if (r != 0)
			mipo_err_prefix(err, "%s", path);
	}
	mipo_buf_release(&buf);
	if (r != 0)
		return mipo_err_prefix(err,
		    err->code == MIPO_E_NOTFOUND
			? "--key is neither a vkey nor a file"
			: "--key");
	return 0;
}

int
verify_read_key(struct verify *run, struct mipo_err *err)
{
	struct mipo_vkey vkey;

	if (run->opts->key == NULL)
		return 0;
	run->pinned = true;
	if (mipo_vkey_parse(run->opts->key, &vkey, NULL) != 0)
		return read_key_file(run, err);
	run->key = vkey.pub;
	return 0;
}

/* A checkpoint of the auditor's, by the pinned key where there is one. */
static int
parse_anchor(const struct verify *run, const struct mipo_buf *buf,
    struct mipo_checkpoint *cp, struct mipo_err *err)
{
	struct mipo_vkey vkey;

	if (mipo_checkpoint_peek(buf->data, buf->len, cp, err) != 0)
		return -1;
	if (!run->pinned)
		return 0;
	if (!mipo_origin_is_of(cp->origin, &run->key))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "it is a checkpoint of %s, whose key is not the pinned "
		    "one (%s)", cp->origin, run->key.id);
	if (mipo_vkey_make(cp->origin, &run->key, &vkey, err) != 0)
		return -1;
	return mipo_checkpoint_open(buf->data, buf->len, &vkey, cp, err);
}

int
verify_read_anchor(const struct verify *run, const char *path, bool must,
    struct mipo_checkpoint *ret_cp, bool *ret_has, struct mipo_err *err)
{
	struct mipo_err why = {0};
	struct mipo_buf buf;
	int r = 0;

	mipo_buf_init(&buf, MIPO_NOTE_MAX);
	if (mipo_file_read(path, &buf, &why) == 0) {
		*ret_has = true;
		r = parse_anchor(run, &buf, ret_cp, &why);
		if (r != 0)
			mipo_err_prefix(&why, "%s", path);
	} else if (must || why.code != MIPO_E_NOTFOUND) {
		r = -1;
	}
	mipo_buf_release(&buf);
	if (r != 0) /* a damaged memory of one's own is no tampered log */
		return mipo_err_set(err,
		    why.code == MIPO_E_TAMPERED ? MIPO_E_INPUT : why.code,
		    "%s", why.text);
	return 0;
}

int
verify_read_anchors(struct verify *run, struct mipo_err *err)
{
	const struct verify_opts *opts = run->opts;

	if (opts->since != NULL &&
	    verify_read_anchor(run, opts->since, true,
		&run->anchor[ANCHOR_SINCE].cp, &run->has_anchor[ANCHOR_SINCE],
		err) != 0)
		return mipo_err_prefix(err, "--since");
	if (opts->state_file != NULL &&
	    verify_read_anchor(run, opts->state_file, false,
		&run->anchor[ANCHOR_MEMORY].cp,
		&run->has_anchor[ANCHOR_MEMORY], err) != 0)
		return mipo_err_prefix(err, "--state-file");
	return 0;
}
