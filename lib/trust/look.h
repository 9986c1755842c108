/*
 * A look: one scan's stream from scan.start to scan.end, checked line by
 * line as it passes. Order, count, digest and scan id must agree; what does
 * not is named with its line. Feed-shaped, so that a tee can use it.
 */
#ifndef MIPO_TRUST_LOOK_H
#define MIPO_TRUST_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_err;
struct mipo_rec;
struct mipo_look;

enum mipo_look_kind {
	MIPO_LOOK_START, /* the scope is whole: mipo_look_start has it */
	MIPO_LOOK_SCOPE, /* scan.start or scan.scope, and more scope to come */
	MIPO_LOOK_OBS,	 /* *ret_obs is filled */
	MIPO_LOOK_OTHER, /* an unknown type inside the stream: pass it on */
	MIPO_LOOK_END	 /* scan.end: mipo_look_end has it */
};

struct mipo_look *mipo_look_new(struct mipo_err *err);
void mipo_look_free(struct mipo_look *look);

/* Before the first line: a look for hosts is none that is refused. */
void mipo_look_take_hosts(struct mipo_look *look);

/*
 * One line without LF. A scan.start that announces scan.scope records is
 * SCOPE, as they are but for the last, which is START. -1 (E_INPUT) for a
 * bad record, coverage that data/cover.h cannot read, anything else before
 * that last one, an observation of another scan, a line after the end;
 * (E_TAMPERED) for an end record whose count or stream_sha256 does not hold.
 */
int mipo_look_feed(struct mipo_look *look, const char *line, size_t len,
    enum mipo_look_kind *ret_kind, struct mipo_obs *ret_obs,
    struct mipo_err *err);

/*
 * The records, or NULL while they were not seen. Stay the look's. In the
 * start stands what the scan.scope records brought, without "scopes".
 */
const struct mipo_rec *mipo_look_start(const struct mipo_look *look);
const struct mipo_rec *mipo_look_end(const struct mipo_look *look);

/* How many scan.scope records are still to come: 0 where it is whole. */
unsigned mipo_look_missing(const struct mipo_look *look);

/* Bytes and digest before scan.end (all fed so far when it is absent). */
uint64_t mipo_look_bytes(const struct mipo_look *look);
void mipo_look_digest(
    const struct mipo_look *look, uint8_t ret_digest[32]);

/*
 * "complete", "degraded", "incomplete", "interrupted"; a stream without
 * its end record is "interrupted".
 */
const char *mipo_look_verdict(const struct mipo_look *look);

#endif
