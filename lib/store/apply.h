/*
 * Appliers: what a log entry of some kind does to the derived tables. The
 * door runs them as it adds, rebuild as it reads: the same rows come out.
 */
#ifndef MIPO_STORE_APPLY_H
#define MIPO_STORE_APPLY_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_db;
struct mipo_err;
struct mipo_rec;
struct mipo_sheet;
struct mipo_state;
struct mipo_weight;

struct mipo_apply {
	struct mipo_state *state; /* for its objects */
	struct mipo_db *db;	  /* whose derived tables are written */
	uint64_t seq;		  /* of the entry */
	int64_t time_ms;	  /* of the entry */
	struct mipo_sheet *sheet; /* of a scan.end, ready; NULL: make it */
};

/* One kind's applier; rec is the entry's data. */
typedef int mipo_applier(const struct mipo_apply *apply,
    const struct mipo_rec *rec, struct mipo_err *err);

mipo_applier mipo_apply_scan;
mipo_applier mipo_apply_alarm;
mipo_applier mipo_apply_baseline;
mipo_applier mipo_apply_scanner;
mipo_applier mipo_apply_owner;
mipo_applier mipo_apply_config;

/* Whether the kind has an applier. */
bool mipo_apply_knows(const char *kind);

/* Runs the kind's applier; kinds without one change nothing. */
int mipo_apply(const struct mipo_apply *apply, const char *kind,
    const struct mipo_rec *rec, struct mipo_err *err);

/*
 * The number of (network, vantage); *ret_place is 0 where there is none
 * and make is false.
 */
int mipo_place(struct mipo_db *db, const char *network, const char *vantage,
    bool make, int64_t *ret_place, struct mipo_err *err);

/*
 * The seq of the newest entry that recorded or superseded a look of place; 0
 * where there is none.
 */
int mipo_place_newest(struct mipo_db *db, int64_t place, int64_t *ret_seq,
    struct mipo_err *err);

/*
 * "trusted", "elsewhere" (signed by a key that is registered for another
 * place than that of start), "unsigned", "unknown" (another key than the
 * registered ones) or "bad" for a receipt.
 */
int mipo_trust_of(struct mipo_db *db, const struct mipo_rec *start,
    const struct mipo_rec *receipt, const char **ret_trust,
    struct mipo_err *err);

/* Of two looks of one id the one that stands higher is the look. */
enum {
	MIPO_STANDING_CUT,   /* without end record: the store ended it */
	MIPO_STANDING_WHOLE,
	MIPO_STANDING_TRUSTED
};

/* That of the look which end ends and which is trusted so. */
int mipo_standing_of(const struct mipo_rec *end, const char *trust);

/*
 * Whether a look of that id and standing can be recorded: *ret_seq is the
 * entry of the one that it supersedes, 0 where there is none. E_INPUT when
 * one that stands no lower is recorded already.
 */
int mipo_scan_free(struct mipo_db *db, const char *scan, int standing,
    int64_t *ret_seq, struct mipo_err *err);

/*
 * Compares the sheet of the look that end ends with the index, as a look of
 * the weight that it has when logged at logged_ms, unless that was done and
 * since then neither was anything recorded of its place nor has the weight
 * changed. ret_weight may be NULL.
 */
int mipo_sheet_settle(struct mipo_sheet *sheet, struct mipo_db *db,
    const struct mipo_rec *end, int64_t logged_ms,
    struct mipo_weight *ret_weight, struct mipo_err *err);

/* The sheet of a recorded look, from its object. */
int mipo_sheet_load(struct mipo_state *state, const char *stream_hex,
    struct mipo_sheet **ret_sheet, struct mipo_err *err);

#endif
