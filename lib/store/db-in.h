/* The inside of the database, for db*.c. */
#ifndef MIPO_STORE_DB_IN_H
#define MIPO_STORE_DB_IN_H

#include <sqlite3.h>

#include "store/db.h"

struct mipo_q {
	struct mipo_db *db;
	const char *sql;
	sqlite3_stmt *stmt;
	int bad; /* the first binding that failed */
	bool busy, ended;
	struct mipo_q *next;
};

struct mipo_db {
	sqlite3 *sq;
	int wal_pages; /* in the WAL after our last commit */
	struct mipo_q *kept;
};

/* What SQLite said, as an error of ours. Returns -1. */
int mipo_db_fail(struct mipo_db *db, int rc, const char *what,
    struct mipo_err *err);

#endif
