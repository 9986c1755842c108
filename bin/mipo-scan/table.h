/* The stream as people read it. */
#ifndef MIPO_SCAN_TABLE_H
#define MIPO_SCAN_TABLE_H

#include <stdbool.h>

struct mipo_buf;
struct mipo_obs;
struct mipo_out;
struct mipo_rec;
struct plan;

/* Open ports only, unless --states was given. */
bool table_shows(const struct plan *plan, const struct mipo_obs *obs);

/*
 * The heading; a row, with what was found there (a service record, or
 * NULL); an odd host; what the receipt says, in words.
 */
void table_head(struct mipo_out *out, bool identify);
void table_put(struct mipo_buf *buf, const struct mipo_obs *obs,
    const struct mipo_rec *found);
void table_host(struct mipo_out *out, const struct mipo_rec *host);
void table_end(struct mipo_out *out, const struct mipo_rec *end);

#endif
