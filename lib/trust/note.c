#include "trust/note.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

#define DASH	 "\xe2\x80\x94 " /* what a signature line begins with */
#define TYPE	 1		 /* Ed25519 */
#define SIG_LEN	 (4 + MIPO_SIG_LEN)
#define SIG_B64	 92
#define MAX_SIGS 100

static bool
is_org(const char *org, size_t len)
{
	if (len == 0 || len > MIPO_ORG_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = org[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '-'))
			return false;
	}
	return true;
}

int
mipo_origin_make(const char *org, const struct mipo_pub *pub,
    char ret_origin[MIPO_ORIGIN_LEN], struct mipo_err *err)
{
	size_t len = strlen(org);

	if (!is_org(org, len))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" cannot be an organisation's name here: 1 to %d "
		    "letters, digits, dots and hyphens", org, MIPO_ORG_MAX);
	memcpy(ret_origin, org, len);
	memcpy(ret_origin + len, "/mipo-audit/", 12);
	memcpy(ret_origin + len + 12, pub->id, sizeof(pub->id));
	return 0;
}

bool
mipo_origin_is_of(const char *origin, const struct mipo_pub *pub)
{
	const char *slash = strchr(origin, '/');

	return slash != NULL && is_org(origin, (size_t)(slash - origin)) &&
	    strncmp(slash, "/mipo-audit/", 12) == 0 &&
	    strcmp(slash + 12, pub->id) == 0;
}

/* Key names: no blanks, no plus; ours are ASCII. */
static bool
is_name(const char *name, size_t len)
{
	if (len == 0 || len >= MIPO_ORIGIN_LEN)
		return false;
	for (size_t i = 0; i < len; i++)
		if (name[i] <= 0x20 || name[i] >= 0x7f || name[i] == '+')
			return false;
	return true;
}

int
mipo_vkey_make(const char *name, const struct mipo_pub *pub,
    struct mipo_vkey *ret_vkey, struct mipo_err *err)
{
	static const uint8_t type = TYPE;
	uint8_t digest[MIPO_HASH_LEN];
	const struct mipo_hash_part parts[] = {{name, strlen(name)},
	    {"\n", 1}, {&type, 1}, {pub->pk, MIPO_PK_LEN}};

	if (!is_name(name, strlen(name)))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" cannot be the name of a key", name);
	mipo_hash_parts(parts, 4, digest);
	memcpy(ret_vkey->name, name, strlen(name) + 1);
	memcpy(ret_vkey->id, digest, sizeof(ret_vkey->id));
	ret_vkey->pub = *pub;
	return 0;
}

void
mipo_vkey_format(const struct mipo_vkey *vkey, struct mipo_buf *buf)
{
	uint8_t raw[1 + MIPO_PK_LEN] = {TYPE};

	memcpy(raw + 1, vkey->pub.pk, MIPO_PK_LEN);
	mipo_buf_puts(buf, vkey->name);
	mipo_buf_putc(buf, '+');
	mipo_buf_put_hex(buf, vkey->id, sizeof(vkey->id));
	mipo_buf_putc(buf, '+');
	mipo_b64(buf, raw, sizeof(raw));
}

static int
parse_vkey(const char *text, struct mipo_vkey *ret_vkey)
{
	uint8_t raw[1 + MIPO_PK_LEN], id[4];
	char name[MIPO_ORIGIN_LEN], hex[9];
	size_t len = strcspn(text, "+");
	const char *rest = text + len;
	struct mipo_pub pub;

	if (!is_name(text, len) || strlen(rest) < 10 || rest[9] != '+')
		return -1;
	memcpy(name, text, len);
	name[len] = '\0';
	memcpy(hex, rest + 1, 8);
	hex[8] = '\0';
	rest += 10;
	if (mipo_text_unhex(hex, id, sizeof(id), NULL) != 0 ||
	    mipo_unb64_exact(rest, strlen(rest), raw, sizeof(raw), NULL) !=
		0 ||
	    raw[0] != TYPE)
		return -1;
	mipo_pub_set(&pub, raw + 1);
	if (mipo_vkey_make(name, &pub, ret_vkey, NULL) != 0)
		return -1;
	return memcmp(id, ret_vkey->id, sizeof(id)) == 0 ? 0 : -1;
}

int
mipo_vkey_parse(
    const char *text, struct mipo_vkey *ret_vkey, struct mipo_err *err)
{
	struct mipo_vkey vkey;

	if (parse_vkey(text, &vkey) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "\"%.200s\" is not a verifier key "
		    "(name+id+base64, of Ed25519)", text);
	*ret_vkey = vkey;
	return 0;
}

/* Where the signature lines begin: behind the last empty line, or 0. */
static size_t
signatures_at(const char *note, size_t len)
{
	if (len == 0 || len > MIPO_NOTE_MAX || note[len - 1] != '\n' ||
	    !mipo_text_is_utf8(note, len))
		return 0;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)note[i] < 0x20 && note[i] != '\n')
			return 0;
	for (size_t i = len - 1; i >= 2; i--)
		if (note[i - 1] == '\n' && note[i - 2] == '\n')
			return i;
	return 0;
}

/* What one line was. */
enum line {
	LINE_BAD,
	LINE_FOREIGN,
	LINE_OURS
};

/* A line without its LF: dash, name, blank, base64. */
static enum line
read_line(const char *line, size_t len, const struct mipo_vkey *vkey,
    uint8_t raw[SIG_LEN])
{
	size_t dash = sizeof(DASH) - 1, name_len;
	const char *name, *blank;

	if (len < dash || memcmp(line, DASH, dash) != 0)
		return LINE_BAD;
	name = line + dash;
	blank = memchr(name, ' ', len - dash);
	if (blank == NULL || blank == name)
		return LINE_BAD;
	name_len = (size_t)(blank - name);
	len -= dash + name_len + 1;
	if (len == 0)
		return LINE_BAD;
	if (name_len != strlen(vkey->name) ||
	    memcmp(name, vkey->name, name_len) != 0 || len != SIG_B64 ||
	    mipo_unb64_exact(blank + 1, len, raw, SIG_LEN, NULL) != 0 ||
	    memcmp(raw, vkey->id, sizeof(vkey->id)) != 0)
		return LINE_FOREIGN;
	return LINE_OURS;
}

static int
check_lines(const char *note, size_t len, size_t at,
    const struct mipo_vkey *vkey, struct mipo_err *err)
{
	size_t good = 0, count = 0;
	uint8_t raw[SIG_LEN];

	for (const char *p = note + at, *lf; p < note + len; p = lf + 1) {
		size_t left = (size_t)(note + len - p);

		lf = memchr(p, '\n', left);
		if (lf == NULL || ++count > MAX_SIGS)
			return mipo_err_set(err, MIPO_E_INPUT,
			    "a note with too many signature lines");
		switch (read_line(p, (size_t)(lf - p), vkey, raw)) {
		case LINE_BAD:
			return mipo_err_set(err, MIPO_E_INPUT,
			    "signature line %zu of the note is malformed",
			    count);
		case LINE_OURS:
			if (mipo_verify(&vkey->pub, "", note, at - 1, raw + 4,
				err) != 0)
				return -1;
			good++;
			break;
		case LINE_FOREIGN:
			break;
		}
	}
	if (good == 0)
		return mipo_err_set(err, MIPO_E_NOTFOUND,
		    "the note has no signature by %s", vkey->name);
	return 0;
}

int
mipo_note_open(const char *note, size_t len, const struct mipo_vkey *vkey,
    size_t *ret_text, struct mipo_err *err)
{
	size_t at = signatures_at(note, len);

	if (at == 0 || at == len)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "not a signed note (text, an empty "
		    "line, signature lines)");
	if (check_lines(note, len, at, vkey, err) != 0)
		return -1;
	*ret_text = at - 1;
	return 0;
}

void
mipo_checkpoint_text(const struct mipo_checkpoint *cp, struct mipo_buf *buf)
{
	mipo_buf_puts(buf, cp->origin);
	mipo_buf_putc(buf, '\n');
	mipo_buf_put_u64(buf, cp->size);
	mipo_buf_putc(buf, '\n');
	mipo_b64(buf, cp->root, sizeof(cp->root));
	mipo_buf_putc(buf, '\n');
}

int
mipo_checkpoint_sign(const struct mipo_checkpoint *cp,
    const struct mipo_key *key, struct mipo_buf *buf, struct mipo_err *err)
{
	uint8_t raw[SIG_LEN];
	struct mipo_vkey vkey;
	size_t at = buf->len;

	if (mipo_vkey_make(cp->origin, mipo_key_pub(key), &vkey, err) != 0)
		return -1;
	mipo_checkpoint_text(cp, buf);
	if (mipo_buf_ok(buf, err) != 0 ||
	    mipo_sign(key, "", buf->data + at, buf->len - at, raw + 4, err) !=
		0)
		return -1;
	memcpy(raw, vkey.id, sizeof(vkey.id));
	mipo_buf_puts(buf, "\n" DASH);
	mipo_buf_puts(buf, vkey.name);
	mipo_buf_putc(buf, ' ');
	mipo_b64(buf, raw, sizeof(raw));
	mipo_buf_putc(buf, '\n');
	return mipo_buf_ok(buf, err);
}

/* The next line of *p as a span that *p moves behind; NULL at the end. */
static const char *
next_line(const char **p, const char *end, size_t *ret_len)
{
	const char *line = *p,
		   *lf = memchr(line, '\n', (size_t)(end - line));

	if (lf == NULL)
		return NULL;
	*ret_len = (size_t)(lf - line);
	*p = lf + 1;
	return line;
}

static int
parse_checkpoint(
    const char *p, const char *end, struct mipo_checkpoint *cp)
{
	char digits[20];
	const char *line;
	size_t len;

	line = next_line(&p, end, &len);
	if (line == NULL || !is_name(line, len))
		return -1;
	memcpy(cp->origin, line, len);
	cp->origin[len] = '\0';
	line = next_line(&p, end, &len);
	if (line == NULL || len >= sizeof(digits))
		return -1;
	memcpy(digits, line, len);
	digits[len] = '\0';
	if (strlen(digits) != len || /* no NUL behind the number */
	    mipo_text_u64(digits, 0, INT64_MAX, &cp->size, NULL) != 0)
		return -1;
	line = next_line(&p, end, &len);
	if (line == NULL || len != 44 ||
	    mipo_unb64_exact(line, len, cp->root, MIPO_HASH_LEN, NULL) != 0)
		return -1;
	while (p < end) {
		line = next_line(&p, end, &len);
		if (line == NULL || len == 0)
			return -1;
	}
	return 0;
}

int
mipo_checkpoint_parse(const char *text, size_t len,
    struct mipo_checkpoint *ret_cp, struct mipo_err *err)
{
	struct mipo_checkpoint cp;

	if (len == 0 || parse_checkpoint(text, text + len, &cp) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "not a checkpoint (origin, size and base64 root, a line "
		    "each)");
	*ret_cp = cp;
	return 0;
}

int
mipo_checkpoint_peek(const char *note, size_t len,
    struct mipo_checkpoint *ret_cp, struct mipo_err *err)
{
	size_t at = signatures_at(note, len);

	return mipo_checkpoint_parse(note, at == 0 ? 0 : at - 1, ret_cp, err);
}

int
mipo_checkpoint_open(const char *note, size_t len,
    const struct mipo_vkey *vkey, struct mipo_checkpoint *ret_cp,
    struct mipo_err *err)
{
	struct mipo_checkpoint cp;
	size_t text;

	if (mipo_note_open(note, len, vkey, &text, err) != 0 ||
	    mipo_checkpoint_parse(note, text, &cp, err) != 0)
		return -1;
	if (strcmp(cp.origin, vkey->name) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "a checkpoint of %s signed as %s", cp.origin,
		    vkey->name);
	*ret_cp = cp;
	return 0;
}
