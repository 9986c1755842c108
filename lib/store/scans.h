/* The recorded looks: list, reference, and their streams as recorded. */
#ifndef MIPO_STORE_SCANS_H
#define MIPO_STORE_SCANS_H

#include <stdbool.h>
#include <stdint.h>

#include "data/obs.h"
#include "trust/key.h"

struct mipo_cover;
struct mipo_entry;
struct mipo_err;
struct mipo_lines;
struct mipo_rec;
struct mipo_state;

/* One recorded look, from the derived table. */
struct mipo_scan_row {
	uint64_t seq; /* of its log entry */
	char scan[33];
	char network[64], vantage[64];
	enum mipo_proto proto;
	char method[16];
	char scope[65], stream[65], state[65]; /* hex digests */
	int64_t started_ms, ended_ms;
	int64_t logged_ms; /* time of the entry */
	char verdict[16];
	bool trusted; /* signed by a registered scanner key */
	int weight;   /* what it may prove: store/weight.h */
	char why[12]; /* it concludes nothing: incomplete, future, untrusted */
	char trust[12]; /* weight.h */
	char key[17];	/* of the receipt's signature, or "none" */
	uint64_t planned, open;
};

/* What to list; empty fields match all. */
struct mipo_scan_filter {
	const char *network, *vantage, *proto, *scope, *verdict;
	const char *not_scan; /* leave this scan id out */
	const struct mipo_cover *cover; /* for "nearest" alone */
	bool concludes, ports; /* only those that do; that are at ports */
	bool newest_first;
	uint64_t limit; /* 0: no limit */
};

/*
 * Calls back for each row that no other superseded, by when it began, or by
 * when it was recorded where it says that it began later; a callback that
 * returns non-zero ends it.
 */
int mipo_scans_each(struct mipo_state *state,
    const struct mipo_scan_filter *filter,
    int (*row)(void *arg, const struct mipo_scan_row *row), void *arg,
    struct mipo_err *err);

/*
 * "last": of the looks of scope, network and vantage in filter that conclude
 * and whose id is not filter->not_scan, the newest trusted one, else the
 * newest. "nearest": that one; where there is none, the one of another
 * scope that covers some pair of filter->cover and that "last" would prefer.
 * "scan:ID": that one (an unambiguous prefix of at least 6 digits will do).
 * E_NOTFOUND says what was sought.
 */
int mipo_scan_find(struct mipo_state *state, const char *ref,
    const struct mipo_scan_filter *filter, struct mipo_scan_row *ret_row,
    struct mipo_err *err);

/*
 * What the look of start and end, checked by trust/look.h, may prove: as
 * recorded, or as if it were recorded now. *ret_why: as above, of static
 * storage. E_TAMPERED where its signature does not hold.
 */
int mipo_scan_weigh(struct mipo_state *state, const struct mipo_rec *start,
    const struct mipo_rec *end, int *ret_weight, const char **ret_why,
    struct mipo_err *err);

/* Its scan.start, with all of its scope: caller's. */
int mipo_scan_start(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_rec **ret_start, struct mipo_err *err);

/*
 * Its whole stream as it came, receipt included, object digest checked
 * while reading. *ret_lines: caller's; ends before the state closes.
 */
int mipo_scan_open(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_lines **ret_lines, struct mipo_err *err);

/*
 * The approved baseline of (network, vantage, scope), as its scan row;
 * *ret_found false where none was approved.
 */
int mipo_baseline_find(struct mipo_state *state, const char *network,
    const char *vantage, const char *scope, struct mipo_scan_row *ret_row,
    bool *ret_found, struct mipo_err *err);

/* The baselines in force, as the log entries that approved them. */
int mipo_baselines_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_entry *entry), void *arg,
    struct mipo_err *err);

/* A registered scanner: whose receipts are trusted. */
struct mipo_scanner {
	struct mipo_pub pub;
	char name[64];
	char network[64], vantage[64]; /* "": any */
	uint64_t seq; /* of the entry that registered it */
};

/* The registered scanners in order of their entries. */
int mipo_scanners_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_scanner *scanner), void *arg,
    struct mipo_err *err);

/* Alarm records as last logged, one an alarm (callback as above). */
int mipo_alarms_each(struct mipo_state *state, bool with_resolved,
    int (*row)(void *arg, const struct mipo_rec *alarm), void *arg,
    struct mipo_err *err);

#endif
