#include "net/scanner-rate.h"

#include "base/clock.h"

#define MS UINT64_C(1000000)

void
mipo_scanner_rtt(struct mipo_scanner *scan, int32_t rtt_us)
{
	uint32_t rtt = (uint32_t)rtt_us;

	if (rtt_us <= 0)
		return;
	if (rtt > scan->max_rtt_us)
		scan->max_rtt_us = rtt;
	if (scan->min_rtt_us == 0 || rtt < scan->min_rtt_us)
		scan->min_rtt_us = rtt;
}

static void
use(struct mipo_scanner *scan)
{
	scan->pps = scan->rate.pps;
	mipo_caps_set(scan->caps, scan->rate.pps);
}

static uint64_t
at_ms(const struct mipo_scanner *scan)
{
	return (mipo_clock_mono_ns() - scan->tally.started_ns) / MS;
}

void
mipo_scanner_rate_start(struct mipo_scanner *scan)
{
	scan->pps = scan->config.rate;
	scan->looked_ns = mipo_clock_mono_ns();
	if (!scan->config.rate_auto)
		return;
	mipo_rate_start(&scan->rate, mipo_caps_first(scan->caps));
	use(scan);
}

bool
mipo_scanner_rate_due(const struct mipo_scanner *scan, uint64_t ns)
{
	return scan->config.rate_auto &&
	    mipo_clock_mono_ns() - scan->looked_ns >= ns;
}

void
mipo_scanner_rate_look(
    struct mipo_scanner *scan, struct mipo_rate_seen *total)
{
	const struct mipo_rate_seen *last = &scan->seen;
	uint64_t now = mipo_clock_mono_ns();
	struct mipo_rate_seen seen = {.ms = (now - scan->looked_ns) / MS};
	bool faded = false;
	uint64_t lag = 1 + (scan->max_rtt_us / 1000 + seen.ms) / (seen.ms + 1);

	scan->looked_ns = now;
	total->heard = scan->heard;
	total->late = scan->late;
	total->lacking = scan->lacking;
	total->sent = scan->tally.accepted - scan->sent_before;
	seen.canaries = total->canaries - last->canaries;
	seen.lost = total->lost - last->lost;
	seen.heard = total->heard - last->heard;
	seen.late = total->late - last->late;
	seen.dropped = total->dropped - last->dropped;
	seen.refused = total->refused - last->refused;
	seen.lacking = total->lacking - last->lacking;
	seen.sent = total->sent - last->sent;
	if (!scan->mending)
		faded = mipo_caps_look(scan->caps, scan->rate.pps,
		    total->sent, (unsigned)lag);
	/* Canaries tell it sooner and better. */
	seen.faded = faded && scan->config.method == MIPO_METHOD_CONNECT;
	seen.blind = scan->config.method == MIPO_METHOD_CONNECT
	    ? seen.heard == 0 : seen.canaries == seen.lost;
	seen.lag = (unsigned)lag;
	seen.allowed = mipo_caps_allowed(scan->caps);
	scan->seen = *total;
	mipo_rate_look(&scan->rate, &seen, at_ms(scan));
	use(scan);
}

/* Caps see the first pass as if there were no other. */
void
mipo_scanner_rate_again(struct mipo_scanner *scan)
{
	if (!scan->config.rate_auto)
		return;
	if (scan->sent_first > 0)
		scan->sent_before += scan->tally.accepted - scan->sent_first;
	scan->sent_first = 0;
	scan->seen.sent = scan->tally.accepted - scan->sent_before;
	mipo_caps_again(scan->caps);
}

void
mipo_scanner_rate_near(struct mipo_scanner *scan, uint64_t n)
{
	uint64_t now = mipo_clock_mono_ns();
	const struct mipo_rate_seen seen = {.canaries = n,
	    .sent = n,
	    .ms = (now - scan->looked_ns) / MS};

	scan->looked_ns = now;
	mipo_rate_look(&scan->rate, &seen, at_ms(scan));
	use(scan);
}

void
mipo_scanner_rate_pass(struct mipo_scanner *scan)
{
	if (!scan->config.rate_auto)
		return;
	if (scan->sent_first == 0)
		scan->sent_first = scan->tally.accepted;
	mipo_rate_hold(&scan->rate,
	    mipo_caps_pass(
		scan->caps, scan->rate.pps, scan->tally.accepted),
	    "what was left to probe was in fewer networks", at_ms(scan));
	use(scan);
}
