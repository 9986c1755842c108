#include "out/bundle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "out/bundle-text.h"
#include "out/tar.h"
#include "trust/entry.h"
#include "trust/msig.h"
#include "trust/note.h"
#include "trust/tile.h"
#include "trust/tree.h"

#define OUT_BLOCK    262144
#define MANIFEST_MAX ((size_t)1 << 30)

struct mipo_bundle {
	int fd;
	struct mipo_tarw *tar;
	const struct mipo_key *log_key; /* borrowed */
	struct mipo_checkpoint cp;
	struct mipo_tiles tiles;
	struct mipo_buf entries;  /* of the open entry bundle */
	struct mipo_buf manifest; /* lines so far */
	struct mipo_buf out;	  /* bytes not yet written */
	struct mipo_hash *hash;	  /* of the open object */
	uint8_t digest[MIPO_HASH_LEN]; /* its name */
	uint64_t left;		  /* bytes of it to come */
	bool open;		  /* an object is */
	bool tiled;		  /* the partial tiles are out */
	struct mipo_err *err;	  /* of the call that is under way */
};

static int
flush(struct mipo_bundle *bundle, struct mipo_err *err)
{
	if (mipo_file_write_all(
		bundle->fd, bundle->out.data, bundle->out.len, err) != 0)
		return -1;
	mipo_buf_clear(&bundle->out);
	return 0;
}

static int
on_bytes(void *arg, const void *p, size_t len, struct mipo_err *err)
{
	struct mipo_bundle *bundle = arg;

	if (bundle->out.len + len > OUT_BLOCK && flush(bundle, err) != 0)
		return -1;
	if (len > OUT_BLOCK)
		return mipo_file_write_all(bundle->fd, p, len, err);
	mipo_buf_put(&bundle->out, p, len);
	return mipo_buf_ok(&bundle->out, err);
}

/* One line of sha256sum's tagged form. */
static int
list(struct mipo_bundle *bundle, const char *path,
    const uint8_t digest[MIPO_HASH_LEN], struct mipo_err *err)
{
	mipo_buf_puts(&bundle->manifest, "SHA256 (");
	mipo_buf_puts(&bundle->manifest, path);
	mipo_buf_puts(&bundle->manifest, ") = ");
	mipo_buf_put_hex(&bundle->manifest, digest, MIPO_HASH_LEN);
	mipo_buf_putc(&bundle->manifest, '\n');
	return mipo_buf_ok(&bundle->manifest, err);
}

static int
put_member(struct mipo_bundle *bundle, const char *path, const void *p,
    size_t len, struct mipo_err *err)
{
	if (mipo_tarw_member(bundle->tar, path, len, err) != 0)
		return -1;
	return mipo_tarw_data(bundle->tar, p, len, err);
}

/* A member that the manifest lists. */
static int
put_listed(struct mipo_bundle *bundle, const char *path, const void *p,
    size_t len, struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];

	mipo_hash(p, len, digest);
	if (list(bundle, path, digest, err) != 0)
		return -1;
	return put_member(bundle, path, p, len, err);
}

static int
put_head(struct mipo_bundle *bundle, const char *note, size_t len,
    struct mipo_err *err)
{
	struct mipo_buf readme;
	int r;

	if (put_listed(bundle, "checkpoint", note, len, err) != 0)
		return -1;
	mipo_buf_init(&readme, 65536);
	mipo_bundle_readme(&bundle->cp, &readme);
	r = mipo_buf_ok(&readme, err);
	if (r == 0)
		r = put_listed(
		    bundle, "README.txt", readme.data, readme.len, err);
	mipo_buf_release(&readme);
	return r;
}

/* The note must be by the key that will sign the manifest. */
static int
take_note(struct mipo_bundle *bundle, const char *note, size_t len,
    struct mipo_err *err)
{
	struct mipo_checkpoint cp;
	struct mipo_vkey vkey;

	if (mipo_checkpoint_peek(note, len, &cp, err) == 0 &&
	    mipo_vkey_make(cp.origin, mipo_key_pub(bundle->log_key), &vkey,
		err) == 0 &&
	    mipo_checkpoint_open(note, len, &vkey, &bundle->cp, err) == 0)
		return 0;
	(void)mipo_err_stored(err);
	return mipo_err_prefix(err, "the newest checkpoint");
}

int
mipo_bundle_new(int fd, const char *note, size_t len,
    const struct mipo_key *log_key, struct mipo_bundle **ret_bundle,
    struct mipo_err *err)
{
	struct mipo_bundle *bundle = mipo_calloc(1, sizeof(*bundle), err);

	if (bundle == NULL)
		return -1;
	bundle->fd = fd;
	bundle->log_key = log_key;
	mipo_tiles_init(&bundle->tiles);
	mipo_buf_init(&bundle->entries, (size_t)MIPO_TILE_WIDTH * 65537);
	mipo_buf_init(&bundle->manifest, MANIFEST_MAX);
	mipo_buf_init(&bundle->out, OUT_BLOCK);
	bundle->hash = mipo_hash_new(err);
	if (bundle->hash == NULL || take_note(bundle, note, len, err) != 0 ||
	    mipo_tarw_new(on_bytes, bundle, &bundle->tar, err) != 0 ||
	    put_head(bundle, note, len, err) != 0) {
		mipo_bundle_free(bundle);
		return -1;
	}
	*ret_bundle = bundle;
	return 0;
}

void
mipo_bundle_free(struct mipo_bundle *bundle)
{
	if (bundle == NULL)
		return;
	mipo_tarw_free(bundle->tar);
	mipo_hash_free(bundle->hash);
	mipo_buf_release(&bundle->entries);
	mipo_buf_release(&bundle->manifest);
	mipo_buf_release(&bundle->out);
	free(bundle);
}

/* A tile that is whole; with level 0 come the entries beside it. */
static int
on_tile(void *arg, const struct mipo_tile_id *id, const uint8_t *hashes)
{
	struct mipo_bundle *bundle = arg;
	struct mipo_tile_id beside = *id;
	char path[MIPO_TILE_PATH];

	mipo_tile_path(id, path);
	if (put_listed(bundle, path, hashes,
		(size_t)id->width * MIPO_HASH_LEN, bundle->err) != 0)
		return -1;
	if (id->level != 0)
		return 0;
	beside.level = MIPO_TILE_ENTRIES;
	mipo_tile_path(&beside, path);
	if (put_listed(bundle, path, bundle->entries.data,
		bundle->entries.len, bundle->err) != 0)
		return -1;
	mipo_buf_clear(&bundle->entries);
	return 0;
}

int
mipo_bundle_entry(struct mipo_bundle *bundle, const void *bytes, size_t len,
    struct mipo_err *err)
{
	uint8_t leaf[MIPO_HASH_LEN];

	if (bundle->tiled || len > MIPO_ENTRY_MAX)
		return mipo_err_set(err, MIPO_E_INTERNAL,
		    "an entry too late, or too long");
	if (bundle->tiles.tree.size == bundle->cp.size)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the log has more entries than its checkpoint signs");
	mipo_leaf_hash(bytes, len, leaf);
	mipo_tile_put(&bundle->entries, bytes, len);
	if (mipo_buf_ok(&bundle->entries, err) != 0)
		return -1;
	bundle->err = err;
	return mipo_tiles_add(&bundle->tiles, leaf, on_tile, bundle);
}

/* After the last entry, once: its root must be the one that is signed. */
static int
end_tiles(struct mipo_bundle *bundle, struct mipo_err *err)
{
	uint8_t root[MIPO_HASH_LEN];

	if (bundle->tiled)
		return 0;
	mipo_tree_root(&bundle->tiles.tree, root);
	if (bundle->tiles.tree.size != bundle->cp.size ||
	    memcmp(root, bundle->cp.root, sizeof(root)) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the %llu entries are not the %llu that the checkpoint "
		    "signs: mipo-audit verify says where",
		    (unsigned long long)bundle->tiles.tree.size,
		    (unsigned long long)bundle->cp.size);
	bundle->err = err;
	bundle->tiled = true;
	return mipo_tiles_end(&bundle->tiles, on_tile, bundle);
}

/* The open object must be whole, and what its name says. */
static int
end_object(struct mipo_bundle *bundle, struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];

	if (!bundle->open)
		return 0;
	bundle->open = false;
	mipo_hash_final(bundle->hash, digest);
	if (bundle->left > 0 ||
	    memcmp(digest, bundle->digest, sizeof(digest)) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "an object whose bytes are not those of its name");
	return 0;
}

int
mipo_bundle_object(struct mipo_bundle *bundle, const uint8_t digest[32],
    uint64_t size, struct mipo_err *err)
{
	char path[8 + 2 * MIPO_HASH_LEN + 1] = "objects/";

	if (end_tiles(bundle, err) != 0 || end_object(bundle, err) != 0)
		return -1;
	mipo_text_hex(digest, MIPO_HASH_LEN, path + 8);
	memcpy(bundle->digest, digest, MIPO_HASH_LEN);
	bundle->left = size;
	bundle->open = true;
	if (list(bundle, path, digest, err) != 0)
		return -1;
	return mipo_tarw_member(bundle->tar, path, size, err);
}

int
mipo_bundle_data(struct mipo_bundle *bundle, const void *p, size_t len,
    struct mipo_err *err)
{
	if (!bundle->open || len > bundle->left)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "an object longer than was said");
	bundle->left -= len;
	mipo_hash_add(bundle->hash, p, len);
	return mipo_tarw_data(bundle->tar, p, len, err);
}

/* The manifest's signature, as a member. */
static int
put_signature(struct mipo_bundle *bundle, struct mipo_err *err)
{
	struct mipo_msig *msig = mipo_msig_new(err);
	uint8_t digest[MIPO_MSIG_DIGEST];
	char trusted[MIPO_MSIG_COMMENT];
	struct mipo_buf buf;
	int r;

	if (msig == NULL)
		return -1;
	mipo_msig_add(msig, bundle->manifest.data, bundle->manifest.len);
	mipo_msig_final(msig, digest);
	mipo_msig_free(msig);
	mipo_bundle_trusted(&bundle->cp, trusted);
	mipo_buf_init(&buf, 4096);
	r = mipo_msig_sign(bundle->log_key, digest, trusted, &buf, err);
	if (r == 0)
		r = put_member(
		    bundle, "MANIFEST.minisig", buf.data, buf.len, err);
	mipo_buf_release(&buf);
	return r;
}

int
mipo_bundle_finish(struct mipo_bundle *bundle, struct mipo_err *err)
{
	if (end_tiles(bundle, err) != 0 || end_object(bundle, err) != 0)
		return -1;
	if (put_member(bundle, "MANIFEST", bundle->manifest.data,
		bundle->manifest.len, err) != 0 ||
	    put_signature(bundle, err) != 0 ||
	    mipo_tarw_close(bundle->tar, err) != 0)
		return -1;
	return flush(bundle, err);
}
