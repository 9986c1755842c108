#include "base/clock.h"
#include "net/resume.h"
#include "net/scanner-rate.h"
#include "net/sender.h"
#include "net/sport.h"
#include "net/syn.h"

#define NAP_NS UINT64_C(5000000) /* between two looks at the senders */

uint16_t
mipo_syn_sport(const struct mipo_scanner *scan, uint64_t pair, unsigned pass)
{
	uint64_t mixed = (pair * scan->spread) >> 56;

	return (uint16_t)(scan->sport + (mixed + pass) % MIPO_SPORTS);
}

/* Takes in answers while the senders walk. */
static int
listen_on(struct mipo_scanner *scan, struct mipo_err *err)
{
	while (mipo_senders_run(scan)) {
		uint64_t walked;

		if (mipo_syn_pause(scan, NAP_NS, err) != 0 ||
		    mipo_syn_sweep(scan, err) != 0) {
			scan->stopped = true;
			return -1;
		}
		walked = mipo_senders_count(scan);
		if (mipo_syn_rate_look(scan, err) != 0) {
			scan->stopped = true;
			return -1;
		}
		(void)mipo_scanner_tick(scan, walked);
	}
	return 0;
}

int
mipo_syn_walk(
    struct mipo_scanner *scan, enum mipo_want want, struct mipo_err *err)
{
	struct mipo_tally *tally = &scan->tally;
	uint64_t began = mipo_clock_mono_ns(), before = tally->accepted;
	bool more;
	int r;

	scan->phase = "probing";
	scan->mending = want == MIPO_WANT_REFUSED || want == MIPO_WANT_LATE;
	scan->mended |= scan->mending;
	mipo_tally_pass(tally, scan->pass);
	if (want == MIPO_WANT_SILENT)
		mipo_scanner_rate_pass(scan);
	scan->heeded_ns = began;
	mipo_senders_want(scan, want);
	mipo_resume_walks(scan);
	do {
		r = mipo_senders_start(scan, &more, err);
		if (r == 0)
			r = listen_on(scan, err);
		else
			scan->stopped = true;
		if (mipo_senders_join(scan, err) != 0)
			r = -1;
	} while (r == 0 && more && !mipo_scanner_over(scan));
	mipo_resume_walked(scan);
	tally->passes[scan->pass].probes += tally->accepted - before;
	tally->sending_ns += mipo_clock_mono_ns() - began;
	return r;
}
