/*
 * Looks for hosts: what they are in the terms of looks at ports, so that both
 * are read, kept and compared by the same code. Their protocol is MIPO_ICMP,
 * an address has the one port MIPO_PRESENCE_PORT, up is MIPO_OPEN, and silent
 * MIPO_FILTERED.
 */
#ifndef MIPO_DATA_PRESENCE_H
#define MIPO_DATA_PRESENCE_H

#include "data/obs.h"

struct mipo_err;
struct mipo_rec;

#define MIPO_PRESENCE_PORT 1

/* "up", "silent", and of cover.h "not_covered" and "unknown"; and back (0). */
const char *mipo_presence_name(unsigned known);
enum mipo_pstate mipo_presence_find(const char *name);

/* "arp", "echo-reply" ..., of an enum mipo_reason; "silent" for none. */
const char *mipo_presence_reason(unsigned reason);

/* The observation in a record of type presence that was checked. */
int mipo_presence_read(const struct mipo_rec *rec, struct mipo_obs *ret_obs,
    struct mipo_err *err);

#endif
