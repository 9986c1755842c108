#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "out/tar-lib.h"
#include "out/tar.h"

#define BLOCK 65536
#define ROOM  (4 * BLOCK)
#define HEAD  (MIPO_TAR_PATH + 1)

/*
 * The raw bytes wait in fifo until both sides have had them: libarchive,
 * which reads ahead, and the comparison with what is written again.
 */
struct mipo_tarr {
	const struct mipo_tar_lib *lib;
	struct archive *archive;
	struct mipo_tarw *again;
	int fd;
	bool eof;
	int sys;	/* errno of a failed read */
	char head[HEAD]; /* the first bytes: the first member's name */
	size_t head_len;
	uint64_t base;	/* offset of fifo[0] in the file */
	size_t len;	/* bytes in fifo */
	size_t served;	/* of them given to libarchive */
	size_t equal;	/* of them found equal */
	uint64_t left;	/* bytes of the member not yet read */
	uint8_t fifo[ROOM];
	uint8_t block[BLOCK]; /* what libarchive holds on to */
	uint8_t data[BLOCK];  /* what the caller holds on to */
};

static void
keep_head(struct mipo_tarr *tar, const uint8_t *p, size_t len)
{
	size_t room = HEAD - tar->head_len;

	if (len > room)
		len = room;
	memcpy(tar->head + tar->head_len, p, len);
	tar->head_len += len;
}

/* Reads more; false at the end of the file or on an error. */
static bool
fill(struct mipo_tarr *tar)
{
	size_t done = tar->served < tar->equal ? tar->served : tar->equal;
	ssize_t n;

	memmove(tar->fifo, tar->fifo + done, tar->len - done);
	tar->base += done;
	tar->len -= done;
	tar->served -= done;
	tar->equal -= done;
	if (tar->eof || tar->len == ROOM)
		return false;
	do
		n = read(tar->fd, tar->fifo + tar->len,
		    ROOM - tar->len < BLOCK ? ROOM - tar->len : BLOCK);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		tar->sys = n < 0 ? errno : 0;
		tar->eof = true;
		return false;
	}
	keep_head(tar, tar->fifo + tar->len, (size_t)n);
	tar->len += (size_t)n;
	return true;
}

static la_ssize_t
on_read(struct archive *archive, void *arg, const void **ret_p)
{
	struct mipo_tarr *tar = arg;
	size_t n;

	(void)archive;
	if (tar->served == tar->len && !fill(tar))
		return tar->sys == 0 ? 0 : -1;
	n = tar->len - tar->served;
	if (n > BLOCK)
		n = BLOCK;
	memcpy(tar->block, tar->fifo + tar->served, n);
	tar->served += n;
	*ret_p = tar->block;
	return (la_ssize_t)n;
}

/* Gets what was written again, and holds it against what was read. */
static int
compare(void *arg, const void *src, size_t len, struct mipo_err *err)
{
	struct mipo_tarr *tar = arg;
	const uint8_t *p = src;

	(void)err;
	while (len > 0) {
		size_t n = tar->len - tar->equal;

		if (n > len)
			n = len;
		if (memcmp(tar->fifo + tar->equal, p, n) != 0)
			break;
		tar->equal += n;
		p += n;
		len -= n;
		if (len > 0 && !fill(tar))
			break;
	}
	return len == 0 ? 0 : -1;
}

static int
fail(struct mipo_tarr *tar, struct mipo_err *err)
{
	if (tar->sys != 0)
		return mipo_err_sys(err, tar->sys, "read");
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "changed, cut off or not a bundle after byte %llu",
	    (unsigned long long)mipo_tarr_good(tar));
}

int
mipo_tarr_new(int fd, struct mipo_tarr **ret_tar, struct mipo_err *err)
{
	struct mipo_tarr *tar = mipo_calloc(1, sizeof(*tar), err);

	if (tar == NULL)
		return -1;
	tar->fd = fd;
	tar->lib = mipo_tar_lib(err);
	if (tar->lib == NULL ||
	    mipo_tarw_new(compare, tar, &tar->again, err) != 0)
		goto fail;
	tar->archive = tar->lib->archive_read_new();
	if (tar->archive == NULL ||
	    tar->lib->archive_read_support_format_tar(tar->archive) !=
		ARCHIVE_OK) {
		mipo_err_nomem(err);
		goto fail;
	}
	*ret_tar = tar;
	return 0;
fail:
	mipo_tarr_free(tar);
	return -1;
}

void
mipo_tarr_free(struct mipo_tarr *tar)
{
	if (tar == NULL)
		return;
	mipo_tarw_free(tar->again);
	if (tar->archive != NULL)
		(void)tar->lib->archive_read_free(tar->archive);
	free(tar);
}

uint64_t
mipo_tarr_good(const struct mipo_tarr *tar)
{
	return tar->base + tar->equal;
}

bool
mipo_tarr_begins(const struct mipo_tarr *tar, const char *path)
{
	size_t len = strlen(path) + 1;

	return tar->head_len >= len && memcmp(tar->head, path, len) == 0;
}

/* The end as we write it, and nothing behind it. */
static int
check_end(struct mipo_tarr *tar, struct mipo_err *err)
{
	struct mipo_err ours = {0};

	if (mipo_tarw_close(tar->again, &ours) != 0)
		return fail(tar, err);
	if (tar->equal < tar->len || fill(tar) || tar->sys != 0)
		return fail(tar, err);
	return 0;
}

static int
skip_rest(struct mipo_tarr *tar, struct mipo_err *err)
{
	const void *p;
	size_t len;
	int r;

	do
		r = mipo_tarr_read(tar, &p, &len, err);
	while (r == 1);
	return r;
}

int
mipo_tarr_next(struct mipo_tarr *tar, const char **ret_path,
    uint64_t *ret_size, struct mipo_err *err)
{
	struct mipo_err ours = {0};
	struct archive_entry *entry;
	const char *path;
	la_int64_t size;
	int r;

	if (tar->left > 0 && skip_rest(tar, err) != 0)
		return -1;
	if (tar->base + tar->len == 0 &&
	    tar->lib->archive_read_open(
		tar->archive, tar, NULL, on_read, NULL) != ARCHIVE_OK)
		return fail(tar, err);
	r = tar->lib->archive_read_next_header(tar->archive, &entry);
	if (r == ARCHIVE_EOF)
		return check_end(tar, err);
	if (r != ARCHIVE_OK)
		return fail(tar, err);
	path = tar->lib->archive_entry_pathname(entry);
	size = tar->lib->archive_entry_size(entry);
	if (path == NULL || strlen(path) > MIPO_TAR_PATH || size < 0 ||
	    mipo_tarw_member(tar->again, path, (uint64_t)size, &ours) != 0)
		return fail(tar, err);
	tar->left = (uint64_t)size;
	*ret_path = path;
	*ret_size = (uint64_t)size;
	return 1;
}

int
mipo_tarr_read(struct mipo_tarr *tar, const void **ret_p, size_t *ret_len,
    struct mipo_err *err)
{
	struct mipo_err ours = {0};
	size_t want = tar->left < BLOCK ? (size_t)tar->left : BLOCK;
	la_ssize_t n;

	if (want == 0)
		return 0;
	n = tar->lib->archive_read_data(tar->archive, tar->data, want);
	if (n <= 0)
		return fail(tar, err);
	if (mipo_tarw_data(tar->again, tar->data, (size_t)n, &ours) != 0)
		return fail(tar, err);
	tar->left -= (uint64_t)n;
	*ret_p = tar->data;
	*ret_len = (size_t)n;
	return 1;
}
