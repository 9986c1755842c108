/* libarchive behind a table, for tar.c and tar-read.c alone. */
#ifndef MIPO_OUT_TAR_LIB_H
#define MIPO_OUT_TAR_LIB_H

#include <archive.h>
#include <archive_entry.h>

struct mipo_err;

#define MIPO_TAR_FUNCTIONS(X)                                           \
	X(archive_entry_free)                                           \
	X(archive_entry_new)                                            \
	X(archive_entry_pathname)                                       \
	X(archive_entry_set_filetype)                                   \
	X(archive_entry_set_mtime)                                      \
	X(archive_entry_set_pathname)                                   \
	X(archive_entry_set_perm)                                       \
	X(archive_entry_set_size)                                       \
	X(archive_entry_size)                                           \
	X(archive_error_string)                                         \
	X(archive_read_data)                                            \
	X(archive_read_free)                                            \
	X(archive_read_new)                                             \
	X(archive_read_next_header)                                     \
	X(archive_read_open)                                            \
	X(archive_read_support_format_tar)                              \
	X(archive_write_close)                                          \
	X(archive_write_data)                                           \
	X(archive_write_free)                                           \
	X(archive_write_header)                                         \
	X(archive_write_new)                                            \
	X(archive_write_open)                                           \
	X(archive_write_set_bytes_in_last_block)                        \
	X(archive_write_set_bytes_per_block)                            \
	X(archive_write_set_format_ustar)

#define MIPO_TAR_POINTER(name) __typeof__(&name) name;

struct mipo_tar_lib {
	MIPO_TAR_FUNCTIONS(MIPO_TAR_POINTER)
};

/* Loads the library once; NULL and an error that names the package. */
const struct mipo_tar_lib *mipo_tar_lib(struct mipo_err *err);

#endif
