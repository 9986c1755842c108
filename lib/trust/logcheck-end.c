#include "trust/logcheck-impl.h"

/* Every commit has a checkpoint: the newest must sign the last entry too. */
static void
end_notes(struct mipo_logcheck *check)
{
	struct mipo_logfacts *facts = &check->facts;

	if (facts->notes == 0)
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT, NO_SEQ, 0,
		    "there is none");
	else if (facts->covered && facts->last.size < facts->entries) {
		facts->covered = false;
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT,
		    facts->last.size, facts->last.size,
		    "the newest signs %llu of %llu entries",
		    (unsigned long long)facts->last.size,
		    (unsigned long long)facts->entries);
	}
}

static void
end_nodes(struct mipo_logcheck *check)
{
	struct mipo_nodes *nodes = &check->order.nodes;

	check->facts.has_nodes = check->opts.nodes;
	check->facts.nodes = nodes->rows;
	if (!check->opts.nodes)
		return;
	mipo_nodes_leaf(nodes);
	if (nodes->first[0] == '\0')
		return;
	mipo_logcheck_fault(
	    check, MIPO_FAULT_NODE, NO_SEQ, 0, "%s", nodes->first);
	check->facts.fault[MIPO_FAULT_NODE].count =
	    nodes->missing + nodes->wrong + nodes->spare;
}

void
mipo_logcheck_end(struct mipo_logcheck *check)
{
	struct order *order = &check->order;

	mipo_logcheck_settle_last(check);
	end_nodes(check);
	check->facts.has_tiles = check->opts.tiles;
	check->facts.next_n = order->n;
	check->facts.chained = order->chained;
	check->facts.ratchet = order->ratchet;
	if (check->facts.entries == 0)
		mipo_logcheck_fault(check, MIPO_FAULT_GENESIS, 0, 0,
		    "the log is empty");
	/* where the last entry cannot be read, it may have been the seal */
	if (order->unsealed > 0 && order->prev_good)
		mipo_logcheck_fault(check, MIPO_FAULT_SEAL,
		    order->unsealed_seq, order->commit,
		    "%llu entries at the end are under no seal",
		    (unsigned long long)order->unsealed);
	end_notes(check);
}
