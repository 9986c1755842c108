#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "bin/mipo-audit/verify.h"

/* Two clocks that are right do not differ by more. */
#define AHEAD_MS (INT64_C(5) * 60 * 1000)

static void
judge_key(struct verify *run)
{
	const struct mipo_logfacts *facts = run->facts;
	struct mipo_report *report = &run->report;

	if (run->pinned) {
		if (!facts->has_genesis)
			mipo_report_put(report, MIPO_NOT_CHECKED, "key",
			    "entry 0, which names the log's key, could not "
			    "be read");
		else if (facts->fault[MIPO_FAULT_KEY].count == 0)
			mipo_report_put(report, MIPO_PASS, "key",
			    "the log is by the pinned key %s", run->key.id);
		return;
	}
	mipo_report_put(report, MIPO_NOT_CHECKED, "key",
	    "this log was checked against its own key %s: without --key "
	    "anybody could have made it",
	    facts->has_genesis ? facts->genesis.log_vkey.pub.id : "(none)");
	run->unmet = true;
}

static void
judge_anchor(
    struct verify *run, int which, const char *check, const char *option)
{
	const struct mipo_anchor *anchor = &run->anchor[which];
	struct mipo_report *report = &run->report;
	unsigned long long size = anchor->cp.size;

	if (!run->has_anchor[which])
		mipo_report_put(report, MIPO_NOT_CHECKED, check,
		    "no earlier checkpoint was given (%s)", option);
	else if (run->facts->has_genesis &&
	    strcmp(run->facts->genesis.origin, anchor->cp.origin) != 0)
		mipo_report_put(report, MIPO_FAIL, check,
		    "you hold a checkpoint of %s, this is another log",
		    anchor->cp.origin);
	else if (anchor->found == MIPO_ANCHOR_SAME)
		mipo_report_put(report, MIPO_PASS, check,
		    "the log contains the %llu entries of the checkpoint "
		    "that you hold", size);
	else if (anchor->found == MIPO_ANCHOR_OTHER)
		mipo_report_put(report, MIPO_FAIL, check,
		    "its first %llu entries are not those of the checkpoint "
		    "that you hold: history was rewritten", size);
	else
		mipo_report_put(report, MIPO_FAIL, check,
		    "it ends at %llu entries, before the %llu that you hold "
		    "a checkpoint of: cut off, rolled back, or an older "
		    "export", (unsigned long long)run->facts->entries, size);
}

static void
judge_challenge(struct verify *run)
{
	struct mipo_report *report = &run->report;

	if (run->opts->challenge == NULL) {
		mipo_report_put(report, MIPO_NOT_CHECKED, "challenge",
		    "no nonce was given (--challenge)");
	} else if (run->facts->challenged) {
		mipo_report_put(report, MIPO_PASS, "challenge",
		    "entry %llu answers it",
		    (unsigned long long)run->facts->challenge_seq);
	} else {
		mipo_report_put(report, MIPO_NOT_CHECKED, "challenge",
		    "no entry answers it: ask for an export that does");
		run->unmet = true;
	}
}

/* Why the last entry's age is not proven, or NULL. */
static const char *
doubt_age(const struct verify *run, int64_t age)
{
	if (run->facts->timed == 0)
		return "no entry's time was read";
	if (age < -AHEAD_MS)
		return "it is ahead of this clock: one of the two is wrong";
	if (age > 0 && (uint64_t)age > run->opts->max_age)
		return "it is older than you allow";
	if (run->facts->jumps > 0)
		return "the clock of the log jumped, so its times prove "
		       "nothing";
	return NULL;
}

static void
judge_age(struct verify *run)
{
	int64_t age = mipo_clock_wall_ms() - run->facts->last_ms;
	const char *doubt = doubt_age(run, age);
	struct mipo_report *report = &run->report;
	char last[MIPO_TIME_LEN] = "no time";

	if (run->facts->timed > 0)
		mipo_text_time(run->facts->last_ms, last);
	if (run->opts->max_age == 0) {
		mipo_report_put(report, MIPO_NOT_CHECKED, "age",
		    "no limit was given (--max-age)");
	} else if (doubt != NULL) {
		mipo_report_put(report, MIPO_NOT_CHECKED, "age",
		    "the last entry says %s: %s", last, doubt);
		run->unmet = true;
	} else {
		mipo_report_put(report, MIPO_PASS, "age",
		    "the last entry says %s", last);
	}
}

void
verify_judge(struct verify *run)
{
	judge_key(run);
	judge_anchor(run, ANCHOR_SINCE, "since", "--since");
	judge_anchor(run, ANCHOR_MEMORY, "memory", "--state-file");
	judge_challenge(run);
	judge_age(run);
}
