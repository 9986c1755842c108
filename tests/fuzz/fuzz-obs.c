/* Any bytes as an observation: the fast reader says what the slow one says. */
#include "fuzz.h"

#include "base/buf.h"
#include "data/obs.h"
#include "data/rec.h"

static void
same(const struct mipo_obs *a, const struct mipo_obs *b)
{
	must(a->ts_ms == b->ts_ms && strcmp(a->scan, b->scan) == 0);
	must(mipo_addr_cmp(&a->ip, &b->ip) == 0 && a->port == b->port);
	must(a->state == b->state && a->reason == b->reason);
	must(a->ttl == b->ttl && a->rtt_us == b->rtt_us);
	must(a->window == b->window && a->pass == b->pass);
	must(a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code);
	must(a->has_responder == b->has_responder);
	must(!a->has_responder ||
	    mipo_addr_cmp(&a->responder, &b->responder) == 0);
}

static void
emits_itself(const struct mipo_obs *obs, const char *line, size_t len)
{
	struct mipo_buf buf;

	mipo_buf_init(&buf, MIPO_REC_MAX_WRITE);
	mipo_obs_emit(&buf, obs);
	must(buf.len == len && memcmp(buf.data, line, len) == 0);
	mipo_buf_release(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data;
	struct mipo_err err = {0};
	struct mipo_obs fast, slow;
	struct mipo_rec *rec = NULL;
	int taken = mipo_obs_parse_fast(line, size, &fast);

	if (mipo_rec_parse(line, size, &rec, &err) == 0 &&
	    mipo_obs_from_rec(rec, &slow, &err) == 0) {
		if (taken == 1)
			same(&fast, &slow);
	} else {
		must(taken != 1);
	}
	if (taken == 1)
		emits_itself(&fast, line, size);
	mipo_rec_free(rec);
	return 0;
}
