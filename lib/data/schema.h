/*
 * The one table of record types. It feeds validation, mipo-record(5) and
 * share/schema/mipo-record.schema.json (made by tests/style and committed).
 */
#ifndef MIPO_DATA_SCHEMA_H
#define MIPO_DATA_SCHEMA_H

struct mipo_err;
struct mipo_rec;

#define MIPO_SCOPES_MAX 4096 /* scan.scope records of one scan */

enum mipo_ftype {
	MIPO_F_STR,   /* text of min..max bytes (max 0: no bound) */
	MIPO_F_ENUM,  /* one of values: words with one blank between */
	MIPO_F_INT,   /* min..max */
	MIPO_F_BOOL,  /* true or false */
	MIPO_F_TIME,  /* RFC 3339, UTC (Z), at least milliseconds */
	MIPO_F_HEX,   /* exactly max lower-case hex digits */
	MIPO_F_KEY,   /* 16 lower-case hex digits, or "none" */
	MIPO_F_IP,    /* RFC 5952 */
	MIPO_F_OBJ,   /* an object: described by sub, else free inside */
	MIPO_F_STRS,  /* a list of text; values: each one of these */
	MIPO_F_INTS,  /* a list of integers, min..max each */
	MIPO_F_PAIRS, /* a list of [first,last], first <= last, from 0 */
	MIPO_F_OBJS   /* a list of objects, described by sub */
};

enum mipo_need {
	MIPO_OPTIONAL,
	MIPO_REQUIRED,
	MIPO_MEASURED /* required, unless the record has a field origin */
};

struct mipo_field {
	const char *name;
	enum mipo_ftype ftype;
	enum mipo_need need;
	long long min, max;
	const char *values;	      /* a blank first allows empty text */
	const struct mipo_field *sub; /* NULL-name-ended */
	const char *text;	      /* meaning and unit, a sentence */
};

struct mipo_type {
	const char *name;	/* "obs"; "note." ends in a dot: a family */
	const char *text;
	/* Beside v, type and ts; NULL-name-ended. */
	const struct mipo_field *fields;
};

/* v, type and ts: what every record has. */
extern const struct mipo_field mipo_common_fields[];

/* Rows in the order of the manual; the last has a NULL name. */
extern const struct mipo_type mipo_types[];

/* The row for a type's name, or NULL when it is not ours. */
const struct mipo_type *mipo_type_find(const char *name);

/*
 * v, type and ts as they must be, every required field there, every known
 * field of its form. Unknown types and unknown keys pass. The error names
 * type and field.
 */
int mipo_rec_check(const struct mipo_rec *rec, struct mipo_err *err);

#endif
