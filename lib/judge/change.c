#include "judge/change.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/presence.h"
#include "data/rec.h"
#include "judge/diff.h"
#include "judge/snap.h"

/* The parts of a line that do not change, as canonical text. */
struct mipo_changes {
	unsigned gate;
	bool hosts; /* of looks for them */
	struct mipo_buf middle; /* network, new_scan, old_scan */
	struct mipo_buf tail;	/* proto, ts, type, v, vantage and the brace */
};

/* The id of no scan at all. */
static const char no_scan[] = "00000000000000000000000000000000";

static void
put_kinds(struct mipo_rec *rec, unsigned gate)
{
	mipo_rec_put_list(rec, "gate");
	for (unsigned k = MIPO_CK_NONE + 1; k < MIPO_CKIND_N; k++)
		if ((gate & 1U << k) != 0)
			mipo_rec_add_str(rec, "gate", mipo_ckinds[k].name);
}

struct mipo_rec *
mipo_diff_start(const struct mipo_snap *old, const struct mipo_snap *new,
    unsigned gate, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("diff.start", err);

	if (rec == NULL)
		return NULL;
	mipo_rec_put_str(
	    rec, "old_scan", old == NULL ? no_scan : mipo_snap_scan(old));
	mipo_rec_put_str(
	    rec, "old_verdict", old == NULL ? "none" : mipo_snap_verdict(old));
	mipo_rec_put_str(rec, "new_scan", mipo_snap_scan(new));
	mipo_rec_put_str(rec, "new_verdict", mipo_snap_verdict(new));
	mipo_rec_put_str(rec, "network", mipo_snap_network(new));
	mipo_rec_put_str(rec, "vantage", mipo_snap_vantage(new));
	mipo_rec_put_str(rec, "scope_sha256", mipo_snap_scope(new));
	if (strcmp(mipo_snap_proto(new), "tcp") != 0)
		mipo_rec_put_str(rec, "proto", mipo_snap_proto(new));
	put_kinds(rec, gate);
	return rec;
}

/* Canonical text of rec without its outer braces, into buf. Frees rec. */
static int
inner_take(struct mipo_rec *rec, struct mipo_buf *buf, struct mipo_err *err)
{
	int r = mipo_rec_canon(rec, buf, err);

	mipo_rec_free(rec);
	if (r != 0)
		return -1;
	buf->len -= 2;
	memmove(buf->data, buf->data + 1, buf->len);
	return 0;
}

static int
make_middle(struct mipo_changes *changes, const struct mipo_snap *old,
    const struct mipo_snap *new, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_new(err);

	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "network", mipo_snap_network(new));
	mipo_rec_put_str(rec, "new_scan", mipo_snap_scan(new));
	mipo_rec_put_str(rec, "old_scan", mipo_snap_scan(old));
	if (inner_take(rec, &changes->middle, err) != 0)
		return -1;
	mipo_buf_putc(&changes->middle, ',');
	return mipo_buf_ok(&changes->middle, err);
}

static int
make_tail(struct mipo_changes *changes, const struct mipo_snap *new,
    int64_t now, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("change", err);

	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "proto", mipo_snap_proto(new));
	mipo_rec_put_time(rec, "ts", now);
	mipo_rec_put_str(rec, "vantage", mipo_snap_vantage(new));
	if (inner_take(rec, &changes->tail, err) != 0)
		return -1;
	mipo_buf_putc(&changes->tail, '}');
	return mipo_buf_ok(&changes->tail, err);
}

struct mipo_changes *
mipo_changes_new(const struct mipo_snap *old, const struct mipo_snap *new,
    unsigned gate, int64_t now, struct mipo_err *err)
{
	struct mipo_changes *changes = mipo_calloc(1, sizeof(*changes), err);

	if (changes == NULL)
		return NULL;
	changes->gate = gate;
	changes->hosts = mipo_cover_proto(mipo_snap_cover(new)) == MIPO_ICMP;
	mipo_buf_init(&changes->middle, MIPO_REC_MAX_WRITE);
	mipo_buf_init(&changes->tail, MIPO_REC_MAX_WRITE);
	if (make_middle(changes, old, new, err) == 0 &&
	    make_tail(changes, new, now, err) == 0)
		return changes;
	mipo_changes_free(changes);
	return NULL;
}

void
mipo_changes_free(struct mipo_changes *changes)
{
	if (changes == NULL)
		return;
	mipo_buf_release(&changes->middle);
	mipo_buf_release(&changes->tail);
	free(changes);
}

static void
put_ports(struct mipo_buf *buf, const struct mipo_change *change)
{
	mipo_buf_puts(buf, "\"ports\":[");
	for (size_t i = 0; i < change->n_ports && i < MIPO_CHANGE_PORTS; i++) {
		if (i > 0)
			mipo_buf_putc(buf, ',');
		mipo_buf_put_u64(buf, change->ports[i]);
	}
	mipo_buf_puts(buf, "],");
}

static void
put_port(struct mipo_buf *buf, uint16_t port)
{
	mipo_buf_puts(buf, "\"port\":");
	mipo_buf_put_u64(buf, port);
	mipo_buf_putc(buf, ',');
}

void
mipo_changes_emit(const struct mipo_changes *changes,
    const struct mipo_change *change, struct mipo_buf *buf)
{
	char ip[MIPO_ADDR_LEN];
	bool gated = (changes->gate & 1U << change->kind) != 0;
	const char *(*name)(unsigned known) =
	    changes->hosts ? mipo_presence_name : mipo_known_name;

	mipo_buf_puts(buf, "{\"after\":\"");
	mipo_buf_puts(buf, name(change->after));
	mipo_buf_puts(buf, "\",\"before\":\"");
	mipo_buf_puts(buf, name(change->before));
	mipo_buf_puts(buf, gated ? "\",\"gated\":true,\"ip\":\"" :
				   "\",\"gated\":false,\"ip\":\"");
	mipo_buf_put(buf, ip, mipo_addr_format(&change->ip, ip));
	mipo_buf_puts(buf, "\",\"kind\":\"");
	mipo_buf_puts(buf, mipo_ckinds[change->kind].name);
	mipo_buf_puts(buf, "\",");
	if (change->n_ports > MIPO_CHANGE_PORTS) {
		mipo_buf_puts(buf, "\"more\":");
		mipo_buf_put_u64(buf, change->n_ports - MIPO_CHANGE_PORTS);
		mipo_buf_putc(buf, ',');
	}
	mipo_buf_put(buf, changes->middle.data, changes->middle.len);
	if (change->port != 0)
		put_port(buf, change->port);
	else if (!changes->hosts)
		put_ports(buf, change);
	mipo_buf_put(buf, changes->tail.data, changes->tail.len);
}

uint64_t
mipo_diff_gated(const struct mipo_diff_sum *sum, unsigned gate)
{
	uint64_t n = 0;

	for (unsigned k = 0; k < MIPO_CKIND_N; k++)
		if ((gate & 1U << k) != 0)
			n += sum->kinds[k];
	return n;
}

static const char *
status(const struct mipo_diff_sum *sum, unsigned gate)
{
	if (mipo_diff_gated(sum, gate) > 0 && !sum->cut)
		return "changed";
	if (!sum->conclusive)
		return "inconclusive";
	return sum->count > 0 ? "changed" : "clean";
}

/* A number of pairs may be over what a record holds. */
static int64_t
bounded(uint64_t n)
{
	return n > (uint64_t)MIPO_INT_MAX ? MIPO_INT_MAX : (int64_t)n;
}

struct mipo_rec *
mipo_diff_end(const struct mipo_diff_sum *sum, unsigned gate,
    const uint8_t digest[32], struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("diff.end", err);
	struct mipo_rec *kinds = rec == NULL ? NULL : mipo_rec_new(err);

	if (kinds == NULL) {
		mipo_rec_free(rec);
		return NULL;
	}
	for (unsigned k = 0; k < MIPO_CKIND_N; k++)
		if (sum->kinds[k] > 0)
			mipo_rec_put_int(
			    kinds, mipo_ckinds[k].name, bounded(sum->kinds[k]));
	mipo_rec_put_rec_take(rec, "kinds", kinds);
	mipo_rec_put_int(rec, "count", bounded(sum->count));
	mipo_rec_put_int(rec, "compared", bounded(sum->compared));
	mipo_rec_put_int(rec, "only_old", bounded(sum->only_old));
	mipo_rec_put_int(rec, "only_new", bounded(sum->only_new));
	mipo_rec_put_bool(rec, "conclusive", sum->conclusive);
	mipo_rec_put_str(rec, "status", status(sum, gate));
	mipo_rec_put_list(rec, "reasons");
	for (size_t i = 0; i < sum->n_reasons; i++)
		mipo_rec_add_str(rec, "reasons", sum->reasons[i]);
	mipo_rec_put_hex(rec, "stream_sha256", digest, 32);
	return rec;
}
