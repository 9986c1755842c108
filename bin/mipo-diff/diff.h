/* What the files of mipo-diff share. */
#ifndef MIPO_BIN_DIFF_H
#define MIPO_BIN_DIFF_H

#include <stdbool.h>

#include "bin/common.h"

struct mipo_change;
struct mipo_diff_sum;
struct mipo_err;
struct mipo_out;
struct mipo_snap;

struct diff_opts {
	struct mipo_common common;
	const char *against; /* a reference into the state, or NULL */
	const char *gate;    /* kinds, or NULL for the default */
	bool exit_zero;
	bool allow_first; /* no earlier look is no reason for status 3 */
};

/* Reads the look in the file path, or on stdin for "-". */
int diff_read_file(
    const char *path, struct mipo_snap **ret_snap, struct mipo_err *err);

/* Both at once; at most one of the paths is "-". */
int diff_read_files(char *const paths[2], struct mipo_snap *ret_snaps[2],
    struct mipo_err *err);

/*
 * The look that --against names in the state, as seen from new. *ret_snap
 * is NULL when it asks for the last or nearest one and there is none; then
 * *ret_first: no other look of this network and vantage concludes. Weakens
 * new where the state lets it conclude nothing.
 */
int diff_read_state(const struct diff_opts *opts, struct mipo_snap *new,
    struct mipo_snap **ret_snap, bool *ret_first, struct mipo_err *err);

/* Writes the whole result to stdout in the chosen format. */
int diff_write(const struct diff_opts *opts, const struct mipo_snap *old,
    const struct mipo_snap *new, unsigned gate,
    struct mipo_diff_sum *ret_sum, struct mipo_err *err);

/* The result when there was no old look (first: of no scope at all): why. */
int diff_write_none(const struct diff_opts *opts,
    const struct mipo_snap *new, unsigned gate, bool first, const char *why,
    struct mipo_diff_sum *ret_sum, struct mipo_err *err);

/* One row of the table (proto: "tcp"), and what stands below it. */
void diff_table_row(struct mipo_out *out, const struct mipo_change *change,
    const char *proto, unsigned gate);
void diff_table_end(
    struct mipo_out *out, const struct mipo_diff_sum *sum, unsigned gate);

#endif
