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
	size_t changes;
	int64_t base; /* -1: not compared yet */
	int weight;
};

#endif
