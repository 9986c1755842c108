#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "bin/mipo-audit/verify-state.h"
#include "bin/mipo-audit/verify.h"
#include "store/logread.h"
#include "store/sides.h"
#include "store/state.h"

/* What is read side by side: entries, and what stands beside them. */
struct walk {
	struct verify *run;
	struct mipo_state *state;
	struct mipo_logread *reader;
	uint64_t entries;
	uint64_t bad_rows; /* rows whose seq is not their place */
	uint64_t first_bad_row;
	uint64_t stray_entries, stray_notes; /* of impossible numbers */
	struct mipo_noterow note; /* the next to come */
	struct mipo_noderow node; /* likewise */
	bool has_note, has_node;
	struct mipo_sides *sides;
	struct mipo_sidefacts side_facts;
	struct mipo_err bent; /* what made reading end too early */
};

/* The note of the smallest size above after, kept until its turn. */
static int
next_note(struct walk *walk, uint64_t after, struct mipo_err *err)
{
	int got = mipo_logread_note(walk->reader, after, &walk->note, err);

	walk->has_note = got == 1;
	return got < 0 ? -1 : 0;
}

static int
take_note(struct walk *walk, struct mipo_err *err)
{
	struct mipo_buf *kept = &walk->run->note;

	mipo_buf_clear(kept);
	mipo_buf_put(kept, walk->note.body, walk->note.len);
	if (mipo_logcheck_note(walk->run->check, walk->note.body,
		walk->note.len, err) != 0)
		return -1;
	return next_note(walk, walk->note.size, err);
}

static int
next_node(struct walk *walk, struct mipo_err *err)
{
	int got = mipo_logread_node(walk->reader, &walk->node, err);

	walk->has_node = got == 1;
	return got < 0 ? -1 : 0;
}

/* The nodes that end with an entry which is in: up to last. */
static int
take_nodes(struct walk *walk, int64_t last, struct mipo_err *err)
{
	const struct mipo_noderow *node = &walk->node;

	while (walk->has_node && node->last <= last)
		if (mipo_logcheck_node(walk->run->check, node->last,
			node->level, node->hash, node->len, err) != 0 ||
		    next_node(walk, err) != 0)
			return -1;
	return 0;
}

static int
take_row(
    struct walk *walk, const struct mipo_logrow *row, struct mipo_err *err)
{
	if (row->seq != walk->entries && walk->bad_rows++ == 0)
		walk->first_bad_row = walk->entries;
	walk->entries++;
	if (mipo_logcheck_entry(walk->run->check, row->body, row->len, NULL,
		err) != 0 ||
	    mipo_sides_entry(walk->sides, row->body, row->len, err) != 0 ||
	    take_nodes(walk, (int64_t)walk->entries - 1, err) != 0)
		return -1;
	while (walk->has_note && walk->note.size <= walk->entries)
		if (take_note(walk, err) != 0)
			return -1;
	return 0;
}

static int
walk_rows(struct walk *walk, struct mipo_err *err)
{
	struct mipo_logrow row;
	int got;

	if (next_note(walk, 0, err) != 0 || next_node(walk, err) != 0 ||
	    take_nodes(walk, -1, err) != 0)
		return -1;
	while ((got = mipo_logread_next(walk->reader, &row, err)) == 1)
		if (take_row(walk, &row, err) != 0)
			return -1;
	if (got != 0 || take_nodes(walk, INT64_MAX, err) != 0)
		return -1;
	while (walk->has_note) /* beyond the last entry */
		if (take_note(walk, err) != 0)
			return -1;
	return 0;
}

static int
walk_all(struct walk *walk, struct mipo_err *err)
{
	int r = -1;

	if (mipo_logread_open(walk->state, &walk->reader, err) != 0)
		return -1;
	if (mipo_sides_new(walk->state, &walk->sides, err) == 0 &&
	    mipo_logread_strays(walk->reader, &walk->stray_entries,
		&walk->stray_notes, err) == 0 &&
	    walk_rows(walk, err) == 0)
		r = mipo_sides_finish(walk->sides, &walk->side_facts, err);
	mipo_sides_free(walk->sides);
	mipo_logread_close(walk->reader);
	return r;
}

/*
 * A database that is damaged, or lacks what it must have, is a finding: the
 * report goes on with what was read. Other errors are errors.
 */
static int
walk_far(struct walk *walk, struct mipo_err *err)
{
	struct mipo_err why = {0};

	if (walk->state == NULL || walk_all(walk, &why) == 0)
		return 0;
	if (why.code == MIPO_E_TAMPERED || why.code == MIPO_E_INTERNAL) {
		walk->bent = why;
		return 0;
	}
	*err = why;
	return -1;
}

static void
put_table(const struct walk *walk)
{
	struct mipo_report *report = &walk->run->report;
	unsigned long long entries = walk->stray_entries;
	unsigned long long notes = walk->stray_notes;

	if (walk->bent.code != MIPO_E_NONE)
		mipo_report_put(report, MIPO_FAIL, "table",
		    "the database cannot be read on after %llu entries: %s",
		    (unsigned long long)walk->entries, walk->bent.text);
	if (walk->bad_rows > 0)
		mipo_report_put(report, MIPO_FAIL, "table",
		    "entry %llu is not under its number in the database "
		    "(and %llu more)",
		    (unsigned long long)walk->first_bad_row,
		    (unsigned long long)walk->bad_rows - 1);
	if (entries + notes > 0)
		mipo_report_put(report, MIPO_FAIL, "table",
		    "the database has %llu entries and %llu checkpoints "
		    "under numbers below those of a log", entries, notes);
	if (walk->bent.code != MIPO_E_NONE || walk->bad_rows > 0 ||
	    entries + notes > 0)
		return;
	if (walk->entries == 0)
		mipo_report_put(report, MIPO_NOT_CHECKED, "table",
		    "no entry was read");
	else
		mipo_report_put(report, MIPO_PASS, "table",
		    "the database has each entry under its own number");
}

static void
put_sides(const struct walk *walk)
{
	struct mipo_report *report = &walk->run->report;
	const struct mipo_sidefacts *facts = &walk->side_facts;
	unsigned long long there = facts->named - facts->forgotten;

	if (walk->bent.code != MIPO_E_NONE)
		mipo_report_put(report, MIPO_NOT_CHECKED, "sides",
		    "the database could not be read to its end");
	else if (facts->wrong > 0)
		mipo_report_put(report, MIPO_FAIL, "sides",
		    "the bytes of side object %s are others (and %llu more)",
		    facts->first_wrong,
		    (unsigned long long)facts->wrong - 1);
	else if (facts->spare > 0)
		mipo_report_put(report, MIPO_FAIL, "sides",
		    "%llu side objects are named by no entry",
		    (unsigned long long)facts->spare);
	else if (facts->named == 0)
		mipo_report_put(report, MIPO_NOT_CHECKED, "sides",
		    "no entry that was read names one");
	else
		mipo_report_put(report, MIPO_PASS, "sides",
		    "of %llu side objects %llu are here, each as its entries "
		    "name it; %llu were forgotten",
		    (unsigned long long)facts->named, there,
		    (unsigned long long)facts->forgotten);
}

static void
put_rows(const struct walk *walk, const struct mipo_err *bent)
{
	struct mipo_report *report = &walk->run->report;

	if (bent->code != MIPO_E_NONE)
		mipo_report_put(
		    report, MIPO_FAIL, "schema", "%s", bent->text);
	else
		mipo_report_put(report, MIPO_PASS, "schema",
		    "the database has our tables and guards, and no others");
	put_table(walk);
	mipo_logcheck_report(walk->run->facts, report);
	put_sides(walk);
}

/* bent: what is wrong with the schema; state: NULL where it is hopeless. */
static int
check_log(struct verify *run, const char *path, struct mipo_state *state,
    const struct mipo_err *bent, struct mipo_err *err)
{
	struct walk walk = {.run = run, .state = state};
	struct verify_ratchet ratchet;

	run->check_opts.nodes = true;
	if (verify_ratchet_see(&ratchet, path, err) != 0 ||
	    mipo_logcheck_new(&run->check_opts, &run->check, err) != 0 ||
	    walk_far(&walk, err) != 0 ||
	    mipo_logcheck_finish(run->check, &run->facts, err) != 0)
		return -1;
	put_rows(&walk, bent);
	if (verify_ratchet_judge(&ratchet, run, path, state, err) != 0)
		return -1;
	mipo_report_put(&run->report, MIPO_NOT_CHECKED, "objects",
	    "mipo-store check holds the recorded streams to their names");
	return 0;
}

static int
check_state(struct verify *run, const char *path, struct mipo_err *err)
{
	struct mipo_err bent = {0}, why = {0};
	struct mipo_state *state = NULL;
	int r;

	if (mipo_state_open_bent(path, &state, &bent, &why) != 0) {
		if (why.code != MIPO_E_TAMPERED) {
			*err = why;
			return -1;
		}
		bent = why;
	}
	r = check_log(run, path, state, &bent, err);
	mipo_state_close(state);
	return r;
}

int
verify_state(struct verify *run, const char *path, struct mipo_err *err)
{
	const struct mipo_common *common = &run->opts->common;
	char *found;
	int r;

	if (mipo_state_find(path != NULL ? path : common->state,
		path == NULL && common->system, &found, err) != 0)
		return -1;
	r = check_state(run, found, err);
	free(found);
	return r;
}
