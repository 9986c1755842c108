#include "data/rec.h"
#include "trust/logcheck-impl.h"
#include "trust/receipt.h"

static void
sign_seal(struct mipo_logcheck *check, const struct job *job)
{
	struct mipo_err why = {0};

	if (mipo_seal_check(&job->seal, check->facts.genesis.origin,
		&job->pub, &why) != 0 &&
	    !mipo_logcheck_broke(check, &why))
		mipo_logcheck_fault(check, MIPO_FAULT_SEAL, job->seq,
		    job->prefix, "its signature does not hold");
}

static void
sign_note(struct mipo_logcheck *check, const struct job *job)
{
	const struct item *item = job->item;
	struct mipo_err why = {0};
	struct mipo_checkpoint cp;

	if (!job->has_pub)
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT, NO_SEQ, 0,
		    "the key that signs it is not known");
	else if (mipo_checkpoint_open((const char *)item->bytes, item->len,
		     &check->order.vkey, &cp, &why) != 0 &&
	    !mipo_logcheck_broke(check, &why))
		mipo_logcheck_fault(check, MIPO_FAULT_CHECKPOINT, NO_SEQ, 0,
		    "%.180s", why.text);
}

static void
tally(struct mipo_logcheck *check, enum mipo_receipt_state state)
{
	struct mipo_logfacts *facts = &check->facts;

	(void)pthread_mutex_lock(&check->mutex);
	facts->scans++;
	facts->scans_good += state == MIPO_RECEIPT_GOOD;
	facts->scans_unsigned += state == MIPO_RECEIPT_UNSIGNED;
	facts->scans_unknown += state == MIPO_RECEIPT_UNKNOWN;
	(void)pthread_mutex_unlock(&check->mutex);
}

static void
sign_receipt(struct mipo_logcheck *check, const struct job *job)
{
	enum mipo_receipt_state state;
	struct mipo_err err = {0};
	struct mipo_rec *rec = NULL;

	if (mipo_entry_rec(job->item->entry.data, &rec, &err) != 0 ||
	    mipo_receipt_check(
		rec, job->has_pub ? &job->pub : NULL, &state, &err) != 0) {
		mipo_rec_free(rec);
		if (!mipo_logcheck_broke(check, &err))
			mipo_logcheck_fault(check, MIPO_FAULT_RECEIPT,
			    job->seq, job->prefix, "%.180s", err.text);
		return;
	}
	mipo_rec_free(rec);
	tally(check, state);
	if (state == MIPO_RECEIPT_BAD)
		mipo_logcheck_fault(check, MIPO_FAULT_RECEIPT, job->seq,
		    job->prefix, "the scanner's signature does not hold");
}

void
mipo_logcheck_sign(struct mipo_logcheck *check, struct batch *batch)
{
	for (size_t i = 0; i < batch->n_jobs; i++) {
		const struct job *job = &batch->job[i];

		switch (job->kind) {
		case JOB_SEAL:
			sign_seal(check, job);
			break;
		case JOB_NOTE:
			sign_note(check, job);
			break;
		case JOB_RECEIPT:
			sign_receipt(check, job);
			break;
		}
	}
}
