#include "store/db.h"


#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/db-in.h"

int
mipo_db_fail(struct mipo_db *db, int rc, const char *what, struct mipo_err *err)
{
	enum mipo_code code = MIPO_E_IO;
	const char *text = sqlite3_errstr(rc);

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		code = MIPO_E_BUSY;
		break;
	case SQLITE_NOMEM:
		return mipo_err_nomem(err);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		code = MIPO_E_TAMPERED;
		break;
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
		code = MIPO_E_PERM;
		break;
	case SQLITE_CONSTRAINT:
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		code = MIPO_E_INTERNAL;
		break;
	default:
		break;
	}
	if (db != NULL && db->sq != NULL)
		text = sqlite3_errmsg(db->sq);
	return mipo_err_set(err, code, "%s: %s", what, text);
}

/* linux/magic.h and the file systems' own headers. */
static const struct {
	unsigned long magic;
	const char *name;
} network_fs[] = {
    {0x6969, "NFS"}, {0x517b, "SMB"}, {0xff534d42, "CIFS"},
    {0xfe534d42, "SMB2"}, {0x5346414f, "AFS"}, {0x6b414653, "AFS"},
    {0x73757245, "Coda"}, {0x00c36400, "Ceph"}, {0x01021997, "9P"},
    {0x0bd00bd0, "Lustre"}, {0x47504653, "GPFS"}, {0x564c, "NCP"}};

/* WAL needs memory that all processes on the file share: one host. */
static int
refuse_network(const char *path, struct mipo_err *err)
{
	struct statfs fs;

	if (statfs(path, &fs) != 0)
		return mipo_err_sys(err, errno, "%s", path);
	for (size_t i = 0; i < sizeof(network_fs) / sizeof(*network_fs); i++)
		if (((unsigned long)fs.f_type & 0xffffffffUL) ==
		    network_fs[i].magic)
			return mipo_err_set(err, MIPO_E_USAGE,
			    "%s is on %s: a state needs a local disk", path,
			    network_fs[i].name);
	return 0;
}

/*
 * SQLite would follow links, and wait for a FIFO. Not opened here: closing
 * it again would give up the locks of this process's other handles.
 */
static int
refuse_others(const char *path, struct mipo_err *err)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	char name[4096];
	struct mipo_err why;

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		why = (struct mipo_err){0};
		(void)snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		if (mipo_file_check_plain(name, &why) == 0 ||
		    (i > 0 && why.code == MIPO_E_NOTFOUND))
			continue;
		return mipo_err_set(err, why.code, "%s", why.text);
	}
	return 0;
}

#define WAL_PAGES 256 /* more than this is not left behind: 1 MiB */

/* Takes the place of SQLite's own hook, which checkpoints at 1000 pages. */
static int
committed(void *arg, sqlite3 *sq, const char *name, int pages)
{
	struct mipo_db *db = arg;

	db->wal_pages = pages;
	if (pages >= 1000)
		(void)sqlite3_wal_checkpoint_v2(
		    sq, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

static int
set_up(struct mipo_db *db, enum mipo_db_mode mode, struct mipo_err *err)
{
	int on = 1;

	(void)sqlite3_db_config(
	    db->sq, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(
	    db->sq, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* An idle state keeps its WAL, so that its group can read it. */
	(void)sqlite3_db_config(
	    db->sq, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_file_control(
	    db->sq, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	(void)sqlite3_busy_timeout(db->sq, 30000);
	(void)sqlite3_wal_hook(db->sq, committed, db);
	if (mode == MIPO_DB_CREATE &&
	    mipo_db_exec(db, "PRAGMA journal_mode=WAL", err) != 0)
		return -1;
	return mipo_db_exec(db,
	    "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON;"
	    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;"
	    "PRAGMA journal_size_limit=67108864", err);
}

/* SQLite gives -wal and -shm the mode of the database, so that comes first. */
static int
make_file(const char *path, struct mipo_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	int r = 0;

	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	if (fchmod(fd, 0640) != 0)
		r = mipo_err_sys(err, errno, "%s", path);
	(void)close(fd);
	return r;
}

static int
open_flags(const char *path, int flags, enum mipo_db_mode mode,
    struct mipo_db **ret_db, struct mipo_err *err)
{
	struct mipo_db *db = mipo_calloc(1, sizeof(*db), err);
	int rc;

	if (db == NULL)
		return -1;
	rc = sqlite3_open_v2(path, &db->sq,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK)
		mipo_db_fail(db, rc, path, err);
	else if (set_up(db, mode, err) != 0)
		mipo_err_prefix(err, "%s", path);
	else {
		*ret_db = db;
		return 0;
	}
	mipo_db_close(db);
	return -1;
}

int
mipo_db_open(const char *path, enum mipo_db_mode mode,
    struct mipo_db **ret_db, struct mipo_err *err)
{
	if (mode == MIPO_DB_CREATE && make_file(path, err) != 0)
		return -1;
	if (refuse_others(path, err) != 0 || refuse_network(path, err) != 0)
		return -1;
	return open_flags(path,
	    mode == MIPO_DB_READ ? SQLITE_OPEN_READONLY
				 : SQLITE_OPEN_READWRITE,
	    mode, ret_db, err);
}

int
mipo_db_open_temp(struct mipo_db **ret_db, struct mipo_err *err)
{
	return open_flags("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	    MIPO_DB_WRITE, ret_db, err);
}

void
mipo_db_close(struct mipo_db *db)
{
	if (db == NULL)
		return;
	while (db->kept != NULL) {
		struct mipo_q *q = db->kept;

		db->kept = q->next;
		(void)sqlite3_finalize(q->stmt);
		free(q);
	}
	if (db->wal_pages > WAL_PAGES) {
		(void)sqlite3_busy_timeout(db->sq, 0);
		(void)sqlite3_wal_checkpoint_v2(
		    db->sq, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	}
	(void)sqlite3_close(db->sq);
	free(db);
}

int
mipo_db_exec(struct mipo_db *db, const char *sql, struct mipo_err *err)
{
	int rc = sqlite3_exec(db->sq, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : mipo_db_fail(db, rc, "database", err);
}

int
mipo_db_begin_write(struct mipo_db *db, uint64_t wait_ms,
    struct mipo_err *err)
{
	int r;

	(void)sqlite3_busy_timeout(
	    db->sq, wait_ms > 3600000 ? 3600000 : (int)wait_ms);
	r = mipo_db_exec(db, "BEGIN IMMEDIATE", err);
	(void)sqlite3_busy_timeout(db->sq, 30000);
	return r;
}
