#include "bin/mipo-scan/plan.h"

#include "base/err.h"
#include "base/speed.h"
#include "data/target.h"

#define UDP_RATE 1000 /* with auto, at most */
#define FIXED_RATE 1000 /* with auto, of --discover */
#define NET_RATE 200  /* to 256 addresses */

/* So many of the longest probe as fit. */
static int
set_bits(struct plan *plan, uint64_t bits, struct mipo_err *err)
{
	uint64_t probe =
	    mipo_probe_bits(&plan->config, plan->targets, plan->ports);

	if (probe == 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--rate: bits are counted of packets of our own; "
		    "--method=%s sends none",
		    mipo_method_name(plan->config.method));
	if (bits < probe)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--rate: '%s' is less than one probe a second, which "
		    "takes %llu bits", plan->opts->rate,
		    (unsigned long long)probe);
	if (bits / probe > MIPO_SPEED_MAX)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--rate: '%s' is more than %llu probes a second",
		    plan->opts->rate, (unsigned long long)MIPO_SPEED_MAX);
	plan->rate_bits = bits;
	plan->config.rate = bits / probe;
	return 0;
}

/*
 * Silence says nothing to datagrams, so there is nothing to measure with: as
 * much as a few networks begin with.
 */
static uint64_t
udp_rate(const struct plan *plan)
{
	uint64_t nets = (mipo_targets_count(plan->targets) + 255) / 256;

	if (nets >= UDP_RATE / NET_RATE)
		return UDP_RATE;
	return nets == 0 ? NET_RATE : nets * NET_RATE;
}

/* What auto is: the scan's choice, where it has something to go by. */
static void
set_auto(struct plan *plan)
{
	switch (plan->config.method) {
	case MIPO_METHOD_SYN:
	case MIPO_METHOD_CONNECT:
		plan->config.rate_auto = true;
		break;
	case MIPO_METHOD_UDP:
		plan->config.rate = udp_rate(plan);
		break;
	default:
		plan->config.rate = FIXED_RATE;
	}
}

int
plan_rate(struct plan *plan, struct mipo_err *err)
{
	struct mipo_speed speed;

	if (mipo_speed_parse(plan->opts->rate, &speed, err) != 0)
		return mipo_err_prefix(err, "--rate");
	if (speed.kind == MIPO_SPEED_AUTO)
		set_auto(plan);
	else if (speed.kind == MIPO_SPEED_BITS)
		return set_bits(plan, speed.n, err);
	else
		plan->config.rate = speed.n;
	return 0;
}
