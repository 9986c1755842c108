#include "net/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/rec.h"

#define LINE_MAX_LEN 4096

struct mipo_journal {
	char *path;
	int fd;
	bool made; /* by us, just now */
	struct mipo_journal_said said;
	struct mipo_hash *hash; /* of all bytes of the file */
	struct mipo_out *out;
	struct mipo_buf line;
	struct mipo_err err; /* the first failure to write */
};

/* Its bytes are read from the beginning. */
static struct mipo_lines *
lines_of(const struct mipo_journal *journal, struct mipo_err *err)
{
	if (lseek(journal->fd, 0, SEEK_SET) != 0) {
		mipo_err_sys(err, errno, "%s", journal->path);
		return NULL;
	}
	return mipo_lines_new(journal->fd, journal->path, err);
}

/* Who may write to it can invent answers: nobody else may. */
static int
check_file(const struct mipo_journal *journal, struct mipo_err *err)
{
	struct stat st;

	if (fstat(journal->fd, &st) != 0)
		return mipo_err_sys(err, errno, "%s", journal->path);
	if (!S_ISREG(st.st_mode))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s: must be a file", journal->path);
	if ((st.st_mode & 022) != 0 ||
	    (st.st_uid != 0 && st.st_uid != geteuid()))
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: a journal must belong to you or root, and nobody "
		    "else may write to it (it is %04o, uid %u)",
		    journal->path, (unsigned)st.st_mode & 07777,
		    (unsigned)st.st_uid);
	if (mipo_file_lock(journal->fd, journal->path, 0, err) != 0)
		return -1;
	/* Another may have made it, and taken it away at once. */
	if (fstat(journal->fd, &st) == 0 && st.st_nlink > 0)
		return 0;
	return mipo_err_set(err, MIPO_E_BUSY, "%s: another process removed it",
	    journal->path);
}

static int
open_file(struct mipo_journal *journal, struct mipo_err *err)
{
	const int flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
	    O_NOFOLLOW;
	struct mipo_lines *lines;
	int r;

	journal->fd = open(journal->path, flags | O_CREAT | O_EXCL, 0600);
	journal->made = journal->fd >= 0;
	if (journal->fd < 0 && errno == EEXIST)
		journal->fd = open(journal->path, flags);
	if (journal->fd < 0 && errno == ELOOP)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s: must be a file, and is a symbolic link",
		    journal->path);
	if (journal->fd < 0)
		return mipo_err_sys(err, errno, "%s", journal->path);
	if (check_file(journal, err) != 0)
		return -1;
	lines = lines_of(journal, err);
	if (lines == NULL)
		return -1;
	r = mipo_journal_read(lines, &journal->said, err);
	mipo_lines_free(lines);
	return r;
}

int
mipo_journal_open(const char *path, struct mipo_journal **ret_journal,
    struct mipo_err *err)
{
	struct mipo_journal *journal = mipo_calloc(1, sizeof(*journal), err);

	if (journal == NULL)
		return -1;
	journal->fd = -1;
	mipo_buf_init(&journal->line, LINE_MAX_LEN);
	journal->path = mipo_strdup(path, err);
	journal->hash = mipo_hash_new(err);
	if (journal->path == NULL || journal->hash == NULL ||
	    open_file(journal, err) != 0) {
		mipo_journal_free(journal);
		return -1;
	}
	*ret_journal = journal;
	return 0;
}

void
mipo_journal_free(struct mipo_journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->made && journal->out == NULL)
		(void)unlink(journal->path);
	mipo_out_free(journal->out);
	mipo_hash_free(journal->hash);
	mipo_buf_release(&journal->line);
	mipo_journal_said_release(&journal->said);
	if (journal->fd >= 0)
		(void)close(journal->fd);
	free(journal->path);
	free(journal);
}

const struct mipo_journal_said *
mipo_journal_said(const struct mipo_journal *journal)
{
	return &journal->said;
}

const char *
mipo_journal_path(const struct mipo_journal *journal)
{
	return journal->path;
}

/* What is of this scan alone. */
static bool
is_its_own(const char *key)
{
	static const char *const own[] = {"v", "type", "ts", "scan"};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(own[i], key) == 0)
			return true;
	return false;
}

static int
check_field(const struct mipo_journal *journal, const struct mipo_rec *start,
    const char *key, struct mipo_err *err)
{
	const struct mipo_rec *first = journal->said.first;
	const char *here = mipo_rec_str(start, key);
	const char *there = mipo_rec_str(first, key);
	int64_t n = -1, m = -1;

	(void)mipo_rec_int(start, key, &n);
	(void)mipo_rec_int(first, key, &m);
	if (here == NULL ? there == NULL && n == m
			 : there != NULL && strcmp(here, there) == 0)
		return 0;
	if (here != NULL && there != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s is of another scan: %s is %.80s there, %.80s here",
		    journal->path, key, there, here);
	return mipo_err_set(err, MIPO_E_USAGE,
	    "%s is of another scan: %s is %lld there, %lld here",
	    journal->path, key, (long long)m, (long long)n);
}

static int
check_start(const struct mipo_journal *journal, const struct mipo_rec *start,
    struct mipo_err *err)
{
	const char *key = NULL;

	if (journal->said.first == NULL)
		return 0;
	while ((key = mipo_rec_next_key(start, key)) != NULL)
		if (!is_its_own(key) &&
		    check_field(journal, start, key, err) != 0)
			return -1;
	if (journal->said.ended != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s: this scan has ended, its look was %s; nothing is "
		    "left to probe", journal->path, journal->said.ended);
	return 0;
}

/* The digest of a file that was cut is that of what is left. */
static int
hash_good(struct mipo_journal *journal, struct mipo_err *err)
{
	struct mipo_lines *lines = lines_of(journal, err);
	uint64_t left = journal->said.lines;
	const char *line;
	size_t len;
	int r = lines == NULL ? -1 : 0;

	for (; r == 0 && left > 0; left--) {
		if (mipo_lines_next(lines, &line, &len, err) != 1) {
			r = mipo_err_set(err, MIPO_E_IO,
			    "%s changes while it is read", journal->path);
			break;
		}
		mipo_hash_add(journal->hash, line, len);
		mipo_hash_add(journal->hash, "\n", 1);
	}
	mipo_lines_free(lines);
	return r;
}

int
mipo_journal_begin(struct mipo_journal *journal,
    const struct mipo_rec *start, struct mipo_err *err)
{
	const off_t good = (off_t)journal->said.bytes;

	if (check_start(journal, start, err) != 0 ||
	    hash_good(journal, err) != 0)
		return -1;
	if (ftruncate(journal->fd, good) != 0 ||
	    lseek(journal->fd, good, SEEK_SET) != good)
		return mipo_err_sys(err, errno, "%s", journal->path);
	journal->out = mipo_out_new(journal->fd, journal->path, err);
	if (journal->out == NULL)
		return -1;
	mipo_out_tap(journal->out, mipo_hash_sink, journal->hash);
	mipo_out_rec(journal->out, start);
	return mipo_out_flush(journal->out, err);
}

int
mipo_journal_each(struct mipo_journal *journal,
    int (*take)(void *, const struct mipo_obs *, struct mipo_err *),
    void *arg, struct mipo_err *err)
{
	struct mipo_lines *lines = lines_of(journal, err);
	uint64_t left = journal->said.lines;
	struct mipo_obs obs;
	const char *line;
	size_t len;
	int r = lines == NULL ? -1 : 0;

	while (r == 0 && left-- > 0 &&
	    mipo_lines_next(lines, &line, &len, err) == 1)
		if (mipo_obs_parse_fast(line, len, &obs) == 1 &&
		    take(arg, &obs, err) != 0)
			r = mipo_lines_fail(lines, err);
	mipo_lines_free(lines);
	if (r == 0 && lseek(journal->fd, 0, SEEK_END) < 0)
		r = mipo_err_sys(err, errno, "%s", journal->path);
	return r;
}

void
mipo_journal_obs(struct mipo_journal *journal, const struct mipo_obs *obs)
{
	mipo_buf_clear(&journal->line);
	mipo_obs_emit(&journal->line, obs);
	if (mipo_buf_ok(&journal->line, &journal->err) == 0)
		mipo_out_line(
		    journal->out, journal->line.data, journal->line.len);
}

void
mipo_journal_rec(struct mipo_journal *journal, struct mipo_rec *rec)
{
	if (mipo_rec_ok(rec, &journal->err) == 0)
		mipo_out_rec(journal->out, rec);
}

void
mipo_journal_seal(struct mipo_journal *journal, struct mipo_rec *rec)
{
	uint8_t digest[MIPO_HASH_LEN];

	if (mipo_journal_digest(
		journal->hash, rec, digest, &journal->err) != 0)
		return;
	mipo_rec_put_hex(rec, "sha256", digest, sizeof(digest));
	mipo_journal_rec(journal, rec);
}

int
mipo_journal_flush(struct mipo_journal *journal, struct mipo_err *err)
{
	if (journal->err.code != MIPO_E_NONE) {
		*err = journal->err;
		return mipo_err_prefix(err, "%s", journal->path);
	}
	return mipo_out_flush(journal->out, err);
}
