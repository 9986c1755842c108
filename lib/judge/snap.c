#include "judge/snap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "data/shard.h"
#include "judge/probed.h"
#include "judge/sort.h"

/* A packed pair: address, protocol, port (big-endian), state. */
#define TAIL  4
#define WIDE4 (4 + TAIL)
#define WIDE6 (16 + TAIL)

struct packed {
	void *data;
	size_t n, cap;
	size_t width;
};

struct mipo_snap {
	struct mipo_rec *start, *end;
	struct mipo_cover *cover;
	struct packed v4, v6;
	struct mipo_probed *probed; /* NULL: complete, or not told */
	uint8_t proto;		    /* its number */
	char verdict[16];
	bool complete, ended;
};

const char *
mipo_tri_name(enum mipo_tri tri)
{
	static const char *const name[] = {"unknown", "false", "true"};

	return name[tri];
}

int
mipo_snap_new(const struct mipo_rec *start, struct mipo_snap **ret_snap,
    struct mipo_err *err)
{
	struct mipo_snap *snap = mipo_calloc(1, sizeof(*snap), err);

	if (snap == NULL)
		return -1;
	snap->v4.width = WIDE4;
	snap->v6.width = WIDE6;
	(void)snprintf(snap->verdict, sizeof(snap->verdict), "interrupted");
	snap->start = mipo_rec_dup(start, err);
	if (snap->start == NULL ||
	    mipo_cover_new(start, &snap->cover, err) != 0) {
		mipo_snap_free(snap);
		return -1;
	}
	snap->proto =
	    mipo_proto_number(mipo_proto_find(mipo_snap_proto(snap)));
	*ret_snap = snap;
	return 0;
}

void
mipo_snap_free(struct mipo_snap *snap)
{
	if (snap == NULL)
		return;
	mipo_rec_free(snap->start);
	mipo_rec_free(snap->end);
	mipo_cover_free(snap->cover);
	mipo_probed_free(snap->probed);
	free(snap->v4.data);
	free(snap->v6.data);
	free(snap);
}

/* Of one look, so that the protocol in its keys is one too. */
static void
pack(const struct mipo_snap *snap, uint8_t *key, const struct mipo_addr *ip,
    uint16_t port, unsigned state)
{
	size_t n = mipo_addr_size(ip);

	memcpy(key, ip->b, n);
	key[n] = snap->proto;
	key[n + 1] = (uint8_t)(port >> 8);
	key[n + 2] = (uint8_t)port;
	key[n + 3] = (uint8_t)state;
}

int
mipo_snap_add(struct mipo_snap *snap, const struct mipo_obs *obs,
    struct mipo_err *err)
{
	struct packed *to = obs->ip.family == 4 ? &snap->v4 : &snap->v6;

	if (to->n == to->cap &&
	    mipo_grow(&to->data, &to->cap, to->n + 1, to->width, err) != 0)
		return -1;
	pack(snap, (uint8_t *)to->data + to->n * to->width, &obs->ip,
	    obs->port, obs->state);
	to->n++;
	return 0;
}

/* Of pairs that differ in state only, keeps the first. */
static void
unique(struct packed *p)
{
	uint8_t *key = p->data, *to = p->data;
	size_t kept = p->n > 0;

	for (size_t i = 1; i < p->n; i++) {
		key += p->width;
		if (memcmp(to, key, p->width - 1) == 0)
			continue;
		to += p->width;
		memmove(to, key, p->width);
		kept++;
	}
	p->n = kept;
}

static int
outside(const struct mipo_host *host, uint16_t port, struct mipo_err *err)
{
	char ip[MIPO_ADDR_LEN];

	(void)mipo_addr_format(&host->ip, ip);
	return mipo_err_set(err, MIPO_E_INPUT,
	    "obs of %s %u is outside the scope that scan.start declares", ip,
	    port);
}

static int
check_scope(const struct mipo_snap *snap, struct mipo_err *err)
{
	struct mipo_host host;
	size_t pos = 0;
	uint16_t port;

	while (mipo_snap_host(snap, &pos, &host)) {
		bool in = mipo_cover_ip(snap->cover, &host.ip);

		for (size_t i = 0; i < host.n; i++) {
			port = mipo_snap_port(snap, host.at + i);
			if (!in || !mipo_cover_port(snap->cover, port))
				return outside(&host, port, err);
		}
	}
	return 0;
}

int
mipo_snap_finish(struct mipo_snap *snap, const struct mipo_rec *end,
    struct mipo_err *err)
{
	const char *verdict = end == NULL ? "" : mipo_shard_verdict(end);
	uint64_t i, n;

	if (mipo_sort_keys(snap->v4.data, snap->v4.n, WIDE4, err) != 0 ||
	    mipo_sort_keys(snap->v6.data, snap->v6.n, WIDE6, err) != 0)
		return -1;
	unique(&snap->v4);
	unique(&snap->v6);
	snap->ended = end != NULL;
	if (strcmp(verdict, "complete") == 0 &&
	    mipo_shard_get(snap->start, &i, &n))
		verdict = "incomplete";
	if (*verdict != '\0')
		(void)snprintf(
		    snap->verdict, sizeof(snap->verdict), "%s", verdict);
	snap->complete = strcmp(snap->verdict, "complete") == 0;
	snap->end = end == NULL ? NULL : mipo_rec_dup(end, err);
	if (end != NULL && snap->end == NULL)
		return -1;
	if (end != NULL && !snap->complete &&
	    mipo_probed_new(end, mipo_cover_pairs(snap->cover),
		&snap->probed, err) != 0)
		return -1;
	return check_scope(snap, err);
}

static const char *
text(const struct mipo_snap *snap, const char *key)
{
	const char *s = mipo_rec_str(snap->start, key);

	return s == NULL ? "" : s;
}

const char *
mipo_snap_scan(const struct mipo_snap *snap)
{
	return text(snap, "scan");
}

const char *
mipo_snap_network(const struct mipo_snap *snap)
{
	return text(snap, "network");
}

const char *
mipo_snap_vantage(const struct mipo_snap *snap)
{
	return text(snap, "vantage");
}

const char *
mipo_snap_proto(const struct mipo_snap *snap)
{
	return text(snap, "proto");
}

const char *
mipo_snap_scope(const struct mipo_snap *snap)
{
	return text(snap, "scope_sha256");
}

const char *
mipo_snap_verdict(const struct mipo_snap *snap)
{
	return snap->verdict;
}

const struct mipo_cover *
mipo_snap_cover(const struct mipo_snap *snap)
{
	return snap->cover;
}

bool
mipo_snap_ended(const struct mipo_snap *snap)
{
	return snap->ended;
}

bool
mipo_snap_complete(const struct mipo_snap *snap)
{
	return snap->complete;
}

void
mipo_snap_weaken(struct mipo_snap *snap)
{
	snap->complete = false;
}

const struct mipo_rec *
mipo_snap_start(const struct mipo_snap *snap)
{
	return snap->start;
}

const struct mipo_rec *
mipo_snap_end(const struct mipo_snap *snap)
{
	return snap->end;
}

/* The pair number at, IPv4 pairs first; *ret_size: bytes of address. */
static const uint8_t *
key_at(const struct mipo_snap *snap, size_t at, size_t *ret_size)
{
	const struct packed *p = &snap->v4;

	if (at >= snap->v4.n) {
		at -= snap->v4.n;
		p = &snap->v6;
	}
	*ret_size = p->width - TAIL;
	return (const uint8_t *)p->data + at * p->width;
}

bool
mipo_snap_host(const struct mipo_snap *snap, size_t *pos,
    struct mipo_host *ret_host)
{
	size_t end = *pos < snap->v4.n ? snap->v4.n : mipo_snap_count(snap);
	size_t size, at = *pos;
	const uint8_t *first, *key;

	if (at >= end)
		return false;
	first = key = key_at(snap, at, &size);
	do {
		key += size + TAIL;
		at++;
	} while (at < end && memcmp(first, key, size) == 0);
	memset(ret_host, 0, sizeof(*ret_host));
	ret_host->ip.family = size == 4 ? 4 : 6;
	memcpy(ret_host->ip.b, first, size);
	ret_host->at = *pos;
	ret_host->n = at - *pos;
	*pos = at;
	return true;
}

uint16_t
mipo_snap_port(const struct mipo_snap *snap, size_t at)
{
	size_t size;
	const uint8_t *key = key_at(snap, at, &size);

	return (uint16_t)(key[size + 1] << 8 | key[size + 2]);
}

unsigned
mipo_snap_state(const struct mipo_snap *snap, size_t at)
{
	size_t size;
	const uint8_t *key = key_at(snap, at, &size);

	return key[size + 3];
}

size_t
mipo_snap_count(const struct mipo_snap *snap)
{
	return snap->v4.n + snap->v6.n;
}

/* Of a look that is not complete: probed, and silence proves nothing. */
static unsigned
unproven(
    const struct mipo_snap *snap, const struct mipo_addr *ip, uint16_t port)
{
	uint64_t pair;

	if (snap->probed != NULL &&
	    mipo_cover_pair(snap->cover, ip, port, &pair) &&
	    !mipo_probed_has(snap->probed, pair))
		return MIPO_NOT_COVERED;
	return MIPO_UNKNOWN;
}

unsigned
mipo_snap_unlisted(const struct mipo_snap *snap, const struct mipo_addr *ip,
    bool ip_covered, uint16_t port)
{
	if (!ip_covered || !mipo_cover_port(snap->cover, port))
		return MIPO_NOT_COVERED;
	if (!snap->complete)
		return unproven(snap, ip, port);
	return mipo_cover_silent(snap->cover);
}

/* The listed state of a pair, or MIPO_UNKNOWN. */
static unsigned
find(const struct mipo_snap *snap, const struct mipo_addr *ip, uint16_t port)
{
	const struct packed *p = ip->family == 4 ? &snap->v4 : &snap->v6;
	size_t low = 0, high = p->n, mid;
	uint8_t want[WIDE6];
	const uint8_t *key;
	int cmp;

	pack(snap, want, ip, port, 0);
	while (low < high) {
		mid = low + (high - low) / 2;
		key = (const uint8_t *)p->data + mid * p->width;
		cmp = memcmp(key, want, p->width - 1);
		if (cmp == 0)
			return key[p->width - 1];
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return MIPO_UNKNOWN;
}

enum mipo_tri
mipo_snap_is_open(const struct mipo_snap *snap, const struct mipo_addr *ip,
    uint16_t port)
{
	unsigned known = find(snap, ip, port);

	if (known == MIPO_OPEN)
		return MIPO_TRI_TRUE;
	if (!snap->complete || known == MIPO_OPEN_FILTERED)
		return MIPO_TRI_UNKNOWN;
	if (known != MIPO_UNKNOWN)
		return MIPO_TRI_FALSE;
	known = mipo_snap_unlisted(
	    snap, ip, mipo_cover_ip(snap->cover, ip), port);
	/* What UDP leaves out may be open|filtered, whatever else is. */
	if (known == MIPO_NOT_COVERED || known == MIPO_OPEN_FILTERED ||
	    (known == MIPO_UNKNOWN &&
		mipo_cover_proto(snap->cover) == MIPO_UDP))
		return MIPO_TRI_UNKNOWN;
	return mipo_cover_lists(snap->cover, MIPO_OPEN) ? MIPO_TRI_FALSE :
							  MIPO_TRI_UNKNOWN;
}
