/*
 * The reader's side of a bundle: strictly forward, nothing is unpacked,
 * memory stays the same however large it is (48 bytes a recorded scan
 * apart). What it finds goes to a logcheck and to a report; it does not
 * stop at a fault, unless the archive itself cannot be read on.
 */
#ifndef MIPO_OUT_BUNDLE_READ_H
#define MIPO_OUT_BUNDLE_READ_H

#include "trust/logcheck.h"
#include "trust/report.h"

struct mipo_buf;
struct mipo_err;

/*
 * Reads fd to its end and checks all of it. opts->scan is not for the
 * caller here. E_INPUT: the bytes do not begin with a member
 * "checkpoint": not a bundle, where any other damage is a finding.
 * note (an initialised buffer of MIPO_NOTE_MAX) gets the checkpoint as it
 * is; *ret_check, the caller's, holds *ret_facts.
 */
int mipo_bundle_check(int fd, const struct mipo_logcheck_opts *opts,
    struct mipo_report *report, struct mipo_buf *note,
    struct mipo_logcheck **ret_check,
    const struct mipo_logfacts **ret_facts, struct mipo_err *err);

#endif
