#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "trust/msig.h"
#include "trust/note.h"

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

/* The published key of C2SP signed-note's own example. */
#define FOO                                                             \
	"example.com/foo+530d903a+"                                     \
	"AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

START_TEST(vkeys)
{
	static const char *const bad[] = {"", "a", "a+b", FOO " ", FOO "A",
	    "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnK"
	    "v3U2k",
	    "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnK"
	    "v3U2k",
	    "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnK"
	    "v3U2k",
	    "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "exam ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    NULL};
	struct mipo_err err = {0};
	struct mipo_vkey vkey;
	struct mipo_buf buf;

	ck_ok(mipo_vkey_parse(FOO, &vkey, &err));
	ck_assert_str_eq(vkey.name, "example.com/foo");
	mipo_buf_init(&buf, 1000);
	mipo_vkey_format(&vkey, &buf);
	ck_assert_str_eq(mipo_buf_str(&buf, &err), FOO);
	for (const char *const *s = bad; *s != NULL; s++)
		ck_fails(mipo_vkey_parse(*s, &vkey, &err), MIPO_E_INPUT);
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(origins)
{
	struct mipo_err err = {0};
	struct mipo_key *key = key_of(1), *other = key_of(2);
	char origin[MIPO_ORIGIN_LEN], most[MIPO_ORG_MAX + 2];

	ck_ok(mipo_origin_make(
	    "example.org", mipo_key_pub(key), origin, &err));
	ck_assert(mipo_origin_is_of(origin, mipo_key_pub(key)));
	ck_assert(!mipo_origin_is_of(origin, mipo_key_pub(other)));
	ck_assert(!mipo_origin_is_of("/mipo-audit/", mipo_key_pub(key)));
	ck_assert(!mipo_origin_is_of("x", mipo_key_pub(key)));
	memset(most, 'a', sizeof(most));
	most[MIPO_ORG_MAX] = '\0';
	ck_ok(mipo_origin_make(most, mipo_key_pub(key), origin, &err));
	most[MIPO_ORG_MAX] = 'a';
	most[MIPO_ORG_MAX + 1] = '\0';
	ck_fails(mipo_origin_make(most, mipo_key_pub(key), origin, &err),
	    MIPO_E_USAGE);
	ck_fails(mipo_origin_make("", mipo_key_pub(key), origin, &err),
	    MIPO_E_USAGE);
	ck_fails(mipo_origin_make("a b", mipo_key_pub(key), origin, &err),
	    MIPO_E_USAGE);
	mipo_key_free(key);
	mipo_key_free(other);
}
END_TEST

/* A signed checkpoint, and the key that it is by. */
static struct mipo_key *
make(struct mipo_checkpoint *cp, struct mipo_vkey *vkey,
    struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	struct mipo_key *key = key_of(1);

	memset(cp, 0, sizeof(*cp));
	ck_ok(mipo_origin_make(
	    "example.org", mipo_key_pub(key), cp->origin, &err));
	cp->size = 42;
	mipo_hash("root", 4, cp->root);
	ck_ok(mipo_vkey_make(cp->origin, mipo_key_pub(key), vkey, &err));
	mipo_buf_init(buf, MIPO_NOTE_MAX);
	ck_ok(mipo_checkpoint_sign(cp, key, buf, &err));
	return key;
}

START_TEST(checkpoint_is_these_bytes)
{
	struct mipo_checkpoint cp, again;
	struct mipo_err err = {0};
	struct mipo_vkey vkey;
	struct mipo_buf buf;
	struct mipo_key *key = make(&cp, &vkey, &buf);
	static const char text[] =
	    "example.org/mipo-audit/34750f98bd59fcfc\n42\n"
	    "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n"
	    "\n\xe2\x80\x94 example.org/mipo-audit/34750f98bd59fcfc ";

	ck_assert_mem_eq(buf.data, text, sizeof(text) - 1);
	ck_assert_uint_eq(buf.len, sizeof(text) - 1 + 92 + 1);
	ck_ok(mipo_checkpoint_open(buf.data, buf.len, &vkey, &again, &err));
	ck_assert_mem_eq(again.root, cp.root, 32);
	ck_assert_uint_eq(again.size, 42);
	ck_assert_str_eq(again.origin, cp.origin);
	mipo_buf_release(&buf);
	mipo_key_free(key);
}
END_TEST

START_TEST(no_flip_of_a_note_verifies)
{
	struct mipo_checkpoint cp;
	struct mipo_err err = {0};
	struct mipo_vkey vkey;
	struct mipo_buf buf;
	struct mipo_key *key = make(&cp, &vkey, &buf);

	for (size_t i = 0; i < buf.len * 8; i++) {
		buf.data[i / 8] ^= (char)(1 << i % 8);
		ck_assert_int_eq(mipo_checkpoint_open(buf.data, buf.len,
				     &vkey, &cp, &err), -1);
		mipo_err_clear(&err);
		buf.data[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t len = 0; len < buf.len; len++) {
		ck_assert_int_eq(mipo_checkpoint_open(
				     buf.data, len, &vkey, &cp, &err), -1);
		mipo_err_clear(&err);
	}
	mipo_buf_release(&buf);
	mipo_key_free(key);
}
END_TEST

/* Lines of others are passed over; a bad one of ours spoils the note. */
START_TEST(several_signatures)
{
	struct mipo_checkpoint cp;
	struct mipo_err err = {0};
	struct mipo_vkey vkey, other;
	struct mipo_buf buf, more;
	struct mipo_key *key = make(&cp, &vkey, &buf), *stranger = key_of(2);
	const char *line;
	size_t text;

	ck_ok(mipo_vkey_make(
	    "witness", mipo_key_pub(stranger), &other, &err));
	ck_fails(mipo_note_open(buf.data, buf.len, &other, &text, &err),
	    MIPO_E_NOTFOUND);
	mipo_buf_init(&more, MIPO_NOTE_MAX);
	mipo_buf_put(&more, buf.data, buf.len);
	mipo_buf_puts(&more, "\xe2\x80\x94 witness bm90aGluZw==\n");
	ck_ok(mipo_note_open(more.data, more.len, &vkey, &text, &err));
	ck_assert_uint_eq(
	    text, strlen(cp.origin) + 1 + 3 + 45); /* without the blank */
	line = strstr(mipo_buf_str(&buf, &err), "\n\n") + 2;
	mipo_buf_puts(&more, line);
	ck_ok(mipo_note_open(more.data, more.len, &vkey, &text, &err));
	more.data[more.len - 10] ^= 1;
	ck_fails(mipo_note_open(more.data, more.len, &vkey, &text, &err),
	    MIPO_E_TAMPERED);
	more.data[more.len - 10] ^= 1;
	mipo_buf_puts(&more, "no line\n");
	ck_fails(mipo_note_open(more.data, more.len, &vkey, &text, &err),
	    MIPO_E_INPUT);
	mipo_buf_release(&buf);
	mipo_buf_release(&more);
	mipo_key_free(key);
	mipo_key_free(stranger);
}
END_TEST

START_TEST(checkpoint_texts)
{
#define ROOT "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n"
	static const char *const bad[] = {"", "a\n", "a\n1\n",
	    "\n1\n" ROOT, "a\n01\n" ROOT, "a\n-1\n" ROOT, "a\n+1\n" ROOT,
	    "a\n9223372036854775808\n" ROOT, "a\n1 \n" ROOT,
	    "a\n1\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7J=\n",
	    "a\n1\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2dw==\n",
	    "a\n1\n" ROOT "\n", "a\n1\n" ROOT "x", "a b\n1\n" ROOT, NULL};
	static const char *const good[] = {"a\n0\n" ROOT,
	    "a\n9223372036854775807\n" ROOT, "a\n1\n" ROOT "more\n", NULL};
	struct mipo_checkpoint cp;
	struct mipo_err err = {0};

	for (const char *const *s = bad; *s != NULL; s++) {
		ck_assert_msg(mipo_checkpoint_parse(
				  *s, strlen(*s), &cp, &err) == -1, "%s", *s);
		mipo_err_clear(&err);
	}
	for (const char *const *s = good; *s != NULL; s++)
		ck_ok(mipo_checkpoint_parse(*s, strlen(*s), &cp, &err));
	ck_assert_int_eq(mipo_checkpoint_parse("a\n1\0\n" ROOT,
			     sizeof("a\n1\0\n" ROOT) - 1, &cp, NULL), -1);
}
END_TEST

/* ---- minisign */

static void
digest_of(const char *s, uint8_t digest[MIPO_MSIG_DIGEST])
{
	struct mipo_err err = {0};
	struct mipo_msig *msig = mipo_msig_new(&err);

	ck_assert_ptr_nonnull(msig);
	mipo_msig_add(msig, s, strlen(s));
	mipo_msig_final(msig, digest);
	mipo_msig_free(msig);
}

START_TEST(minisig_holds)
{
	struct mipo_err err = {0};
	struct mipo_key *key = key_of(1), *other = key_of(2);
	uint8_t digest[MIPO_MSIG_DIGEST], wrong[MIPO_MSIG_DIGEST];
	char trusted[MIPO_MSIG_COMMENT];
	struct mipo_buf buf;

	digest_of("the file", digest);
	digest_of("another", wrong);
	mipo_buf_init(&buf, 4096);
	ck_ok(mipo_msig_sign(key, digest, "a size 1", &buf, &err));
	ck_ok(mipo_msig_check(buf.data, buf.len, mipo_key_pub(key), digest,
	    trusted, &err));
	ck_assert_str_eq(trusted, "a size 1");
	ck_fails(mipo_msig_check(buf.data, buf.len, mipo_key_pub(key), wrong,
		     trusted, &err), MIPO_E_TAMPERED);
	ck_fails(mipo_msig_check(buf.data, buf.len, mipo_key_pub(other),
		     digest, trusted, &err), MIPO_E_TAMPERED);
	for (size_t i = 0; i < buf.len * 8; i++) {
		int r;

		buf.data[i / 8] ^= (char)(1 << i % 8);
		r = mipo_msig_check(buf.data, buf.len, mipo_key_pub(key),
		    digest, trusted, &err);
		ck_assert_msg(r == -1, "bit %zu", i);
		mipo_err_clear(&err);
		buf.data[i / 8] ^= (char)(1 << i % 8);
	}
	mipo_buf_putc(&buf, '\n');
	ck_fails(mipo_msig_check(buf.data, buf.len, mipo_key_pub(key),
		     digest, trusted, &err), MIPO_E_INPUT);
	ck_fails(mipo_msig_sign(key, digest, "two\nlines", &buf, &err),
	    MIPO_E_USAGE);
	mipo_buf_release(&buf);
	mipo_key_free(key);
	mipo_key_free(other);
}
END_TEST

/* Without memory a signature is neither good nor bad. */
START_TEST(note_out_of_memory)
{
	struct mipo_err err = {0};
	struct mipo_vkey vkey;
	struct mipo_checkpoint cp;
	static char note[40000];
	struct mipo_key *key = key_of(1);
	struct mipo_buf buf;
	const char *lines;
	size_t text, len;

	ck_ok(mipo_vkey_make("big", mipo_key_pub(key), &vkey, &err));
	mipo_buf_init(&buf, MIPO_NOTE_MAX);
	memset(&cp, 0, sizeof(cp));
	memcpy(cp.origin, "big", 4);
	ck_ok(mipo_checkpoint_sign(&cp, key, &buf, &err));
	memset(note, 'a', sizeof(note));
	note[30000] = '\n'; /* a text too long for the stack */
	lines = strstr(mipo_buf_str(&buf, &err), "\n\n") + 1;
	memcpy(note + 30001, lines, strlen(lines));
	len = 30001 + strlen(lines);
	mipo_mem_fail_at(1);
	ck_fails(mipo_note_open(note, len, &vkey, &text, &err), MIPO_E_NOMEM);
	mipo_mem_fail_at(0);
	ck_fails(
	    mipo_note_open(note, len, &vkey, &text, &err), MIPO_E_TAMPERED);
	mipo_buf_release(&buf);
	mipo_key_free(key);
}
END_TEST

UNIT_MAIN("note", vkeys, origins, checkpoint_is_these_bytes,
    no_flip_of_a_note_verifies, several_signatures, checkpoint_texts,
    minisig_holds, note_out_of_memory);
