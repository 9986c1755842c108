/*
 * The frames of diff, alarm and evidence streams: what opens with a start
 * record closes with an end record whose count and digest hold. Evidence
 * streams hold the others.
 */
#ifndef MIPO_OUT_STREAM_H
#define MIPO_OUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct mipo_err;
struct mipo_rec;

struct mipo_streams;

struct mipo_streams *mipo_streams_new(struct mipo_err *err);
void mipo_streams_free(struct mipo_streams *streams);

/* Whether a record of this type opens or closes such a stream. */
bool mipo_streams_opens(const char *type);
bool mipo_streams_closes(const char *type);

/*
 * A record and its line. E_TAMPERED: an end record whose count or
 * stream_sha256 does not hold. E_INPUT: an end without its start.
 */
int mipo_streams_feed(struct mipo_streams *streams,
    const struct mipo_rec *rec, const char *line, size_t len,
    struct mipo_err *err);

/* A line inside, of no concern but for the digests. */
void mipo_streams_skip(
    struct mipo_streams *streams, const char *line, size_t len);

/*
 * The input ended: how many streams had no end record. Forgets them all.
 */
size_t mipo_streams_end(struct mipo_streams *streams);

#endif
