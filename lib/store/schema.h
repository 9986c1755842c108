/*
 * The tables. Those of the log never change; the derived ones carry
 * MIPO_DERIVED_VERSION and are made anew from log and objects when it moves.
 */
#ifndef MIPO_STORE_SCHEMA_H
#define MIPO_STORE_SCHEMA_H

#include <stdbool.h>

struct mipo_db;
struct mipo_err;

#define MIPO_APPLICATION_ID  0x6d69706f /* "mipo" */
#define MIPO_DERIVED_VERSION 5

/* Makes all tables in an empty database, inside the caller's transaction. */
int mipo_schema_create(struct mipo_db *db, struct mipo_err *err);

/*
 * Compares application id and every object of the schema, text by text.
 * E_INPUT: not a mipo database. E_TAMPERED: something in it is not ours.
 * *ret_current is false when the derived tables are of another version (then
 * only the log's tables were compared, and nothing beside tables allowed).
 */
int mipo_schema_check(
    struct mipo_db *db, bool *ret_current, struct mipo_err *err);

/*
 * Where the check found something: whether what bears the names of the
 * log's tables is tables at least, so that reading it comes to an end.
 */
bool mipo_schema_readable(struct mipo_db *db);

/*
 * Drops whatever derived tables there are and makes ours, empty, inside
 * the caller's transaction.
 */
int mipo_schema_renew(struct mipo_db *db, struct mipo_err *err);

/*
 * Drops the triggers that keep the log's nodes from being changed, or makes
 * them again, inside the caller's transaction: for restoring nodes alone.
 */
int mipo_schema_guard_nodes(
    struct mipo_db *db, bool on, struct mipo_err *err);

/* A derived table, and the query that gives its rows in order of key. */
struct mipo_derived {
	const char *name, *sql;
	int keys; /* leading columns that order them */
};
extern const struct mipo_derived mipo_derived_tables[]; /* NULL-ended */

#endif
