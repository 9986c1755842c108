#include "out/bundle-read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "out/bundle-order.h"
#include "out/bundle-streams.h"
#include "out/bundle-text.h"
#include "out/tar.h"
#include "trust/msig.h"

#define SMALL_MAX ((size_t)MIPO_TILE_WIDTH * (MIPO_ENTRY_MAX + 2))
#define FAULT_LEN 200

struct reader {
	struct mipo_tarr *tar;
	struct mipo_logcheck *check;
	const struct mipo_logfacts *facts; /* once the log is at its end */
	struct mipo_bundle_order order;
	struct mipo_buf *note; /* the checkpoint */
	struct mipo_checkpoint cp; /* what it says, if it says that */
	bool has_cp;
	const struct mipo_pub *key; /* pinned, or NULL */
	const char *path;	    /* of the member under way */
	struct mipo_buf small;	    /* a member that is taken whole */
	struct mipo_buf minisig;    /* likewise, kept for later */
	uint8_t tile[MIPO_TILE_WIDTH * MIPO_HASH_LEN]; /* of level 0 */
	struct mipo_hash *hash;	    /* of the member under way */
	struct mipo_hash *manifest; /* as its text must be */
	struct mipo_msig *msig;	    /* of the manifest as it is */
	bool has_manifest;
	struct mipo_streams streams;
	/* the first fault of each kind; empty: none */
	char bad_archive[FAULT_LEN], bad_manifest[FAULT_LEN];
	char bad_objects[FAULT_LEN], bad_tiles[FAULT_LEN];
};

__attribute__((format(printf, 2, 3))) static void
fault(char text[FAULT_LEN], const char *fmt, ...)
{
	va_list ap;

	if (text[0] != '\0')
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, FAULT_LEN, fmt, ap);
	va_end(ap);
}

/*
 * Passes the member's bytes to its digest, and to buf or msig if they are
 * given. Of what is larger than buf can be nothing stays in it, not its end
 * alone either: its check will see that it is not there.
 */
static int
take(struct reader *r, struct mipo_buf *buf, struct mipo_msig *msig,
    struct mipo_err *err)
{
	const void *p;
	size_t len;
	int got;

	while ((got = mipo_tarr_read(r->tar, &p, &len, err)) == 1) {
		mipo_hash_add(r->hash, p, len);
		if (buf != NULL)
			mipo_buf_put(buf, p, len);
		if (msig != NULL)
			mipo_msig_add(msig, p, len);
	}
	if (buf != NULL && buf->failed == 2)
		mipo_buf_clear(buf);
	if (got == 0 && buf != NULL)
		return mipo_buf_ok(buf, err);
	return got;
}

/* The line that the manifest must have for this member. */
static void
list(struct reader *r, const uint8_t digest[MIPO_HASH_LEN])
{
	char hex[2 * MIPO_HASH_LEN + 1];

	mipo_text_hex(digest, MIPO_HASH_LEN, hex);
	mipo_hash_add(r->manifest, "SHA256 (", 8);
	mipo_hash_add(r->manifest, r->path, strlen(r->path));
	mipo_hash_add(r->manifest, ") = ", 4);
	mipo_hash_add(r->manifest, hex, 2 * MIPO_HASH_LEN);
	mipo_hash_add(r->manifest, "\n", 1);
}

/* Feeds an entry bundle, each entry beside the hash that its tile has. */
static int
feed_entries(
    struct reader *r, const struct mipo_tile_id *id, struct mipo_err *err)
{
	const uint8_t *bytes = (const uint8_t *)r->small.data, *entry, *leaf;
	size_t at = 0, len;
	unsigned i = 0;
	int got;

	while ((got = mipo_tile_next(
		    bytes, r->small.len, &at, &entry, &len)) == 1) {
		leaf = i < id->width ? r->tile + (size_t)i * MIPO_HASH_LEN
				     : NULL;
		i++;
		if (mipo_logcheck_entry(r->check, entry, len, leaf, err) !=
		    0)
			return -1;
	}
	if (got != 0 || i != id->width)
		fault(r->bad_tiles, "%s has %u whole entries, not %u",
		    r->path, i, id->width);
	return 0;
}

/* A tile must have its width's bytes to be looked at. */
static int
take_tile(struct reader *r, enum mipo_bundle_part part,
    const struct mipo_tile_id *id, struct mipo_err *err)
{
	mipo_buf_clear(&r->small);
	if (take(r, &r->small, NULL, err) != 0)
		return -1;
	if (part == MIPO_PART_ENTRIES)
		return feed_entries(r, id, err);
	if (r->small.len != (size_t)id->width * MIPO_HASH_LEN) {
		fault(r->bad_tiles, "%s has %zu bytes", r->path,
		    r->small.len);
		return 0;
	}
	if (part == MIPO_PART_UPPER)
		return mipo_logcheck_tile(r->check, id,
		    (const uint8_t *)r->small.data, err);
	memcpy(r->tile, r->small.data, r->small.len);
	return 0;
}

/* After the tiles: the checkpoint has its say, and the log is at its end. */
static int
end_log(struct reader *r, struct mipo_err *err)
{
	if (r->facts != NULL)
		return 0;
	if (r->note->data != NULL &&
	    mipo_logcheck_note(r->check, r->note->data, r->note->len, err) != 0)
		return -1;
	if (mipo_logcheck_finish(r->check, &r->facts, err) != 0)
		return -1;
	return r->streams.no_memory ? mipo_err_nomem(err) : 0;
}

/* An object: its bytes by its name, its name by an entry, in order. */
static void
check_object(struct reader *r, const uint8_t digest[MIPO_HASH_LEN])
{
	char hex[2 * MIPO_HASH_LEN + 1];

	mipo_text_hex(digest, MIPO_HASH_LEN, hex);
	if (strcmp(hex, r->path + 8) != 0)
		fault(r->bad_objects, "%s: its bytes are not those of its "
		    "name", r->path);
	else if (!mipo_streams_find(&r->streams, digest))
		fault(r->bad_objects, "%s: no recorded scan names it (or "
		    "not in this order)", r->path);
}

static int
take_checkpoint(struct reader *r, struct mipo_err *err)
{
	if (take(r, r->note, NULL, err) != 0)
		return -1;
	r->has_cp = mipo_checkpoint_peek(r->note->data, r->note->len,
			      &r->cp, NULL) == 0;
	return 0;
}

static int
take_part(struct reader *r, enum mipo_bundle_part part,
    const struct mipo_tile_id *id, struct mipo_err *err)
{
	switch (part) {
	case MIPO_PART_CHECKPOINT:
		return take_checkpoint(r, err);
	case MIPO_PART_TILE:
	case MIPO_PART_ENTRIES:
	case MIPO_PART_UPPER:
		return take_tile(r, part, id, err);
	case MIPO_PART_OBJECT:
		return end_log(r, err) != 0 ? -1 : take(r, NULL, NULL, err);
	case MIPO_PART_MANIFEST:
		r->has_manifest = true;
		return end_log(r, err) != 0 ? -1 : take(r, NULL, r->msig, err);
	case MIPO_PART_MINISIG:
		return take(r, &r->minisig, NULL, err);
	case MIPO_PART_README:
		break;
	case MIPO_PART_WRONG:
		fault(r->bad_archive, "%s does not belong where it is",
		    r->path);
		break;
	}
	return take(r, NULL, NULL, err);
}

/* What a member's digest is good for. */
static void
use_digest(struct reader *r, enum mipo_bundle_part part)
{
	uint8_t digest[MIPO_HASH_LEN], want[MIPO_HASH_LEN];

	mipo_hash_final(r->hash, digest);
	if (part == MIPO_PART_OBJECT)
		check_object(r, digest);
	if (part != MIPO_PART_MANIFEST) {
		list(r, digest);
		return;
	}
	mipo_hash_final(r->manifest, want);
	if (memcmp(digest, want, sizeof(want)) != 0)
		fault(r->bad_manifest, "it does not list the files as they "
		    "are: sha256sum -c MANIFEST names them");
}

/* Damage is a finding, but what begins otherwise is something else. */
static bool
is_bundle(const struct reader *r, struct mipo_err *err)
{
	if (mipo_tarr_begins(r->tar, "checkpoint"))
		return true;
	mipo_err_set(err, MIPO_E_INPUT,
	    "not a mipo bundle: it does not begin with a checkpoint");
	return false;
}

static int
read_member(struct reader *r, struct mipo_err *err)
{
	enum mipo_bundle_part part;
	struct mipo_tile_id id;
	uint64_t size;
	int got = mipo_tarr_next(r->tar, &r->path, &size, err);

	if (got != 1)
		return got;
	if (!is_bundle(r, err))
		return -1;
	part = mipo_bundle_order_next(&r->order, r->path, &id);
	if (take_part(r, part, &id, err) != 0)
		return -1;
	use_digest(r, part);
	return 1;
}

/* All members. A damaged archive is a finding; other errors are errors. */
static int
read_all(struct reader *r, struct mipo_err *err)
{
	struct mipo_err why = {0};
	int got;

	do
		got = read_member(r, &why);
	while (got == 1);
	if ((got == 0 || why.code == MIPO_E_TAMPERED) && !is_bundle(r, err))
		return -1;
	if (got == 0) {
		if (!mipo_bundle_order_done(&r->order))
			fault(r->bad_archive, "it ends before its manifest "
			    "is signed");
	} else if (why.code == MIPO_E_TAMPERED) {
		fault(r->bad_archive, "%.180s", why.text);
	} else {
		*err = why;
		return -1;
	}
	return end_log(r, err);
}

/* The manifest's signature, by the same key as the checkpoint's. */
static void
check_minisig(struct reader *r)
{
	const struct mipo_pub *pub = r->key;
	char want[MIPO_MSIG_COMMENT], trusted[MIPO_MSIG_COMMENT];
	uint8_t digest[MIPO_MSIG_DIGEST];
	struct mipo_err why = {0};

	if (r->facts->has_genesis) /* a pinned one that differs is a fault */
		pub = &r->facts->genesis.log_vkey.pub;
	if (!r->has_manifest || r->minisig.data == NULL || pub == NULL) {
		fault(r->bad_manifest, "it is missing, or not signed");
		return;
	}
	mipo_msig_final(r->msig, digest);
	if (mipo_msig_check(r->minisig.data, r->minisig.len, pub, digest,
		trusted, &why) != 0) {
		fault(r->bad_manifest, "%.180s", why.text);
		return;
	}
	mipo_bundle_trusted(&r->cp, want);
	if (!r->has_cp || strcmp(trusted, want) != 0)
		fault(r->bad_manifest, "it is signed for another checkpoint");
}

static void
put(struct mipo_report *report, const char *check, const char *bad,
    const char *good)
{
	if (bad[0] != '\0')
		mipo_report_put(report, MIPO_FAIL, check, "%s", bad);
	else if (good != NULL)
		mipo_report_put(report, MIPO_PASS, check, "%s", good);
}

static void
put_rows(struct reader *r, struct mipo_report *report)
{
	bool stranger = r->facts->fault[MIPO_FAULT_KEY].count > 0;

	put(report, "archive", r->bad_archive,
	    "written again from what was read, its bytes are the same");
	mipo_logcheck_report(r->facts, report);
	put(report, "tiles", r->bad_tiles, NULL);
	put(report, "manifest", r->bad_manifest,
	    stranger ? "lists every file as it is, signed by the key that "
		       "the log itself names, not by yours"
		     : "lists every file as it is, signed by the log's key");
	mipo_streams_report(&r->streams, r->bad_objects, report);
}

static int
begin(struct reader *r, int fd, const struct mipo_logcheck_opts *opts,
    struct mipo_err *err)
{
	struct mipo_logcheck_opts ours = *opts;

	ours.tiles = true;
	ours.scan = mipo_streams_add;
	ours.arg = &r->streams;
	r->key = opts->key;
	mipo_buf_init(&r->small, SMALL_MAX);
	mipo_buf_init(r->note, MIPO_NOTE_MAX);
	mipo_buf_init(&r->minisig, 8192);
	r->hash = mipo_hash_new(err);
	r->manifest = mipo_hash_new(err);
	r->msig = mipo_msig_new(err);
	if (r->hash == NULL || r->manifest == NULL || r->msig == NULL ||
	    mipo_tarr_new(fd, &r->tar, err) != 0)
		return -1;
	return mipo_logcheck_new(&ours, &r->check, err);
}

static void
end(struct reader *r)
{
	mipo_tarr_free(r->tar);
	mipo_logcheck_free(r->check);
	mipo_hash_free(r->hash);
	mipo_hash_free(r->manifest);
	mipo_msig_free(r->msig);
	mipo_buf_release(&r->small);
	mipo_buf_release(&r->minisig);
	mipo_streams_release(&r->streams);
	free(r);
}

int
mipo_bundle_check(int fd, const struct mipo_logcheck_opts *opts,
    struct mipo_report *report, struct mipo_buf *note,
    struct mipo_logcheck **ret_check, const struct mipo_logfacts **ret_facts,
    struct mipo_err *err)
{
	struct reader *r = mipo_calloc(1, sizeof(*r), err);
	int result = -1;

	if (r == NULL)
		return -1;
	mipo_buf_clear(note);
	r->note = note;
	if (begin(r, fd, opts, err) == 0 && read_all(r, err) == 0) {
		check_minisig(r);
		put_rows(r, report);
		*ret_check = r->check;
		*ret_facts = r->facts;
		r->check = NULL;
		result = 0;
	}
	end(r);
	return result;
}
