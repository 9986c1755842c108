#include "net/reroute.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "net/resume.h"

#define AGAIN	 10 /* times what a look took, until the next */
#define AGAIN_NS UINT64_C(50000000)

struct mipo_reroute {
	struct mipo_netlink *ask, *listen;
	struct mipo_flow like;
	uint64_t next_ns;
	bool heard, changed;
	struct mipo_addr where; /* family 0: it could not be found out */
	struct mipo_err why;
};

int
mipo_reroute_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_reroute *reroute = mipo_calloc(1, sizeof(*reroute), err);

	if (reroute == NULL)
		return -1;
	scan->reroute = reroute;
	reroute->like.proto = scan->echo ? IPPROTO_ICMP
	    : scan->udp			 ? IPPROTO_UDP
					 : IPPROTO_TCP;
	reroute->like.sport = scan->sport;
	reroute->like.uid = geteuid(); /* which may soon be another */
	if (mipo_netlink_listen(&reroute->listen, err) != 0 ||
	    mipo_netlink_open(&reroute->ask, err) != 0)
		return -1;
	return mipo_routes_find(scan->space, &reroute->like, reroute->ask,
	    &scan->routes, err);
}

void
mipo_reroute_close(struct mipo_scanner *scan)
{
	if (scan->reroute == NULL)
		return;
	mipo_netlink_free(scan->reroute->listen);
	mipo_netlink_free(scan->reroute->ask);
	free(scan->reroute);
	scan->reroute = NULL;
}

void
mipo_reroute_look(struct mipo_scanner *scan, bool last)
{
	struct mipo_reroute *reroute = scan->reroute;
	uint64_t now = mipo_clock_mono_ns();
	bool same = false;

	if (reroute->changed)
		return;
	reroute->heard |= mipo_netlink_heard(reroute->listen);
	if (!reroute->heard || (now < reroute->next_ns && !last))
		return;
	reroute->heard = false;
	if (mipo_routes_check(scan->space, &scan->routes, &reroute->like,
		reroute->ask, &same, &reroute->where, &reroute->why) != 0)
		reroute->where.family = 0;
	reroute->changed = !same;
	if (reroute->changed)
		mipo_resume_news(scan);
	reroute->next_ns = mipo_clock_mono_ns() + AGAIN_NS +
	    AGAIN * (mipo_clock_mono_ns() - now);
}

bool
mipo_reroute_says(const struct mipo_scanner *scan,
    char ret_text[MIPO_REROUTE_TEXT])
{
	const struct mipo_reroute *reroute = scan->reroute;
	char where[MIPO_ADDR_LEN];

	if (reroute == NULL || !reroute->changed)
		return false;
	if (reroute->where.family == 0) {
		(void)snprintf(ret_text, MIPO_REROUTE_TEXT,
		    "routes changed during the scan: %.120s",
		    reroute->why.text);
		return true;
	}
	(void)mipo_addr_format(&reroute->where, where);
	(void)snprintf(ret_text, MIPO_REROUTE_TEXT,
	    "the route to %s changed during the scan", where);
	return true;
}

void
mipo_reroute_doubt(struct mipo_scanner *scan)
{
	char text[MIPO_REROUTE_TEXT];

	if (mipo_pairs_total(&scan->pairs, MIPO_PAIR_SILENT) > 0 &&
	    mipo_reroute_says(scan, text))
		mipo_tally_doubt(&scan->tally, "%s", text);
}
