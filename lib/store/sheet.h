/*
 * One look as a sheet: its scope, and its observations in numeric order
 * with duplicates merged. Compared with the index outside of the write
 * transaction, so that inside it only what changed is written.
 */
#ifndef MIPO_STORE_SHEET_H
#define MIPO_STORE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_db;
struct mipo_err;
struct mipo_rec;

struct mipo_sheet;

/* A sheet for the look that start (a scan.start) begins. */
int mipo_sheet_new(const struct mipo_rec *start, struct mipo_sheet **ret_sheet,
    struct mipo_err *err);
void mipo_sheet_free(struct mipo_sheet *sheet); /* NULL is nothing */

/* The scan.start, whole, and its canonical line. Both stay the sheet's. */
const struct mipo_rec *mipo_sheet_start(const struct mipo_sheet *sheet);
const char *mipo_sheet_start_line(
    const struct mipo_sheet *sheet, size_t *ret_len);

/* The number of its protocol in an IP header. */
uint8_t mipo_sheet_proto(const struct mipo_sheet *sheet);

/* One observation. E_INPUT when the look's scope does not hold it. */
int mipo_sheet_add(struct mipo_sheet *sheet, const struct mipo_obs *obs,
    struct mipo_err *err);

/* Sorts and merges what was added; then nothing may be added. */
int mipo_sheet_sort(struct mipo_sheet *sheet, struct mipo_err *err);

/* Pairs in the sheet, and those of them that are open. */
size_t mipo_sheet_count(const struct mipo_sheet *sheet);
size_t mipo_sheet_open(const struct mipo_sheet *sheet);

/* How many pairs are in each state (enum mipo_pstate). */
void mipo_sheet_counts(
    const struct mipo_sheet *sheet, uint64_t ret_counts[MIPO_STATE_N]);

/*
 * Marks what differs from the index of place (0: a new one) in db. A look
 * of weight MIPO_WEIGHT_OPEN can only open: it closes nothing. Where a look
 * that concludes, of no less weight, began after started_ms and covers a
 * pair, that one stands.
 */
int mipo_sheet_compare(struct mipo_sheet *sheet, struct mipo_db *db,
    int64_t place, int weight, int64_t started_ms, struct mipo_err *err);

/* Writes what compare marked, as seen by log entry seq. */
int mipo_sheet_apply(struct mipo_sheet *sheet, struct mipo_db *db,
    int64_t place, uint64_t seq, struct mipo_err *err);

/* Whether the look is one for hosts. */
bool mipo_sheet_is_hosts(const struct mipo_sheet *sheet);

/* How many pairs scan.end says are in state; 0 where it does not say. */
uint64_t mipo_sheet_said(const struct mipo_sheet *sheet,
    const struct mipo_rec *end, unsigned state);

/* The name of a state in its counts, or hosts; NULL: it is not there. */
const char *mipo_sheet_count_name(
    const struct mipo_sheet *sheet, unsigned state);

/* How many bindings apply writes. */
size_t mipo_sheet_changes(const struct mipo_sheet *sheet);

/* The newest look of the place when compare was run, and as which weight. */
void mipo_sheet_set_base(struct mipo_sheet *sheet, int64_t base, int weight);
bool mipo_sheet_is_base(
    const struct mipo_sheet *sheet, int64_t base, int weight);

#endif
