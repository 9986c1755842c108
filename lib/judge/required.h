/*
 * Ports that must be open, and whether anything tells if they are: what
 * nobody looked at is neither open nor missing, and must not pass for well.
 */
#ifndef MIPO_JUDGE_REQUIRED_H
#define MIPO_JUDGE_REQUIRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/world.h"

struct mipo_ports;
struct mipo_targets;

/* Ports that must be open; the world takes its members over when added. */
struct mipo_required {
	char *network; /* NULL: every network */
	struct mipo_targets *targets;
	enum mipo_proto proto;
	struct mipo_ports *ports;
	int severity; /* enum mipo_severity; -1: the rule's */
	bool asked;   /* for this evaluation: an answer is wanted */
};

/* How many of the required pairs are told of from any place, or are not. */
struct mipo_required_sum {
	uint64_t known, unknown;
};

/* Whether the row is for this network (NULL: for every one) and protocol. */
bool mipo_required_for(const struct mipo_required *required,
    const char *network, enum mipo_proto proto);

/* Whether the pair is of this row, which is for them. */
bool mipo_required_covers(const struct mipo_required *required,
    const char *network, enum mipo_proto proto, const struct mipo_addr *ip,
    uint16_t port);

/*
 * Counts the pairs of the rows that were asked for, or of those that were
 * not. fn gets the first most that are unknown, with address, protocol and
 * port; what it returns is not looked at.
 */
void mipo_required_sum(const struct mipo_world *world, bool asked,
    size_t most, mipo_world_fn *fn, void *arg,
    struct mipo_required_sum *ret_sum);

#endif
