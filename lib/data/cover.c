#include "data/cover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/ports.h"
#include "data/presence.h"
#include "data/rec.h"
#include "data/target.h"

struct mipo_cover {
	struct mipo_targets *targets;
	struct mipo_ports *ports;
	enum mipo_proto proto;
	unsigned states; /* a bit a state that is listed */
	unsigned silent;
};

const char *
mipo_known_name(unsigned known)
{
	if (known == MIPO_NOT_COVERED)
		return "not_covered";
	if (!mipo_is_known(known))
		return "unknown";
	return mipo_pstate_name((enum mipo_pstate)known);
}

bool
mipo_is_known(unsigned known)
{
	return known >= MIPO_OPEN && known < MIPO_STATE_N;
}

static int
read_targets(struct mipo_cover *cover, const struct mipo_rec *start,
    struct mipo_err *err)
{
	struct mipo_targets *out = mipo_targets_new(err);
	int r = -1;

	cover->targets = mipo_targets_new(err);
	if (out == NULL || cover->targets == NULL)
		goto out;
	if (mipo_targets_get(cover->targets, start, "targets", err) != 0 ||
	    mipo_targets_get(out, start, "exclusions", err) != 0)
		goto out;
	r = mipo_targets_exclude(cover->targets, out, err);
out:
	mipo_targets_free(out);
	return r;
}

static int
read_proto(struct mipo_cover *cover, const struct mipo_rec *start,
    struct mipo_err *err)
{
	const char *proto = mipo_rec_str(start, "proto");

	if (proto == NULL)
		return 0;
	cover->proto = mipo_proto_find(proto);
	if (cover->proto != MIPO_PROTO_N ||
	    strcmp(proto, mipo_proto_name(MIPO_ICMP)) == 0)
		return 0;
	return mipo_err_set(
	    err, MIPO_E_INPUT, "\"%s\" is not a protocol", proto);
}

static int
read_ports(struct mipo_cover *cover, const struct mipo_rec *start,
    struct mipo_err *err)
{
	const char *ports = mipo_rec_str(start, "ports");

	cover->ports = mipo_ports_new(err);
	if (cover->ports == NULL)
		return -1;
	if ((ports == NULL) != (cover->proto == MIPO_ICMP))
		return mipo_err_set(err, MIPO_E_INPUT,
		    ports == NULL ? "no ports" : "ports, of hosts");
	if (ports == NULL)
		return mipo_ports_add(cover->ports, "1", err);
	return mipo_ports_add(cover->ports, ports, err);
}

static int
one_state(const struct mipo_cover *cover, const char *name,
    unsigned *ret_state, struct mipo_err *err)
{
	*ret_state = cover->proto == MIPO_ICMP
	    ? mipo_presence_find(name)
	    : mipo_pstate_find(name, strlen(name));
	if (*ret_state == 0)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "\"%s\" is not a state", name);
	return 0;
}

static int
read_states(struct mipo_cover *cover, const struct mipo_rec *start,
    struct mipo_err *err)
{
	const char *name;
	char path[32];
	unsigned state;

	for (size_t i = 0; i < mipo_rec_len(start, "states"); i++) {
		(void)snprintf(path, sizeof(path), "states.%zu", i);
		name = mipo_rec_str(start, path);
		if (one_state(
			cover, name == NULL ? "" : name, &state, err) != 0)
			return -1;
		cover->states |= 1U << state;
	}
	name = mipo_rec_str(start, "silent_as");
	if (name == NULL || *name == '\0')
		return 0;
	if (one_state(cover, name, &state, err) != 0)
		return -1;
	if (state == MIPO_OPEN)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "silent_as \"%s\" proves nothing",
		    name);
	cover->silent = state;
	return 0;
}

static int
check_size(const struct mipo_cover *cover, struct mipo_err *err)
{
	uint64_t ports = mipo_ports_count(cover->ports);

	if (ports == 0 ||
	    mipo_targets_count(cover->targets) <= MIPO_COVER_MAX / ports)
		return 0;
	return mipo_err_set(
	    err, MIPO_E_INPUT, "its scope has more than 2^53-1 pairs");
}

int
mipo_cover_new(const struct mipo_rec *start, struct mipo_cover **ret_cover,
    struct mipo_err *err)
{
	struct mipo_cover *cover = mipo_calloc(1, sizeof(*cover), err);

	if (cover == NULL)
		return -1;
	if (read_proto(cover, start, err) != 0 ||
	    read_targets(cover, start, err) != 0 ||
	    read_ports(cover, start, err) != 0 ||
	    check_size(cover, err) != 0 ||
	    read_states(cover, start, err) != 0) {
		mipo_cover_free(cover);
		return mipo_err_prefix(err, "scan.start");
	}
	*ret_cover = cover;
	return 0;
}

void
mipo_cover_words(const struct mipo_rec *start, char *ret_words, size_t size)
{
	const char *first = mipo_rec_str(start, "targets.0");
	const char *ports = mipo_rec_str(start, "ports");
	const char *proto = mipo_rec_str(start, "proto");
	size_t n = mipo_rec_len(start, "targets");
	bool hosts = proto != NULL &&
	    strcmp(proto, mipo_proto_name(MIPO_ICMP)) == 0;
	bool tcp = proto == NULL || strcmp(proto, "tcp") == 0;
	char more[40] = "";

	if (n > 1)
		(void)snprintf(more, sizeof(more), " and %zu more", n - 1);
	(void)snprintf(ret_words, size, "%.79s%s, %s%s%s%.60s%s",
	    first == NULL ? "no targets" : first, more,
	    tcp || hosts ? "" : proto, tcp || hosts ? "" : " ",
	    hosts ? "hosts" : "ports ", ports == NULL ? "" : ports,
	    ports != NULL && strlen(ports) > 60 ? "..." : "");
}

void
mipo_cover_free(struct mipo_cover *cover)
{
	if (cover == NULL)
		return;
	mipo_targets_free(cover->targets);
	mipo_ports_free(cover->ports);
	free(cover);
}

enum mipo_proto
mipo_cover_proto(const struct mipo_cover *cover)
{
	return cover->proto;
}

bool
mipo_cover_ip(const struct mipo_cover *cover, const struct mipo_addr *ip)
{
	uint64_t i;

	return mipo_targets_find(cover->targets, ip, &i);
}

bool
mipo_cover_port(const struct mipo_cover *cover, uint16_t port)
{
	return mipo_ports_has(cover->ports, port);
}

size_t
mipo_cover_ports(const struct mipo_cover *cover)
{
	return mipo_ports_count(cover->ports);
}

const struct mipo_targets *
mipo_cover_targets(const struct mipo_cover *cover)
{
	return cover->targets;
}

const struct mipo_ports *
mipo_cover_portset(const struct mipo_cover *cover)
{
	return cover->ports;
}

bool
mipo_cover_pair(const struct mipo_cover *cover, const struct mipo_addr *ip,
    uint16_t port, uint64_t *ret_pair)
{
	int at = mipo_ports_index(cover->ports, port);
	uint64_t host;

	if (at < 0 || !mipo_targets_find(cover->targets, ip, &host))
		return false;
	*ret_pair = host * mipo_ports_count(cover->ports) + (uint64_t)at;
	return true;
}

bool
mipo_cover_lists(const struct mipo_cover *cover, enum mipo_pstate state)
{
	return (cover->states & 1U << state) != 0;
}

bool
mipo_cover_tells_open(const struct mipo_cover *cover)
{
	return mipo_cover_lists(cover, MIPO_OPEN) &&
	    !mipo_cover_lists(cover, MIPO_OPEN_FILTERED) &&
	    cover->silent != MIPO_OPEN_FILTERED &&
	    (cover->proto != MIPO_UDP || cover->silent != MIPO_UNKNOWN);
}

unsigned
mipo_cover_silent(const struct mipo_cover *cover)
{
	return cover->silent;
}

uint64_t
mipo_cover_pairs(const struct mipo_cover *cover)
{
	return mipo_targets_count(cover->targets) *
	    mipo_ports_count(cover->ports);
}

static uint64_t
overlap(const struct mipo_range *a, const struct mipo_range *b)
{
	const struct mipo_addr *first =
	    mipo_addr_cmp(&a->first, &b->first) > 0 ? &a->first : &b->first;
	const struct mipo_addr *last =
	    mipo_addr_cmp(&a->last, &b->last) < 0 ? &a->last : &b->last;

	if (mipo_addr_cmp(first, last) > 0)
		return 0;
	return mipo_addr_distance(first, last) + 1;
}

static uint64_t
common_ips(const struct mipo_targets *a, const struct mipo_targets *b)
{
	size_t an, bn, i = 0, j = 0;
	const struct mipo_range *ar = mipo_targets_ranges(a, &an);
	const struct mipo_range *br = mipo_targets_ranges(b, &bn);
	uint64_t n = 0;

	while (i < an && j < bn) {
		n += overlap(&ar[i], &br[j]);
		if (mipo_addr_cmp(&ar[i].last, &br[j].last) < 0)
			i++;
		else
			j++;
	}
	return n;
}

uint64_t
mipo_cover_common(const struct mipo_cover *a, const struct mipo_cover *b)
{
	uint64_t ports = 0;

	if (a->proto != b->proto)
		return 0;
	for (size_t i = 0; i < mipo_ports_count(a->ports); i++)
		if (mipo_ports_has(b->ports, mipo_ports_at(a->ports, i)))
			ports++;
	return ports * common_ips(a->targets, b->targets);
}
