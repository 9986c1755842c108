#include <string.h>

#include "base/text.h"
#include "trust/logcheck-impl.h"

void
mipo_logcheck_read(struct batch *batch)
{
	for (size_t i = 0; i < batch->n_items; i++) {
		struct item *item = &batch->item[i];

		if (item->kind == ITEM_ENTRY) {
			mipo_leaf_hash(item->bytes, item->len, item->leaf);
			item->good = mipo_entry_parse(item->bytes, item->len,
					 &item->entry, NULL) == 0;
		} else if (item->kind == ITEM_NOTE) {
			item->good = mipo_checkpoint_peek(
					 (const char *)item->bytes, item->len,
					 &item->cp, NULL) == 0;
		}
	}
}

/* Where the whole commits before the last entry end. */
static uint64_t
prefix_before(const struct order *order)
{
	return order->tiles.tree.size == order->commit ? order->commit_before
						       : order->commit;
}

/* The later entry's leaf hash if its prev were what we computed. */
static void
mend(const struct item *item, const uint8_t prev[MIPO_HASH_LEN],
    uint8_t ret_leaf[MIPO_HASH_LEN])
{
	const char *bytes = (const char *)item->bytes;
	const char *at = item->entry.prev_at;
	char hex[2 * MIPO_HASH_LEN + 1];
	const struct mipo_hash_part parts[] = {
	    {"\0", 1},
	    {bytes, (size_t)(at - bytes)},
	    {hex, 2 * MIPO_HASH_LEN},
	    {at + 2 * MIPO_HASH_LEN,
		item->len - (size_t)(at - bytes) - 2 * MIPO_HASH_LEN},
	};

	mipo_text_hex(prev, MIPO_HASH_LEN, hex);
	mipo_hash_parts(parts, 4, ret_leaf);
}

/*
 * One entry's prev does not name the entry before it: either that one was
 * changed, or this one's prev. What comes next tells.
 */
static void
suspect(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;
	struct suspect *s = &order->suspect;

	s->open = true;
	s->seq = item->entry.seq - 1;
	s->prefix = prefix_before(order);
	s->next = item->entry.seq;
	s->next_prefix = order->commit;
	s->tiled = order->prev_tiled;
	s->tree = order->tiles.tree;
	mend(item, order->prev, s->alt);
}

/*
 * Blames. mended: with its prev put right, the later entry is confirmed;
 * broken: the one after it does not confirm the later one as it is.
 */
static void
settle(struct mipo_logcheck *check, bool mended, bool broken)
{
	struct suspect *s = &check->order.suspect;

	if (!s->open)
		return;
	s->open = false;
	if (mended || (broken && s->tiled))
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, s->next,
		    s->next_prefix,
		    "prev is not the leaf hash of the entry before it");
	else
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, s->seq,
		    s->prefix,
		    "it is not the entry whose hash the next one names");
}

static void
check_link(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;
	const uint8_t *prev = item->entry.prev;
	bool broken = memcmp(prev, order->prev, MIPO_HASH_LEN) != 0;
	bool mended = order->suspect.open &&
	    memcmp(prev, order->suspect.alt, MIPO_HASH_LEN) == 0;

	settle(check, mended, broken);
	if (!broken || mended || !order->prev_good)
		return;
	if (strcmp(item->entry.log, check->facts.log) == 0)
		suspect(check, item);
	else
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER,
		    item->entry.seq, order->commit,
		    "prev is not the leaf hash of the entry before it");
}

/* An entry whose seq is not the one that its place has. */
static uint64_t
misplaced(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;
	uint64_t want = order->next_seq, got = item->entry.seq;

	settle(check, false, true);
	if (memcmp(item->entry.prev, order->prev, MIPO_HASH_LEN) == 0) {
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, want,
		    order->commit, "it says that it is entry %llu",
		    (unsigned long long)got);
		return order->next_seq++;
	}
	if (got > want) {
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, want,
		    order->commit, "it is missing: entry %llu stands there",
		    (unsigned long long)got);
		order->next_seq = got + 1;
	} else if (got + 1 == want &&
	    memcmp(item->leaf, order->prev, MIPO_HASH_LEN) != 0) {
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, got,
		    prefix_before(order), "there are two of that number");
	} else {
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, want,
		    order->commit, "entry %llu stands in its place",
		    (unsigned long long)got);
	}
	return got;
}

/* The place that an entry claims, against the one it has. Its seq. */
static uint64_t
check_place(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;

	if (item->entry.seq != order->next_seq)
		return misplaced(check, item);
	if (order->tiles.tree.size > 0)
		check_link(check, item);
	return order->next_seq++;
}

static uint64_t
distance(int64_t a, int64_t b)
{
	return a < b ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;
}

/* Wall clock against the boot's own: both should have gone on alike. */
static void
check_clock(struct mipo_logcheck *check, const struct item *item)
{
	const struct mipo_stamp *now = &item->entry.stamp;
	const struct mipo_stamp *old = &check->order.stamp;
	struct mipo_logfacts *facts = &check->facts;
	int64_t wall, mono;

	facts->last_ms = now->time_ms;
	if (facts->timed++ == 0)
		facts->first_ms = now->time_ms;
	if (facts->timed == 1 || strcmp(now->boot, old->boot) != 0)
		return;
	wall = now->time_ms - old->time_ms;
	mono = now->mono_ms - old->mono_ms;
	if (mono >= 0 &&
	    distance(wall, mono) <= 5000 + (uint64_t)mono / 1000)
		return;
	if (facts->jumps++ == 0) {
		facts->first_jump = item->entry.seq;
		facts->jump_ms = wall - mono;
	}
}

static void
check_log(struct mipo_logcheck *check, const struct item *item, uint64_t seq)
{
	if (strcmp(item->entry.log, check->facts.log) != 0)
		mipo_logcheck_fault(check, MIPO_FAULT_ORDER, seq,
		    check->order.commit, "it belongs to log %s, this is %s",
		    item->entry.log, check->facts.log);
}

static uint64_t
bad_form(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;
	struct mipo_entry entry;
	struct mipo_err why = {0};

	settle(check, false, true);
	(void)mipo_entry_parse(item->bytes, item->len, &entry, &why);
	mipo_logcheck_fault(check, MIPO_FAULT_FORM, order->next_seq,
	    order->commit, "%.180s", why.text);
	order->unsealed++;
	return order->next_seq++;
}

/* An upper tile is whole: kept until somebody shows theirs. */
static int
on_tile(void *arg, const struct mipo_tile_id *id, const uint8_t *hashes)
{
	struct order *order = arg;

	if (id->level > 0)
		memcpy(order->made[id->level], hashes,
		    sizeof(order->made[id->level]));
	return 0;
}

/* Now it is part of the log. */
static void
append(struct mipo_logcheck *check, const struct item *item)
{
	struct order *order = &check->order;
	uint64_t size;

	memcpy(order->prev, item->leaf, sizeof(order->prev));
	order->prev_good = item->good;
	order->prev_tiled = item->expects &&
	    memcmp(item->leaf, item->expected, MIPO_HASH_LEN) == 0;
	if (item->good) {
		order->stamp = item->entry.stamp;
		order->actor_len = item->entry.actor.len;
		memcpy(order->actor, item->entry.actor.p, order->actor_len);
	}
	if (check->opts.nodes)
		mipo_nodes_leaf(&order->nodes);
	(void)mipo_tiles_add(&order->tiles, item->leaf, on_tile, order);
	size = order->tiles.tree.size;
	check->facts.entries = size;
	if (item->good && mipo_span_is(item->entry.kind, "seal")) {
		order->commit_before = order->commit;
		order->commit = size;
		order->unsealed = 0;
		order->unsealed_seq = order->next_seq;
		check->facts.seals++;
	}
}

static void
check_anchors(struct mipo_logcheck *check)
{
	const struct mipo_tree *tree = &check->order.tiles.tree;
	uint8_t root[MIPO_HASH_LEN];

	for (size_t i = 0; i < check->opts.n_anchors; i++) {
		struct mipo_anchor *anchor = &check->opts.anchors[i];

		if (anchor->cp.size != tree->size)
			continue;
		mipo_tree_root(tree, root);
		anchor->found =
		    memcmp(root, anchor->cp.root, sizeof(root)) == 0
		    ? MIPO_ANCHOR_SAME
		    : MIPO_ANCHOR_OTHER;
	}
}

static void
order_entry(struct mipo_logcheck *check, struct batch *batch,
    const struct item *item)
{
	uint64_t seq;

	if (check->facts.entries == 0)
		mipo_log_id(item->bytes, item->len, check->facts.log);
	if (item->good) {
		seq = check_place(check, item);
		if (check->facts.entries > 0)
			check_log(check, item, seq);
		check_clock(check, item);
		mipo_logcheck_order_kind(check, batch, item, seq);
	} else {
		seq = bad_form(check, item);
	}
	if (item->expects &&
	    memcmp(item->leaf, item->expected, MIPO_HASH_LEN) != 0)
		mipo_logcheck_fault(check, MIPO_FAULT_TILE, seq,
		    check->order.commit,
		    "its bytes are not those whose hash its tile has");
	check->facts.tiles += item->expects && check->facts.entries % 256 == 0;
	append(check, item);
	check_anchors(check);
}

void
mipo_logcheck_order(struct mipo_logcheck *check, struct batch *batch)
{
	for (size_t i = 0; i < batch->n_items; i++) {
		const struct item *item = &batch->item[i];

		switch (item->kind) {
		case ITEM_ENTRY:
			order_entry(check, batch, item);
			break;
		case ITEM_NOTE:
			mipo_logcheck_order_note(check, batch, item);
			break;
		case ITEM_TILE:
			mipo_logcheck_order_tile(check, item);
			break;
		case ITEM_NODE:
			mipo_nodes_row(&check->order.nodes, item->node.last,
			    item->node.level, item->bytes, item->len);
			break;
		}
	}
}

/* The last entry has none after it: the checkpoint's root must tell. */
void
mipo_logcheck_settle_last(struct mipo_logcheck *check)
{
	struct order *order = &check->order;
	struct suspect *s = &order->suspect;
	uint8_t root[MIPO_HASH_LEN];
	struct mipo_tree tree;

	if (!s->open)
		return;
	tree = s->tree;
	mipo_tree_append(&tree, s->alt, NULL, NULL);
	mipo_tree_root(&tree, root);
	settle(check,
	    order->has_note &&
		memcmp(root, order->note_root, sizeof(root)) == 0,
	    false);
}
