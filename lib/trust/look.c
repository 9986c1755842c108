#include "trust/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/cover.h"
#include "data/presence.h"
#include "data/rec.h"
#include "data/schema.h"
#include "data/shard.h"
#include "trust/hash.h"
#include "trust/verdict.h"

#define PORTS_MAX (256 << 10) /* every second port takes 192 KiB */

struct mipo_look {
	struct mipo_hash *hash;
	struct mipo_rec *start, *end;
	char scan[33];
	enum mipo_proto proto;
	bool hosts; /* may it be a look for hosts? */
	uint64_t lines, bytes; /* before the end record */
	uint64_t pairs;	       /* in scope, once that is whole */
	unsigned scopes, missing; /* scan.scope: announced, to come */
	struct mipo_buf ports;	  /* as they came so far */
};

struct mipo_look *
mipo_look_new(struct mipo_err *err)
{
	struct mipo_look *look = mipo_calloc(1, sizeof(*look), err);

	if (look == NULL)
		return NULL;
	mipo_buf_init(&look->ports, PORTS_MAX);
	look->hash = mipo_hash_new(err);
	if (look->hash == NULL) {
		free(look);
		return NULL;
	}
	return look;
}

void
mipo_look_take_hosts(struct mipo_look *look)
{
	look->hosts = true;
}

void
mipo_look_free(struct mipo_look *look)
{
	if (look == NULL)
		return;
	mipo_hash_free(look->hash);
	mipo_rec_free(look->start);
	mipo_rec_free(look->end);
	mipo_buf_release(&look->ports);
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

/* What no reader could make anything of is no look. */
static int
check_cover(struct mipo_look *look, struct mipo_err *err)
{
	struct mipo_cover *cover;

	if (mipo_cover_new(look->start, &cover, err) != 0)
		return -1;
	look->pairs = mipo_cover_pairs(cover);
	mipo_cover_free(cover);
	return 0;
}

/* The part of the scope that is in rec, behind those that came. */
static int
put_scope(
    struct mipo_look *look, const struct mipo_rec *rec, struct mipo_err *err)
{
	static const char *const lists[] = {"targets", "exclusions", "names"};
	const char *ports = mipo_rec_str(rec, "ports");

	if (ports != NULL && look->ports.len > 0)
		mipo_buf_putc(&look->ports, ',');
	if (ports != NULL)
		mipo_buf_puts(&look->ports, ports);
	if (mipo_buf_ok(&look->ports, err) != 0)
		return mipo_err_prefix(err, "ports");
	if (rec == look->start)
		return 0;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		mipo_rec_add_all(look->start, lists[i], rec);
	look->missing--;
	if (look->missing == 0) {
		ports = mipo_buf_str(&look->ports, err);
		if (ports == NULL)
			return -1;
		if (look->proto != MIPO_ICMP)
			mipo_rec_put_str(look->start, "ports", ports);
	}
	return mipo_rec_ok(look->start, err);
}

/* The methods udp and discover, and no others, are of their protocols. */
static int
check_method(const struct mipo_look *look, const struct mipo_rec *start,
    struct mipo_err *err)
{
	const char *method = mipo_rec_str(start, "method");
	const char *proto = mipo_rec_str(start, "proto");
	bool discover = strcmp(method, "discover") == 0;

	if ((discover || look->proto == MIPO_ICMP) && !look->hosts)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "scan.start: a look for hosts (--discover), not at ports");
	if (discover == (look->proto == MIPO_ICMP) &&
	    (strcmp(method, "udp") == 0) == (look->proto == MIPO_UDP))
		return 0;
	return mipo_err_set(err, MIPO_E_INPUT,
	    "scan.start: a look at %s by the method %s", proto, method);
}

static int
take_start(struct mipo_look *look, struct mipo_rec *rec,
    enum mipo_look_kind *ret_kind, struct mipo_err *err)
{
	int64_t scopes = 0;

	if (look->start != NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a second scan.start in one stream");
	if (mipo_rec_check(rec, err) != 0 || mipo_shard_check(rec, err) != 0)
		return -1;
	memcpy(look->scan, mipo_rec_str(rec, "scan"), sizeof(look->scan));
	look->start = rec;
	look->proto = mipo_proto_find(mipo_rec_str(rec, "proto"));
	if (check_method(look, rec, err) != 0)
		return -1;
	if (!mipo_rec_int(rec, "scopes", &scopes))
		return check_cover(look, err);
	look->scopes = look->missing = (unsigned)scopes;
	mipo_rec_del(rec, "scopes");
	*ret_kind = MIPO_LOOK_SCOPE;
	return put_scope(look, rec, err);
}

static int
take_scope(struct mipo_look *look, const struct mipo_rec *rec, size_t len,
    enum mipo_look_kind *ret_kind, struct mipo_err *err)
{
	if (look->missing == 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a scan.scope beyond the %u that scan.start announces",
		    look->scopes);
	if (mipo_rec_check(rec, err) != 0)
		return -1;
	if (!same_scan(look, rec))
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a scan.scope of another scan");
	if (look->bytes + len > MIPO_REC_MAX_SCOPE)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a scope of more than %d MiB", MIPO_REC_MAX_SCOPE >> 20);
	if (put_scope(look, rec, err) != 0)
		return -1;
	*ret_kind =
	    look->missing == 0 ? MIPO_LOOK_START : MIPO_LOOK_SCOPE;
	return look->missing == 0 ? check_cover(look, err) : 0;
}

/* Between a scan.start and the last of its scopes nothing else may come. */
static int
check_order(
    const struct mipo_look *look, const char *type, struct mipo_err *err)
{
	if (look->start == NULL && strcmp(type, "scan.start") != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a stream must begin with scan.start, not with %.40s",
		    type);
	if (look->missing > 0 && strcmp(type, "scan.scope") != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "scan.scope %u of %u must come here, not %.40s",
		    look->scopes - look->missing + 1, look->scopes, type);
	return 0;
}

/* What a scan says beside its observations is about itself. */
static int
check_told(const struct mipo_look *look, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	if (mipo_rec_check(rec, err) != 0)
		return -1;
	if (!same_scan(look, rec))
		return mipo_err_set(err, MIPO_E_INPUT, "a %s of another scan",
		    mipo_rec_str(rec, "type"));
	return 0;
}

/* The end record speaks about all bytes before it, and of one scan. */
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
	return mipo_verdict_check(rec, look->pairs, err);
}

static int
take_record(struct mipo_look *look, struct mipo_rec *rec, size_t len,
    enum mipo_look_kind *ret_kind, struct mipo_obs *ret_obs,
    struct mipo_err *err)
{
	const char *type = mipo_rec_str(rec, "type");

	*ret_kind = MIPO_LOOK_OTHER;
	if (type == NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a record without its type");
	if (check_order(look, type, err) != 0)
		return -1;
	if (strcmp(type, "scan.start") == 0) {
		*ret_kind = MIPO_LOOK_START;
		return take_start(look, rec, ret_kind, err);
	}
	if (strcmp(type, "scan.scope") == 0)
		return take_scope(look, rec, len, ret_kind, err);
	if (strcmp(type, "service") == 0 || strcmp(type, "host") == 0)
		return check_told(look, rec, err);
	if (strcmp(type, "presence") == 0 && look->proto == MIPO_ICMP) {
		*ret_kind = MIPO_LOOK_OBS;
		if (check_told(look, rec, err) != 0)
			return -1;
		return mipo_presence_read(rec, ret_obs, err);
	}
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
    enum mipo_look_kind *ret_kind, struct mipo_obs *ret_obs,
    struct mipo_err *err)
{
	struct mipo_rec *rec;
	int r;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	r = take_record(look, rec, len, ret_kind, ret_obs, err);
	if (rec != look->start && rec != look->end)
		mipo_rec_free(rec);
	if (r != 0)
		return -1;
	if (*ret_kind != MIPO_LOOK_END)
		add(look, line, len);
	return 0;
}

static int
take_obs(struct mipo_look *look, const char *line, size_t len,
    const struct mipo_obs *obs, struct mipo_err *err)
{
	if (check_order(look, "obs", err) != 0)
		return -1;
	if (strcmp(obs->scan, look->scan) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an observation of another scan (%.32s)", obs->scan);
	if (obs->proto != look->proto)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an observation of %s in a look at %s",
		    mipo_proto_name(obs->proto), mipo_proto_name(look->proto));
	add(look, line, len);
	return 0;
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
		int plain = mipo_obs_is(line, len, err);

		if (plain < 0)
			return -1;
		if (plain == 0) {
			if (feed_record(
				look, line, len, &kind, ret_obs, err) != 0)
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

unsigned
mipo_look_missing(const struct mipo_look *look)
{
	return look->missing;
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
		verdict = mipo_shard_verdict(look->end);
	return verdict == NULL ? "interrupted" : verdict;
}
