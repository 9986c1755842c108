/* The rate of a scan, where it chooses that itself, by either method. */
#ifndef MIPO_NET_SCANNER_RATE_H
#define MIPO_NET_SCANNER_RATE_H

#include "net/scanner-impl.h"

/* The first pass over another part of the pairs begins. */
void mipo_scanner_rate_again(struct mipo_scanner *scan);

/* Begins with what was asked for, or with what the caps allow. */
void mipo_scanner_rate_start(struct mipo_scanner *scan);

/* Whether the last look is ns ago, or more. */
bool mipo_scanner_rate_due(const struct mipo_scanner *scan, uint64_t ns);

/* A look, with what the method counted since the start. */
void mipo_scanner_rate_look(
    struct mipo_scanner *scan, struct mipo_rate_seen *total);

/*
 * So many neighbours were asked since the last look, and nearly all answered:
 * that was not too fast.
 */
void mipo_scanner_rate_near(struct mipo_scanner *scan, uint64_t n);

/* A pass over silent pairs begins. */
void mipo_scanner_rate_pass(struct mipo_scanner *scan);

/* The round trip of an answer; 0 or less: it is not known. */
void mipo_scanner_rtt(struct mipo_scanner *scan, int32_t rtt_us);

#endif
