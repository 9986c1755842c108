/* Any bytes as a log entry: what is read is a canonical record, exactly. */
#include "fuzz.h"

#include "data/rec.h"
#include "trust/seal.h"

static void
parts(const struct mipo_entry *entry, const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	const char *first = (const char *)data, *end = first + size;
	const struct mipo_span spans[] = {entry->actor, entry->id, entry->kind,
	    entry->data};
	struct mipo_rec *rec = NULL;
	struct mipo_seal seal;

	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		must(spans[i].p >= first && spans[i].p + spans[i].len <= end);
	must(mipo_entry_rec(entry->data, &rec, &err) == 0);
	mipo_rec_free(rec);
	(void)mipo_seal_parse(entry->data, &seal, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_genesis genesis;
	struct mipo_entry entry;
	struct mipo_rec *rec;
	int64_t seq = -1;

	if (mipo_entry_parse(data, size, &entry, &err) != 0) {
		must(err.text[0] != '\0');
		return 0;
	}
	must(size <= MIPO_ENTRY_MAX);
	must(mipo_rec_is_canon((const char *)data, size));
	must(mipo_rec_parse((const char *)data, size, &rec, &err) == 0);
	must(mipo_rec_int(rec, "seq", &seq) && seq >= 0);
	must((uint64_t)seq == entry.seq);
	must(mipo_span_is(entry.kind, mipo_rec_str(rec, "kind")));
	mipo_rec_free(rec);
	parts(&entry, data, size);
	(void)mipo_genesis_parse(data, size, &genesis, &err);
	return 0;
}
