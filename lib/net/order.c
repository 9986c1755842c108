#include "net/order.h"

#include <string.h>

#include "net/scanner-impl.h"

#define RECORD_MAX 18 /* an IPv6 address and its port */

/* The pairs at first and behind it; how many. */
static size_t
batch(struct mipo_scanner *scan, uint64_t first, uint64_t *ret_x)
{
	uint64_t left = scan->part.end - first;
	size_t n = left < MIPO_PERM_BATCH ? (size_t)left : MIPO_PERM_BATCH;

	mipo_perm_batch(scan->perm, first, n, ret_x);
	return n;
}

int
mipo_scanner_order(struct mipo_scanner *scan,
    int (*sink)(void *, const struct mipo_addr *, uint16_t), void *arg)
{
	uint64_t x[MIPO_PERM_BATCH];
	struct mipo_spot spot;
	size_t n;
	int r;

	for (uint64_t i = scan->part.first; i < scan->part.end; i += n) {
		n = batch(scan, i, x);
		for (size_t j = 0; j < n; j++) {
			mipo_space_at(scan->space, x[j], &spot);
			r = sink(arg, &spot.addr, spot.port);
			if (r != 0)
				return r;
		}
	}
	return 0;
}

int
mipo_scanner_order_bytes(struct mipo_scanner *scan,
    int (*sink)(void *, const void *, size_t), void *arg)
{
	uint8_t bytes[MIPO_PERM_BATCH * RECORD_MAX], *p;
	uint64_t x[MIPO_PERM_BATCH];
	struct mipo_spot spot;
	size_t n;
	int r = 0;

	for (uint64_t i = scan->part.first; r == 0 && i < scan->part.end;
	     i += n) {
		n = batch(scan, i, x);
		p = bytes;
		for (size_t j = 0; j < n; j++) {
			mipo_space_at(scan->space, x[j], &spot);
			if (spot.addr.family == 4) {
				memcpy(p, spot.addr.b, 4);
				p += 4;
			} else {
				memcpy(p, spot.addr.b, 16);
				p += 16;
			}
			*p++ = (uint8_t)(spot.port >> 8);
			*p++ = (uint8_t)spot.port;
		}
		r = sink(arg, bytes, (size_t)(p - bytes));
	}
	return r;
}
