/*
 * A snapshot: one look, read once and packed for questions. 8 bytes an IPv4
 * pair, 20 bytes an IPv6 pair, in numeric order of address and port.
 */
#ifndef MIPO_JUDGE_SNAP_H
#define MIPO_JUDGE_SNAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/cover.h"

struct mipo_err;
struct mipo_lines;
struct mipo_rec;

struct mipo_snap;

/* A condition is known to hold, known not to hold, or not known. */
enum mipo_tri { MIPO_TRI_UNKNOWN, MIPO_TRI_FALSE, MIPO_TRI_TRUE };

/* "unknown", "false", "true". */
const char *mipo_tri_name(enum mipo_tri tri);

/* An empty one from scan.start, which stays the caller's. */
int mipo_snap_new(const struct mipo_rec *start, struct mipo_snap **ret_snap,
    struct mipo_err *err);
void mipo_snap_free(struct mipo_snap *snap);

/* Adds one observation, in any order. Of two states the lower stands. */
int mipo_snap_add(struct mipo_snap *snap, const struct mipo_obs *obs,
    struct mipo_err *err);

/*
 * Sorts, and takes the verdict from end (NULL: there was none). E_INPUT
 * when an observation is outside the scope that scan.start declares.
 */
int mipo_snap_finish(struct mipo_snap *snap, const struct mipo_rec *end,
    struct mipo_err *err);

/*
 * Reads a whole stream, checked by trust/look.h, to its end. A stream that
 * ends early gives a snapshot of verdict "interrupted". E_INCONCLUSIVE when
 * there was not even a scan.start.
 */
int mipo_snap_read(struct mipo_lines *lines, struct mipo_snap **ret_snap,
    struct mipo_err *err);

/* The same, and it may be a look for hosts. */
int mipo_snap_read_any(struct mipo_lines *lines, struct mipo_snap **ret_snap,
    struct mipo_err *err);

/*
 * Text of scan.start and the receipt; stays the snapshot's, never NULL. The
 * verdict is that on the whole scope: of a shard's look never "complete".
 */
const char *mipo_snap_scan(const struct mipo_snap *snap);
const char *mipo_snap_network(const struct mipo_snap *snap);
const char *mipo_snap_vantage(const struct mipo_snap *snap);
const char *mipo_snap_proto(const struct mipo_snap *snap);
const char *mipo_snap_scope(const struct mipo_snap *snap);
const char *mipo_snap_verdict(const struct mipo_snap *snap);
const struct mipo_cover *mipo_snap_cover(const struct mipo_snap *snap);

/* Whether it had its end record. */
bool mipo_snap_ended(const struct mipo_snap *snap);

/* Whether silence in it proves anything: verdict complete, not weak. */
bool mipo_snap_complete(const struct mipo_snap *snap);

/* From now on only what it saw open counts (an untrusted look). */
void mipo_snap_weaken(struct mipo_snap *snap);

/* scan.start, and scan.end or NULL; the snapshot's. */
const struct mipo_rec *mipo_snap_start(const struct mipo_snap *snap);
const struct mipo_rec *mipo_snap_end(const struct mipo_snap *snap);

/* The listed pairs 0..n-1 of one address. */
struct mipo_host {
	struct mipo_addr ip;
	size_t at, n;
};

/*
 * The host whose pairs begin at *pos, which moves behind it; false at the
 * end. Begin with 0. Numeric order, IPv4 first.
 */
bool mipo_snap_host(const struct mipo_snap *snap, size_t *pos,
    struct mipo_host *ret_host);

/* Port and state of the listed pair number at. */
uint16_t mipo_snap_port(const struct mipo_snap *snap, size_t at);
unsigned mipo_snap_state(const struct mipo_snap *snap, size_t at);
size_t mipo_snap_count(const struct mipo_snap *snap);

/*
 * What the look says of a pair that it does not list. ip_covered: whether
 * the scope has ip, which callers know for many ports at once.
 */
unsigned mipo_snap_unlisted(const struct mipo_snap *snap,
    const struct mipo_addr *ip, bool ip_covered, uint16_t port);

/*
 * Whether a pair is open. False only by a complete look that covers the
 * pair and would have listed it. O(log n).
 */
enum mipo_tri mipo_snap_is_open(const struct mipo_snap *snap,
    const struct mipo_addr *ip, uint16_t port);

#endif
