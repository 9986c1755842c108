/* The words in a bundle: README.txt, and how to check by hand. */
#ifndef MIPO_OUT_BUNDLE_TEXT_H
#define MIPO_OUT_BUNDLE_TEXT_H

#include "trust/msig.h"

struct mipo_buf;
struct mipo_checkpoint;

/* Appends README.txt for the log that cp speaks of. */
void mipo_bundle_readme(
    const struct mipo_checkpoint *cp, struct mipo_buf *buf);

/* The manifest's trusted comment: "ORIGIN size N root HEX". */
void mipo_bundle_trusted(
    const struct mipo_checkpoint *cp, char ret_text[MIPO_MSIG_COMMENT]);

/* Appends the commands that check a bundle without mipo, one a line. */
void mipo_bundle_by_hand(struct mipo_buf *buf);

#endif
