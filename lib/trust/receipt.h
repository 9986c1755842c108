/*
 * The receipt: proof that a scan ran and what it covered, signed by the
 * scanner. The signature is over "mipo-scan/receipt/v1\n" and the canonical
 * bytes of the scan.end record without its sig field.
 */
#ifndef MIPO_TRUST_RECEIPT_H
#define MIPO_TRUST_RECEIPT_H

#include <stdint.h>

struct mipo_err;
struct mipo_key;
struct mipo_pub;
struct mipo_rec;

/*
 * Puts key, signed ("ed25519") and sig into rec; with a NULL key puts
 * key = "none" and signed = "none". Call when all else is in rec.
 */
int mipo_receipt_sign(struct mipo_rec *rec, const struct mipo_key *key,
    struct mipo_err *err);

enum mipo_receipt_state {
	MIPO_RECEIPT_GOOD,     /* signed by pub */
	MIPO_RECEIPT_UNSIGNED, /* says so itself */
	MIPO_RECEIPT_UNKNOWN,  /* signed by another key than pub */
	MIPO_RECEIPT_BAD       /* the signature does not hold */
};

/* pub may be NULL (then never GOOD). -1 only when memory is out. */
int mipo_receipt_check(const struct mipo_rec *rec,
    const struct mipo_pub *pub, enum mipo_receipt_state *ret_state,
    struct mipo_err *err);

#endif
