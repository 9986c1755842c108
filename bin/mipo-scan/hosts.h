/* What --discover saw, as records and as a table. */
#ifndef MIPO_SCAN_HOSTS_H
#define MIPO_SCAN_HOSTS_H

#include <stddef.h>

struct mipo_buf;
struct mipo_err;
struct mipo_obs;
struct mipo_out;
struct mipo_rec;
struct mipo_scanner;

/* One address, whose obs has a state and reason of a host, as a line. */
int hosts_record(struct mipo_buf *buf, const struct mipo_scanner *scan,
    const struct mipo_obs *obs, struct mipo_err *err);
int hosts_row(struct mipo_buf *buf, const struct mipo_scanner *scan,
    const struct mipo_obs *obs, struct mipo_err *err);

/* What stands above the rows, and how many there were. */
void hosts_head(struct mipo_out *out);
void hosts_count(const struct mipo_rec *end, char *ret_text, size_t size);

#endif
