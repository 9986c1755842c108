/*
 * The one table of record types. It feeds validation, mipo-record(5) and
 * share/schema/mipo-record.schema.json (made by tests/style and committed).
 */
#ifndef MIPO_DATA_SCHEMA_H
#define MIPO_DATA_SCHEMA_H

#include <stdbool.h>

struct mipo_err;
struct mipo_rec;

enum mipo_ftype {
	MIPO_F_STR,   /* any text */
	MIPO_F_ENUM,  /* one of values, a "a|b|c" text */
	MIPO_F_INT,   /* min..max */
	MIPO_F_BOOL,
	MIPO_F_TIME,  /* RFC 3339, UTC, ms */
	MIPO_F_HEX,   /* max lower-case hex digits exactly */
	MIPO_F_IP,    /* RFC 5952 */
	MIPO_F_OBJ,   /* an object, free inside or described by sub */
	MIPO_F_STRS,  /* a list of text */
	MIPO_F_INTS,  /* a list of integers */
	MIPO_F_PAIRS, /* a list of [first,last] */
	MIPO_F_OBJS   /* a list of objects, described by sub */
};

struct mipo_field {
	const char *name;
	enum mipo_ftype ftype;
	bool required;
	long long min, max;   /* INT; HEX: digits in max */
	const char *values;   /* ENUM */
	const struct mipo_field *sub; /* OBJ, OBJS; NULL-name-ended */
	const char *text;     /* meaning and unit, one sentence */
};

struct mipo_type {
	const char *name;	/* "obs"; "note." ends in a dot: a family */
	const char *text;
	const struct mipo_field *fields; /* NULL-name-ended, beside v, type, ts */
};

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
