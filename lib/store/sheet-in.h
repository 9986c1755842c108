/* The inside of a sheet, for sheet*.c. */
#ifndef MIPO_STORE_SHEET_IN_H
#define MIPO_STORE_SHEET_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/scope.h"
#include "store/sheet.h"

struct mipo_rec;

enum mark { SAME, NEW, CHANGED };

/* One pair of the look, 24 bytes: looks of ten million pairs exist. */
struct row {
	uint64_t key; /* mipo_scope_key */
	int64_t ts;   /* Unix ms */
	uint8_t state, reason;
	uint8_t mark; /* what the index says to it */
};

/*
 * An open pair of the look which a later look, that cannot tell open from
 * silence, did not hear: past, and what that look takes silence for stands.
 */
struct hushed {
	struct row row;
	int64_t seq, ts; /* of that look; 0: the index has it */
	uint8_t state;
};

struct mipo_sheet {
	struct mipo_scope scope;
	struct mipo_rec *start;
	struct mipo_buf line; /* start as it was */
	uint8_t silent_as; /* state of covered pairs not listed; 0: none */
	struct row *rows;
	size_t n, cap, open;
	int64_t first_ms, last_ms; /* of all that was added */
	bool sorted;
	struct row *silent; /* pairs of the index that fell silent */
	size_t silent_n, silent_cap;
	struct hushed *hushed;
	size_t hushed_n, hushed_cap;
	size_t changes;
	int64_t base; /* -1: not compared yet */
	int weight;
};

#endif
