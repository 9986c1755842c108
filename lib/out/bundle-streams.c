#include "out/bundle-streams.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "trust/report.h"

void
mipo_streams_release(struct mipo_streams *streams)
{
	free(streams->seen);
	memset(streams, 0, sizeof(*streams));
}

void
mipo_streams_add(void *arg, const uint8_t stream[MIPO_HASH_LEN])
{
	struct mipo_streams *streams = arg;
	void *grown = streams->seen;
	struct mipo_stream_seen *seen;

	if (mipo_grow(&grown, &streams->cap, streams->n + 1,
		sizeof(*streams->seen), NULL) != 0) {
		streams->no_memory = true;
		return;
	}
	streams->seen = grown;
	seen = &streams->seen[streams->n];
	memcpy(seen->digest, stream, MIPO_HASH_LEN);
	seen->place = streams->n++;
	seen->here = false;
}

bool
mipo_streams_find(
    struct mipo_streams *streams, const uint8_t digest[MIPO_HASH_LEN])
{
	for (size_t i = streams->at; i < streams->n; i++) {
		if (memcmp(streams->seen[i].digest, digest, MIPO_HASH_LEN) !=
		    0)
			continue;
		streams->seen[i].here = true;
		streams->at = i + 1;
		return true;
	}
	return false;
}

/* By digest; of one digest what was found first, then by place. */
static int
order(const void *a, const void *b)
{
	const struct mipo_stream_seen *x = a, *y = b;
	int r = memcmp(x->digest, y->digest, MIPO_HASH_LEN);

	if (r != 0)
		return r;
	if (x->here != y->here)
		return x->here ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* How many are different, how many of them not here; the first of those. */
static const struct mipo_stream_seen *
count(struct mipo_streams *streams, uint64_t *named, uint64_t *missing)
{
	const struct mipo_stream_seen *seen = streams->seen, *first = NULL;

	*named = *missing = 0;
	if (streams->n > 0)
		qsort(streams->seen, streams->n, sizeof(*seen), order);
	for (size_t i = 0; i < streams->n; i++) {
		if (i > 0 &&
		    memcmp(seen[i].digest, seen[i - 1].digest,
			MIPO_HASH_LEN) == 0)
			continue;
		++*named;
		if (seen[i].here)
			continue;
		++*missing;
		if (first == NULL || seen[i].place < first->place)
			first = &seen[i];
	}
	return first;
}

void
mipo_streams_report(struct mipo_streams *streams, const char *bad,
    struct mipo_report *report)
{
	char hex[2 * MIPO_HASH_LEN + 1];
	uint64_t named, missing;
	const struct mipo_stream_seen *first =
	    count(streams, &named, &missing);

	if (bad[0] != '\0') {
		mipo_report_put(report, MIPO_FAIL, "objects", "%s", bad);
	} else if (named == 0) {
		mipo_report_put(report, MIPO_NOT_CHECKED, "objects",
		    "no entry that was read names one");
	} else if (first != NULL) {
		mipo_text_hex(first->digest, MIPO_HASH_LEN, hex);
		mipo_report_put(report, MIPO_NOT_CHECKED, "objects",
		    "%llu of %llu recorded streams are here; the first that "
		    "is not: %s", (unsigned long long)(named - missing),
		    (unsigned long long)named, hex);
	} else {
		mipo_report_put(report, MIPO_PASS, "objects",
		    "all %llu recorded streams are here, each is what its "
		    "entry names", (unsigned long long)named);
	}
}
