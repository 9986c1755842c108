#include "net/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/rec.h"
#include "data/schema.h"
#include "data/target.h"
#include "net/journal-done.h"

#define ABSENT_MAX 1000000 /* runs of hosts */

struct reading {
	struct mipo_journal_said *said;
	struct mipo_hash *hash;
	char scan[33];		     /* whose part it is */
	struct mipo_targets *absent; /* so far, of that scan */
	uint64_t n_absent;
	struct mipo_done done; /* by that scan */
	bool marked; /* that scan has a mark */
	bool last;   /* and nothing came behind its last one */
	uint64_t bytes, lines;
	bool forged; /* a digest was wrong: only marks are to be believed */
	bool seals;  /* the line at hand is a good mark */
	uint64_t sealed_bytes, sealed_lines; /* up to the last of them */
	uint8_t sealed_sha256[MIPO_HASH_LEN];
};

void
mipo_journal_said_release(struct mipo_journal_said *said)
{
	mipo_rec_free(said->first);
	mipo_rec_free(said->mark);
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++)
		mipo_intervals_release(&said->done[i]);
	mipo_targets_free(said->absent);
	free(said->ended);
	memset(said, 0, sizeof(*said));
}

static int
bad(struct mipo_err *err, const char *what)
{
	return mipo_err_set(err, MIPO_E_INPUT, "%s", what);
}

static bool
is_ours(const struct reading *reading, const struct mipo_rec *rec)
{
	const char *scan = mipo_rec_str(rec, "scan");

	return scan != NULL && strcmp(scan, reading->scan) == 0;
}

static int
take_start(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_journal_said *said = reading->said;
	struct mipo_targets *absent;

	if (mipo_done_end(&reading->done, said->done, err) != 0)
		return -1;
	absent = mipo_targets_new(err);
	if (absent == NULL)
		return -1;
	if (said->first == NULL) {
		reading->seals = true;
		said->first = mipo_rec_dup(rec, err);
		if (said->first == NULL) {
			mipo_targets_free(absent);
			return -1;
		}
	} else {
		said->uncounted |= !reading->last;
	}
	mipo_targets_free(reading->absent);
	reading->absent = absent;
	reading->n_absent = 0;
	reading->marked = reading->last = false;
	memcpy(reading->scan, mipo_rec_str(rec, "scan"),
	    sizeof(reading->scan));
	if (said->n_scans < MIPO_JOURNAL_SCANS)
		memcpy(said->scans[said->n_scans], reading->scan,
		    sizeof(reading->scan));
	said->n_scans++;
	return 0;
}

static int
take_absent(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	reading->n_absent += mipo_rec_len(rec, "hosts");
	if (reading->n_absent > ABSENT_MAX)
		return bad(err, "more hosts than can be");
	return mipo_targets_get(reading->absent, rec, "hosts", err);
}

static int
take_unsent(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	return mipo_done_unsent(&reading->done, rec, err);
}

int
mipo_journal_digest(const struct mipo_hash *hash, struct mipo_rec *rec,
    uint8_t ret_digest[MIPO_HASH_LEN], struct mipo_err *err)
{
	uint8_t before[MIPO_HASH_LEN];
	struct mipo_hash_part parts[2] = {{before, sizeof(before)}};
	struct mipo_buf buf;
	int r;

	mipo_hash_peek(hash, before);
	mipo_rec_del(rec, "sha256");
	mipo_buf_init(&buf, MIPO_REC_MAX_WRITE);
	r = mipo_rec_canon(rec, &buf, err);
	parts[1].p = buf.data;
	parts[1].len = buf.len;
	if (r == 0)
		mipo_hash_parts(parts, 2, ret_digest);
	mipo_buf_release(&buf);
	return r;
}

/* Whether the record's digest is of it, and of all that came before. */
static int
check_digest(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];
	char text[2 * MIPO_HASH_LEN + 1], said[2 * MIPO_HASH_LEN + 1];

	(void)snprintf(
	    said, sizeof(said), "%s", mipo_rec_str(rec, "sha256"));
	if (mipo_journal_digest(reading->hash, rec, digest, err) != 0)
		return -1;
	mipo_text_hex(digest, sizeof(digest), text);
	if (strcmp(said, text) == 0) {
		reading->seals = true;
		return 0;
	}
	reading->forged = true;
	return bad(err, "its digest is not that of the lines before it");
}

/*
 * The absent hosts go with the first mark of their scan. They stay so beside
 * those of later ones: what is done may be so by a walk that left them out.
 */
static int
keep_absent(struct reading *reading, struct mipo_err *err)
{
	struct mipo_targets *copy;

	if (reading->marked)
		return 0;
	copy = mipo_targets_new(err);
	if (copy == NULL)
		return -1;
	if (mipo_targets_add_all(copy, reading->absent, err) != 0 ||
	    (reading->said->absent != NULL &&
		mipo_targets_add_all(
		    copy, reading->said->absent, err) != 0)) {
		mipo_targets_free(copy);
		return -1;
	}
	mipo_targets_free(reading->said->absent);
	reading->said->absent = copy;
	reading->marked = true;
	return 0;
}

static int
take_mark(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_journal_said *said = reading->said;
	struct mipo_rec *mark;

	if (check_digest(reading, rec, err) != 0)
		return -1;
	mark = mipo_rec_dup(rec, err);
	if (mark == NULL || keep_absent(reading, err) != 0 ||
	    mipo_done_mark(&reading->done, rec, err) != 0) {
		mipo_rec_free(mark);
		return -1;
	}
	mipo_rec_free(said->mark);
	said->mark = mark;
	(void)mipo_rec_bool(rec, "last", &reading->last);
	return 0;
}

static int
take_end(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	if (check_digest(reading, rec, err) != 0)
		return -1;
	reading->said->ended = mipo_strdup(mipo_rec_str(rec, "verdict"), err);
	return reading->said->ended == NULL ? -1 : 0;
}

static int
take_record(struct reading *reading, struct mipo_rec *rec,
    struct mipo_err *err)
{
	static const struct {
		const char *type;
		int (*take)(struct reading *, struct mipo_rec *,
		    struct mipo_err *);
	} rows[] = {{"journal.absent", take_absent},
	    {"journal.unsent", take_unsent},
	    {"journal.mark", take_mark}, {"journal.end", take_end}};
	const char *type = mipo_rec_str(rec, "type");

	if (type == NULL || mipo_rec_check(rec, err) != 0)
		return bad(err, "a record without its type");
	if (strcmp(type, "journal.start") == 0)
		return take_start(reading, rec, err);
	if (reading->said->first == NULL)
		return bad(err, "it does not begin with a journal.start");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(type, rows[i].type) == 0)
			return is_ours(reading, rec)
			    ? rows[i].take(reading, rec, err)
			    : bad(err, "a record of another scan");
	return bad(err, "not a record of a journal");
}

static int
take_line(struct reading *reading, const char *line, size_t len,
    struct mipo_err *err)
{
	struct mipo_rec *rec;
	struct mipo_obs obs;
	int r;

	if (reading->said->ended != NULL)
		return bad(err, "a line after journal.end");
	if (mipo_obs_parse_fast(line, len, &obs) == 1) {
		if (strcmp(obs.scan, reading->scan) != 0)
			return bad(err, "an observation of another scan");
		reading->last = false;
		return 0;
	}
	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	r = take_record(reading, rec, err);
	mipo_rec_free(rec);
	return r;
}

/* The line is good; where it seals what is before it, so is all of that. */
static void
count(struct reading *reading, const char *line, size_t len)
{
	mipo_hash_add(reading->hash, line, len);
	mipo_hash_add(reading->hash, "\n", 1);
	reading->bytes += len + 1;
	reading->lines++;
	if (!reading->seals)
		return;
	reading->seals = false;
	reading->sealed_bytes = reading->bytes;
	reading->sealed_lines = reading->lines;
	mipo_hash_peek(reading->hash, reading->sealed_sha256);
}

/*
 * What was found at the end. Where a digest was wrong, something before it
 * was lost, and nothing after the last good one is believed.
 */
static void
conclude(struct reading *reading, bool lossy)
{
	struct mipo_journal_said *said = reading->said;

	said->bytes = reading->bytes;
	said->lines = reading->lines;
	mipo_hash_peek(reading->hash, said->sha256);
	if (reading->forged) {
		said->bytes = reading->sealed_bytes;
		said->lines = reading->sealed_lines;
		memcpy(said->sha256, reading->sealed_sha256,
		    sizeof(said->sha256));
	}
	said->lossy = lossy;
	if (said->ended == NULL)
		said->uncounted |= !reading->last;
}

static int
read_lines(struct reading *reading, struct mipo_lines *lines,
    struct mipo_err *err)
{
	struct mipo_err why = {0};
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, &why)) == 1) {
		if (take_line(reading, line, len, &why) != 0)
			break;
		count(reading, line, len);
	}
	if (r == 0 && reading->lines == 0 && !mipo_lines_cut(lines))
		return 0;
	if (reading->lines == 0 || why.code == MIPO_E_NOMEM ||
	    why.code == MIPO_E_IO) {
		(void)bad(&why, "not a whole line");
		*err = why;
		return mipo_err_prefix(err, "%s is no journal of a scan",
		    mipo_lines_name(lines));
	}
	conclude(reading, r != 0);
	return mipo_done_end(&reading->done, reading->said->done, err);
}

int
mipo_journal_read(struct mipo_lines *lines,
    struct mipo_journal_said *ret_said, struct mipo_err *err)
{
	struct mipo_journal_said said;
	struct reading reading = {.said = &said};
	int r;

	memset(&said, 0, sizeof(said));
	reading.hash = mipo_hash_new(err);
	r = reading.hash == NULL ? -1 : read_lines(&reading, lines, err);
	mipo_hash_free(reading.hash);
	mipo_targets_free(reading.absent);
	mipo_done_release(&reading.done);
	if (r == 0)
		*ret_said = said;
	else
		mipo_journal_said_release(&said);
	return r;
}
