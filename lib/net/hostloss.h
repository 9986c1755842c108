/*
 * Loss, with no host counting for more than a few answers: one that answers
 * for everything would else hide what is lost on the way to all others.
 */
#ifndef MIPO_NET_HOSTLOSS_H
#define MIPO_NET_HOSTLOSS_H

#include <stdbool.h>
#include <stdint.h>

#define MIPO_HOSTLOSS_SLOTS 65536 /* with more hosts, some share one */
#define MIPO_HOSTLOSS_EACH  16	  /* answers that a slot counts for */

/* All zero bytes are one that knows nothing. */
struct mipo_hostloss {
	uint8_t answers[MIPO_HOSTLOSS_SLOTS];
	uint64_t first, late;
};

/* A pair of the host, by its number, answered at once or only when asked
 * once more. */
void mipo_hostloss_answer(
    struct mipo_hostloss *loss, uint64_t host, bool late);

/*
 * The estimate in parts of a million: that of all answers, or ours where it
 * is worse by more than chance explains.
 */
int64_t mipo_hostloss_worse(const struct mipo_hostloss *loss, int64_t all);

#endif
