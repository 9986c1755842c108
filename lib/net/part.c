#include "net/scanner-impl.h"

/* The part of the order that a scan is to walk, and what it may spend. */

uint64_t
mipo_scanner_planned(const struct mipo_scanner *scan)
{
	return scan->part.end - scan->part.first;
}

bool
mipo_scanner_has(const struct mipo_scanner *scan, uint64_t pair)
{
	uint64_t index;

	if (scan->config.shards <= 1)
		return true;
	index = mipo_perm_inverse(scan->perm, pair);
	return index >= scan->part.first && index < scan->part.end;
}

unsigned
mipo_scanner_last_pass(const struct mipo_scanner *scan)
{
	return scan->window.first > scan->part.first ? scan->config.retries
						     : scan->pass;
}

bool
mipo_scanner_spend(struct mipo_scanner *scan)
{
	uint64_t left;

	if (scan->config.max_probes == 0)
		return true;
	left = scan->allowed;
	while (left > 0)
		if (atomic_compare_exchange_weak(
			&scan->allowed, &left, left - 1))
			return true;
	return false;
}

void
mipo_scanner_unspend(struct mipo_scanner *scan)
{
	if (scan->config.max_probes > 0)
		scan->allowed++;
}

bool
mipo_scanner_over(const struct mipo_scanner *scan)
{
	return scan->stopped || scan->spent;
}

bool
mipo_scanner_can_go_on(const struct mipo_scanner *scan)
{
	return mipo_scanner_over(scan) || mipo_pairs_refused(&scan->pairs) > 0;
}
