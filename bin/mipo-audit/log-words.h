/* What an entry is about, in a few words for people. */
#ifndef MIPO_AUDIT_LOG_WORDS_H
#define MIPO_AUDIT_LOG_WORDS_H

struct mipo_buf;
struct mipo_entry;
struct mipo_err;

/*
 * Appends the words that matter in an entry of its kind, escaped; of a kind
 * that nothing is known of, the beginning of its data.
 */
int audit_words(struct mipo_buf *buf, const struct mipo_entry *entry,
    struct mipo_err *err);

#endif
