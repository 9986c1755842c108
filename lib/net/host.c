#include "net/host.h"

static const struct {
	struct mipo_addr net;
	unsigned bits;
} rows[] = {
    {{4, {0}}, 32},
    {{4, {224}}, 4},
    {{4, {255, 255, 255, 255}}, 32},
    {{6, {0}}, 128},
    {{6, {[10] = 0xff, [11] = 0xff}}, 96},
    {{6, {0xff}}, 8},
};
#define N_ROWS (sizeof(rows) / sizeof(*rows))

bool
mipo_host_may(const struct mipo_addr *addr)
{
	struct mipo_addr first, last;

	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].net.family != addr->family)
			continue;
		mipo_addr_network(addr, rows[i].bits, &first, &last);
		if (mipo_addr_cmp(&first, &rows[i].net) == 0)
			return false;
	}
	return true;
}

size_t
mipo_host_bounds(
    uint8_t family, struct mipo_addr ret_bounds[MIPO_HOST_BOUNDS])
{
	struct mipo_addr first, last;
	size_t n = 0;

	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].net.family != family)
			continue;
		mipo_addr_network(
		    &rows[i].net, rows[i].bits, &first, &last);
		ret_bounds[n++] = first;
		if (mipo_addr_add(&last, 1))
			ret_bounds[n++] = last;
	}
	return n;
}
