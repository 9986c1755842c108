/* How fast to send, as a person writes it. */
#ifndef MIPO_BASE_SPEED_H
#define MIPO_BASE_SPEED_H

#include <stdint.h>

struct mipo_err;

#define MIPO_SPEED_MAX UINT64_C(100000000) /* packets a second */

struct mipo_speed {
	enum mipo_speed_kind {
		MIPO_SPEED_AUTO,
		MIPO_SPEED_MOST, /* as fast as can be */
		MIPO_SPEED_PPS,
		MIPO_SPEED_BITS
	} kind;
	uint64_t n; /* packets or bits a second, not 0; else 0 */
};

/* "auto", "max", "1000", or bits: "10Mbit", "1Gbit/s", "500kbps". */
int mipo_speed_parse(
    const char *text, struct mipo_speed *ret_speed, struct mipo_err *err);

#endif
