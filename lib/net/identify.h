/*
 * After the scan: short connections to the pairs that it found open, which
 * say what listens there. Bounded in number, time, rate and bytes; what
 * fails here changes nothing of what the scan saw.
 */
#ifndef MIPO_NET_IDENTIFY_H
#define MIPO_NET_IDENTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_identify;
struct mipo_names;
struct mipo_rec;
struct mipo_scanner;

/* Before confinement: descriptors, and the TLS library's own state. */
int mipo_identify_open(
    struct mipo_identify **ret_identify, struct mipo_err *err);
void mipo_identify_free(struct mipo_identify *identify);

/* The names that TLS is asked for; borrowed. Before it runs. */
void mipo_identify_call(struct mipo_scanner *scan, struct mipo_names *names);

/*
 * The scan found the pair open; bare: by a SYN-ACK with a window of 0 and
 * without options, as decoys send it. Does nothing where scan has no
 * identify.
 */
void mipo_identify_add(struct mipo_scanner *scan, uint64_t pair, bool bare);

/*
 * Connects to them, and hands on a record for each and each odd host. What
 * keeps it from going on is an error in its report, and none of the scan.
 */
void mipo_identify_run(struct mipo_scanner *scan);

/* Once it runs: how many open pairs there are. Before: *ret_total stays. */
void mipo_identify_progress(
    const struct mipo_identify *identify, uint64_t *ret_total);

/* Puts what it did into the receipt, as field identify. */
void mipo_identify_report(const struct mipo_identify *identify,
    struct mipo_rec *rec, struct mipo_err *err);

#endif
