/* What the files of a scan call of one another; by scanner-impl.h. */
#ifndef MIPO_NET_SCANNER_PART_H
#define MIPO_NET_SCANNER_PART_H

#include "net/scanner-impl.h"

/* Which pairs a walk over the order is for. */
enum mipo_want {
	MIPO_WANT_NEW,	   /* untouched */
	MIPO_WANT_LATE,	   /* untouched, as their hosts were found late */
	MIPO_WANT_REFUSED, /* that the kernel refused */
	MIPO_WANT_SILENT   /* all that a later pass is for */
};

/* window.c: all passes over all windows. */
int mipo_windows_open(struct mipo_scanner *scan, struct mipo_err *err);
int mipo_windows_run(struct mipo_scanner *scan, struct mipo_err *err);
/* It ended before them: what its journal knows of later ones is known. */
int mipo_windows_rest(struct mipo_scanner *scan, struct mipo_err *err);
/* Pairs of the one that is being looked at. */
uint64_t mipo_window_pairs(const struct mipo_scanner *scan);
/* The place of the order is to be looked up: its segment is at hand. */
int mipo_window_show(
    struct mipo_scanner *scan, uint64_t index, struct mipo_err *err);

/* scanner.c: common to the methods. Whether the pair is wanted. */
bool mipo_scanner_wants(
    const struct mipo_scanner *scan, enum mipo_want want, uint64_t pair);
/* part.c: whether the pair is in the part of the order that it is to walk. */
bool mipo_scanner_has(const struct mipo_scanner *scan, uint64_t pair);
/* The last pass of any pair: in windows that are past there were all. */
unsigned mipo_scanner_last_pass(const struct mipo_scanner *scan);
/* Takes one of the probes that are allowed; false where none is left. */
bool mipo_scanner_spend(struct mipo_scanner *scan);
/* The kernel did not take it. */
void mipo_scanner_unspend(struct mipo_scanner *scan);
/* Whether no further walk is to begin. */
bool mipo_scanner_over(const struct mipo_scanner *scan);
/* Pairs that stayed silent, or that one try more may find reachable. */
uint64_t mipo_scanner_silent(const struct mipo_scanner *scan);
/* Shows progress; true once the scan is to end. */
bool mipo_scanner_tick(struct mipo_scanner *scan, uint64_t done);
/* An observation with what is common filled in, all else absent. */
void mipo_scanner_obs(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, enum mipo_pstate state,
    enum mipo_reason reason, int64_t at_us, struct mipo_obs *ret_obs);
/* It is an answer, to be kept where there is a journal; and as below. */
void mipo_scanner_answer(
    struct mipo_scanner *scan, const struct mipo_obs *obs);
/* Hands it on when its state is listed. */
void mipo_scanner_emit(struct mipo_scanner *scan, const struct mipo_obs *obs);
/* Unix microseconds by the real clock, as captures have it. */
int64_t mipo_scanner_now_us(void);
/* Unix ms of a moment: wall clock at the start, the monotonic one since. */
int64_t mipo_scanner_wall_ms(
    const struct mipo_scanner *scan, uint64_t mono_ns);

/* report-order.c: the order, the part of it, and what the passes walked. */
void mipo_scanner_report_order(const struct mipo_scanner *scan,
    struct mipo_rec *rec, struct mipo_err *err);

/*
 * report-why.c: reasons, what leaves gaps before what leaves doubts; the
 * verdict, which is the worst of them.
 */
const char *mipo_scanner_report_why(
    const struct mipo_scanner *scan, struct mipo_rec *rec);

/* report-rate.c: canaries, and what a scan did that chose its own rate. */
void mipo_scanner_report_rate(const struct mipo_scanner *scan,
    struct mipo_rec *rec, struct mipo_err *err);

/*
 * doubt.c: at the end, whether silence may be believed; what speaks against
 * it goes to the tally, with the estimate of loss.
 */
void mipo_scanner_doubt(struct mipo_scanner *scan);

/* connect.c */
int mipo_connect_open(struct mipo_scanner *scan, struct mipo_err *err);
void mipo_connect_close(struct mipo_scanner *scan);
int mipo_connect_begin(struct mipo_scanner *scan, struct mipo_err *err);
int mipo_connect_run(struct mipo_scanner *scan, struct mipo_err *err);

#endif
