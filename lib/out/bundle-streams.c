#include "out/bundle-streams.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
mipo_streams_release(struct mipo_streams *streams)
{
	free(streams->digest);
	memset(streams, 0, sizeof(*streams));
}

void
mipo_streams_add(void *arg, const uint8_t stream[MIPO_HASH_LEN])
{
	struct mipo_streams *streams = arg;
	void *grown = streams->digest;

	if (mipo_grow(&grown, &streams->cap, streams->n + 1,
		sizeof(*streams->digest), NULL) != 0) {
		streams->no_memory = true;
		return;
	}
	streams->digest = grown;
	memcpy(streams->digest[streams->n++], stream, MIPO_HASH_LEN);
}

bool
mipo_streams_find(
    struct mipo_streams *streams, const uint8_t digest[MIPO_HASH_LEN])
{
	for (size_t i = streams->at; i < streams->n; i++) {
		if (memcmp(streams->digest[i], digest, MIPO_HASH_LEN) != 0)
			continue;
		streams->at = i + 1;
		return true;
	}
	return false;
}
