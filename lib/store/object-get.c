#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/inside.h"
#include "store/object-path.h"
#include "store/object.h"
#include "store/state.h"
#include "trust/hash.h"

#define IN_SIZE  131072
#define OUT_SIZE 262144

struct mipo_objget {
	uint8_t digest[MIPO_HASH_LEN];
	int fd;
	struct mipo_hash *hash;
	ZSTD_DCtx *zstd;
	ZSTD_inBuffer in;
	size_t want; /* what zstd hopes for; 0 at the end of the frame */
	char *in_mem, *out_mem;
};

static int
tampered(const struct mipo_objget *get, const char *why, struct mipo_err *err)
{
	char hex[65];

	mipo_text_hex(get->digest, sizeof(get->digest), hex);
	return mipo_err_set(
	    err, MIPO_E_TAMPERED, "object %s: %s", hex, why);
}

/* What is no plain file must not make us wait for its other end. */
static int
open_file(struct mipo_objget *get, const char *path, struct mipo_err *err)
{
	struct stat st;

	get->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (get->fd < 0 && (errno == ENOENT || errno == ELOOP))
		return tampered(get, errno == ENOENT
			? "it is missing"
			: "it is a symbolic link", err);
	if (get->fd < 0 || fstat(get->fd, &st) != 0)
		return mipo_err_sys(err, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return tampered(get, "it is no plain file", err);
	return 0;
}

static int
open_object(struct mipo_objget *get, struct mipo_state *state,
    struct mipo_err *err)
{
	char *dir = NULL, *path = NULL;
	int r = -1;

	if (mipo_state_join(mipo_state_path(state), "objects", &dir, err) != 0)
		return -1;
	if (mipo_object_path(dir, get->digest, &path, err) == 0)
		r = open_file(get, path, err);
	free(path);
	free(dir);
	return r;
}

int
mipo_objget_new(struct mipo_state *state, const uint8_t digest[32],
    struct mipo_objget **ret_get, struct mipo_err *err)
{
	struct mipo_objget *get = mipo_calloc(1, sizeof(*get), err);

	if (get == NULL)
		return -1;
	get->fd = -1;
	get->want = 1;
	memcpy(get->digest, digest, sizeof(get->digest));
	get->in_mem = mipo_calloc(1, IN_SIZE, err);
	get->out_mem = mipo_calloc(1, OUT_SIZE, err);
	get->hash = mipo_hash_new(err);
	get->zstd = ZSTD_createDCtx();
	if (get->zstd == NULL)
		mipo_err_nomem(err);
	if (get->in_mem == NULL || get->out_mem == NULL ||
	    get->hash == NULL || get->zstd == NULL ||
	    open_object(get, state, err) != 0) {
		mipo_objget_free(get);
		return -1;
	}
	*ret_get = get;
	return 0;
}

/* Fills the input; it stays empty at the end of the file. */
static int
refill(struct mipo_objget *get, struct mipo_err *err)
{
	ssize_t n;

	do
		n = read(get->fd, get->in_mem, IN_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return mipo_err_sys(err, errno, "objects");
	get->in = (ZSTD_inBuffer){get->in_mem, (size_t)n, 0};
	return 0;
}

static int
finish(struct mipo_objget *get, struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];

	if (get->want != 0)
		return tampered(get, "it is cut", err);
	mipo_hash_final(get->hash, digest);
	if (memcmp(digest, get->digest, sizeof(digest)) != 0)
		return tampered(get, "its bytes are others", err);
	return 0;
}

int
mipo_objget_next(struct mipo_objget *get, const void **ret_p, size_t *ret_len,
    struct mipo_err *err)
{
	ZSTD_outBuffer out = {get->out_mem, OUT_SIZE, 0};

	while (out.pos < out.size) {
		size_t before = out.pos;

		if (get->in.pos == get->in.size && refill(get, err) < 0)
			return -1;
		if (get->want == 0 && get->in.size > 0)
			return tampered(get, "bytes follow its end", err);
		if (get->want == 0)
			break;
		get->want = ZSTD_decompressStream(get->zstd, &out, &get->in);
		if (ZSTD_isError(get->want))
			return tampered(
			    get, ZSTD_getErrorName(get->want), err);
		if (get->in.size == 0 && out.pos == before)
			break; /* cut: neither input nor output moved */
	}
	if (out.pos == 0)
		return finish(get, err);
	mipo_hash_add(get->hash, get->out_mem, out.pos);
	*ret_p = get->out_mem;
	*ret_len = out.pos;
	return 1;
}

void
mipo_objget_free(struct mipo_objget *get)
{
	if (get == NULL)
		return;
	if (get->fd >= 0)
		(void)close(get->fd);
	mipo_hash_free(get->hash);
	(void)ZSTD_freeDCtx(get->zstd);
	free(get->in_mem);
	free(get->out_mem);
	free(get);
}
