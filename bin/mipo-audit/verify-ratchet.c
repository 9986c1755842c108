#include <stdlib.h>
#include <unistd.h>

#include "bin/mipo-audit/verify-state.h"
#include "bin/mipo-audit/verify.h"
#include "store/inside.h"
#include "store/logread.h"

#define CHECK	"ratchet"
#define WAIT_MS 30000

/* What can be said of slots that are not there, locked or not ours. */
static bool
is_finding(const struct mipo_err *why)
{
	return why->code != MIPO_E_NOMEM && why->code != MIPO_E_INTERNAL;
}

static int
see(const char *path, int *ret_lock, struct mipo_slots_seen *ret_seen,
    struct mipo_err *err)
{
	char *file = NULL;
	int r;

	if (mipo_state_join(path, "keys/ratchet", &file, err) != 0)
		return -1;
	r = mipo_slots_see(file, WAIT_MS, ret_lock, ret_seen, err);
	free(file);
	return r;
}

int
verify_ratchet_see(struct verify_ratchet *ret_ratchet, const char *path,
    struct mipo_err *err)
{
	struct verify_ratchet ratchet = {.seen = {.keys = 0}};

	if (see(path, NULL, &ratchet.seen, &ratchet.why) != 0 &&
	    !is_finding(&ratchet.why)) {
		*err = ratchet.why;
		return -1;
	}
	*ret_ratchet = ratchet;
	return 0;
}

/* What the newest seal of the log names, as the database has it now. */
static int
read_head(struct mipo_state *state, struct mipo_seal *ret_seal,
    struct mipo_err *err)
{
	struct mipo_logread *reader = NULL;
	struct mipo_entry entry;
	struct mipo_logrow row;
	uint64_t size;
	int got;

	if (mipo_logread_open(state, &reader, err) != 0)
		return -1;
	size = mipo_logread_size(reader);
	got = mipo_logread_seek(reader, size == 0 ? 0 : size - 1, err);
	if (got == 0)
		got = mipo_logread_next(reader, &row, err);
	if (got == 0 ||
	    (got > 0 &&
		(mipo_entry_parse(row.body, row.len, &entry, NULL) != 0 ||
		    mipo_seal_parse(entry.data, ret_seal, NULL) != 0)))
		got = mipo_err_set(err, MIPO_E_TAMPERED,
		    "the log does not end with a seal");
	mipo_logread_close(reader);
	return got < 0 ? -1 : 0;
}

/* Slots and seal together, while no writer can come between. */
static int
look_again(const char *path, struct mipo_state *state,
    struct mipo_slots_seen *seen, struct mipo_seal *seal,
    struct mipo_err *err)
{
	int lock = -1, r;

	if (see(path, &lock, seen, err) != 0)
		return -1;
	r = read_head(state, seal, err);
	(void)close(lock);
	return r;
}

/* Nothing may hold the place of the key that must sign next. */
static void
put_misfit(struct mipo_report *report, const struct mipo_slots_seen *seen,
    uint64_t n)
{
	uint64_t newest = 0;

	for (unsigned i = 0; i < seen->keys; i++)
		if (seen->key[i].n > newest)
			newest = seen->key[i].n;
	if (seen->keys == 0)
		mipo_report_put(report, MIPO_FAIL, CHECK,
		    "keys/ratchet holds no key; the log names one (%llu)",
		    (unsigned long long)n);
	else if (newest > n)
		mipo_report_put(report, MIPO_FAIL, CHECK,
		    "the keys are for seal %llu, the log's next is seal "
		    "%llu: the database was rolled back, or cut off at its "
		    "end", (unsigned long long)newest, (unsigned long long)n);
	else if (newest < n)
		mipo_report_put(report, MIPO_FAIL, CHECK,
		    "the keys are for seal %llu, the log's next is seal "
		    "%llu: the key file was rolled back",
		    (unsigned long long)newest, (unsigned long long)n);
	else
		mipo_report_put(report, MIPO_FAIL, CHECK,
		    "keys/ratchet holds another key for seal %llu than the "
		    "log names", (unsigned long long)n);
}

static void
put_unread(struct mipo_report *report, const struct mipo_err *why)
{
	mipo_report_put(report,
	    why->code == MIPO_E_TAMPERED ? MIPO_FAIL : MIPO_NOT_CHECKED,
	    CHECK, "%s", why->text);
}

static void
put_fit(struct mipo_report *report, uint64_t n)
{
	mipo_report_put(report, MIPO_PASS, CHECK,
	    "keys/ratchet holds the key that the log names for seal %llu",
	    (unsigned long long)n);
}

int
verify_ratchet_judge(const struct verify_ratchet *ratchet,
    struct verify *run, const char *path, struct mipo_state *state,
    struct mipo_err *err)
{
	const struct mipo_logfacts *facts = run->facts;
	struct mipo_slots_seen seen;
	struct mipo_err why = {0};
	struct mipo_seal seal;

	if (ratchet->why.code != MIPO_E_NONE)
		put_unread(&run->report, &ratchet->why);
	else if (state == NULL || !facts->chained)
		mipo_report_put(&run->report, MIPO_NOT_CHECKED, CHECK,
		    "what the log names for its next seal cannot be read");
	else if (mipo_slots_has(
		     &ratchet->seen, facts->next_n, &facts->ratchet))
		put_fit(&run->report, facts->next_n);
	else if (look_again(path, state, &seen, &seal, &why) != 0) {
		if (!is_finding(&why)) {
			*err = why;
			return -1;
		}
		put_unread(&run->report, &why);
	} else if (mipo_slots_has(&seen, seal.n + 1, &seal.next))
		put_fit(&run->report, seal.n + 1);
	else
		put_misfit(&run->report, &seen, seal.n + 1);
	return 0;
}
