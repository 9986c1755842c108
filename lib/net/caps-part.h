/* What the files of the caps share. */
#ifndef MIPO_NET_CAPS_PART_H
#define MIPO_NET_CAPS_PART_H

#include "net/caps.h"
#include "net/route.h"
#include "net/space.h"

#define MIPO_CAP_HISTORY 32 /* looks */

/* A network, or neighbours that share a slot; or all. */
struct mipo_cap_slot {
	uint64_t pairs, answered;
	uint64_t told; /* answers that tell of loss if they do not come */
	uint64_t usual_told, usual_sent; /* what is usual: so many of */
	/* where the last stretch began, and that of its answers */
	uint64_t mark_look, mark_sent, mark_told, told_sent;
	unsigned lows; /* stretches in a row that few answered */
};

/* A part of the pairs that a row is about. */
struct mipo_cap_part {
	struct mipo_cap cap;
	uint64_t pairs, answered; /* of an interface */
	size_t slot;		  /* of a network */
	uint64_t pps;		  /* of a slow one: what it may get */
};

/* Rows: interfaces, then the largest network, then slow ones. */
struct mipo_caps {
	const struct mipo_space *space;
	uint64_t *nets; /* of each segment the number of its first network */
	/* of each, and of each sort of ports, among parts; -1: none */
	int *links;
	uint8_t *sorts; /* route.h; NULL: there is one */
	size_t n_sorts;
	uint64_t n_nets, dense; /* pairs of the largest network */
	unsigned shift; /* slots hold networks, as a power of two */
	struct mipo_cap_slot *slots, all;
	size_t n_slots;
	bool later;	  /* than the first pass, */
	double covered;	  /* which probed that part of the pairs */
	uint64_t largest; /* wanted pairs of the largest network, at most */
	double usual; /* part of what is usual, all in all, of late */
	uint64_t history[MIPO_CAP_HISTORY], looks;
	struct mipo_cap_part parts[MIPO_MAX_PATHS + 1 + MIPO_CAP_SLOW];
	size_t n_links, n_parts;
};

/* The slot of an address, and the name of its first network. */
size_t mipo_caps_slot(const struct mipo_caps *caps,
    const struct mipo_segment *segment, uint64_t offset);
void mipo_caps_name(const struct mipo_caps *caps, size_t slot,
    char *ret_name, size_t size);

#endif
