/*
 * A set of target addresses as sorted disjoint ranges: membership, size,
 * and random access by index without expanding anything.
 */
#ifndef MIPO_DATA_TARGET_H
#define MIPO_DATA_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_rec;

struct mipo_targets;

/* An inclusive range of one family. */
struct mipo_range {
	struct mipo_addr first;
	struct mipo_addr last;
};

struct mipo_targets *mipo_targets_new(struct mipo_err *err);
void mipo_targets_free(struct mipo_targets *targets);

/*
 * Reads one token: an address, a CIDR, "FIRST-LAST" or, for IPv4, "FIRST-N"
 * where N is the last octet of the last address; however many addresses
 * that are. *ret_is_name (may be NULL: then names are refused) says whether
 * it has the form of a host name, which the caller must resolve; *ret_range
 * is not set then. A name whose last label is a number is a wrong address
 * (10.0.0.300). The error names the token.
 *
 * What lies in ::ffff:0:0/96 is refused, with the IPv4 that it stands for:
 * whoever writes it to shut IPv4 out would not have shut it out.
 */
int mipo_target_parse(const char *token, struct mipo_range *ret_range,
    bool *ret_is_name, struct mipo_err *err);

/* Adds one token; a name is not added. */
int mipo_targets_add(struct mipo_targets *targets, const char *token,
    bool *ret_is_name, struct mipo_err *err);

/* Adds a range whose ends are of one family, first <= last. */
int mipo_targets_add_range(struct mipo_targets *targets,
    const struct mipo_range *range, struct mipo_err *err);

/* Adds what of others is in the range, however large that range is. */
int mipo_targets_add_within(struct mipo_targets *targets,
    const struct mipo_targets *others, const struct mipo_range *range,
    struct mipo_err *err);

/* Adds every address of other, or none. */
int mipo_targets_add_all(struct mipo_targets *targets,
    const struct mipo_targets *other, struct mipo_err *err);

/* Takes every address of other out of targets. */
int mipo_targets_exclude(struct mipo_targets *targets,
    const struct mipo_targets *other, struct mipo_err *err);

/*
 * How many addresses; at most 2^48 (more is refused when adding). This and
 * what follows may sort the set: one thread at a time after a change.
 */
uint64_t mipo_targets_count(const struct mipo_targets *targets);

/* The ith address in numeric order, i < count. O(log ranges). */
void mipo_targets_at(const struct mipo_targets *targets, uint64_t i,
    struct mipo_addr *ret_addr);

/* The index of addr in *ret_i; false when it is not a member. */
bool mipo_targets_find(const struct mipo_targets *targets,
    const struct mipo_addr *addr, uint64_t *ret_i);

/* The ranges in order; stays the set's until it changes. */
const struct mipo_range *mipo_targets_ranges(
    const struct mipo_targets *targets, size_t *ret_n);

/*
 * Puts the canonical list into rec under key, in numeric order: the
 * shortest cover by CIDR, single addresses bare; where that would take more
 * than 48,000 bytes of text, the ranges as FIRST-LAST. More text of these
 * than MIPO_REC_MAX_SCOPE is an error. Equal sets give equal lists.
 */
int mipo_targets_put(const struct mipo_targets *targets,
    struct mipo_rec *rec, const char *key, struct mipo_err *err);

/*
 * Adds every string of rec's list under key, or none. The reverse of put:
 * takes also what mipo_target_parse refuses for its form alone.
 */
int mipo_targets_get(struct mipo_targets *targets,
    const struct mipo_rec *rec, const char *key, struct mipo_err *err);

/*
 * Feeds the canonical binary form of the set (for scope digests) to sink:
 * per range one byte family, then the bytes of first and last.
 */
void mipo_targets_digest(const struct mipo_targets *targets,
    void (*sink)(void *arg, const void *p, size_t len), void *arg);

#endif
