/* A log, walked and checked entry by entry with the plainest of code. */
#ifndef MIPO_TESTS_WALK_H
#define MIPO_TESTS_WALK_H

#include "store.h"

#include "store/logread.h"
#include "trust/chain.h"
#include "trust/seal.h"

/* Walks the whole log as a verifier does; the number of entries. */
static inline uint64_t
walk_log(struct mipo_state *state)
{
	struct mipo_err err = {0};
	struct mipo_logread *reader = NULL;
	struct mipo_logrow row;
	struct mipo_noterow note;
	struct mipo_tree tree;
	struct mipo_genesis genesis;
	struct mipo_pub ratchet;
	struct mipo_checkpoint cp;
	uint8_t leaf[32], root[32], prev[32] = {0};
	uint64_t seq = 0, sealed = 0;
	int r;

	ck_ok(mipo_logread_open(state, &reader, &err));
	mipo_tree_init(&tree);
	while ((r = mipo_logread_next(reader, &row, &err)) > 0) {
		struct mipo_entry entry;
		struct mipo_seal seal;

		ck_assert_uint_eq(row.seq, seq);
		if (seq == 0) {
			ck_ok(mipo_genesis_parse(
			    row.body, row.len, &genesis, &err));
			ratchet = genesis.ratchet;
		}
		ck_ok(mipo_entry_parse(row.body, row.len, &entry, &err));
		ck_assert_mem_eq(entry.prev, prev, 32);
		mipo_tree_root(&tree, root);
		mipo_leaf_hash(row.body, row.len, leaf);
		if (mipo_span_is(entry.kind, "seal")) {
			ck_ok(mipo_seal_parse(entry.data, &seal, &err));
			ck_ok(mipo_seal_check(
			    &seal, genesis.origin, &ratchet, &err));
			ck_assert_uint_eq(seal.n, sealed);
			ck_assert_mem_eq(seal.root, root, 32);
			ratchet = seal.next;
			sealed++;
		}
		mipo_tree_append(&tree, leaf, NULL, NULL);
		memcpy(prev, leaf, 32);
		seq++;
		if (!mipo_span_is(entry.kind, "seal"))
			continue;
		ck_assert_int_eq(
		    mipo_logread_note(reader, seq - 1, &note, &err), 1);
		ck_ok(mipo_checkpoint_open(
		    note.body, note.len, &genesis.log_vkey, &cp, &err));
		mipo_tree_root(&tree, root);
		ck_assert_uint_eq(cp.size, seq);
		ck_assert_mem_eq(cp.root, root, 32);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_eq(mipo_logread_size(reader), seq);
	ck_ok(mipo_logread_checkpoint(reader, &note, &err));
	ck_assert_uint_eq(note.size, seq);
	ck_assert_int_eq(mipo_logread_next(reader, &row, &err), 0);
	ck_ok(mipo_logread_seek(reader, 1, &err));
	ck_assert_int_eq(mipo_logread_next(reader, &row, &err), 1);
	ck_assert_uint_eq(row.seq, 1);
	mipo_logread_close(reader);
	return seq;
}

#endif
