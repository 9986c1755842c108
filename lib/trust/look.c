#include "trust/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/schema.h"
#include "trust/hash.h"

struct mipo_look {
	struct mipo_hash *hash;
	struct mipo_rec *start, *end;
	char scan[33];
	uint64_t lines, bytes; /* before the end record */
};

struct mipo_look *
mipo_look_new(struct mipo_err *err)
{
	struct mipo_look *look = mipo_calloc(1, sizeof(*look), err);

	if (look == NULL)
		return NULL;
	look->hash = mipo_hash_new(err);
	if (look->hash == NULL) {
		free(look);
		return NULL;
	}
	return look;
}

void
mipo_look_free(struct mipo_look *look)
{
	if (look == NULL)
		return;
	mipo_hash_free(look->hash);
	mipo_rec_free(look->start);
	mipo_rec_free(look->end);
	free(look);
}

static bool
same_scan(const struct mipo_look *look, const struct mipo_rec *rec)
{
	const char *scan = mipo_rec_str(rec, "scan");

	return scan != NULL && strcmp(scan, look->scan) == 0;
}

static void
add(struct mipo_look *look, const char *line, size_t len)
{
	mipo_hash_add(look->hash, line, len);
	mipo_hash_add(look->hash, "\n", 1);
	look->lines++;
	look->bytes += len + 1;
}

static int
take_start(
    struct mipo_look *look, struct mipo_rec *rec, struct mipo_err *err)
{
	if (look->start != NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a second scan.start in one stream");
	if (mipo_rec_check(rec, err) != 0)
		return -1;
	memcpy(look->scan, mipo_rec_str(rec, "scan"), sizeof(look->scan));
	look->start = rec;
	return 0;
}

/* The end record speaks about all bytes before it. */
static int
check_end(const struct mipo_look *look, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	char digest[2 * MIPO_HASH_LEN + 1];
	uint8_t raw[MIPO_HASH_LEN];
	int64_t records = -1;

	if (mipo_rec_check(rec, err) != 0)
		return -1;
	if (!same_scan(look, rec))
		return mipo_err_set(
		    err, MIPO_E_INPUT, "scan.end of another scan");
	mipo_look_digest(look, raw);
	mipo_text_hex(raw, sizeof(raw), digest);
	(void)mipo_rec_int(rec, "records", &records);
	if (records < 0 || (uint64_t)records != look->lines)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end counts %lld records, %llu came before it",
		    (long long)records, (unsigned long long)look->lines);
	if (strcmp(mipo_rec_str(rec, "stream_sha256"), digest) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end's stream_sha256 is not that of the lines "
		    "before it");
	return 0;
}

static int
take_record(struct mipo_look *look, struct mipo_rec *rec,
    enum mipo_look_kind *ret_kind, struct mipo_err *err)
{
	const char *type = mipo_rec_str(rec, "type");

	*ret_kind = MIPO_LOOK_OTHER;
	if (type == NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a record without its type");
	if (strcmp(type, "scan.start") == 0) {
		*ret_kind = MIPO_LOOK_START;
		return take_start(look, rec, err);
	}
	if (look->start == NULL)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a stream must begin with scan.start, not with %s", type);
	if (strcmp(type, "scan.end") == 0) {
		*ret_kind = MIPO_LOOK_END;
		if (check_end(look, rec, err) != 0)
			return -1;
		look->end = rec;
	}
	return 0;
}

/* Everything that is not an observation, or not a plain one. */
static int
feed_record(struct mipo_look *look, const char *line, size_t len,
    enum mipo_look_kind *ret_kind, struct mipo_err *err)
{
	struct mipo_rec *rec;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	if (take_record(look, rec, ret_kind, err) != 0) {
		mipo_rec_free(rec);
		return -1;
	}
	if (*ret_kind == MIPO_LOOK_OTHER)
		mipo_rec_free(rec);
	if (*ret_kind != MIPO_LOOK_END)
		add(look, line, len);
	return 0;
}

static int
take_obs(struct mipo_look *look, const char *line, size_t len,
    const struct mipo_obs *obs, struct mipo_err *err)
{
	if (look->start == NULL)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a stream must begin with scan.start, not with obs");
	if (strcmp(obs->scan, look->scan) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an observation of another scan (%.32s)", obs->scan);
	add(look, line, len);
	return 0;
}

/* Whether a line that the fast reader left is an observation all the same. */
static bool
is_obs(const char *line, size_t len)
{
	struct mipo_rec *rec;
	const char *type;
	bool yes;
	size_t n;

	if (mipo_line_type(line, len, &type, &n))
		return n == 3 && memcmp(type, "obs", 3) == 0;
	if (mipo_rec_parse(line, len, &rec, NULL) != 0)
		return false;
	type = mipo_rec_str(rec, "type");
	yes = type != NULL && strcmp(type, "obs") == 0;
	mipo_rec_free(rec);
	return yes;
}

int
mipo_look_feed(struct mipo_look *look, const char *line, size_t len,
    enum mipo_look_kind *ret_kind, struct mipo_obs *ret_obs,
    struct mipo_err *err)
{
	struct mipo_obs obs;
	enum mipo_look_kind kind = MIPO_LOOK_OBS;

	if (look->end != NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a line after scan.end");
	if (mipo_obs_parse_fast(line, len, &obs) != 1) {
		if (!is_obs(line, len)) {
			if (feed_record(look, line, len, &kind, err) != 0)
				return -1;
			*ret_kind = kind;
			return 0;
		}
		if (mipo_obs_parse(line, len, &obs, err) != 0)
			return -1;
	}
	if (take_obs(look, line, len, &obs, err) != 0)
		return -1;
	*ret_kind = kind;
	*ret_obs = obs;
	return 0;
}

const struct mipo_rec *
mipo_look_start(const struct mipo_look *look)
{
	return look->start;
}

const struct mipo_rec *
mipo_look_end(const struct mipo_look *look)
{
	return look->end;
}

uint64_t
mipo_look_bytes(const struct mipo_look *look)
{
	return look->bytes;
}

void
mipo_look_digest(const struct mipo_look *look, uint8_t ret_digest[32])
{
	mipo_hash_peek(look->hash, ret_digest);
}

const char *
mipo_look_verdict(const struct mipo_look *look)
{
	const char *verdict = NULL;

	if (look->end != NULL)
		verdict = mipo_rec_str(look->end, "verdict");
	return verdict == NULL ? "interrupted" : verdict;
}
