#include "out/exposure.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/cover.h"
#include "out/exposure-impl.h"

struct mipo_exposure *
mipo_exposure_new(struct mipo_err *err)
{
	return mipo_calloc(1, sizeof(struct mipo_exposure), err);
}

static void
look_free(struct mipo_xlook *look)
{
	if (look == NULL)
		return;
	mipo_rec_free(look->start);
	mipo_rec_free(look->end);
	mipo_cover_free(look->cover);
	free(look->open);
	free(look->shut);
	free(look);
}

void
mipo_exposure_free(struct mipo_exposure *exposure)
{
	if (exposure == NULL)
		return;
	for (size_t i = 0; i < exposure->n_looks; i++)
		look_free(exposure->looks[i]);
	free(exposure->looks);
	look_free(exposure->passing);
	for (size_t i = 0; i < exposure->n_views; i++)
		free(exposure->views[i].pairs);
	free(exposure->views);
	free(exposure);
}

int
mipo_exposure_start(struct mipo_exposure *exposure,
    const struct mipo_rec *start, struct mipo_err *err)
{
	struct mipo_xlook *look = mipo_calloc(1, sizeof(*look), err);
	const char *ts = mipo_rec_str(start, "ts");

	look_free(exposure->passing);
	exposure->passing = look;
	if (look == NULL)
		return -1;
	look->start = mipo_rec_dup(start, err);
	if (look->start == NULL ||
	    mipo_cover_new(start, &look->cover, err) != 0)
		return -1;
	look->doubt = !mipo_cover_tells_open(look->cover);
	return mipo_text_untime(ts != NULL ? ts : "", &look->started_ms, err);
}

static int
add(struct mipo_xpair **pairs, size_t *n, size_t *cap,
    const struct mipo_obs *obs, struct mipo_err *err)
{
	void *grown = *pairs;

	if (mipo_grow(&grown, cap, *n + 1, sizeof(**pairs), err) != 0)
		return -1;
	*pairs = grown;
	(*pairs)[(*n)++] =
	    (struct mipo_xpair){.ip = obs->ip, .port = obs->port};
	return 0;
}

int
mipo_exposure_obs(struct mipo_exposure *exposure, const struct mipo_obs *obs,
    struct mipo_err *err)
{
	struct mipo_xlook *look = exposure->passing;

	if (obs->state == MIPO_OPEN_FILTERED ||
	    (obs->state != MIPO_OPEN && !look->doubt))
		return 0;
	if (!mipo_cover_ip(look->cover, &obs->ip) ||
	    !mipo_cover_port(look->cover, obs->port))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an observation outside the scope of its look");
	if (obs->state == MIPO_OPEN)
		return add(
		    &look->open, &look->n_open, &look->cap_open, obs, err);
	return add(&look->shut, &look->n_shut, &look->cap_shut, obs, err);
}

int
mipo_xpair_cmp(const void *pa, const void *pb)
{
	const struct mipo_xpair *a = pa, *b = pb;
	int r = mipo_addr_cmp(&a->ip, &b->ip);

	return r != 0 ? r : (int)a->port - (int)b->port;
}

size_t
mipo_xpair_sort(struct mipo_xpair *pairs, size_t n)
{
	size_t kept = 0;

	if (n == 0)
		return 0;
	qsort(pairs, n, sizeof(*pairs), mipo_xpair_cmp);
	for (size_t i = 1; i < n; i++)
		if (mipo_xpair_cmp(&pairs[kept], &pairs[i]) != 0)
			pairs[++kept] = pairs[i];
	return kept + 1;
}

int
mipo_exposure_end(struct mipo_exposure *exposure, const struct mipo_rec *end,
    bool conclusive, struct mipo_err *err)
{
	struct mipo_xlook *look = exposure->passing;
	void *looks = exposure->looks;

	if (mipo_grow(&looks, &exposure->cap_looks, exposure->n_looks + 1,
		sizeof(struct mipo_xlook *), err) != 0)
		return -1;
	exposure->looks = looks;
	if (end != NULL) {
		look->end = mipo_rec_dup(end, err);
		if (look->end == NULL)
			return -1;
	}
	look->conclusive = conclusive && end != NULL &&
			   mipo_cover_lists(look->cover, MIPO_OPEN);
	look->n_open = mipo_xpair_sort(look->open, look->n_open);
	look->n_shut = mipo_xpair_sort(look->shut, look->n_shut);
	exposure->looks[exposure->n_looks++] = look;
	exposure->passing = NULL;
	return 0;
}
