/*
 * Shards: equal parts of the order of a scope's pairs, each looked at by a
 * scan of its own. The end of one is the beginning of the next, so that all
 * of them together are the scope, whatever their number.
 */
#ifndef MIPO_DATA_SHARD_H
#define MIPO_DATA_SHARD_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_rec;

/* How many places come before part i of n (0 <= i <= n, n > 0). */
uint64_t mipo_shard_begin(uint64_t pairs, uint64_t i, uint64_t n);

/* Whether a scan.start or scan.end is of a shard; which (from 1), of what. */
bool mipo_shard_get(
    const struct mipo_rec *rec, uint64_t *ret_shard, uint64_t *ret_shards);

/* Refuses a record that is of a shard that cannot be, or of half of one. */
int mipo_shard_check(const struct mipo_rec *rec, struct mipo_err *err);

/* How many of so many pairs in scope the record's scan is to look at. */
uint64_t mipo_shard_pairs(const struct mipo_rec *rec, uint64_t pairs);

/*
 * What a receipt concludes on its whole scope: its verdict ("" where it has
 * none), but "incomplete" where all of one shard was looked at.
 */
const char *mipo_shard_verdict(const struct mipo_rec *end);

#endif
