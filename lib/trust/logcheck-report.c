#include <stdio.h>

#include "base/text.h"
#include "trust/logcheck-impl.h"
#include "trust/report.h"

/* What a check says when nothing was wrong, and where nothing was read. */
static const struct {
	const char *name, *good, *none;
} checks[MIPO_FAULT_N] = {
    [MIPO_FAULT_FORM] = {"form",
	"every entry is canonical and has exactly its fields",
	"no entry was read"},
    [MIPO_FAULT_GENESIS] = {"genesis",
	"entry 0 certifies its origin, key and rules",
	"entry 0 could not be read"},
    [MIPO_FAULT_KEY] = {"key", NULL, NULL}, /* the caller's row */
    [MIPO_FAULT_ORDER] = {"order",
	"each entry names the one before it; none is missing",
	"no entry was read"},
    [MIPO_FAULT_SEAL] = {"seals",
	"one a commit, each by the key that the one before names",
	"no seal was read"},
    [MIPO_FAULT_TILE] = {"tiles", "every tile is what the entries give",
	"no tile was read"},
    [MIPO_FAULT_NODE] = {"nodes",
	"the Merkle nodes in the database are those of the entries",
	"no Merkle node was read"},
    [MIPO_FAULT_CHECKPOINT] = {"checkpoint",
	"signed by the log's key, and its root is that of all entries",
	"no checkpoint was read"},
};

/* What the checkpoint's good row says of a log by another key. */
static const char own_key[] = "signed by the key that the log itself names, "
			      "not by yours; its root is that of all entries";

static void
put_fault(struct mipo_report *report, const char *name,
    const struct mipo_fault *fault)
{
	char more[64] = "";

	if (fault->count > 1)
		(void)snprintf(more, sizeof(more), " (and %llu more)",
		    (unsigned long long)fault->count - 1);
	if (fault->seq == NO_SEQ)
		mipo_report_put(report, MIPO_FAIL, name, "%s%s", fault->text,
		    more);
	else
		mipo_report_put(report, MIPO_FAIL, name, "entry %llu: %s%s",
		    (unsigned long long)fault->seq, fault->text, more);
}

static void
put_receipts(const struct mipo_logfacts *facts, struct mipo_report *report)
{
	const struct mipo_fault *fault = &facts->fault[MIPO_FAULT_RECEIPT];

	if (fault->count > 0)
		put_fault(report, "receipts", fault);
	else if (facts->scans == 0)
		mipo_report_put(report, MIPO_NOT_CHECKED, "receipts", "%s",
		    facts->entries == 0 ? checks[MIPO_FAULT_FORM].none
					: "the log records no scan");
	else if (facts->scans_good == facts->scans)
		mipo_report_put(report, MIPO_PASS, "receipts",
		    "%llu scans, each signed by a registered scanner",
		    (unsigned long long)facts->scans);
	else
		mipo_report_put(report, MIPO_NOT_CHECKED, "receipts",
		    "of %llu scans %llu are signed by a registered scanner, "
		    "%llu by an unknown key, %llu not at all",
		    (unsigned long long)facts->scans,
		    (unsigned long long)facts->scans_good,
		    (unsigned long long)facts->scans_unknown,
		    (unsigned long long)facts->scans_unsigned);
}

/* A wrong clock is no tampering, but whoever reads times must know. */
static void
put_clock(const struct mipo_logfacts *facts, struct mipo_report *report)
{
	char first[MIPO_TIME_LEN], last[MIPO_TIME_LEN];

	mipo_text_time(facts->first_ms, first);
	mipo_text_time(facts->last_ms, last);
	if (facts->timed == 0)
		mipo_report_put(report, MIPO_NOT_CHECKED, "clock",
		    "no entry's time was read");
	else if (facts->jumps == 0)
		mipo_report_put(report, MIPO_PASS, "clock",
		    "%s to %s by the log's own word, no jump within a boot",
		    first, last);
	else
		mipo_report_put(report, MIPO_NOT_CHECKED, "clock",
		    "the wall clock jumped %llu times, first at entry %llu "
		    "by %lld ms: times from there are not to be relied on",
		    (unsigned long long)facts->jumps,
		    (unsigned long long)facts->first_jump,
		    (long long)facts->jump_ms);
}

/* A check that found nothing wrong, in read things. */
static void
put_good(const struct mipo_logfacts *facts, enum mipo_logfault check,
    uint64_t read, struct mipo_report *report)
{
	bool stranger = check == MIPO_FAULT_CHECKPOINT &&
	    facts->fault[MIPO_FAULT_KEY].count > 0;

	if (read == 0)
		mipo_report_put(report, MIPO_NOT_CHECKED, checks[check].name,
		    "%s", checks[check].none);
	else
		mipo_report_put(report, MIPO_PASS, checks[check].name, "%s",
		    stranger ? own_key : checks[check].good);
}

void
mipo_logcheck_report(
    const struct mipo_logfacts *facts, struct mipo_report *report)
{
	const uint64_t read[MIPO_FAULT_N] = {
	    [MIPO_FAULT_FORM] = facts->entries,
	    [MIPO_FAULT_GENESIS] = facts->has_genesis,
	    [MIPO_FAULT_ORDER] = facts->entries,
	    [MIPO_FAULT_SEAL] = facts->seals,
	    [MIPO_FAULT_TILE] = facts->tiles,
	    [MIPO_FAULT_NODE] = facts->nodes,
	    [MIPO_FAULT_CHECKPOINT] = facts->notes,
	};

	for (int i = 0; i < MIPO_FAULT_RECEIPT; i++) {
		if (facts->fault[i].count > 0)
			put_fault(report, checks[i].name, &facts->fault[i]);
		else if (i != MIPO_FAULT_KEY &&
		    (i != MIPO_FAULT_NODE || facts->has_nodes) &&
		    (i != MIPO_FAULT_TILE || facts->has_tiles))
			put_good(facts, (enum mipo_logfault)i, read[i],
			    report);
	}
	put_receipts(facts, report);
	put_clock(facts, report);
}
