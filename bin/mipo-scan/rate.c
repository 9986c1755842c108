#include "bin/mipo-scan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/target.h"

#define UDP_RATE 1000 /* with auto, at most */
#define FIXED_RATE 1000 /* with auto, of --discover */
#define NET_RATE 200  /* to 256 addresses */
#define RATE_MAX UINT64_C(100000000)
#define BITS_MAX UINT64_C(1000000000000)
#define DIGITS	 "0123456789"

/* As others write it: 10Mbit, 1Gbit/s, 500kbps. */
static const struct {
	const char *name;
	uint64_t bits;
} units[] = {{"bit", 1}, {"bps", 1}, {"kbit", 1000}, {"kbps", 1000},
    {"Kbit", 1000}, {"Kbps", 1000}, {"Mbit", 1000000}, {"Mbps", 1000000},
    {"Gbit", 1000000000}, {"Gbps", 1000000000}};
#define N_UNITS (sizeof(units) / sizeof(*units))

static int
bad_rate(const char *rate, struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_USAGE,
	    "--rate: '%s' is none of auto, max, 1 to %llu probes a second, "
	    "and bits a second, such as 10Mbit", rate,
	    (unsigned long long)RATE_MAX);
}

/* The unit behind the digits; 0: it is none. */
static uint64_t
unit_of(const char *text)
{
	size_t len = strlen(text);

	if (len >= 5 && strcmp(text + len - 5, "bit/s") == 0)
		len -= 2;
	for (size_t i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == len &&
		    strncmp(units[i].name, text, len) == 0)
			return units[i].bits;
	return 0;
}

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
	plan->rate_bits = bits;
	plan->config.rate = bits / probe;
	return plan->config.rate > RATE_MAX
	    ? bad_rate(plan->opts->rate, err) : 0;
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

int
plan_rate(struct plan *plan, struct mipo_err *err)
{
	const char *rate = plan->opts->rate;
	size_t len = strspn(rate, DIGITS);
	uint64_t n, unit = unit_of(rate + len);
	char digits[16];

	if (strcmp(rate, "max") == 0)
		return 0;
	if (strcmp(rate, "auto") == 0) {
		plan->config.rate_auto =
		    plan->config.method == MIPO_METHOD_SYN ||
		    plan->config.method == MIPO_METHOD_CONNECT;
		if (plan->config.method == MIPO_METHOD_UDP)
			plan->config.rate = udp_rate(plan);
		else if (!plan->config.rate_auto)
			plan->config.rate = FIXED_RATE;
		return 0;
	}
	if (len == 0 || len >= sizeof(digits) ||
	    (rate[len] != '\0' && unit == 0))
		return bad_rate(rate, err);
	memcpy(digits, rate, len);
	digits[len] = '\0';
	if (unit > 0 &&
	    mipo_text_u64(digits, 1, BITS_MAX / unit, &n, NULL) == 0)
		return set_bits(plan, n * unit, err);
	if (unit > 0 || mipo_text_u64(digits, 1, RATE_MAX,
			    &plan->config.rate, NULL) != 0)
		return bad_rate(rate, err);
	return 0;
}
