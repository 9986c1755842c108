/* The index of current state: what is known of each binding. */
#ifndef MIPO_STORE_BINDINGS_H
#define MIPO_STORE_BINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_state;

/* One binding (network, vantage, proto, ip, port) as it stands. */
struct mipo_binding {
	char network[64], vantage[64];
	struct mipo_addr ip;
	uint16_t port;
	uint8_t proto;	  /* enum mipo_proto */
	uint8_t state;	  /* enum mipo_pstate */
	uint8_t reason;	  /* enum mipo_reason; 0: by silence */
	int64_t since_ms; /* when it was first seen so */
	char scan[33];	  /* by which look */
	/*
	 * When the look that counts most of those that conclude and cover it
	 * began, and so found it in this state; since_ms where that is the
	 * look above; 0 where it began before: it has not seen this yet.
	 */
	int64_t checked_ms;
	char trust[12]; /* of the look of checked_ms, else of scan */
};

/* What to list; NULL and 0 match all. */
struct mipo_binding_filter {
	const char *network, *vantage;
	const char *proto; /* "udp" */
	struct mipo_addr first, last; /* of one family; family 0: any */
	uint16_t port;
	uint8_t state;
	bool hosts; /* those of looks for hosts, and no others */
};

/*
 * Calls back in order of network, vantage, protocol, address, port; a
 * callback that returns non-zero ends it.
 */
int mipo_bindings_each(struct mipo_state *state,
    const struct mipo_binding_filter *filter,
    int (*row)(void *arg, const struct mipo_binding *binding), void *arg,
    struct mipo_err *err);

/*
 * The protocols, as bits 1 << enum mipo_proto, of which a look that concludes
 * covered some pair of the filter: those whose looks tell each open pair, so
 * that nothing listed is an answer, and those with one that does not, for
 * which silence may be open. E_TAMPERED where the index lacks rows that must
 * be there.
 */
struct mipo_bindings_cover {
	unsigned told, untold;
};
int mipo_bindings_covered(struct mipo_state *state,
    const struct mipo_binding_filter *filter,
    struct mipo_bindings_cover *ret_cover, struct mipo_err *err);

#endif
