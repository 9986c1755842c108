#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/canon.h"
#include "data/rec.h"
#include "trust/logcheck-impl.h"

/* The next job of the batch; there is room for one an item. */
static struct job *
add_job(struct batch *batch, const struct item *item, uint64_t seq,
    uint64_t prefix)
{
	struct job *job = &batch->job[batch->n_jobs++];

	memset(job, 0, sizeof(*job));
	job->item = item;
	job->seq = seq;
	job->prefix = prefix;
	return job;
}

/* Whose signature a checkpoint must have. */
static void
set_vkey(struct mipo_logcheck *check, const char *origin,
    const struct mipo_pub *pub)
{
	struct order *order = &check->order;

	order->has_vkey =
	    mipo_vkey_make(origin, pub, &order->vkey, NULL) == 0;
}

static void
order_genesis(struct mipo_logcheck *check, const struct item *item)
{
	struct mipo_logfacts *facts = &check->facts;
	const struct mipo_pub *pinned = check->opts.key, *own;
	struct mipo_err why = {0};

	if (mipo_genesis_parse(
		item->bytes, item->len, &facts->genesis, &why) != 0) {
		if (!mipo_logcheck_broke(check, &why))
			mipo_logcheck_fault(check, MIPO_FAULT_GENESIS, 0, 0,
			    "%.180s", why.text);
		return;
	}
	facts->has_genesis = true;
	check->order.ratchet = facts->genesis.ratchet;
	check->order.chained = true;
	own = &facts->genesis.log_vkey.pub;
	if (pinned != NULL && memcmp(pinned->pk, own->pk, MIPO_PK_LEN) != 0)
		mipo_logcheck_fault(check, MIPO_FAULT_KEY, NO_SEQ, 0,
		    "this log is by key %s (origin %s); the key that you "
		    "gave is %s: another log's key, or somebody made this "
		    "log to look like yours", own->id, facts->genesis.origin,
		    pinned->id);
	set_vkey(check, facts->genesis.origin, own);
}

/* All that a seal says but its signature. */
static void
check_seal(struct mipo_logcheck *check, const struct item *item,
    const struct mipo_seal *seal, uint64_t seq)
{
	const struct order *order = &check->order;
	const struct mipo_tree *tree = &order->tiles.tree;
	uint8_t root[MIPO_HASH_LEN];
	const char *fault = NULL;

	mipo_tree_root(tree, root);
	if (order->unsealed == 0)
		fault = "a second seal in one commit";
	else if (seal->n != order->n)
		fault = "its n is not one more than the seal's before it";
	else if (seal->size != tree->size ||
	    memcmp(seal->root, root, sizeof(root)) != 0)
		fault = "its root is not that of the entries before it";
	else if (order->prev_good &&
	    (item->entry.actor.len != order->actor_len ||
		memcmp(item->entry.actor.p, order->actor,
		    order->actor_len) != 0 ||
		item->entry.stamp.time_ms != order->stamp.time_ms ||
		item->entry.stamp.mono_ms != order->stamp.mono_ms ||
		strcmp(item->entry.stamp.boot, order->stamp.boot) != 0))
		fault = "it does not repeat actor and time of the entry "
			"before it";
	if (fault != NULL)
		mipo_logcheck_fault(check, MIPO_FAULT_SEAL, seq,
		    order->commit, "%s", fault);
}

static void
order_seal(struct mipo_logcheck *check, struct batch *batch,
    const struct item *item, uint64_t seq)
{
	struct order *order = &check->order;
	struct mipo_err why = {0};
	struct mipo_seal seal;
	struct job *job;

	if (mipo_seal_parse(item->entry.data, &seal, &why) != 0) {
		mipo_logcheck_fault(check, MIPO_FAULT_SEAL, seq,
		    order->commit, "%.180s", why.text);
		order->chained = false;
		return;
	}
	check_seal(check, item, &seal, seq);
	if (order->chained) {
		job = add_job(batch, item, seq, order->commit);
		job->kind = JOB_SEAL;
		job->pub = order->ratchet;
		job->seal = seal;
	} else {
		mipo_logcheck_fault(check, MIPO_FAULT_SEAL, seq,
		    order->commit, "the key that signs it is not known, "
		    "because what names it is damaged");
	}
	order->ratchet = seal.next;
	order->n = seal.n + 1;
	order->chained = check->facts.has_genesis;
}

/* A text of the entry's record; its raw form without quotes. */
static bool
find_text(const struct item *item, const char *key, struct mipo_span *ret)
{
	struct mipo_span data = item->entry.data;

	if (!mipo_canon_find(data.p, data.len, key, &ret->p, &ret->len) ||
	    ret->len < 2 || ret->p[0] != '"')
		return false;
	ret->p++;
	ret->len -= 2;
	return true;
}

static void
order_scanner(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;
	uint8_t pk[MIPO_PK_LEN];
	struct mipo_err err = {0};
	struct mipo_span pub;
	void *grown = order->scanners;

	if (!find_text(item, "pub", &pub) ||
	    mipo_unb64_exact(pub.p, pub.len, pk, sizeof(pk), NULL) != 0)
		return;
	if (mipo_grow(&grown, &order->cap_scanners, order->n_scanners + 1,
		sizeof(*order->scanners), &err) != 0) {
		(void)mipo_logcheck_broke(check, &err);
		return;
	}
	order->scanners = grown;
	mipo_pub_set(&order->scanners[order->n_scanners++], pk);
}

static void
order_scan(struct mipo_logcheck *check, struct batch *batch,
    const struct item *item, uint64_t seq)
{
	struct order *order = &check->order;
	struct job *job = add_job(batch, item, seq, order->commit);
	uint8_t stream[MIPO_HASH_LEN];
	char hex[2 * MIPO_HASH_LEN + 1];
	struct mipo_span text;

	job->kind = JOB_RECEIPT;
	if (find_text(item, "key", &text))
		for (size_t i = 0; i < order->n_scanners; i++)
			if (mipo_span_is(text, order->scanners[i].id)) {
				job->pub = order->scanners[i];
				job->has_pub = true;
			}
	if (check->opts.scan == NULL ||
	    !find_text(item, "stream_sha256", &text) ||
	    text.len != sizeof(hex) - 1)
		return;
	memcpy(hex, text.p, sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	if (mipo_text_unhex(hex, stream, sizeof(stream), NULL) == 0)
		check->opts.scan(check->opts.arg, stream);
}

static void
order_challenge(
    struct mipo_logcheck *check, const struct item *item, uint64_t seq)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	const char *nonce;

	if (check->opts.challenge == NULL)
		return;
	if (mipo_entry_rec(item->entry.data, &rec, &err) != 0) {
		(void)mipo_logcheck_broke(check, &err);
		return;
	}
	nonce = mipo_rec_str(rec, "nonce");
	if (nonce != NULL && strcmp(nonce, check->opts.challenge) == 0) {
		check->facts.challenged = true;
		check->facts.challenge_seq = seq;
	}
	mipo_rec_free(rec);
}

void
mipo_logcheck_order_kind(struct mipo_logcheck *check, struct batch *batch,
    const struct item *item, uint64_t seq)
{
	struct mipo_span kind = item->entry.kind;

	if (check->facts.entries == 0)
		order_genesis(check, item);
	else if (mipo_span_is(kind, "genesis"))
		mipo_logcheck_fault(check, MIPO_FAULT_GENESIS, seq,
		    check->order.commit, "a second genesis");
	if (mipo_span_is(kind, "seal")) {
		order_seal(check, batch, item, seq);
		return;
	}
	check->order.unsealed++;
	if (mipo_span_is(kind, "scan.end"))
		order_scan(check, batch, item, seq);
	else if (mipo_span_is(kind, "access.scanner"))
		order_scanner(check, item);
	else if (mipo_span_is(kind, "evidence.challenge"))
		order_challenge(check, item, seq);
}

/* A checkpoint's size against what is here. */
static bool
check_size(struct mipo_logcheck *check, uint64_t size)
{
	const struct order *order = &check->order;
	uint64_t have = order->tiles.tree.size;

	if (size > have)
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT,
		    order->next_seq, order->commit,
		    "the checkpoint signs %llu entries, %llu are here",
		    (unsigned long long)size, (unsigned long long)have);
	else if (size < have)
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT, size, size,
		    "the checkpoint ends before it; %llu entries are here",
		    (unsigned long long)have);
	return size == have;
}

void
mipo_logcheck_order_note(struct mipo_logcheck *check, struct batch *batch,
    const struct item *item)
{
	struct order *order = &check->order;
	struct mipo_logfacts *facts = &check->facts;
	uint8_t root[MIPO_HASH_LEN];
	struct job *job;

	facts->notes++;
	facts->covered = false;
	if (!item->good) {
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT, NO_SEQ, 0,
		    "it is not a checkpoint at all");
		return;
	}
	if (!order->has_vkey && check->opts.key != NULL &&
	    mipo_origin_is_of(item->cp.origin, check->opts.key))
		set_vkey(check, item->cp.origin, check->opts.key);
	job = add_job(batch, item, NO_SEQ, 0);
	job->kind = JOB_NOTE;
	job->has_pub = order->has_vkey;
	order->has_note = true;
	memcpy(order->note_root, item->cp.root, sizeof(order->note_root));
	if (!check_size(check, item->cp.size))
		return;
	mipo_tree_root(&order->tiles.tree, root);
	if (memcmp(root, item->cp.root, sizeof(root)) != 0) {
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT, NO_SEQ, 0,
		    "its root is not that of the %llu entries",
		    (unsigned long long)item->cp.size);
		return;
	}
	facts->covered = true;
	facts->last = item->cp;
}

/* A tile of level 1 or more, whole or begun, at this very size. */
void
mipo_logcheck_order_tile(
    struct mipo_logcheck *check, const struct item *item)
{
	const struct order *order = &check->order;
	const struct mipo_tile_id *id = &item->tile;
	uint64_t size = order->tiles.tree.size >> 8 * id->level;
	const uint8_t *ours = order->tiles.open[id->level][0];
	char path[MIPO_TILE_PATH];
	bool same;

	if (id->width == MIPO_TILE_WIDTH) {
		ours = order->made[id->level];
		same = (size & 255) == 0 && id->n == (size >> 8) - 1;
	} else {
		same = id->n == size >> 8 && id->width == (size & 255);
	}
	check->facts.tiles++;
	if (same && memcmp(ours, item->bytes, item->len) == 0)
		return;
	mipo_tile_path(id, path);
	mipo_logcheck_fault(check, MIPO_FAULT_TILE, NO_SEQ, 0,
	    "%s is not what the entries give", path);
}
