/*
 * Exporters: records in, one artefact out. An exporter is one row; its sink
 * is fed item by item in the order of the input. The caller owns the file
 * and makes it appear whole or not at all.
 */
#ifndef MIPO_OUT_EXPORT_H
#define MIPO_OUT_EXPORT_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_obs;
struct mipo_out;
struct mipo_rec;

/* One thing that was read. All of it is borrowed for the call. */
enum mipo_item_kind {
	MIPO_ITEM_RECORD = 1, /* rec: any record outside a look */
	MIPO_ITEM_LOOK,	      /* rec: its scan.start, with all of its scope */
	MIPO_ITEM_OBS,	      /* obs */
	MIPO_ITEM_OTHER,      /* a look's, unknown or a part of its scope */
	MIPO_ITEM_LOOK_END,   /* rec: its scan.end, digest and count hold */
	MIPO_ITEM_LOOK_CUT    /* the look ended without scan.end: no line */
};

struct mipo_item {
	enum mipo_item_kind kind;
	const char *line; /* as it came, without LF; NULL where none did */
	size_t len;
	const char *type; /* of rec */
	const struct mipo_rec *rec;
	const struct mipo_obs *obs;
};

/* What an export is told beside the items. Outlives the sink. */
struct mipo_export_opts {
	/* evidence.start: where all this came from, and the boundary text */
	const struct mipo_rec *start;
	int64_t now_ms; /* when it is made */
	int64_t to_ms;	/* the end of the time asked for, or INT64_MAX */
};

/* A stage that is fed. Only the functions below touch the fields. */
struct mipo_sink {
	void *self;
	int (*feed)(void *self, const struct mipo_item *item,
	    struct mipo_err *err);
	int (*done)(void *self, const char *why_partial, struct mipo_err *err);
	void (*free)(void *self);
};

struct mipo_exporter {
	const char *name;    /* "csv" */
	const char *suffix;  /* ".csv" */
	const char *summary; /* one line */

	/* Writes to out, which stays the caller's and is flushed by it. */
	int (*new)(struct mipo_out *out, const struct mipo_export_opts *opts,
	    struct mipo_sink *ret_sink, struct mipo_err *err);
};

/* The rows, NULL-ended, and one by its name (NULL: there is none). */
extern const struct mipo_exporter *const mipo_exporters[];
const struct mipo_exporter *mipo_exporter_find(const char *name);

extern const struct mipo_exporter mipo_export_csv;
extern const struct mipo_exporter mipo_export_ndjson;
extern const struct mipo_exporter mipo_export_report;

/* The three calls of a sink; feed and done return 0 or -1. */
int mipo_sink_feed(const struct mipo_sink *sink,
    const struct mipo_item *item, struct mipo_err *err);

/*
 * Ends the artefact. why_partial: NULL when the input was whole, else what
 * was not (one line); the artefact says so itself.
 */
int mipo_sink_done(const struct mipo_sink *sink, const char *why_partial,
    struct mipo_err *err);
void mipo_sink_free(struct mipo_sink *sink); /* a zeroed one is nothing */

#endif
