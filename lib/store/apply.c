#include "store/apply.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/rec.h"
#include "store/db.h"
#include "trust/key.h"

static const struct {
	const char *kind;
	mipo_applier *apply;
} appliers[] = {{"access.owner", mipo_apply_owner},
    {"access.scanner", mipo_apply_scanner}, {"alarm", mipo_apply_alarm},
    {"config.version", mipo_apply_config},
    {"evidence.baseline", mipo_apply_baseline},
    {"scan.end", mipo_apply_scan}};

static mipo_applier *
find(const char *kind)
{
	for (size_t i = 0; i < sizeof(appliers) / sizeof(*appliers); i++)
		if (strcmp(appliers[i].kind, kind) == 0)
			return appliers[i].apply;
	return NULL;
}

bool
mipo_apply_knows(const char *kind)
{
	return find(kind) != NULL;
}

int
mipo_apply(const struct mipo_apply *apply, const char *kind,
    const struct mipo_rec *rec, struct mipo_err *err)
{
	mipo_applier *applier = find(kind);

	return applier == NULL ? 0 : applier(apply, rec, err);
}

static const char *
text(const struct mipo_rec *rec, const char *key)
{
	const char *s = mipo_rec_str(rec, key);

	return s == NULL ? "" : s;
}

/* An alarm as it was last logged. */
int
mipo_apply_alarm(const struct mipo_apply *apply, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_q *q;
	struct mipo_buf buf;
	int r;

	if (mipo_q_new(apply->db,
		"INSERT INTO alarm(key, seq, state, record) "
		"VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
		"seq=?2, state=?3, record=?4",
		&q, err) != 0)
		return -1;
	mipo_buf_init(&buf, MIPO_REC_MAX_WRITE);
	r = mipo_rec_canon(rec, &buf, err);
	if (r == 0) {
		mipo_q_text(q, 1, text(rec, "key"));
		mipo_q_int(q, 2, (int64_t)apply->seq);
		mipo_q_text(q, 3, text(rec, "state"));
		mipo_q_blob(q, 4, buf.data, buf.len);
		r = mipo_q_run(q, err);
	}
	mipo_q_done(q);
	mipo_buf_release(&buf);
	return r;
}

int
mipo_apply_baseline(const struct mipo_apply *apply,
    const struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_q *q;
	int64_t place;
	int r;

	if (mipo_place(apply->db, text(rec, "network"), text(rec, "vantage"),
		true, &place, err) != 0 ||
	    mipo_q_new(apply->db,
		"INSERT INTO baseline(place, scope, seq, scan) "
		"VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
		"seq=?3, scan=?4",
		&q, err) != 0)
		return -1;
	mipo_q_int(q, 1, place);
	mipo_q_text(q, 2, text(rec, "scope_sha256"));
	mipo_q_int(q, 3, (int64_t)apply->seq);
	mipo_q_text(q, 4, text(rec, "scan"));
	r = mipo_q_run(q, err);
	mipo_q_done(q);
	return r;
}

int
mipo_apply_scanner(const struct mipo_apply *apply,
    const struct mipo_rec *rec, struct mipo_err *err)
{
	const char *b64 = text(rec, "pub");
	uint8_t pk[MIPO_PK_LEN];
	struct mipo_pub pub;
	struct mipo_q *q;
	size_t len;
	int r;

	if (mipo_unb64(b64, strlen(b64), pk, sizeof(pk), &len, err) != 0)
		return mipo_err_prefix(err, "access.scanner: pub");
	mipo_pub_set(&pub, pk);
	if (len != sizeof(pk) || strcmp(pub.id, text(rec, "key")) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "access.scanner: key is not the id of pub");
	if (mipo_q_new(apply->db,
		"INSERT INTO scanner(key, seq, pub, name, network, vantage) "
		"VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
		"seq=?2, name=?4, network=?5, vantage=?6",
		&q, err) != 0)
		return -1;
	mipo_q_text(q, 1, pub.id);
	mipo_q_int(q, 2, (int64_t)apply->seq);
	mipo_q_blob(q, 3, pk, sizeof(pk));
	mipo_q_text(q, 4, text(rec, "name"));
	mipo_q_text(q, 5, text(rec, "network"));
	mipo_q_text(q, 6, text(rec, "vantage"));
	r = mipo_q_run(q, err);
	mipo_q_done(q);
	return r;
}

int
mipo_apply_owner(const struct mipo_apply *apply, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(apply->db,
		"INSERT INTO owner(subject, seq) VALUES(?1, ?2) "
		"ON CONFLICT DO NOTHING",
		&q, err) != 0)
		return -1;
	mipo_q_text(q, 1, text(rec, "subject"));
	mipo_q_int(q, 2, (int64_t)apply->seq);
	r = mipo_q_run(q, err);
	mipo_q_done(q);
	return r;
}

/* An approval stays: the same text seen again later is approved still. */
int
mipo_apply_config(const struct mipo_apply *apply, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_q *q;
	bool approved = false;
	int r;

	(void)mipo_rec_bool(rec, "approved", &approved);
	if (mipo_q_new(apply->db,
		"INSERT INTO config(digest, seq, approved) "
		"VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET "
		"seq=?2, approved=max(approved, ?3)",
		&q, err) != 0)
		return -1;
	mipo_q_text(q, 1, text(rec, "config_sha256"));
	mipo_q_int(q, 2, (int64_t)apply->seq);
	mipo_q_int(q, 3, approved);
	r = mipo_q_run(q, err);
	mipo_q_done(q);
	return r;
}
