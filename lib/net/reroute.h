/*
 * Routes that change while a scan goes on. Probes keep to the way that they
 * had in the beginning; what stayed silent is then not believed.
 */
#ifndef MIPO_NET_REROUTE_H
#define MIPO_NET_REROUTE_H

#include "net/scanner-impl.h"

/* Finds the routes, and hears of changes from then on. */
int mipo_reroute_open(struct mipo_scanner *scan, struct mipo_err *err);
void mipo_reroute_close(struct mipo_scanner *scan);

/*
 * Where the kernel spoke of a change: whether it is one of a way of ours. Not
 * more often than it takes a tenth of the time, unless it is the last look.
 */
void mipo_reroute_look(struct mipo_scanner *scan, bool last);

/* Whether a way of ours changed, and which, as a sentence. */
#define MIPO_REROUTE_TEXT 160
bool mipo_reroute_says(const struct mipo_scanner *scan,
    char ret_text[MIPO_REROUTE_TEXT]);

/* Doubts the silence of a scan some of whose ways changed. */
void mipo_reroute_doubt(struct mipo_scanner *scan);

#endif
