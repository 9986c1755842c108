#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/cover.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/shard.h"
#include "data/target.h"
#include "store/claims.h"
#include "store/sheet-in.h"
#include "trust/digest.h"
#include "trust/hash.h"

struct mipo_claims {
	const struct mipo_sheet *sheet;
	const char *said;
	struct mipo_states states;
	uint8_t digest[MIPO_HASH_LEN];
	bool apart;
	thrd_t thread;
};

/* Whether what is not listed can only be silent_as. */
static bool
is_determined(const struct mipo_sheet *sheet, const struct mipo_rec *end)
{
	uint64_t listed[MIPO_STATE_N];

	if (strcmp(mipo_shard_verdict(end), "complete") != 0)
		return false;
	mipo_sheet_counts(sheet, listed);
	for (unsigned i = MIPO_OPEN; i < MIPO_STATE_N; i++)
		if (i != sheet->silent_as &&
		    listed[i] != mipo_sheet_said(sheet, end, i))
			return false;
	return true;
}

/* All pairs of one address, which is number i; the first row not yet had. */
static const struct row *
add_address(struct mipo_claims *claims, const struct mipo_addr *addr,
    uint64_t i, const struct row *row)
{
	const struct mipo_sheet *sheet = claims->sheet;
	const struct row *end = sheet->rows + sheet->n;
	size_t n = mipo_ports_count(sheet->scope.ports);

	for (size_t k = 0; k < n; k++) {
		uint16_t port = mipo_ports_at(sheet->scope.ports, k);
		uint8_t state = sheet->silent_as;

		if (row < end && row->key == (i << 16 | port))
			state = row++->state;
		mipo_states_add(&claims->states, addr, port, state);
	}
	return row;
}

static int
work(void *arg)
{
	struct mipo_claims *claims = arg;
	const struct mipo_sheet *sheet = claims->sheet;
	const struct row *row = sheet->rows;
	size_t n;
	const struct mipo_range *ranges =
	    mipo_targets_ranges(sheet->scope.targets, &n);
	uint64_t i = 0;

	for (size_t k = 0; k < n; k++) {
		struct mipo_addr addr = ranges[k].first;
		uint64_t left =
		    mipo_addr_distance(&addr, &ranges[k].last) + 1;

		for (; left > 0; left--) {
			row = add_address(claims, &addr, i++, row);
			(void)mipo_addr_add(&addr, 1);
		}
	}
	mipo_states_final(&claims->states, claims->digest);
	return 0;
}

int
mipo_claims_state_start(const struct mipo_sheet *sheet,
    const struct mipo_rec *end, struct mipo_claims **ret_claims,
    struct mipo_err *err)
{
	uint64_t pairs = mipo_targets_count(sheet->scope.targets) *
	    mipo_ports_count(sheet->scope.ports);
	struct mipo_claims *claims;

	*ret_claims = NULL;
	if (pairs > MIPO_CLAIMS_PAIRS || !is_determined(sheet, end))
		return 0;
	claims = mipo_calloc(1, sizeof(*claims), err);
	if (claims == NULL)
		return -1;
	claims->sheet = sheet;
	claims->said = mipo_rec_str(end, "state_sha256");
	if (mipo_states_init(&claims->states,
		mipo_cover_proto(sheet->scope.cover), err) != 0) {
		free(claims);
		return -1;
	}
	claims->apart =
	    thrd_create(&claims->thread, work, claims) == thrd_success;
	if (!claims->apart)
		(void)work(claims);
	*ret_claims = claims;
	return 0;
}

int
mipo_claims_state_finish(struct mipo_claims *claims, struct mipo_err *err)
{
	char due[2 * MIPO_HASH_LEN + 1];
	int r = 0;

	if (claims == NULL)
		return 0;
	if (claims->apart)
		(void)thrd_join(claims->thread, NULL);
	mipo_text_hex(claims->digest, sizeof(claims->digest), due);
	if (claims->said == NULL || strcmp(claims->said, due) != 0)
		r = mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end: state_sha256 is %s, due is %s",
		    claims->said == NULL ? "absent" : claims->said, due);
	mipo_states_release(&claims->states);
	free(claims);
	return r;
}
