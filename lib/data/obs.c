#include "data/obs.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/schema.h"

static const char *const states[MIPO_STATE_N] = {[MIPO_OPEN] = "open",
    [MIPO_CLOSED] = "closed", [MIPO_FILTERED] = "filtered",
    [MIPO_OPEN_FILTERED] = "open|filtered",
    [MIPO_UNREACHABLE] = "unreachable"};

static const char *const reasons[MIPO_REASON_N] = {
    [MIPO_R_SYN_ACK] = "syn-ack", [MIPO_R_RST] = "rst",
    [MIPO_R_ICMP] = "icmp", [MIPO_R_NO_ANSWER] = "no-answer",
    [MIPO_R_NO_NEIGHBOR] = "no-neighbor",
    [MIPO_R_CONNECTED] = "connected", [MIPO_R_REFUSED] = "refused",
    [MIPO_R_ERROR] = "error", [MIPO_R_UDP_REPLY] = "udp-reply"};

static const struct {
	const char *name;
	uint8_t number; /* IANA's */
} protos[] = {[MIPO_TCP] = {"tcp", 6}, [MIPO_UDP] = {"udp", 17},
    [MIPO_ICMP] = {"icmp", 1}};

const char *
mipo_proto_name(enum mipo_proto proto)
{
	return protos[proto].name;
}

enum mipo_proto
mipo_proto_find(const char *name)
{
	unsigned i = 0;

	while (i < MIPO_PROTO_N && strcmp(protos[i].name, name) != 0)
		i++;
	return (enum mipo_proto)i;
}

uint8_t
mipo_proto_number(enum mipo_proto proto)
{
	return protos[proto].number;
}

enum mipo_proto
mipo_proto_of(int64_t number)
{
	unsigned i = 0;

	while (i < MIPO_PROTO_N && protos[i].number != number)
		i++;
	return (enum mipo_proto)i;
}

const char *
mipo_pstate_name(enum mipo_pstate state)
{
	return state < MIPO_STATE_N ? states[state] : NULL;
}

/* The first byte sorts out nearly all; most lines are the first names. */
static unsigned
find(const char *const *names, unsigned n, const char *s, size_t len)
{
	for (unsigned i = 1; i < n && len > 0; i++)
		if (names[i][0] == s[0] && strlen(names[i]) == len &&
		    memcmp(names[i], s, len) == 0)
			return i;
	return 0;
}

enum mipo_pstate
mipo_pstate_find(const char *s, size_t len)
{
	return (enum mipo_pstate)find(states, MIPO_STATE_N, s, len);
}

const char *
mipo_reason_name(enum mipo_reason reason)
{
	return reason < MIPO_REASON_N ? reasons[reason] : NULL;
}

enum mipo_reason
mipo_reason_find(const char *s, size_t len)
{
	return (enum mipo_reason)find(reasons, MIPO_REASON_N, s, len);
}

static int64_t
number(const struct mipo_rec *rec, const char *key)
{
	int64_t n = -1;

	(void)mipo_rec_int(rec, key, &n);
	return n;
}

static void
numbers(const struct mipo_rec *rec, struct mipo_obs *obs)
{
	obs->port = (uint16_t)number(rec, "port");
	obs->ttl = (int16_t)number(rec, "ttl");
	obs->rtt_us = (int32_t)number(rec, "rtt_us");
	obs->window = (int32_t)number(rec, "window");
	obs->pass = (int16_t)number(rec, "pass");
	obs->icmp_type = (int16_t)number(rec, "icmp_type");
	obs->icmp_code = (int16_t)number(rec, "icmp_code");
}

int
mipo_obs_from_rec(const struct mipo_rec *rec, struct mipo_obs *ret_obs,
    struct mipo_err *err)
{
	struct mipo_obs obs = {0};
	const char *type = mipo_rec_str(rec, "type"), *s;

	if (type == NULL || strcmp(type, "obs") != 0)
		return mipo_err_set(err, MIPO_E_INPUT, "not of type obs");
	if (mipo_rec_check(rec, err) != 0)
		return -1;
	numbers(rec, &obs);
	memcpy(obs.scan, mipo_rec_str(rec, "scan"), 33);
	s = mipo_rec_str(rec, "state");
	obs.state = (uint8_t)mipo_pstate_find(s, strlen(s));
	s = mipo_rec_str(rec, "reason");
	obs.reason = (uint8_t)mipo_reason_find(s, strlen(s));
	obs.proto = (uint8_t)mipo_proto_find(mipo_rec_str(rec, "proto"));
	obs.has_responder = mipo_rec_has(rec, "responder");
	if (mipo_text_untime(mipo_rec_str(rec, "ts"), &obs.ts_ms, err) != 0 ||
	    mipo_addr_parse(mipo_rec_str(rec, "ip"), &obs.ip, err) != 0 ||
	    (obs.has_responder &&
		mipo_addr_parse(mipo_rec_str(rec, "responder"),
		    &obs.responder, err) != 0))
		return -1;
	*ret_obs = obs;
	return 0;
}

int
mipo_obs_is(const char *line, size_t len, struct mipo_err *err)
{
	struct mipo_err why = {0};
	struct mipo_rec *rec;
	const char *type;
	bool yes;
	size_t n;

	if (mipo_line_type(line, len, &type, &n))
		return n == 3 && memcmp(type, "obs", 3) == 0;
	if (mipo_rec_parse(line, len, &rec, &why) != 0)
		return why.code == MIPO_E_NOMEM ? mipo_err_nomem(err) : 0;
	type = mipo_rec_str(rec, "type");
	yes = type != NULL && strcmp(type, "obs") == 0;
	mipo_rec_free(rec);
	return yes;
}

int
mipo_obs_parse(const char *line, size_t len, struct mipo_obs *ret_obs,
    struct mipo_err *err)
{
	struct mipo_rec *rec;
	int r;

	if (mipo_obs_parse_fast(line, len, ret_obs) == 1)
		return 0;
	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	r = mipo_obs_from_rec(rec, ret_obs, err);
	mipo_rec_free(rec);
	return r;
}
