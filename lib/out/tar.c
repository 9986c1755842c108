#include "out/tar.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "out/tar-lib.h"
#include "store/object.h"

struct mipo_tarw {
	const struct mipo_tar_lib *lib;
	struct archive *archive;
	struct archive_entry *entry;
	mipo_tar_sink sink;
	void *arg;
	struct mipo_err *err; /* of the call that is under way */
	bool failed;	      /* the sink did; it gets nothing more */
};

/* The library is told of no failure: it would never free what it holds. */
static la_ssize_t
on_write(struct archive *archive, void *arg, const void *p, size_t len)
{
	struct mipo_tarw *tar = arg;

	(void)archive;
	if (!tar->failed && tar->sink(tar->arg, p, len, tar->err) != 0)
		tar->failed = true;
	return (la_ssize_t)len;
}

static int
fail(struct mipo_tarw *tar, struct mipo_err *err)
{
	const char *text = tar->lib->archive_error_string(tar->archive);

	if (tar->failed)
		return -1;
	return mipo_err_set(err, MIPO_E_IO, "archive: %s",
	    text == NULL ? "cannot be written" : text);
}

static int
begin(struct mipo_tarw *tar, struct mipo_err *err)
{
	const struct mipo_tar_lib *lib = tar->lib;

	tar->archive = lib->archive_write_new();
	tar->entry = lib->archive_entry_new();
	if (tar->archive == NULL || tar->entry == NULL)
		return mipo_err_nomem(err);
	if (lib->archive_write_set_format_ustar(tar->archive) !=
		ARCHIVE_OK ||
	    lib->archive_write_set_bytes_per_block(tar->archive, 0) !=
		ARCHIVE_OK ||
	    lib->archive_write_set_bytes_in_last_block(tar->archive, 1) !=
		ARCHIVE_OK ||
	    lib->archive_write_open(
		tar->archive, tar, NULL, on_write, NULL) != ARCHIVE_OK)
		return fail(tar, err);
	lib->archive_entry_set_filetype(tar->entry, AE_IFREG);
	lib->archive_entry_set_perm(tar->entry, 0444);
	lib->archive_entry_set_mtime(tar->entry, 0, 0);
	return 0;
}

int
mipo_tarw_new(mipo_tar_sink sink, void *arg, struct mipo_tarw **ret_tar,
    struct mipo_err *err)
{
	struct mipo_tarw *tar = mipo_calloc(1, sizeof(*tar), err);

	if (tar == NULL)
		return -1;
	tar->sink = sink;
	tar->arg = arg;
	tar->err = err;
	tar->lib = mipo_tar_lib(err);
	if (tar->lib == NULL || begin(tar, err) != 0) {
		mipo_tarw_free(tar);
		return -1;
	}
	*ret_tar = tar;
	return 0;
}

void
mipo_tarw_free(struct mipo_tarw *tar)
{
	if (tar == NULL)
		return;
	if (tar->archive != NULL) {
		tar->failed = true; /* no end may be written from here */
		(void)tar->lib->archive_write_free(tar->archive);
	}
	if (tar->entry != NULL)
		tar->lib->archive_entry_free(tar->entry);
	free(tar);
}

int
mipo_tarw_member(struct mipo_tarw *tar, const char *path, uint64_t size,
    struct mipo_err *err)
{
	if (size > MIPO_OBJECT_MOST) /* ustar has no more digits */
		return mipo_err_set(err, MIPO_E_INPUT,
		    "%s: %llu bytes, an archive member has less than 8 GiB",
		    path, (unsigned long long)size);
	tar->err = err;
	tar->lib->archive_entry_set_pathname(tar->entry, path);
	tar->lib->archive_entry_set_size(tar->entry, (la_int64_t)size);
	if (tar->lib->archive_write_header(tar->archive, tar->entry) !=
		ARCHIVE_OK ||
	    tar->failed)
		return fail(tar, err);
	return 0;
}

int
mipo_tarw_data(
    struct mipo_tarw *tar, const void *p, size_t len, struct mipo_err *err)
{
	tar->err = err;
	if (len > 0 &&
	    (tar->lib->archive_write_data(tar->archive, p, len) !=
		    (la_ssize_t)len ||
		tar->failed))
		return fail(tar, err);
	return 0;
}

int
mipo_tarw_close(struct mipo_tarw *tar, struct mipo_err *err)
{
	tar->err = err;
	if (tar->lib->archive_write_close(tar->archive) != ARCHIVE_OK ||
	    tar->failed)
		return fail(tar, err);
	return 0;
}
