#include <stddef.h>

#include "base/err.h"
#include "data/rec.h"
#include "store/apply.h"
#include "store/db.h"
#include "trust/key.h"
#include "trust/receipt.h"

int
mipo_place(struct mipo_db *db, const char *network, const char *vantage,
    bool make, int64_t *ret_place, struct mipo_err *err)
{
	struct mipo_q *q = NULL;
	int64_t place = 0;
	int r;

	if (mipo_q_new(db, "SELECT id FROM place WHERE network=?1 AND "
		"vantage=?2", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, network);
	mipo_q_text(q, 2, vantage);
	r = mipo_q_step(q, err);
	if (r > 0)
		place = mipo_q_col_int(q, 0);
	mipo_q_done(q);
	if (r == 0 && make) {
		if (mipo_q_new(db, "INSERT INTO place(id, network, vantage) "
			"SELECT 1+coalesce(max(id), 0), ?1, ?2 FROM place",
			&q, err) != 0)
			return -1;
		mipo_q_text(q, 1, network);
		mipo_q_text(q, 2, vantage);
		r = mipo_q_run(q, err);
		mipo_q_done(q);
		return r != 0 ? -1 : mipo_place(db, network, vantage, false,
		    ret_place, err);
	}
	if (r >= 0)
		*ret_place = place;
	return r < 0 ? -1 : 0;
}

int
mipo_place_newest(struct mipo_db *db, int64_t place, int64_t *ret_seq,
    struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, "SELECT max(coalesce(max(seq), 0), "
		"coalesce(max(successor), 0)) FROM scan WHERE place=?1", &q,
		err) != 0)
		return -1;
	mipo_q_int(q, 1, place);
	r = mipo_q_step(q, err);
	if (r > 0)
		*ret_seq = mipo_q_col_int(q, 0);
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

struct scanner {
	struct mipo_pub pub;
	bool here; /* registered for the place of the look */
};

/* The registered key of that id; *ret_found false where there is none. */
static int
find_scanner(struct mipo_db *db, const char *key,
    const struct mipo_rec *start, struct scanner *ret_scanner,
    bool *ret_found, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	*ret_found = false;
	if (mipo_q_new(db, "SELECT pub, network IN ('', ?2) AND vantage IN "
		"('', ?3) FROM scanner WHERE key=?1", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, key);
	mipo_q_text(q, 2, mipo_rec_str(start, "network"));
	mipo_q_text(q, 3, mipo_rec_str(start, "vantage"));
	r = mipo_q_step(q, err);
	if (r > 0) {
		size_t len;
		const void *pk = mipo_q_col_blob(q, 0, &len);

		*ret_found = len == MIPO_PK_LEN;
		if (*ret_found)
			mipo_pub_set(&ret_scanner->pub, pk);
		ret_scanner->here = mipo_q_col_int(q, 1) != 0;
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

int
mipo_trust_of(struct mipo_db *db, const struct mipo_rec *start,
    const struct mipo_rec *receipt, const char **ret_trust,
    struct mipo_err *err)
{
	static const char *const words[] = {
	    [MIPO_RECEIPT_GOOD] = "trusted",
	    [MIPO_RECEIPT_UNSIGNED] = "unsigned",
	    [MIPO_RECEIPT_UNKNOWN] = "unknown",
	    [MIPO_RECEIPT_BAD] = "bad"};
	const char *key = mipo_rec_str(receipt, "key");
	enum mipo_receipt_state state;
	struct scanner scanner;
	bool found;

	if (find_scanner(db, key == NULL ? "" : key, start, &scanner, &found,
		err) != 0 ||
	    mipo_receipt_check(receipt, found ? &scanner.pub : NULL, &state,
		err) != 0)
		return -1;
	*ret_trust = state == MIPO_RECEIPT_GOOD && !scanner.here
	    ? "elsewhere"
	    : words[state];
	return 0;
}
