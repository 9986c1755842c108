/*
 * The difference against a slow model of itself: small worlds in which
 * every pair is looked at one by one, by the words of mipo-diff(1).
 */
#include "looks.h"

#include "base/buf.h"
#include "judge/diff.h"

#define HOSTS 6
#define PORTS 4
#define TRIES 20000

static uint64_t seed = 88172645463325252;

static unsigned
any(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % below);
}

static const char *const ips[HOSTS] = {"198.18.0.1", "198.18.0.2",
    "198.18.0.10", "2001:db8::2", "2001:db8::9", "2001:db8::10"};

/* One look at that world, and what it knows of each pair. */
struct model {
	bool host[HOSTS], port[PORTS], complete;
	unsigned silent; /* declared, or MIPO_UNKNOWN */
	unsigned listed[HOSTS][PORTS]; /* MIPO_UNKNOWN: not listed */
	char targets[256], ports[64], states[64], pairs[4096];
	const char *verdict;
};

static bool
covers(const struct model *m, int h, int p)
{
	return m->host[h] && m->port[p];
}

static unsigned
knows(const struct model *m, int h, int p)
{
	if (!covers(m, h, p))
		return MIPO_NOT_COVERED;
	if (m->listed[h][p] != MIPO_UNKNOWN)
		return m->listed[h][p];
	return m->complete ? m->silent : MIPO_UNKNOWN;
}

static void
add(char *text, size_t size, const char *word)
{
	size_t len = strlen(text);

	(void)snprintf(text + len, size - len, "%s", word);
}

static void
scope(struct model *m)
{
	char word[64];

	do {
		m->targets[0] = m->ports[0] = '\0';
		for (int h = 0; h < HOSTS; h++) {
			m->host[h] = any(6) != 0;
			(void)snprintf(word, sizeof(word), "%s ", ips[h]);
			if (m->host[h])
				add(m->targets, sizeof(m->targets), word);
		}
		for (int p = 0; p < PORTS; p++) {
			m->port[p] = any(6) != 0;
			(void)snprintf(word, sizeof(word), "%s%d",
			    m->ports[0] == '\0' ? "" : ",", p + 1);
			if (m->port[p])
				add(m->ports, sizeof(m->ports), word);
		}
	} while (m->targets[0] == '\0' || m->ports[0] == '\0');
}

static void
fill(struct model *m)
{
	char word[128];
	unsigned state, mood;

	for (int h = 0; h < HOSTS; h++) {
		mood = any(3); /* a host is dead, mixed, or alive */
		for (int p = 0; p < PORTS; p++) {
			state = 1 + any(MIPO_STATE_N - 1);
			if (mood == 0)
				state = any(4) == 0 ? MIPO_OPEN_FILTERED :
				    any(2) == 0     ? MIPO_FILTERED :
						      MIPO_UNREACHABLE;
			if (mood == 2)
				state = 1 + any(2);
			if (!covers(m, h, p) || state == m->silent ||
			    any(5) == 0)
				continue;
			m->listed[h][p] = state;
			(void)snprintf(word, sizeof(word), "%s %d %s, ",
			    ips[h], p + 1,
			    mipo_pstate_name((enum mipo_pstate)state));
			add(m->pairs, sizeof(m->pairs), word);
		}
	}
}

static void
make(struct model *m)
{
	static const char *const verdicts[] = {
	    "degraded", "incomplete", "interrupted", ""};
	static const unsigned silences[] = {MIPO_UNKNOWN, MIPO_CLOSED,
	    MIPO_FILTERED, MIPO_FILTERED, MIPO_OPEN_FILTERED,
	    MIPO_UNREACHABLE};

	memset(m, 0, sizeof(*m));
	scope(m);
	m->complete = any(4) != 0;
	m->verdict = m->complete ? "complete" : verdicts[any(4)];
	m->silent = silences[any(6)];
	fill(m);
}

static bool
answers(unsigned state)
{
	return state == MIPO_OPEN || state == MIPO_CLOSED;
}

static bool
any_listed(const struct model *m, int h)
{
	for (int p = 0; p < PORTS; p++)
		if (m->listed[h][p] != MIPO_UNKNOWN)
			return true;
	return false;
}

static bool
dead(const struct model *m, int h)
{
	if (!m->complete || !m->host[h])
		return false;
	for (int p = 0; p < PORTS; p++)
		if (covers(m, h, p) && knows(m, h, p) != MIPO_FILTERED &&
		    knows(m, h, p) != MIPO_UNREACHABLE)
			return false;
	return true;
}

static int
heard(const struct model *m, int h, const struct model *other, bool inside)
{
	int n = 0;

	for (int p = 0; p < PORTS; p++)
		if (answers(m->listed[h][p]) && other->port[p] == inside)
			n++;
	return n;
}

static void
tell_host(struct mipo_buf *buf, const char *kind, int h,
    const struct model *alive, const struct model *silent)
{
	mipo_buf_putf(buf, "%s %s", kind, ips[h]);
	for (int p = 0; p < PORTS; p++)
		if (alive->listed[h][p] == MIPO_OPEN && silent->port[p])
			mipo_buf_putf(buf, " %d", p + 1);
	mipo_buf_puts(buf, "\n");
}

static const char *
kind_of(unsigned a, unsigned b, bool new_complete)
{
	bool b_known = b != MIPO_UNKNOWN && b != MIPO_NOT_COVERED;

	if (b == MIPO_OPEN) {
		if (a == MIPO_OPEN)
			return NULL;
		return a == MIPO_CLOSED || a == MIPO_FILTERED ||
			a == MIPO_UNREACHABLE ? "opened" : "first_seen_open";
	}
	if (a == MIPO_OPEN) {
		if (!b_known || !new_complete)
			return "uncovered";
		if (b == MIPO_OPEN_FILTERED)
			return "silent";
		return b == MIPO_CLOSED ? "closed" : "filtered";
	}
	if (new_complete && b == MIPO_CLOSED &&
	    (a == MIPO_FILTERED || a == MIPO_UNREACHABLE))
		return "unfiltered";
	return NULL;
}

static void
model_host(struct mipo_buf *buf, const struct model *a, const struct model *b,
    int h)
{
	bool appeared = dead(a, h) && heard(b, h, a, true) > 0;
	bool gone = !appeared && dead(b, h) && heard(a, h, b, true) > 0 &&
	    heard(a, h, b, false) == 0;
	const char *kind;

	if (!any_listed(a, h) && !any_listed(b, h))
		return;
	if (appeared)
		tell_host(buf, "host_appeared", h, b, a);
	if (gone)
		tell_host(buf, "host_gone", h, a, b);
	for (int p = 0; p < PORTS; p++) {
		if ((appeared || gone) && covers(a, h, p))
			continue;
		if (a->listed[h][p] == MIPO_UNKNOWN &&
		    b->listed[h][p] == MIPO_UNKNOWN)
			continue;
		kind = kind_of(knows(a, h, p), knows(b, h, p), b->complete);
		if (kind != NULL)
			mipo_buf_putf(
			    buf, "%s %s %d\n", kind, ips[h], p + 1);
	}
}

static void
one(void *arg, const struct mipo_change *change)
{
	struct mipo_buf *buf = arg;
	char ip[MIPO_ADDR_LEN];

	(void)mipo_addr_format(&change->ip, ip);
	mipo_buf_putf(buf, "%s %s", mipo_ckinds[change->kind].name, ip);
	if (change->port != 0)
		mipo_buf_putf(buf, " %u", change->port);
	for (size_t i = 0; i < change->n_ports; i++)
		mipo_buf_putf(buf, " %u", change->ports[i]);
	mipo_buf_puts(buf, "\n");
}

static void
snap(struct model *m, struct mipo_snap **ret_snap)
{
	struct look look = {.targets = m->targets, .ports = m->ports,
	    .states = "open", .silent = "", .verdict = m->verdict,
	    .pairs = m->pairs};
	struct mipo_err err = {0};

	if (m->silent != MIPO_UNKNOWN)
		look.silent = mipo_pstate_name((enum mipo_pstate)m->silent);
	ck_ok(look_snap(&look, ret_snap, &err));
}

static uint64_t
pairs_compared(const struct model *a, const struct model *b)
{
	uint64_t n = 0;

	for (int h = 0; h < HOSTS; h++)
		for (int p = 0; p < PORTS; p++) {
			unsigned x = knows(a, h, p), y = knows(b, h, p);

			if (!b->complete && y != MIPO_OPEN)
				y = MIPO_UNKNOWN;
			n += x != MIPO_NOT_COVERED && x != MIPO_UNKNOWN &&
			    y != MIPO_NOT_COVERED && y != MIPO_UNKNOWN;
		}
	return n;
}

START_TEST(as_the_model_says)
{
	struct mipo_buf want, got;
	struct mipo_diff_sum sum;
	struct mipo_err err = {0};
	struct model a, b;
	uint64_t changes = 0;

	mipo_buf_init(&want, 65536);
	mipo_buf_init(&got, 65536);
	for (int i = 0; i < TRIES; i++) {
		struct mipo_snap *old = NULL, *new = NULL;

		make(&a);
		make(&b);
		snap(&a, &old);
		snap(&b, &new);
		mipo_buf_clear(&want);
		mipo_buf_clear(&got);
		for (int h = 0; h < HOSTS; h++)
			model_host(&want, &a, &b, h);
		ck_ok(mipo_diff_run(old, new, one, &got, &sum, &err));
		ck_assert_msg(strcmp(mipo_buf_str(&want, &err),
				  mipo_buf_str(&got, &err)) == 0,
		    "try %d: old %s silent %u: %s\nnew %s silent %u: %s\n"
		    "want\n%sgot\n%s", i, a.verdict, a.silent, a.pairs,
		    b.verdict, b.silent, b.pairs, want.data, got.data);
		ck_assert_uint_eq(sum.compared, pairs_compared(&a, &b));
		changes += sum.count;
		mipo_snap_free(old);
		mipo_snap_free(new);
	}
	ck_assert_uint_gt(changes, TRIES);
	mipo_buf_release(&want);
	mipo_buf_release(&got);
}
END_TEST

UNIT_MAIN("diff-model", as_the_model_says);
