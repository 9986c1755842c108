/*
 * The log's tree nodes follow from its entries: they are compared with what
 * they must be, and restored where they are not so.
 */
#ifndef MIPO_STORE_LOGNODES_H
#define MIPO_STORE_LOGNODES_H

#include <stdbool.h>

struct mipo_db;
struct mipo_err;

/*
 * Writes the nodes over from's entries into the table node of into, which
 * is another database, and empty there. E_TAMPERED where the entries are
 * not numbered 0, 1, 2 and so on.
 */
int mipo_lognodes_derive(
    struct mipo_db *from, struct mipo_db *into, struct mipo_err *err);

/*
 * Inside the caller's write transaction: makes the nodes anew if some are
 * missing, wrong or too many. *ret_restored: it had to.
 */
int mipo_lognodes_restore(
    struct mipo_db *db, bool *ret_restored, struct mipo_err *err);

#endif
