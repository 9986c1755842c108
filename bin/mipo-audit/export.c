#include "bin/mipo-audit/common.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "out/bundle.h"
#include "store/door.h"
#include "store/inside.h"
#include "store/logread.h"
#include "store/object.h"
#include "store/state.h"
#include "trust/entry.h"
#include "trust/key.h"

struct opts {
	struct mipo_common common;
	const char *challenge;
	uint64_t wait_ms;
};

static const struct opts defaults = {.wait_ms = 30000};

static const struct mipo_opt rows[] = {
    {.name = "challenge", .kind = MIPO_OPT_STR, .arg = "NONCE",
	.offset = offsetof(struct opts, challenge),
	.help = "log this first: proof that the bundle is not an old one"},
    {.name = "wait", .kind = MIPO_OPT_DURATION, .arg = "TIME",
	.offset = offsetof(struct opts, wait_ms),
	.help = "wait so long for another writer, then end with 4 (30s)"},
    {.name = NULL}};

/* A bundle in the making, and the objects that its entries name. */
struct maker {
	struct mipo_state *state;
	struct mipo_bundle *bundle;
	uint8_t (*objects)[32]; /* in the order of their entries */
	size_t n, cap;
};

/* Only who has the ratchet's live secret can add to the true end. */
static int
log_challenge(struct mipo_state *state, const struct opts *opts,
    int *ret_status, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("evidence.challenge", err);
	struct mipo_door *door = NULL;
	struct mipo_actor actor;
	int r = -1;

	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "nonce", opts->challenge);
	mipo_actor_find(&actor);
	if (mipo_rec_ok(rec, err) == 0 &&
	    mipo_door_open(state, &actor, "audit.export", opts->wait_ms,
		&door, err) == 0) {
		if (mipo_door_add(door, rec, NULL, err) == 0)
			r = bin_commit(
			    door, NULL, "export", ret_status, err);
		else
			mipo_door_abandon(door);
	}
	mipo_rec_free(rec);
	return r;
}

static bool
is_named(const struct maker *maker, const uint8_t digest[32])
{
	for (size_t i = 0; i < maker->n; i++)
		if (memcmp(maker->objects[i], digest, 32) == 0)
			return true;
	return false;
}

/* Remembers the object that a recorded look names. */
static int
name_object(struct maker *maker, const struct mipo_entry *entry,
    struct mipo_err *err)
{
	void *objects = maker->objects;
	struct mipo_rec *rec = NULL;
	uint8_t digest[32];
	const char *hex;
	int r;

	if (!mipo_span_is(entry->kind, "scan.end"))
		return 0;
	if (mipo_entry_rec(entry->data, &rec, err) != 0)
		return -1;
	hex = mipo_rec_str(rec, "stream_sha256");
	r = mipo_text_unhex(
	    hex == NULL ? "" : hex, digest, sizeof(digest), err);
	mipo_rec_free(rec);
	if (r != 0 || is_named(maker, digest))
		return r;
	if (mipo_grow(&objects, &maker->cap, maker->n + 1, 32, err) != 0)
		return -1;
	maker->objects = objects;
	memcpy(maker->objects[maker->n++], digest, 32);
	return 0;
}

static int
put_entries(struct maker *maker, struct mipo_logread *reader,
    struct mipo_err *err)
{
	struct mipo_logrow row;
	int r;

	while ((r = mipo_logread_next(reader, &row, err)) > 0) {
		struct mipo_entry entry;

		if (mipo_entry_parse(row.body, row.len, &entry, err) != 0 ||
		    mipo_bundle_entry(
			maker->bundle, row.body, row.len, err) != 0 ||
		    name_object(maker, &entry, err) != 0) {
			(void)mipo_err_stored(err);
			return mipo_err_prefix(err, "entry %llu",
			    (unsigned long long)row.seq);
		}
	}
	return r;
}

/* Reads the object: its size alone where bundle is NULL. */
static int
read_object(struct maker *maker, const uint8_t digest[32],
    struct mipo_bundle *bundle, uint64_t *size, struct mipo_err *err)
{
	struct mipo_objget *get = NULL;
	const void *p;
	size_t len;
	int r = mipo_objget_new(maker->state, digest, &get, err);

	while (r == 0 && (r = mipo_objget_next(get, &p, &len, err)) > 0) {
		*size += len;
		r = bundle == NULL ? 0
				   : mipo_bundle_data(bundle, p, len, err);
	}
	mipo_objget_free(get);
	return r;
}

/* Twice through each: a tar member's size comes before its bytes. */
static int
put_objects(struct maker *maker, struct mipo_err *err)
{
	for (size_t i = 0; i < maker->n; i++) {
		uint64_t size = 0, again = 0;

		if (read_object(maker, maker->objects[i], NULL, &size, err) !=
			0 ||
		    mipo_bundle_object(
			maker->bundle, maker->objects[i], size, err) != 0 ||
		    read_object(maker, maker->objects[i], maker->bundle,
			&again, err) != 0)
			return -1;
	}
	return 0;
}

static int
load_key(struct mipo_state *state, struct mipo_key **ret_key,
    struct mipo_err *err)
{
	char *path = NULL;
	int r;

	if (mipo_state_join(
		mipo_state_path(state), "keys/log.key", &path, err) != 0)
		return -1;
	r = mipo_key_load(path, ret_key, err);
	free(path);
	return r;
}

/* A bundle with the newest checkpoint, which the key must have signed. */
static int
begin(struct maker *maker, struct mipo_logread *reader,
    const struct mipo_key *key, struct mipo_err *err)
{
	struct mipo_noterow note;

	if (mipo_logread_checkpoint(reader, &note, err) != 0)
		return -1;
	return mipo_bundle_new(STDOUT_FILENO, note.body, note.len, key,
	    &maker->bundle, err);
}

static int
make(struct mipo_state *state, struct mipo_err *err)
{
	struct maker maker = {.state = state};
	struct mipo_logread *reader = NULL;
	struct mipo_key *key = NULL;
	int r = -1;

	if (load_key(state, &key, err) == 0 &&
	    mipo_logread_open(state, &reader, err) == 0 &&
	    begin(&maker, reader, key, err) == 0 &&
	    put_entries(&maker, reader, err) == 0 &&
	    put_objects(&maker, err) == 0)
		r = mipo_bundle_finish(maker.bundle, err);
	mipo_bundle_free(maker.bundle);
	mipo_logread_close(reader);
	mipo_key_free(key);
	free(maker.objects);
	return r;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_err err = {0};
	struct mipo_state *state;
	int status = 0;

	(void)argc;
	(void)argv;
	if (isatty(STDOUT_FILENO)) {
		mipo_log(MIPO_LOG_ERROR, "a bundle is no text for a terminal: "
		    "say -o BUNDLE.tar");
		return 2;
	}
	if (opts->challenge != NULL && opts->challenge[0] == '\0') {
		mipo_log(MIPO_LOG_ERROR,
		    "--challenge: it is empty: ask the auditor for one");
		return 2;
	}
	state = bin_open(&opts->common, opts->challenge != NULL, &status);
	if (state == NULL)
		return status;
	if ((opts->challenge != NULL &&
		log_challenge(state, opts, &status, &err) != 0) ||
	    make(state, &err) != 0)
		status = bin_fail(&err, "export");
	mipo_state_close(state);
	return status;
}

const struct mipo_sub audit_export = {
    .name = "export",
    .operands = "",
    .summary = "write the whole log as a bundle that a stranger can check",
    .opts = rows,
    .size = sizeof(struct opts),
    .defaults = &defaults,
    .run = run,
    .formats = "",
};
