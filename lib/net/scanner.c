#include "net/scanner.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/shard.h"
#include "net/identify.h"
#include "net/pairs-all.h"
#include "net/resume.h"
#include "net/scanner-impl.h"
#include "net/syn.h"
#include "trust/hash.h"

static const struct {
	const char *name;
	enum mipo_proto proto;
	enum mipo_pstate silent;
} methods[] = {[MIPO_METHOD_SYN] = {"syn", MIPO_TCP, MIPO_FILTERED},
    [MIPO_METHOD_CONNECT] = {"connect", MIPO_TCP, MIPO_FILTERED},
    [MIPO_METHOD_UDP] = {"udp", MIPO_UDP, MIPO_OPEN_FILTERED},
    [MIPO_METHOD_DISCOVER] = {"discover", MIPO_ICMP, MIPO_FILTERED}};

const char *
mipo_method_name(enum mipo_method method)
{
	return methods[method].name;
}

enum mipo_proto
mipo_method_proto(enum mipo_method method)
{
	return methods[method].proto;
}

enum mipo_pstate
mipo_method_silent(enum mipo_method method)
{
	return methods[method].silent;
}

bool
mipo_method_may(enum mipo_method method)
{
	return method == MIPO_METHOD_CONNECT || mipo_wire_may();
}

/* SHA-256(purpose || seed || scope), of which a key is the beginning. */
static int
derive(const struct mipo_scanner_config *config, const char *purpose,
    uint8_t ret_key[MIPO_HASH_LEN], struct mipo_err *err)
{
	struct mipo_hash *hash = mipo_hash_new(err);
	uint8_t seed[8];

	if (hash == NULL)
		return -1;
	for (int i = 0; i < 8; i++)
		seed[i] = (uint8_t)(config->seed >> (56 - 8 * i));
	mipo_hash_add(hash, purpose, strlen(purpose));
	mipo_hash_add(hash, seed, sizeof(seed));
	mipo_hash_add(hash, config->scope, sizeof(config->scope));
	mipo_hash_final(hash, ret_key);
	mipo_hash_free(hash);
	return 0;
}

static int
make_keys(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint8_t key[MIPO_HASH_LEN];

	if (derive(&scan->config, "mipo/order/v1\n", key, err) != 0)
		return -1;
	memcpy(scan->perm_key, key, sizeof(scan->perm_key));
	if (derive(&scan->config, "mipo/cookie/v1\n", key, err) != 0)
		return -1;
	memcpy(scan->cookie.key, key, sizeof(scan->cookie.key));
	memcpy(&scan->spread, key + sizeof(scan->cookie.key),
	    sizeof(scan->spread));
	scan->spread |= 1;
	return 0;
}

static void
set_part(struct mipo_scanner *scan)
{
	const struct mipo_scanner_config *config = &scan->config;
	const uint64_t pairs = scan->space->pairs;

	scan->part.end = pairs;
	if (config->shards > 1) {
		scan->part.first =
		    mipo_shard_begin(pairs, config->shard - 1, config->shards);
		scan->part.end =
		    mipo_shard_begin(pairs, config->shard, config->shards);
	}
	scan->allowed =
	    config->max_probes == 0 ? UINT64_MAX : config->max_probes;
}

int
mipo_scanner_new(const struct mipo_scanner_config *config,
    const struct mipo_scanner_hooks *hooks, const struct mipo_targets *targets,
    const struct mipo_ports *ports, struct mipo_scanner **ret_scan,
    struct mipo_err *err)
{
	struct mipo_scanner *scan = mipo_calloc(1, sizeof(*scan), err);

	if (scan == NULL)
		return -1;
	/* First of all, so that no other use of OpenSSL configures it. */
	if (config->identify &&
	    mipo_identify_open(&scan->identify, err) != 0)
		goto fail;
	scan->config = *config;
	scan->hooks = *hooks;
	(void)pthread_mutex_init(&scan->refusals, NULL);
	scan->udp = config->method == MIPO_METHOD_UDP;
	scan->echo = config->method == MIPO_METHOD_DISCOVER;
	if (config->retries >= MIPO_MAX_PASSES) {
		mipo_err_set(err, MIPO_E_USAGE, "at most %d retries",
		    MIPO_MAX_PASSES - 1);
		goto fail;
	}
	if (mipo_space_new(targets, ports, &scan->space, err) != 0)
		goto fail;
	scan->segments = mipo_perm_segments(scan->space->pairs);
	if (make_keys(scan, err) != 0 ||
	    (scan->space->pairs > 0 &&
		mipo_perm_new(scan->space->pairs, scan->segments,
		    scan->perm_key, &scan->perm, err) != 0))
		goto fail;
	set_part(scan);
	*ret_scan = scan;
	return 0;
fail:
	mipo_scanner_free(scan);
	return -1;
}

void
mipo_scanner_free(struct mipo_scanner *scan)
{
	if (scan == NULL)
		return;
	mipo_syn_close(scan);
	mipo_connect_close(scan);
	mipo_identify_free(scan->identify);
	mipo_resume_free(scan);
	mipo_pairs_release(&scan->pairs);
	mipo_tally_release(&scan->tally);
	mipo_perm_free(scan->perm);
	mipo_caps_free(scan->caps);
	mipo_space_free(scan->space);
	explicit_bzero(&scan->cookie, sizeof(scan->cookie));
	free(scan);
}

bool
mipo_scanner_mac(const struct mipo_scanner *scan,
    const struct mipo_addr *addr, uint8_t ret_mac[6])
{
	struct mipo_spot spot;

	return scan->neighbors != NULL &&
	    mipo_space_find_addr(scan->space, addr, &spot) &&
	    mipo_routes_direct(&scan->routes, spot.segment) != NULL &&
	    mipo_neighbors_get(scan->neighbors,
		spot.segment->neighbor + spot.offset, ret_mac);
}

int
mipo_scanner_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	int64_t shift = mipo_clock_wall_ms() - mipo_scanner_now_us() / 1000;

	/* A clock that was set (--now) is not the one of captures. */
	scan->wall_set = shift > 1000 || shift < -1000;
	if ((scan->config.method == MIPO_METHOD_CONNECT
		? mipo_connect_open : mipo_syn_open)(scan, err) != 0)
		return -1;
	return mipo_windows_open(scan, err);
}

/* Silence has no moment of its own: the end of the scan is when it is so. */
static int
emit_silent(void *arg, uint64_t pair, unsigned value)
{
	struct mipo_scanner *scan = arg;
	struct mipo_spot spot;
	struct mipo_obs obs;

	if (value != MIPO_PAIR_SILENT)
		return 0;
	mipo_space_at(scan->space, pair, &spot);
	mipo_scanner_obs(scan, &spot, mipo_method_silent(scan->config.method),
	    MIPO_R_NO_ANSWER, mipo_scanner_now_us(), &obs);
	mipo_scanner_emit(scan, &obs);
	return 0;
}

/*
 * Silence counts once it was waited for. Of what had an end before its time
 * nothing is known. It stands in no journal: a scan that goes on concludes
 * for itself.
 */
static int
conclude(struct mipo_scanner *scan, struct mipo_err *err)
{
	scan->cut = scan->stopped;
	if (scan->cut) {
		scan->tally.unknown += mipo_pairs_turn(
		    &scan->pairs, MIPO_PAIR_SILENT, MIPO_PAIR_UNTOUCHED);
		(void)mipo_pairs_turn(
		    &scan->pairs, MIPO_PAIR_ABSENT, MIPO_PAIR_UNTOUCHED);
	} else if (scan->config.method != MIPO_METHOD_CONNECT &&
	    mipo_scanner_planned(scan) > 0) {
		mipo_syn_settle(scan);
		mipo_syn_judge(scan);
	}
	if ((mipo_scanner_over(scan) && mipo_scanner_planned(scan) > 0 &&
		mipo_windows_rest(scan, err) != 0) ||
	    mipo_pairs_sum(&scan->pairs, err) != 0)
		return -1;
	mipo_scanner_doubt(scan);
	return scan->config.list_silent
	    ? mipo_pairs_each(&scan->pairs, emit_silent, scan, err) : 0;
}

int
mipo_scanner_run(struct mipo_scanner *scan, struct mipo_err *err)
{
	int r = 0;

	scan->tally.started_ms = mipo_clock_wall_ms();
	scan->tally.started_ns = mipo_clock_mono_ns();
	r = mipo_resume_start(scan, err);
	if (r == 0 && mipo_scanner_planned(scan) > 0)
		r = mipo_windows_run(scan, err);
	if (r == 0)
		r = mipo_resume_finish(scan, err);
	if (r == 0)
		r = conclude(scan, err);
	if (r == 0 && scan->identify != NULL) {
		mipo_connect_close(scan);
		mipo_identify_run(scan);
	}
	scan->tally.ended_ns = mipo_clock_mono_ns();
	return r;
}

bool
mipo_scanner_wants(
    const struct mipo_scanner *scan, enum mipo_want want, uint64_t pair)
{
	unsigned value = mipo_pairs_get(&scan->pairs, pair);

	switch (want) {
	case MIPO_WANT_NEW:
	case MIPO_WANT_LATE:
		return value == MIPO_PAIR_UNTOUCHED;
	case MIPO_WANT_REFUSED:
		return value >= MIPO_PAIR_REFUSED;
	default:
		return value <= MIPO_PAIR_SILENT ||
		    value >= MIPO_PAIR_REFUSED ||
		    (value == MIPO_PAIR_LOST &&
			scan->config.method == MIPO_METHOD_CONNECT);
	}
}

uint64_t
mipo_scanner_silent(const struct mipo_scanner *scan)
{
	uint64_t silent = mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT);

	if (scan->config.method == MIPO_METHOD_CONNECT)
		silent += mipo_pairs_count(&scan->pairs, MIPO_PAIR_LOST);
	return silent;
}

bool
mipo_scanner_tick(struct mipo_scanner *scan, uint64_t done)
{
	struct mipo_scanner_progress progress = {.pass = scan->pass,
	    .passes = scan->config.retries + 1,
	    .done = done + scan->window.first - scan->part.first,
	    .total = mipo_scanner_planned(scan),
	    .probes = scan->tally.accepted,
	    .open = mipo_pairs_total(&scan->pairs, MIPO_PAIR_SEEN + MIPO_OPEN),
	    .outstanding = mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT),
	    .phase = scan->phase};

	if (scan->identify != NULL)
		mipo_identify_progress(scan->identify, &progress.total);

	mipo_resume_tick(scan);
	if (!scan->stopped &&
	    scan->hooks.tick(scan->hooks.arg, &progress) != 0)
		scan->stopped = true;
	return scan->stopped;
}

int64_t
mipo_scanner_now_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
mipo_scanner_wall_ms(const struct mipo_scanner *scan, uint64_t mono_ns)
{
	uint64_t since = mono_ns - scan->tally.started_ns;

	return scan->tally.started_ms +
	    (scan->wall_set ? 0 : (int64_t)(since / 1000000));
}

/*
 * A moment of the system's clock as a time of this scan: as long ago as it
 * is now. Where that clock was set in between, not before the scan began,
 * and not after now.
 */
static int64_t
seen_ms(const struct mipo_scanner *scan, int64_t at_us)
{
	int64_t ago = (mipo_scanner_now_us() - at_us) / 1000;
	int64_t now = mipo_scanner_wall_ms(scan, mipo_clock_mono_ns());

	if (scan->wall_set || ago < 0)
		return now;
	return now - ago < scan->tally.started_ms ? scan->tally.started_ms
						  : now - ago;
}

void
mipo_scanner_obs(const struct mipo_scanner *scan, const struct mipo_spot *spot,
    enum mipo_pstate state, enum mipo_reason reason, int64_t at_us,
    struct mipo_obs *ret_obs)
{
	memset(ret_obs, 0, sizeof(*ret_obs));
	ret_obs->ts_ms = seen_ms(scan, at_us);
	memcpy(ret_obs->scan, scan->config.scan, sizeof(ret_obs->scan));
	ret_obs->ip = spot->addr;
	ret_obs->port = spot->port;
	ret_obs->proto = (uint8_t)mipo_method_proto(scan->config.method);
	ret_obs->state = (uint8_t)state;
	ret_obs->reason = (uint8_t)reason;
	ret_obs->ttl = ret_obs->pass = -1;
	ret_obs->rtt_us = ret_obs->window = -1;
	ret_obs->icmp_type = ret_obs->icmp_code = -1;
}

void
mipo_scanner_answer(struct mipo_scanner *scan, const struct mipo_obs *obs)
{
	mipo_resume_answer(scan, obs);
	mipo_scanner_emit(scan, obs);
}

void
mipo_scanner_emit(struct mipo_scanner *scan, const struct mipo_obs *obs)
{
	if ((scan->config.states & 1U << obs->state) != 0)
		scan->hooks.obs(scan->hooks.arg, obs);
}
