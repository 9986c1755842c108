#include "store/object.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/inside.h"
#include "store/object-path.h"
#include "store/state.h"
#include "trust/hash.h"

uint64_t mipo_object_bound = MIPO_OBJECT_MOST;

struct mipo_objput {
	char *dir, *temp;
	int fd;
	bool unhashed;
	uint64_t size;
	struct mipo_hash *hash;
	ZSTD_CCtx *zstd;
	char *out;
	size_t out_size;
};

int
mipo_objput_new(struct mipo_state *state, struct mipo_objput **ret_put,
    struct mipo_err *err)
{
	struct mipo_objput *put = mipo_calloc(1, sizeof(*put), err);

	if (put == NULL)
		return -1;
	put->fd = -1;
	put->out_size = ZSTD_CStreamOutSize();
	put->out = mipo_calloc(1, put->out_size, err);
	put->hash = mipo_hash_new(err);
	put->zstd = ZSTD_createCCtx();
	if (put->zstd == NULL)
		mipo_err_nomem(err);
	if (put->out == NULL || put->hash == NULL || put->zstd == NULL)
		goto fail;
	if (mipo_state_join(
		mipo_state_path(state), "objects", &put->dir, err) != 0)
		goto fail;
	mipo_object_sweep(put->dir);
	if (mipo_object_temp(put->dir, &put->temp, &put->fd, err) != 0)
		goto fail;
	(void)ZSTD_CCtx_setParameter(
	    put->zstd, ZSTD_c_compressionLevel, 1);
	*ret_put = put;
	return 0;
fail:
	mipo_objput_free(put);
	return -1;
}

static int
compress(struct mipo_objput *put, const void *p, size_t len,
    ZSTD_EndDirective end, struct mipo_err *err)
{
	ZSTD_inBuffer in = {p, len, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {put->out, put->out_size, 0};

		left = ZSTD_compressStream2(put->zstd, &out, &in, end);
		if (ZSTD_isError(left))
			return mipo_err_set(err, MIPO_E_INTERNAL, "zstd: %s",
			    ZSTD_getErrorName(left));
		if (mipo_file_write_all(put->fd, put->out, out.pos, err) != 0)
			return mipo_err_prefix(err, "%s", put->dir);
	} while (in.pos < in.size || (end == ZSTD_e_end && left > 0));
	return 0;
}

int
mipo_objput_feed(struct mipo_objput *put, const void *p, size_t len,
    struct mipo_err *err)
{
	if (put->size > mipo_object_bound ||
	    len > mipo_object_bound - put->size)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "its bytes are more than %llu: no archive could hold it",
		    (unsigned long long)mipo_object_bound);
	put->size += len;
	if (!put->unhashed)
		mipo_hash_add(put->hash, p, len);
	return compress(put, p, len, ZSTD_e_continue, err);
}

/*
 * As objects/ itself, whatever the umask says. Synced also where it is there:
 * who made it may have come no further.
 */
static int
make_dir(const char *path, struct mipo_err *err)
{
	struct stat st;

	if (mkdir(path, 0750) != 0)
		return errno == EEXIST
		    ? mipo_file_sync_dir(path, err)
		    : mipo_err_sys(err, errno, "%s", path);
	if (stat(path, &st) != 0 ||
	    chmod(path, (st.st_mode & S_ISGID) | 0750) != 0)
		return mipo_err_sys(err, errno, "%s", path);
	return mipo_file_sync_dir(path, err);
}

/* Gives the temporary file its name, for good. */
static int
publish(struct mipo_objput *put, const uint8_t digest[32],
    struct mipo_err *err)
{
	char *path = NULL;
	int r = -1;

	if (mipo_object_path(put->dir, digest, &path, err) != 0)
		return -1;
	path[strlen(path) - 65] = '\0'; /* the directory */
	if (make_dir(path, err) != 0)
		goto out;
	path[strlen(path)] = '/';
	if (rename(put->temp, path) != 0) {
		mipo_err_sys(err, errno, "%s", path);
		goto out;
	}
	free(put->temp);
	put->temp = NULL;
	r = mipo_file_sync_dir(path, err);
out:
	free(path);
	return r;
}

void
mipo_objput_unhashed(struct mipo_objput *put)
{
	put->unhashed = true;
}

int
mipo_objput_finish_as(struct mipo_objput *put, const uint8_t digest[32],
    struct mipo_err *err)
{
	if (compress(put, NULL, 0, ZSTD_e_end, err) != 0)
		return -1;
	if (fchmod(put->fd, 0440) != 0 || fsync(put->fd) != 0)
		return mipo_err_sys(err, errno, "%s", put->temp);
	return publish(put, digest, err);
}

int
mipo_objput_finish(struct mipo_objput *put, uint8_t ret_digest[32],
    struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];

	mipo_hash_peek(put->hash, digest);
	if (mipo_objput_finish_as(put, digest, err) != 0)
		return -1;
	memcpy(ret_digest, digest, sizeof(digest));
	return 0;
}

void
mipo_objput_free(struct mipo_objput *put)
{
	if (put == NULL)
		return;
	if (put->temp != NULL)
		(void)unlink(put->temp);
	if (put->fd >= 0)
		(void)close(put->fd);
	free(put->dir);
	free(put->temp);
	free(put->out);
	mipo_hash_free(put->hash);
	(void)ZSTD_freeCCtx(put->zstd);
	free(put);
}

int
mipo_object_put(struct mipo_state *state, const void *p, size_t len,
    uint8_t ret_digest[32], struct mipo_err *err)
{
	struct mipo_objput *put = NULL;
	int r = -1;

	if (mipo_objput_new(state, &put, err) == 0 &&
	    mipo_objput_feed(put, p, len, err) == 0)
		r = mipo_objput_finish(put, ret_digest, err);
	mipo_objput_free(put);
	return r;
}
