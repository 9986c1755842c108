/*
 * Exposure over time: which ports were seen open, when, and when nobody
 * could know. Made from looks of any number and order; keeps the open pairs
 * alone (by UDP those too that were told shut), so memory grows with what is
 * exposed, not with what was scanned.
 *
 * A view is one (network, vantage, protocol). A pair counts as open from a
 * look that saw it until a conclusive look that covers it did not. Where
 * silence is taken for open|filtered, as by UDP, a look did not only where it
 * lists the pair as something else: silent, it is unknown. What a look says
 * holds until the next one of its scope, and where the scope has a rhythm
 * (four looks or more) at most for twice the median interval; after that,
 * and after a look that is not conclusive, the state is unknown.
 */
#ifndef MIPO_OUT_EXPOSURE_H
#define MIPO_OUT_EXPOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_cover;
struct mipo_err;
struct mipo_rec;

struct mipo_xpair {
	struct mipo_addr ip;
	uint16_t port;
};

struct mipo_xlook {
	struct mipo_rec *start;
	struct mipo_rec *end; /* NULL: the look was cut */
	struct mipo_cover *cover;
	int64_t started_ms;
	int64_t hold_ms;  /* what it says holds until then */
	bool conclusive;  /* it was whole: silence says what it can */
	size_t scope;	  /* looks of one scope have one number in a view */
	struct mipo_xpair *open; /* ascending by address, then port */
	size_t n_open, cap_open;
	bool doubt; /* what it lists as neither may be open */
	struct mipo_xpair *shut; /* where there is doubt: listed, not open */
	size_t n_shut, cap_shut;
};

struct mipo_xview {
	const char *network, *vantage;
	enum mipo_proto proto;
	const char *proto_name; /* "TCP" */
	struct mipo_xlook **looks; /* ascending by time */
	size_t n_looks, n_scopes;
	struct mipo_xpair *pairs; /* ever seen open; ascending */
	size_t n_pairs;
	int64_t end_ms; /* of the time that is shown */
};

/* What is known of a pair in a span of time. */
enum mipo_seen {
	MIPO_SEEN_NEVER = 0, /* no look had covered it yet */
	MIPO_SEEN_OPEN,
	MIPO_SEEN_NOT_OPEN,
	MIPO_SEEN_UNKNOWN
};

struct mipo_xspan {
	int64_t from_ms, to_ms; /* to: exclusive; the last may be empty */
	enum mipo_seen seen;
};

/* How much was open from a moment on, until the next point. */
struct mipo_xpoint {
	int64_t at_ms;
	uint64_t open, risky;
	bool known; /* every scope of the view is, and every pair */
};

struct mipo_exposure;

struct mipo_exposure *mipo_exposure_new(struct mipo_err *err);
void mipo_exposure_free(struct mipo_exposure *exposure);

/*
 * A look, part by part. start and end are copied; end NULL: it was cut.
 * E_INPUT for an observation outside the scope that start declares.
 */
int mipo_exposure_start(struct mipo_exposure *exposure,
    const struct mipo_rec *start, struct mipo_err *err);
int mipo_exposure_obs(struct mipo_exposure *exposure,
    const struct mipo_obs *obs, struct mipo_err *err);
int mipo_exposure_end(struct mipo_exposure *exposure,
    const struct mipo_rec *end, bool conclusive, struct mipo_err *err);

/*
 * All looks are in: makes the views, in order of network, vantage and
 * protocol. The time that is shown ends at to_ms, or with the last look where
 * to_ms is INT64_MAX. *ret_views stay the exposure's.
 */
int mipo_exposure_views(struct mipo_exposure *exposure, int64_t to_ms,
    const struct mipo_xview **ret_views, size_t *ret_n,
    struct mipo_err *err);

/* Room that mipo_xview_spans needs, in spans. */
#define MIPO_XSPANS(view) (2 * (view)->n_looks + 1)

/* The history of pairs[i], joined where nothing changed. How many spans. */
size_t mipo_xview_spans(
    const struct mipo_xview *view, size_t i, struct mipo_xspan *ret_spans);

/* When the last look that saw pairs[i] open began. */
int64_t mipo_xview_last_open(const struct mipo_xview *view, size_t i);

/* The counts over time; *ret_points: caller's, free(). */
int mipo_xview_points(const struct mipo_xview *view,
    struct mipo_xpoint **ret_points, size_t *ret_n, struct mipo_err *err);

#endif
