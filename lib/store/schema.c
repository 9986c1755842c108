#include "store/schema.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "store/db.h"

struct object {
	const char *name;
	bool derived;
	const char *sql; /* as SQLite keeps it: compared byte by byte */
};

#define KEEP(table, verb)                                               \
	"CREATE TRIGGER " #table "_no_" #verb " BEFORE " #verb " ON "   \
	#table " BEGIN SELECT RAISE(ABORT, 'the log only grows'); END"

/*
 * leaf: the entries. node: root of the perfect tree of 2^level entries that
 * ends with entry last (level >= 1; so a commit writes side by side). note:
 * each commit's signed checkpoint. side: salted side objects, which may be
 * forgotten.
 */
static const struct object objects[] = {
    {"leaf", false,
	"CREATE TABLE leaf(seq INTEGER PRIMARY KEY, body BLOB NOT NULL) "
	"STRICT"},
    {"node", false,
	"CREATE TABLE node(last INTEGER NOT NULL, level INTEGER NOT NULL, "
	"hash BLOB NOT NULL, PRIMARY KEY(last, level)) "
	"STRICT, WITHOUT ROWID"},
    {"note", false,
	"CREATE TABLE note(size INTEGER PRIMARY KEY, body BLOB NOT NULL) "
	"STRICT"},
    {"side", false,
	"CREATE TABLE side(digest BLOB PRIMARY KEY, body BLOB NOT NULL) "
	"STRICT, WITHOUT ROWID"},
    {"leaf_no_UPDATE", false, KEEP(leaf, UPDATE)},
    {"leaf_no_DELETE", false, KEEP(leaf, DELETE)},
    {"node_no_UPDATE", false, KEEP(node, UPDATE)},
    {"node_no_DELETE", false, KEEP(node, DELETE)},
    {"note_no_UPDATE", false, KEEP(note, UPDATE)},
    {"note_no_DELETE", false, KEEP(note, DELETE)},
    {"side_no_UPDATE", false, KEEP(side, UPDATE)},
    {"place", true,
	"CREATE TABLE place(id INTEGER PRIMARY KEY, network TEXT NOT NULL, "
	"vantage TEXT NOT NULL, UNIQUE(network, vantage)) STRICT"},
    {"scan", true,
	"CREATE TABLE scan(seq INTEGER PRIMARY KEY, "
	"scan TEXT NOT NULL, place INTEGER NOT NULL, "
	"proto INTEGER NOT NULL, method TEXT NOT NULL, "
	"scope TEXT NOT NULL, stream TEXT NOT NULL, "
	"state TEXT NOT NULL, started INTEGER NOT NULL, "
	"ended INTEGER NOT NULL, verdict TEXT NOT NULL, "
	"trust TEXT NOT NULL, key TEXT NOT NULL, "
	"planned INTEGER NOT NULL, open INTEGER NOT NULL, "
	"logged INTEGER NOT NULL, weight INTEGER NOT NULL, "
	"why TEXT NOT NULL, standing INTEGER NOT NULL, "
	"successor INTEGER NOT NULL, start BLOB NOT NULL) STRICT"},
    {"scan_by_id", true, "CREATE INDEX scan_by_id ON scan(scan)"},
    {"scan_stands", true,
	"CREATE UNIQUE INDEX scan_stands ON scan(scan) WHERE successor=0"},
    {"scan_by_time", true,
	"CREATE INDEX scan_by_time ON scan(place, started)"},
    {"scan_by_trust", true,
	"CREATE INDEX scan_by_trust ON scan(place, trust)"},
    {"binding", true,
	"CREATE TABLE binding(place INTEGER NOT NULL, "
	"proto INTEGER NOT NULL, ip BLOB NOT NULL, port INTEGER NOT NULL, "
	"state INTEGER NOT NULL, reason INTEGER NOT NULL, "
	"since INTEGER NOT NULL, ts INTEGER NOT NULL, "
	"PRIMARY KEY(place, proto, ip, port)) STRICT, WITHOUT ROWID"},
    {"past", true,
	"CREATE TABLE past(place INTEGER NOT NULL, "
	"proto INTEGER NOT NULL, ip BLOB NOT NULL, port INTEGER NOT NULL, "
	"since INTEGER NOT NULL, until INTEGER NOT NULL, "
	"state INTEGER NOT NULL, reason INTEGER NOT NULL, "
	"ts INTEGER NOT NULL, "
	"PRIMARY KEY(place, proto, ip, port, since)) "
	"STRICT, WITHOUT ROWID"},
    {"alarm", true,
	"CREATE TABLE alarm(key TEXT PRIMARY KEY, seq INTEGER NOT NULL, "
	"state TEXT NOT NULL, record BLOB NOT NULL) STRICT, WITHOUT ROWID"},
    {"baseline", true,
	"CREATE TABLE baseline(place INTEGER NOT NULL, scope TEXT NOT NULL, "
	"seq INTEGER NOT NULL, scan TEXT NOT NULL, "
	"PRIMARY KEY(place, scope)) STRICT, WITHOUT ROWID"},
    {"scanner", true,
	"CREATE TABLE scanner(key TEXT PRIMARY KEY, seq INTEGER NOT NULL, "
	"pub BLOB NOT NULL, name TEXT NOT NULL, network TEXT NOT NULL, "
	"vantage TEXT NOT NULL) STRICT, WITHOUT ROWID"},
    {"owner", true,
	"CREATE TABLE owner(subject TEXT PRIMARY KEY, "
	"seq INTEGER NOT NULL) STRICT, WITHOUT ROWID"},
    {"config", true,
	"CREATE TABLE config(digest TEXT PRIMARY KEY, "
	"seq INTEGER NOT NULL, approved INTEGER NOT NULL) "
	"STRICT, WITHOUT ROWID"}};

#define OBJECTS (sizeof(objects) / sizeof(*objects))

const struct mipo_derived mipo_derived_tables[] = {
    {"place", "SELECT * FROM place ORDER BY id", 1},
    {"scan", "SELECT * FROM scan ORDER BY seq", 1},
    {"binding", "SELECT * FROM binding ORDER BY place, proto, ip, port", 4},
    {"past", "SELECT place, proto, ip, port, since, until, state, reason, ts "
	     "FROM past ORDER BY place, proto, ip, port, since", 5},
    {"alarm", "SELECT * FROM alarm ORDER BY key", 1},
    {"baseline", "SELECT * FROM baseline ORDER BY place, scope", 2},
    {"scanner", "SELECT * FROM scanner ORDER BY key", 1},
    {"owner", "SELECT * FROM owner ORDER BY subject", 1},
    {"config", "SELECT * FROM config ORDER BY digest", 1}, {NULL, NULL, 0}};

static int
set_number(struct mipo_db *db, const char *pragma, long n,
    struct mipo_err *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA %s=%ld", pragma, n);
	return mipo_db_exec(db, sql, err);
}

static int
make_derived(struct mipo_db *db, struct mipo_err *err)
{
	for (size_t i = 0; i < OBJECTS; i++)
		if (objects[i].derived &&
		    mipo_db_exec(db, objects[i].sql, err) != 0)
			return -1;
	return set_number(db, "user_version", MIPO_DERIVED_VERSION, err);
}

int
mipo_schema_create(struct mipo_db *db, struct mipo_err *err)
{
	for (size_t i = 0; i < OBJECTS; i++)
		if (!objects[i].derived &&
		    mipo_db_exec(db, objects[i].sql, err) != 0)
			return -1;
	if (set_number(db, "application_id", MIPO_APPLICATION_ID, err) != 0)
		return -1;
	return make_derived(db, err);
}

static const struct object *
find(const char *name)
{
	for (size_t i = 0; i < OBJECTS; i++)
		if (strcmp(objects[i].name, name) == 0)
			return &objects[i];
	return NULL;
}

/* One row of sqlite_schema: type, name, sql. Counts those that are ours. */
static int
check_row(struct mipo_q *q, bool current, size_t *n, struct mipo_err *err)
{
	const char *type = mipo_q_col_text(q, 0);
	const char *name = mipo_q_col_text(q, 1);
	const char *sql = mipo_q_col_text(q, 2);
	const struct object *object = find(name);

	if (strncmp(name, "sqlite_autoindex_", 17) == 0 && *sql == '\0')
		return 0;
	if (object != NULL && (current || !object->derived)) {
		if (strcmp(object->sql, sql) != 0)
			return mipo_err_set(err, MIPO_E_TAMPERED,
			    "the schema's %s is not ours", name);
		++*n;
		return 0;
	}
	if (current ||
	    (strcmp(type, "table") != 0 && strcmp(type, "index") != 0))
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "a foreign %s in the schema: %s", type, name);
	return 0;
}

static int
check_rows(struct mipo_db *db, bool current, struct mipo_err *err)
{
	struct mipo_q *q;
	size_t n = 0, want = 0;
	int r;

	for (size_t i = 0; i < OBJECTS; i++)
		want += current || !objects[i].derived;
	if (mipo_q_new(db, "SELECT type, name, sql FROM sqlite_schema", &q,
		err) != 0)
		return -1;
	while ((r = mipo_q_step(q, err)) > 0) {
		r = check_row(q, current, &n, err);
		if (r != 0)
			break;
	}
	mipo_q_done(q);
	if (r == 0 && n != want)
		return mipo_err_set(
		    err, MIPO_E_TAMPERED, "the schema lacks some of ours");
	return r;
}

int
mipo_schema_check(struct mipo_db *db, bool *ret_current, struct mipo_err *err)
{
	int64_t id = 0, version = 0;

	if (mipo_db_number(db, "PRAGMA application_id", 0, &id, err) != 0 ||
	    mipo_db_number(db, "PRAGMA user_version", 0, &version, err) != 0)
		return -1;
	if (id != MIPO_APPLICATION_ID)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "not a mipo database (application id %#llx)",
		    (unsigned long long)id);
	if (check_rows(db, version == MIPO_DERIVED_VERSION, err) != 0)
		return -1;
	*ret_current = version == MIPO_DERIVED_VERSION;
	return 0;
}

bool
mipo_schema_readable(struct mipo_db *db)
{
	int64_t n;

	return mipo_db_number(db,
		   "SELECT count(*) FROM sqlite_schema WHERE name IN "
		   "('leaf', 'node', 'note', 'side') AND NOT (type='table' "
		   "AND rootpage>0)", 0, &n, NULL) == 0 && n == 0;
}

int
mipo_schema_guard_nodes(struct mipo_db *db, bool on, struct mipo_err *err)
{
	static const char *const names[] = {
	    "node_no_UPDATE", "node_no_DELETE"};
	char sql[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		(void)snprintf(
		    sql, sizeof(sql), "DROP TRIGGER %s", names[i]);
		if (mipo_db_exec(
			db, on ? find(names[i])->sql : sql, err) != 0)
			return -1;
	}
	return 0;
}

/* The name of some table that is not the log's; false when none is left. */
static int
other_table(struct mipo_db *db, char *name, size_t size, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db,
		"SELECT name FROM sqlite_schema WHERE type='table' AND name "
		"NOT IN ('leaf', 'node', 'note', 'side')",
		&q, err) != 0)
		return -1;
	r = mipo_q_step(q, err);
	if (r > 0)
		mipo_q_copy(q, 0, name, size);
	mipo_q_done(q);
	return r;
}

int
mipo_schema_renew(struct mipo_db *db, struct mipo_err *err)
{
	char name[64], sql[96];
	int r;

	while ((r = other_table(db, name, sizeof(name), err)) > 0) {
		if (strcspn(name, "\"") != strlen(name))
			return mipo_err_set(err, MIPO_E_TAMPERED,
			    "a foreign table in the schema: %s", name);
		(void)snprintf(sql, sizeof(sql), "DROP TABLE \"%s\"", name);
		if (mipo_db_exec(db, sql, err) != 0)
			return -1;
	}
	return r < 0 ? -1 : make_derived(db, err);
}
