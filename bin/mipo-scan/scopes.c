#include "bin/mipo-scan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "data/schema.h"

#define ROOM 60000 /* bytes of a record for its part of the scope */

static const char *const lists[] = {"targets", "exclusions", "names"};
#define N_LISTS (sizeof(lists) / sizeof(*lists))

void
opening_release(struct opening *opening)
{
	for (size_t i = 0; i < opening->n; i++)
		mipo_rec_free(opening->recs[i]);
	free(opening->recs);
	memset(opening, 0, sizeof(*opening));
}

static int
add_take(struct opening *opening, struct mipo_rec *rec, struct mipo_err *err)
{
	void *recs = opening->recs;

	if (rec == NULL ||
	    mipo_grow(&recs, &opening->cap, opening->n + 1, sizeof(rec),
		err) != 0) {
		mipo_rec_free(rec);
		return -1;
	}
	opening->recs = recs;
	opening->recs[opening->n++] = rec;
	return 0;
}

static struct mipo_rec *
last(const struct opening *opening)
{
	return opening->recs[opening->n - 1];
}

/* Whether rec is a line that may be written; its length with LF. */
static bool
fits(const struct mipo_rec *rec, size_t *ret_len)
{
	struct mipo_buf buf;
	bool yes;

	mipo_buf_init(&buf, MIPO_REC_MAX_WRITE - 1);
	yes = mipo_rec_canon(rec, &buf, NULL) == 0;
	*ret_len = buf.len + 1;
	mipo_buf_release(&buf);
	return yes;
}

/* All of the scope in one record; false, and without it, if too long. */
static bool
fits_one(struct mipo_rec *start, const struct mipo_rec *scope)
{
	size_t len;

	if (mipo_rec_has(scope, "ports")) /* hosts have none */
		mipo_rec_put_str(
		    start, "ports", mipo_rec_str(scope, "ports"));
	for (size_t i = 0; i < N_LISTS; i++)
		mipo_rec_add_all(start, lists[i], scope);
	if (fits(start, &len))
		return true;
	for (size_t i = 0; i < N_LISTS; i++)
		mipo_rec_del(start, lists[i]);
	mipo_rec_put_list(start, "targets");
	mipo_rec_put_list(start, "exclusions");
	return false;
}

/* The scope on its way into records, one after another. */
struct spread {
	struct opening *opening;
	struct mipo_buf ports; /* of the last of them */
	size_t room;	       /* in it */
};

static int
settle_ports(struct spread *spread, struct mipo_err *err)
{
	const char *ports;

	if (spread->ports.len == 0)
		return 0;
	ports = mipo_buf_str(&spread->ports, err);
	if (ports == NULL)
		return -1;
	mipo_rec_put_str(last(spread->opening), "ports", ports);
	mipo_buf_clear(&spread->ports);
	return 0;
}

/* Room for bytes more of the scope: in the last record, or in a new one. */
static int
make_room(struct spread *spread, size_t bytes, struct mipo_err *err)
{
	if (bytes > spread->room) {
		struct mipo_rec *rec = mipo_rec_start("scan.scope", err);

		mipo_rec_put_str(rec, "scan",
		    mipo_rec_str(spread->opening->recs[0], "scan"));
		if (settle_ports(spread, err) != 0 ||
		    add_take(spread->opening, rec, err) != 0)
			return -1;
		spread->room = ROOM;
	}
	spread->room -= bytes < spread->room ? bytes : spread->room;
	return 0;
}

static int
spread_ports(struct spread *spread, const char *ports, struct mipo_err *err)
{
	size_t len;

	for (; *ports != '\0'; ports += len + (ports[len] == ',')) {
		len = strcspn(ports, ",");
		if (make_room(spread, len + 1, err) != 0)
			return -1;
		if (spread->ports.len > 0)
			mipo_buf_putc(&spread->ports, ',');
		mipo_buf_put(&spread->ports, ports, len);
	}
	return settle_ports(spread, err);
}

/* An entry of a list: text, or a name and its addresses. */
static int
spread_entry(struct spread *spread, const struct mipo_rec *scope,
    const char *list, const char *path, struct mipo_err *err)
{
	const char *text = mipo_rec_str(scope, path);
	struct mipo_rec *sub = NULL;
	size_t len;

	if (text != NULL) {
		if (make_room(spread, strlen(text) + 3, err) != 0)
			return -1;
		mipo_rec_add_str(last(spread->opening), list, text);
		return 0;
	}
	if (mipo_rec_sub(scope, path, &sub, err) != 0)
		return -1;
	(void)fits(sub, &len);
	if (make_room(spread, len, err) != 0) {
		mipo_rec_free(sub);
		return -1;
	}
	mipo_rec_add_rec_take(last(spread->opening), list, sub);
	return 0;
}

static int
spread_all(struct spread *spread, const struct mipo_rec *scope,
    struct mipo_err *err)
{
	char path[64];

	if (mipo_rec_has(scope, "ports") &&
	    spread_ports(spread, mipo_rec_str(scope, "ports"), err) != 0)
		return -1;
	for (size_t i = 0; i < N_LISTS; i++) {
		size_t n = mipo_rec_len(scope, lists[i]);

		for (size_t j = 0; j < n; j++) {
			(void)snprintf(
			    path, sizeof(path), "%s.%zu", lists[i], j);
			if (spread_entry(
				spread, scope, lists[i], path, err) != 0)
				return -1;
		}
	}
	return 0;
}

/* What readers hold streams to. */
static int
check(const struct opening *opening, struct mipo_err *err)
{
	size_t sum = 0, len;

	for (size_t i = 0; i < opening->n; i++) {
		if (mipo_rec_ok(opening->recs[i], err) != 0)
			return -1;
		if (!fits(opening->recs[i], &len))
			return mipo_err_set(err, MIPO_E_INTERNAL,
			    "a part of the scope is too long for a record");
		sum += len;
	}
	if (sum > MIPO_REC_MAX_SCOPE || opening->n > MIPO_SCOPES_MAX)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "the scope takes more than %d MiB of text: split the scan",
		    MIPO_REC_MAX_SCOPE >> 20);
	return 0;
}

int
opening_fill_take(struct opening *opening, struct mipo_rec *start,
    const struct mipo_rec *scope, struct mipo_err *err)
{
	struct spread spread = {.opening = opening, .room = ROOM};
	int r;

	if (add_take(opening, start, err) != 0)
		return -1;
	if (fits_one(start, scope))
		return 0;
	mipo_buf_init(&spread.ports, MIPO_REC_MAX_WRITE);
	r = spread_all(&spread, scope, err);
	mipo_buf_release(&spread.ports);
	mipo_rec_put_int(start, "scopes", (int64_t)opening->n - 1);
	return r == 0 ? check(opening, err) : -1;
}
