/*
 * Signed notes and checkpoints, the forms of C2SP signed-note and
 * tlog-checkpoint, with Ed25519 (type 01). The note key signs checkpoints
 * of one origin, and bundle manifests (msig.h), which no note can be.
 */
#ifndef MIPO_TRUST_NOTE_H
#define MIPO_TRUST_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "trust/hash.h"
#include "trust/key.h"

struct mipo_buf;
struct mipo_err;

#define MIPO_ORG_MAX	64  /* letters, digits, . and - */
#define MIPO_ORIGIN_LEN 160 /* with its NUL */
#define MIPO_NOTE_MAX	65536

/* A verifier key: "name+hex8+base64(01 || pk)". */
struct mipo_vkey {
	char name[MIPO_ORIGIN_LEN];
	uint8_t id[4]; /* SHA-256(name || LF || 01 || pk)[0:4]: a hint */
	struct mipo_pub pub;
};

/* "ORG/mipo-audit/KEYID": no other key can claim it. */
int mipo_origin_make(const char *org, const struct mipo_pub *pub,
    char ret_origin[MIPO_ORIGIN_LEN], struct mipo_err *err);

/* Whether origin has that form and names pub. */
bool mipo_origin_is_of(const char *origin, const struct mipo_pub *pub);

/* name: not empty, no blank, no plus, fits. */
int mipo_vkey_make(const char *name, const struct mipo_pub *pub,
    struct mipo_vkey *ret_vkey, struct mipo_err *err);
void mipo_vkey_format(const struct mipo_vkey *vkey, struct mipo_buf *buf);

/* The whole string, no LF. The key id is computed and must agree. */
int mipo_vkey_parse(
    const char *text, struct mipo_vkey *ret_vkey, struct mipo_err *err);

/*
 * Checks a note: UTF-8, no control byte but LF, at least one line by vkey
 * and every line by vkey good; lines of others are not looked at. The
 * signed text is the first *ret_text bytes. E_INPUT: no note; E_NOTFOUND:
 * no line by vkey; E_TAMPERED: a line by vkey that does not hold.
 */
int mipo_note_open(const char *note, size_t len,
    const struct mipo_vkey *vkey, size_t *ret_text, struct mipo_err *err);

/* What a checkpoint says. */
struct mipo_checkpoint {
	char origin[MIPO_ORIGIN_LEN];
	uint64_t size;
	uint8_t root[MIPO_HASH_LEN];
};

/* Appends the text that is signed: origin, size, base64 root, LF each. */
void mipo_checkpoint_text(
    const struct mipo_checkpoint *cp, struct mipo_buf *buf);

/* Appends the whole note, signed by key under the name origin. */
int mipo_checkpoint_sign(const struct mipo_checkpoint *cp,
    const struct mipo_key *key, struct mipo_buf *buf, struct mipo_err *err);

/* What a text says (extension lines are passed over), no signature asked. */
int mipo_checkpoint_parse(const char *text, size_t len,
    struct mipo_checkpoint *ret_cp, struct mipo_err *err);

/* The same for a whole note, whose signatures are not looked at. */
int mipo_checkpoint_peek(const char *note, size_t len,
    struct mipo_checkpoint *ret_cp, struct mipo_err *err);

/*
 * mipo_note_open, then mipo_checkpoint_parse of its text; the origin must
 * be vkey's name (E_TAMPERED).
 */
int mipo_checkpoint_open(const char *note, size_t len,
    const struct mipo_vkey *vkey, struct mipo_checkpoint *ret_cp,
    struct mipo_err *err);

#endif
