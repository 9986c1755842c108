#include "judge/diff.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/shard.h"
#include "judge/snap.h"

#define NO_PORT 65536U

/* One look at the host in hand. */
struct side {
	const struct mipo_snap *snap;
	struct mipo_host host; /* n = 0: nothing of it is listed */
	bool covered;
};

struct run {
	const struct mipo_snap *old, *new;
	void (*change)(void *arg, const struct mipo_change *change);
	void *arg;
	struct mipo_diff_sum *sum;
	bool hosts;	 /* looks for them */
	uint64_t listed; /* pairs that both cover and either lists */
	uint16_t ports[NO_PORT];
};

static bool
answered(unsigned state)
{
	return state == MIPO_OPEN || state == MIPO_CLOSED;
}

static bool
silent(unsigned state)
{
	return mipo_is_known(state) && !answered(state);
}

static void
emit(struct run *run, const struct mipo_change *change)
{
	run->sum->count++;
	run->sum->kinds[change->kind]++;
	run->change(run->arg, change);
}

/* A look that is not complete proves only what it saw open. */
static unsigned
believed(const struct run *run, unsigned after)
{
	if (mipo_snap_complete(run->new) || !mipo_is_known(after) ||
	    after == MIPO_OPEN)
		return after;
	return MIPO_UNKNOWN;
}

/* folded: the host's change already says what became of covered pairs. */
static void
one_pair(struct run *run, struct mipo_change *change, bool folded)
{
	change->after = believed(run, change->after);
	if (change->before != MIPO_NOT_COVERED &&
	    change->after != MIPO_NOT_COVERED) {
		run->listed++;
		if (mipo_is_known(change->before) &&
		    mipo_is_known(change->after))
			run->sum->compared++;
	}
	change->kind =
	    mipo_ckind_of(run->hosts, change->before, change->after);
	if (run->hosts)
		change->port = 0;
	if (change->kind == MIPO_CK_NONE ||
	    (folded && change->before != MIPO_NOT_COVERED))
		return;
	emit(run, change);
}

static unsigned
next_port(const struct side *side, size_t i)
{
	return i < side->host.n ?
	    mipo_snap_port(side->snap, side->host.at + i) : NO_PORT;
}

static unsigned
value(const struct side *side, unsigned port, size_t *i)
{
	if (next_port(side, *i) == port)
		return mipo_snap_state(side->snap, side->host.at + (*i)++);
	return mipo_snap_unlisted(side->snap, &side->host.ip, side->covered,
	    (uint16_t)port);
}

static void
pairs(struct run *run, const struct side *old, const struct side *new,
    bool folded)
{
	struct mipo_change change = {.ip = old->host.ip};
	unsigned port, other;
	size_t i = 0, j = 0;

	for (;;) {
		port = next_port(old, i);
		other = next_port(new, j);
		if (other < port)
			port = other;
		if (port == NO_PORT)
			break;
		change.port = (uint16_t)port;
		change.before = value(old, port, &i);
		change.after = value(new, port, &j);
		one_pair(run, &change, folded);
	}
}

/* The strongest state of the host in this look; MIPO_UNKNOWN for none. */
static unsigned
strongest(const struct side *side)
{
	const struct mipo_cover *cover = mipo_snap_cover(side->snap);
	unsigned best = MIPO_STATE_N, state;

	for (size_t i = 0; i < side->host.n; i++) {
		state = mipo_snap_state(side->snap, side->host.at + i);
		if (state < best)
			best = state;
	}
	if (side->host.n < mipo_cover_ports(cover) &&
	    mipo_cover_silent(cover) < best)
		best = mipo_cover_silent(cover);
	return best;
}

/* Whether some pair of the host is open, for all that silence tells. */
static bool
may_be_open(const struct side *side)
{
	const struct mipo_cover *cover = mipo_snap_cover(side->snap);

	for (size_t i = 0; i < side->host.n; i++)
		if (mipo_snap_state(side->snap, side->host.at + i) ==
		    MIPO_OPEN_FILTERED)
			return true;
	return side->host.n < mipo_cover_ports(cover) &&
	    mipo_cover_silent(cover) == MIPO_OPEN_FILTERED;
}

/* Covered whole by a complete look, and known to answer on none of it. */
static bool
is_dead(const struct side *side)
{
	return side->covered && mipo_snap_complete(side->snap) &&
	    silent(strongest(side)) && !may_be_open(side);
}

/* Answers in side that other covers too: some, and whether all are. */
static bool
answers(const struct side *side, const struct side *other, bool all)
{
	const struct mipo_cover *cover = mipo_snap_cover(other->snap);
	size_t in = 0, out = 0;

	for (size_t i = 0; i < side->host.n; i++) {
		if (!answered(
			mipo_snap_state(side->snap, side->host.at + i)))
			continue;
		if (mipo_cover_port(
			cover, mipo_snap_port(side->snap, side->host.at + i)))
			in++;
		else
			out++;
	}
	return in > 0 && (out == 0 || !all);
}

static void
whole_host(struct run *run, enum mipo_ckind kind, const struct side *alive,
    const struct side *dead)
{
	struct mipo_change change = {.kind = kind, .ip = alive->host.ip};
	const struct mipo_cover *cover = mipo_snap_cover(dead->snap);
	unsigned life;
	uint16_t port;

	for (size_t i = 0; i < alive->host.n; i++) {
		port = mipo_snap_port(alive->snap, alive->host.at + i);
		if (mipo_snap_state(alive->snap, alive->host.at + i) ==
			MIPO_OPEN && mipo_cover_port(cover, port))
			run->ports[change.n_ports++] = port;
	}
	change.ports = run->ports;
	life = change.n_ports > 0 ? MIPO_OPEN : MIPO_CLOSED;
	change.before = kind == MIPO_CK_HOST_GONE ? life : strongest(dead);
	change.after = kind == MIPO_CK_HOST_GONE ? strongest(dead) : life;
	emit(run, &change);
}

static void
one_host(struct run *run, const struct side *old, const struct side *new)
{
	bool folded = true;

	if (run->hosts)
		folded = false;
	else if (is_dead(old) && answers(new, old, false))
		whole_host(run, MIPO_CK_HOST_APPEARED, new, old);
	else if (is_dead(new) && answers(old, new, true))
		whole_host(run, MIPO_CK_HOST_GONE, old, new);
	else
		folded = false;
	pairs(run, old, new, folded);
}

static void
cover_side(struct side *side, const struct mipo_addr *ip)
{
	side->covered = mipo_cover_ip(mipo_snap_cover(side->snap), ip);
}

static void
absent(struct side *side, const struct mipo_addr *ip)
{
	side->host.ip = *ip;
	side->host.n = 0;
}

static void
hosts(struct run *run)
{
	struct side old = {.snap = run->old}, new = {.snap = run->new}, a, b;
	size_t i = 0, j = 0;
	bool more_old = mipo_snap_host(run->old, &i, &old.host);
	bool more_new = mipo_snap_host(run->new, &j, &new.host);
	int cmp;

	while (more_old || more_new) {
		cmp = !more_old ? 1 : !more_new ? -1 :
		    mipo_addr_cmp(&old.host.ip, &new.host.ip);
		a = old;
		b = new;
		if (cmp < 0)
			absent(&b, &old.host.ip);
		if (cmp > 0)
			absent(&a, &new.host.ip);
		cover_side(&a, &a.host.ip);
		cover_side(&b, &a.host.ip);
		one_host(run, &a, &b);
		if (cmp <= 0)
			more_old = mipo_snap_host(run->old, &i, &old.host);
		if (cmp >= 0)
			more_new = mipo_snap_host(run->new, &j, &new.host);
	}
}

static void __attribute__((format(printf, 2, 3)))
reason(struct mipo_diff_sum *sum, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(sum->reasons[sum->n_reasons],
	    sizeof(sum->reasons[0]), fmt, ap);
	va_end(ap);
	sum->n_reasons++;
}

static void
weakness(struct mipo_diff_sum *sum, const char *which,
    const struct mipo_snap *snap)
{
	uint64_t i, n;

	if (!mipo_snap_ended(snap))
		reason(sum, "the %s look has no end record", which);
	else if (mipo_shard_get(mipo_snap_start(snap), &i, &n))
		reason(sum, "the %s look is of shard %llu of %llu alone",
		    which, (unsigned long long)i, (unsigned long long)n);
	else if (!mipo_snap_complete(snap))
		reason(sum, "the %s look is %s", which,
		    strcmp(mipo_snap_verdict(snap), "complete") == 0
			? "not to be believed: it proves what it saw open"
			: mipo_snap_verdict(snap));
}

static void
conclude(const struct run *run, uint64_t common)
{
	struct mipo_diff_sum *sum = run->sum;

	sum->cut = !mipo_snap_ended(run->old) || !mipo_snap_ended(run->new);
	if (common == 0)
		reason(sum, "the looks have no %s in common",
		    run->hosts ? "host" : "pair");
	weakness(sum, "old", run->old);
	weakness(sum, "new", run->new);
	if (sum->only_old > 0)
		reason(sum, "%llu %s of the old look are outside the new",
		    (unsigned long long)sum->only_old,
		    run->hosts ? "hosts" : "pairs");
	if (sum->kinds[MIPO_CK_UNCOVERED] > 0)
		reason(sum, "%llu %s of the old look are not told of",
		    (unsigned long long)sum->kinds[MIPO_CK_UNCOVERED],
		    run->hosts ? "hosts" : "open pairs");
	sum->conclusive = sum->n_reasons == 0;
}

static void
summarise(const struct run *run)
{
	const struct mipo_cover *old = mipo_snap_cover(run->old);
	const struct mipo_cover *new = mipo_snap_cover(run->new);
	uint64_t common = mipo_cover_common(old, new);
	struct mipo_diff_sum *sum = run->sum;

	sum->only_old = mipo_cover_pairs(old) - common;
	sum->only_new = mipo_cover_pairs(new) - common;
	if (mipo_snap_complete(run->old) && mipo_snap_complete(run->new) &&
	    mipo_cover_silent(old) != MIPO_UNKNOWN &&
	    mipo_cover_silent(new) != MIPO_UNKNOWN)
		sum->compared += common - run->listed;
	conclude(run, common);
}

static int
same(const char *what, const char *old, const char *new, struct mipo_err *err)
{
	if (strcmp(old, new) == 0)
		return 0;
	return mipo_err_set(err, MIPO_E_INPUT,
	    "the looks have different %ss: %s and %s", what, old, new);
}

int
mipo_diff_comparable(const struct mipo_snap *old, const struct mipo_snap *new,
    struct mipo_err *err)
{
	if (same("network", mipo_snap_network(old), mipo_snap_network(new),
		err) != 0 ||
	    same("vantage", mipo_snap_vantage(old), mipo_snap_vantage(new),
		err) != 0)
		return -1;
	return same(
	    "protocol", mipo_snap_proto(old), mipo_snap_proto(new), err);
}

int
mipo_diff_run(const struct mipo_snap *old, const struct mipo_snap *new,
    void (*change)(void *arg, const struct mipo_change *change), void *arg,
    struct mipo_diff_sum *ret_sum, struct mipo_err *err)
{
	struct run *run;

	if (mipo_diff_comparable(old, new, err) != 0)
		return -1;
	run = mipo_calloc(1, sizeof(*run), err);
	if (run == NULL)
		return -1;
	memset(ret_sum, 0, sizeof(*ret_sum));
	run->old = old;
	run->new = new;
	run->hosts = mipo_cover_proto(mipo_snap_cover(new)) == MIPO_ICMP;
	ret_sum->hosts = run->hosts;
	run->change = change;
	run->arg = arg;
	run->sum = ret_sum;
	hosts(run);
	summarise(run);
	free(run);
	return 0;
}
