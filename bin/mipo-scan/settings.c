#include "bin/mipo-scan/plan.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "data/obs.h"
#include "net/wire.h"
#include "trust/key.h"

#define CONTACT_MAX  200
#define NAME_MAX_LEN 63
#define SHARDS_MAX   1000000000
#define ALL                                                             \
	(1U << MIPO_OPEN | 1U << MIPO_CLOSED | 1U << MIPO_FILTERED |    \
	    1U << MIPO_UNREACHABLE)

/* The states that the method tells apart. */
static unsigned
all_states(const struct plan *plan)
{
	return ALL | 1U << mipo_method_silent(plan->config.method);
}

static int
add_state(struct plan *plan, const char *name, struct mipo_err *err)
{
	enum mipo_pstate state = mipo_pstate_find(name, strlen(name));

	if (state == 0 || (all_states(plan) & 1U << state) == 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--states: '%s' is none of open, closed, filtered, "
		    "unreachable, with --method=udp open|filtered, or all "
		    "alone", name);
	plan->config.states |= 1U << state;
	return 0;
}

/*
 * What a pair that is not listed is: with --states=all there is none; else
 * what silence is, unless another state too is left out, and then nobody can
 * say.
 */
static int
set_host_states(struct plan *plan, struct mipo_err *err)
{
	const char *states = plan->opts->states;

	if (states != NULL && strcmp(states, "all") != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--states: of hosts those that are up are listed, or all");
	plan->states_given = states != NULL;
	plan->silent_as = states == NULL ? "silent" : "";
	plan->config.states = states == NULL ? 1U << MIPO_OPEN : ALL;
	plan->config.list_silent = states != NULL;
	return 0;
}

static int
set_states(struct plan *plan, struct mipo_err *err)
{
	const enum mipo_pstate silent =
	    mipo_method_silent(plan->config.method);
	const unsigned all = all_states(plan);
	const char *states = plan->opts->states;
	char list[128], *rest = list, *name;

	if (plan->opts->discover)
		return set_host_states(plan, err);
	plan->states_given = states != NULL;
	plan->silent_as = "";
	if (states == NULL) {
		plan->config.states = all;
		plan->silent_as = mipo_pstate_name(silent);
		return 0;
	}
	if (strcmp(states, "all") == 0) {
		plan->config.states = all;
		plan->config.list_silent = true;
		return 0;
	}
	if (strlen(states) >= sizeof(list))
		return mipo_err_set(
		    err, MIPO_E_USAGE, "--states: too long a list");
	memcpy(list, states, strlen(states) + 1);
	while ((name = strsep(&rest, ",")) != NULL)
		if (add_state(plan, name, err) != 0)
			return -1;
	if ((plan->config.states | 1U << silent) == all)
		plan->silent_as = mipo_pstate_name(silent);
	return 0;
}

static int
set_seed(struct plan *plan, struct mipo_err *err)
{
	if (plan->opts->seed == NULL && plan->has_seed)
		return 0;
	if (plan->opts->seed == NULL) {
		mipo_random(&plan->config.seed, sizeof(plan->config.seed));
		return 0;
	}
	if (mipo_text_u64(plan->opts->seed, 0, UINT64_MAX,
		&plan->config.seed, err) != 0)
		return mipo_err_prefix(err, "--seed");
	return 0;
}

/* i/n. Two scans share an order only where they share the seed. */
static int
set_shard(struct plan *plan, struct mipo_err *err)
{
	const char *text = plan->opts->shard;
	const char *slash = text == NULL ? NULL : strchr(text, '/');
	struct mipo_scanner_config *config = &plan->config;
	char first[24] = "";

	if (text == NULL)
		return 0;
	if (slash != NULL && (size_t)(slash - text) < sizeof(first))
		memcpy(first, text, (size_t)(slash - text));
	if (slash == NULL ||
	    mipo_text_u64(slash + 1, 1, SHARDS_MAX, &config->shards, NULL) !=
		0 ||
	    mipo_text_u64(first, 1, config->shards, &config->shard, NULL) !=
		0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--shard: '%.40s' is not i/n, the i-th of n parts, n at "
		    "most %d", text, SHARDS_MAX);
	if (config->shards > 1 && plan->opts->discover)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--shard: a look for hosts is not cut into parts");
	if (config->shards > 1 && plan->opts->seed == NULL && !plan->has_seed)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--shard needs --seed: parts of different orders would "
		    "overlap and leave gaps");
	return 0;
}

static int
set_method(struct plan *plan, struct mipo_err *err)
{
	const char *method = plan->opts->method;
	const bool may = plan->opts->dry_run != NULL ||
	    mipo_method_may(MIPO_METHOD_SYN);

	plan->config.method = MIPO_METHOD_SYN;
	if (method != NULL && strcmp(method, "connect") == 0) {
		plan->config.method = MIPO_METHOD_CONNECT;
	} else if (!may && (method != NULL || plan->opts->discover)) {
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s%s needs CAP_NET_RAW, which is missing here",
		    method == NULL ? "--discover" : "--method=",
		    method == NULL ? "" : method);
	} else if (plan->opts->discover) {
		plan->config.method = MIPO_METHOD_DISCOVER;
	} else if (method != NULL && strcmp(method, "udp") == 0) {
		plan->config.method = MIPO_METHOD_UDP;
	} else if (!may) {
		plan->config.method = MIPO_METHOD_CONNECT;
		mipo_log(MIPO_LOG_WARN,
		    "raw sockets are refused (CAP_NET_RAW): "
		    "scanning by connect");
	}
	if (plan->opts->vlan > 0 &&
	    plan->config.method == MIPO_METHOD_CONNECT)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--vlan: the frames of --method=connect are the kernel's");
	return 0;
}

/* Where the kernel makes the packets there is nothing to choose. */
static int
set_send(struct plan *plan, struct mipo_err *err)
{
	const char *send = plan->opts->send;

	plan->config.send = send;
	if (!mipo_wire_has(send))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--send=%s: this program was built without it", send);
	if (plan->config.method == MIPO_METHOD_CONNECT &&
	    strcmp(send, "auto") != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--send=%s: the method connect sends no packets of its "
		    "own", send);
	return 0;
}

/* A person is to read it later, in a log or a report. */
static int
check_text(const char *option, const char *what, const char *text, size_t max,
    struct mipo_err *err)
{
	struct mipo_buf shown;
	size_t len = text == NULL ? 0 : strlen(text);
	bool good;

	if (text == NULL)
		return 0;
	mipo_buf_init(&shown, 4 * CONTACT_MAX);
	if (len <= max)
		mipo_text_show(&shown, text, len);
	good = len >= 1 && shown.len == len &&
	    memcmp(shown.data, text, len) == 0;
	mipo_buf_release(&shown);
	return good ? 0 : mipo_err_set(err, MIPO_E_USAGE,
	    "%s: a %s has 1 to %zu bytes of UTF-8 that can be seen", option,
	    what, max);
}

static int
check_texts(const struct scan_opts *opts, struct mipo_err *err)
{
	if (check_text("--network", "name", opts->network, NAME_MAX_LEN, err) !=
		0 ||
	    check_text("--vantage", "name", opts->vantage, NAME_MAX_LEN, err) !=
		0)
		return -1;
	return check_text(
	    "--contact", "contact", opts->contact, CONTACT_MAX, err);
}

const char *
plan_output(const struct plan *plan)
{
	const char *path = plan->opts->common.output;

	return path == NULL || strcmp(path, "-") == 0 ? "stdout" : path;
}

int
plan_settings(struct plan *plan, struct mipo_err *err)
{
	uint8_t id[16];

	plan->config.retries = (unsigned)plan->opts->retries;
	plan->config.wait_ms = plan->opts->wait_ms;
	plan->config.vlan = (uint16_t)plan->opts->vlan;
	plan->config.max_probes = plan->opts->max_probes;
	plan->config.memory = plan->opts->memory;
	mipo_random(id, sizeof(id));
	mipo_text_hex(id, sizeof(id), plan->config.scan);
	plan->config.identify =
	    plan->opts->identify && plan->opts->dry_run == NULL;
	if (check_texts(plan->opts, err) != 0 ||
	    set_method(plan, err) != 0 || set_send(plan, err) != 0 ||
	    set_states(plan, err) != 0 || set_seed(plan, err) != 0 ||
	    set_shard(plan, err) != 0)
		return -1;
	if (plan->opts->identify && plan->config.method == MIPO_METHOD_UDP)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--identify: it connects by TCP, and so not with "
		    "--method=udp");
	return plan_rate(plan, err);
}
