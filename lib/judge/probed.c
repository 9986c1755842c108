#include "judge/probed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "trust/perm.h"

/* Places in the order of probes, both ends inclusive. */
struct run {
	uint64_t first, last;
};

struct runs {
	struct run *items;
	size_t n, cap;
};

struct mipo_probed {
	struct mipo_perm *perm;
	struct runs taken;   /* by any pass */
	struct runs refused; /* and then not, by the kernel */
};

static int
add_run(struct runs *runs, int64_t first, int64_t last, struct mipo_err *err)
{
	void *items = runs->items;

	if (mipo_grow(&items, &runs->cap, runs->n + 1, sizeof(*runs->items),
		err) != 0)
		return -1;
	runs->items = items;
	runs->items[runs->n].first = (uint64_t)first;
	runs->items[runs->n].last = (uint64_t)last;
	runs->n++;
	return 0;
}

/* All pairs of the list at path. */
static int
add_list(struct runs *runs, const struct mipo_rec *end, const char *path,
    struct mipo_err *err)
{
	char at[96];
	int64_t first, last;

	for (size_t i = 0; i < mipo_rec_len(end, path); i++) {
		(void)snprintf(at, sizeof(at), "%s.%zu.0", path, i);
		if (!mipo_rec_int(end, at, &first))
			continue;
		(void)snprintf(at, sizeof(at), "%s.%zu.1", path, i);
		if (mipo_rec_int(end, at, &last) &&
		    add_run(runs, first, last, err) != 0)
			return -1;
	}
	return 0;
}

/* The lists called name of every object in the list called outer. */
static int
add_lists(struct runs *runs, const struct mipo_rec *end, const char *outer,
    const char *name, bool *ret_cut, struct mipo_err *err)
{
	char path[64];
	bool more;

	for (size_t i = 0; i < mipo_rec_len(end, outer); i++) {
		(void)snprintf(path, sizeof(path), "%s.%zu.more", outer, i);
		more = false;
		if (mipo_rec_bool(end, path, &more) && more)
			*ret_cut = true;
		(void)snprintf(
		    path, sizeof(path), "%s.%zu.%s", outer, i, name);
		if (add_list(runs, end, path, err) != 0)
			return -1;
	}
	return 0;
}

/* 1 when the order is one that we know, 0 when not. */
static int
read_order(const struct mipo_rec *end, uint64_t pairs,
    struct mipo_perm **ret_perm, struct mipo_err *err)
{
	const char *id = mipo_rec_str(end, "permutation.id");
	const char *hex = mipo_rec_str(end, "permutation.key");
	uint8_t key[MIPO_PERM_KEY_LEN];
	int64_t segments = 1;

	if (pairs == 0 || id == NULL || hex == NULL ||
	    mipo_text_unhex(hex, key, sizeof(key), NULL) != 0)
		return 0;
	if (strcmp(id, MIPO_PERM_CUT_ID) == 0) {
		if (!mipo_rec_int(end, "permutation.segments", &segments))
			return 0;
	} else if (strcmp(id, MIPO_PERM_ID) != 0) {
		return 0;
	}
	if (segments < 1 || (uint64_t)segments > pairs ||
	    (segments & (segments - 1)) != 0)
		return 0;
	return mipo_perm_new(
		   pairs, (uint64_t)segments, key, ret_perm, err) == 0
	    ? 1 : -1;
}

int
mipo_probed_new(const struct mipo_rec *end, uint64_t pairs,
    struct mipo_probed **ret_probed, struct mipo_err *err)
{
	struct mipo_probed *probed = mipo_calloc(1, sizeof(*probed), err);
	bool cut = false, some = false;
	int known;

	if (probed == NULL)
		return -1;
	known = read_order(end, pairs, &probed->perm, err);
	if (known < 0 ||
	    add_lists(&probed->taken, end, "passes", "intervals", &cut,
		err) != 0 ||
	    add_lists(&probed->refused, end, "send_errors", "indices", &some,
		err) != 0) {
		mipo_probed_free(probed);
		return -1;
	}
	if (known == 0 || cut || mipo_rec_len(end, "passes") == 0) {
		mipo_probed_free(probed);
		probed = NULL;
	}
	*ret_probed = probed;
	return 0;
}

void
mipo_probed_free(struct mipo_probed *probed)
{
	if (probed == NULL)
		return;
	mipo_perm_free(probed->perm);
	free(probed->taken.items);
	free(probed->refused.items);
	free(probed);
}

static bool
inside(const struct runs *runs, uint64_t place)
{
	for (size_t i = 0; i < runs->n; i++)
		if (place >= runs->items[i].first &&
		    place <= runs->items[i].last)
			return true;
	return false;
}

bool
mipo_probed_has(const struct mipo_probed *probed, uint64_t pair)
{
	uint64_t place = mipo_perm_inverse(probed->perm, pair);

	return inside(&probed->taken, place) &&
	    !inside(&probed->refused, place);
}
