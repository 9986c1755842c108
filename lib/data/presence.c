#include "data/presence.h"

#include <string.h>

#include "base/text.h"
#include "data/cover.h"
#include "data/rec.h"

const char *
mipo_presence_name(unsigned known)
{
	if (!mipo_is_known(known))
		return mipo_known_name(known);
	return known == MIPO_OPEN ? "up" : "silent";
}

enum mipo_pstate
mipo_presence_find(const char *name)
{
	if (strcmp(name, "up") == 0)
		return MIPO_OPEN;
	return strcmp(name, "silent") == 0 ? MIPO_FILTERED : 0;
}

static const struct {
	const char *name;
	enum mipo_reason reason;
} reasons[] = {{"arp", MIPO_R_ARP}, {"nd", MIPO_R_ND},
    {"echo-reply", MIPO_R_ECHO}, {"icmp", MIPO_R_ICMP},
    {"no-answer", MIPO_R_NO_ANSWER}, {"no-neighbor", MIPO_R_NO_NEIGHBOR}};

#define N_REASONS (sizeof(reasons) / sizeof(*reasons))

const char *
mipo_presence_reason(unsigned reason)
{
	for (size_t i = 0; i < N_REASONS; i++)
		if (reasons[i].reason == reason)
			return reasons[i].name;
	return "silent";
}

static uint8_t
find_reason(const char *name)
{
	for (size_t i = 0; i < N_REASONS; i++)
		if (strcmp(reasons[i].name, name) == 0)
			return (uint8_t)reasons[i].reason;
	return 0;
}

int
mipo_presence_read(const struct mipo_rec *rec, struct mipo_obs *ret_obs,
    struct mipo_err *err)
{
	struct mipo_obs obs = {.port = MIPO_PRESENCE_PORT,
	    .proto = MIPO_ICMP,
	    .ttl = -1,
	    .rtt_us = -1,
	    .window = -1,
	    .pass = -1,
	    .icmp_type = -1,
	    .icmp_code = -1};

	memcpy(obs.scan, mipo_rec_str(rec, "scan"), sizeof(obs.scan));
	obs.state = (uint8_t)mipo_presence_find(mipo_rec_str(rec, "state"));
	obs.reason = find_reason(mipo_rec_str(rec, "reason"));
	if (mipo_text_untime(mipo_rec_str(rec, "ts"), &obs.ts_ms, err) != 0 ||
	    mipo_addr_parse(mipo_rec_str(rec, "ip"), &obs.ip, err) != 0)
		return -1;
	*ret_obs = obs;
	return 0;
}
