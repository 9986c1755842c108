/* Any text as a checkpoint, a verifier key, a tile's path: one form each. */
#include "fuzz.h"

#include "base/buf.h"
#include "trust/note.h"
#include "trust/tile.h"

static void
checkpoint(const char *s, size_t len)
{
	struct mipo_err err = {0};
	struct mipo_checkpoint cp, again;
	struct mipo_buf buf;

	if (mipo_checkpoint_parse(s, len, &cp, &err) != 0)
		return;
	mipo_buf_init(&buf, MIPO_NOTE_MAX);
	mipo_checkpoint_text(&cp, &buf);
	must(buf.len <= len && memcmp(buf.data, s, buf.len) == 0);
	must(mipo_checkpoint_parse(
	    (const char *)buf.data, buf.len, &again, &err) == 0);
	must(again.size == cp.size);
	mipo_buf_release(&buf);
}

static void
vkey(const char *s)
{
	struct mipo_err err = {0};
	struct mipo_vkey key;
	struct mipo_buf buf;

	if (mipo_vkey_parse(s, &key, &err) != 0)
		return;
	mipo_buf_init(&buf, 4096);
	mipo_vkey_format(&key, &buf);
	must(strcmp(mipo_buf_str(&buf, &err), s) == 0);
	mipo_buf_release(&buf);
}

static void
tile(const char *s)
{
	struct mipo_tile_id id;
	char path[MIPO_TILE_PATH];

	if (!mipo_tile_parse(s, &id))
		return;
	mipo_tile_path(&id, path);
	must(strcmp(path, s) == 0);
	must(id.width >= 1 && id.width <= MIPO_TILE_WIDTH);
}

static void
entries(const uint8_t *data, size_t size)
{
	const uint8_t *entry;
	size_t at = 0, len, before = 0;

	while (mipo_tile_next(data, size, &at, &entry, &len) == 1) {
		must(at > before && at <= size);
		must(entry >= data && entry + len <= data + size);
		before = at;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_text(data, size);

	checkpoint(s, size);
	vkey(s);
	tile(s);
	entries(data, size);
	free(s);
	return 0;
}
