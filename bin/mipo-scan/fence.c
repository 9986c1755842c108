#include "bin/mipo-scan/fence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "bin/mipo-scan/lines.h"
#include "data/rec.h"
#include "data/target.h"
#include "kit/cli.h"
#include "trust/hash.h"

#define FILES_MAX 32 /* their digests are in one record with much else */
#define SAID_MAX  (SIZE_MAX / 4)

/* One word of a scope file. */
struct post {
	struct mipo_range range;
	bool refuses;
	unsigned file, line;
};

struct fence {
	struct post *posts;
	size_t n, cap;
	const struct mipo_list *files;
	uint8_t sha256[FILES_MAX][MIPO_HASH_LEN];
	struct mipo_buf said; /* struct said and the word, again and again */
};

struct said {
	const char *path;
	unsigned line;
};

/* The file that is being read. */
struct reading {
	struct fence *fence;
	unsigned file;
	bool allows;
};

static int
add_post(struct reading *reading, const char *word, bool refuses,
    unsigned line, struct mipo_err *err)
{
	struct fence *fence = reading->fence;
	struct post *post;

	if (mipo_grow((void **)&fence->posts, &fence->cap, fence->n + 1,
		sizeof(*fence->posts), err) != 0)
		return -1;
	post = &fence->posts[fence->n];
	if (mipo_target_parse(word, &post->range, NULL, err) != 0)
		return -1;
	post->refuses = refuses;
	post->file = reading->file;
	post->line = line;
	fence->n++;
	reading->allows |= !refuses;
	return 0;
}

static int
add_line(void *arg, char *line, unsigned number, struct mipo_err *err)
{
	char *rest = line, *word = lines_word(&rest);
	bool all = word != NULL && strcmp(word, "exclude") == 0;

	if (all)
		word = lines_word(&rest);
	if (all && word == NULL)
		return mipo_err_set(
		    err, MIPO_E_USAGE, "nothing stands behind exclude");
	for (; word != NULL; word = lines_word(&rest)) {
		bool refuses = !all && *word == '!';

		if (add_post(arg, word + refuses, all || refuses, number,
			err) != 0)
			return -1;
	}
	return 0;
}

static int
read_files(struct fence *fence, struct mipo_err *err)
{
	struct reading reading = {.fence = fence};

	for (size_t i = 0; i < fence->files->n; i++) {
		reading.file = (unsigned)i;
		if (lines_read(fence->files->items[i], fence->sha256[i],
			add_line, &reading, err) != 0)
			return -1;
	}
	return reading.allows
	    ? 0
	    : mipo_err_set(err, MIPO_E_USAGE,
		  "%.200s: a scope file that allows no address",
		  fence->files->items[0]);
}

int
fence_load(const struct mipo_list *files, struct fence **ret_fence,
    struct mipo_err *err)
{
	struct fence *fence;

	*ret_fence = NULL;
	if (files->n == 0)
		return 0;
	if (files->n > FILES_MAX)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--scope: more than %d files", FILES_MAX);
	fence = mipo_calloc(1, sizeof(*fence), err);
	if (fence == NULL)
		return -1;
	fence->files = files;
	mipo_buf_init(&fence->said, SAID_MAX);
	if (read_files(fence, err) != 0) {
		fence_free(fence);
		return -1;
	}
	*ret_fence = fence;
	return 0;
}

void
fence_free(struct fence *fence)
{
	if (fence == NULL)
		return;
	mipo_buf_release(&fence->said);
	free(fence->posts);
	free(fence);
}

int
fence_note(struct fence *fence, const char *path, unsigned line,
    const char *word, struct mipo_err *err)
{
	const struct said said = {path, line};

	mipo_buf_put(&fence->said, &said, sizeof(said));
	mipo_buf_put(&fence->said, word, strlen(word) + 1);
	return mipo_buf_ok(&fence->said, err);
}

/* ---- what is not allowed */

static int
by_first(const void *a, const void *b)
{
	const struct mipo_range *x = a, *y = b;

	return mipo_addr_cmp(&x->first, &y->first);
}

/* Sorted, and disjoint where they overlapped; how many are left. */
static size_t
merge(struct mipo_range *r, size_t n)
{
	size_t kept = 0;

	qsort(r, n, sizeof(*r), by_first);
	for (size_t i = 1; i < n; i++) {
		if (mipo_addr_cmp(&r[i].first, &r[kept].last) > 0)
			r[++kept] = r[i];
		else if (mipo_addr_cmp(&r[i].last, &r[kept].last) > 0)
			r[kept].last = r[i].last;
	}
	return n == 0 ? 0 : kept + 1;
}

/* What of targets the posts of one kind speak of. */
static struct mipo_targets *
spoken_of(const struct fence *fence, bool refuses,
    const struct mipo_targets *targets, struct mipo_err *err)
{
	struct mipo_targets *out = mipo_targets_new(err);
	struct mipo_range *r = mipo_calloc(fence->n, sizeof(*r), err);
	size_t n = 0;
	int bad = out == NULL || r == NULL;

	for (size_t i = 0; !bad && i < fence->n; i++)
		if (fence->posts[i].refuses == refuses)
			r[n++] = fence->posts[i].range;
	n = bad ? 0 : merge(r, n);
	for (size_t i = 0; !bad && i < n; i++)
		bad = mipo_targets_add_within(out, targets, &r[i], err);
	free(r);
	if (!bad)
		return out;
	mipo_targets_free(out);
	return NULL;
}

/* The first target that may not be scanned; its family is 0: there is none. */
static int
first_bad(const struct fence *fence, const struct mipo_targets *targets,
    struct mipo_addr *ret_bad, struct mipo_err *err)
{
	struct mipo_targets *may = spoken_of(fence, false, targets, err);
	struct mipo_targets *never = spoken_of(fence, true, targets, err);
	struct mipo_targets *left = mipo_targets_new(err);
	int r = -1;

	if (may == NULL || never == NULL || left == NULL ||
	    mipo_targets_exclude(may, never, err) != 0 ||
	    mipo_targets_add_all(left, targets, err) != 0 ||
	    mipo_targets_exclude(left, may, err) != 0)
		goto out;
	ret_bad->family = 0;
	if (mipo_targets_count(left) > 0)
		mipo_targets_at(left, 0, ret_bad);
	r = 0;
out:
	mipo_targets_free(may);
	mipo_targets_free(never);
	mipo_targets_free(left);
	return r;
}

/* ---- and how it is told */

static bool
holds(const struct mipo_range *range, const struct mipo_addr *addr)
{
	return mipo_addr_cmp(&range->first, addr) <= 0 &&
	    mipo_addr_cmp(addr, &range->last) <= 0;
}

/* How far addr is from the range, in network order; of one family. */
static void
distance(const struct mipo_range *range, const struct mipo_addr *addr,
    uint8_t ret_far[16])
{
	bool below = mipo_addr_cmp(addr, &range->first) < 0;
	const struct mipo_addr *high = below ? &range->first : addr;
	const struct mipo_addr *low = below ? addr : &range->last;
	int borrow = 0;

	for (int i = 15; i >= 0; i--) {
		int digit = high->b[i] - low->b[i] - borrow;

		ret_far[i] = (uint8_t)digit;
		borrow = digit < 0;
	}
}

/* What refuses addr, or else what allows the next address to it, or NULL. */
static const struct post *
find_post(const struct fence *fence, const struct mipo_addr *addr)
{
	const struct post *near = NULL;
	uint8_t far[16], best[16];

	for (size_t i = 0; i < fence->n; i++) {
		const struct post *post = &fence->posts[i];

		if (post->refuses && holds(&post->range, addr))
			return post;
		if (post->refuses || post->range.first.family != addr->family)
			continue;
		distance(&post->range, addr, far);
		if (near == NULL || memcmp(far, best, sizeof(far)) < 0) {
			near = post;
			memcpy(best, far, sizeof(far));
		}
	}
	return near;
}

/* The first name that stood for the address, or NULL. */
static const char *
name_of(const struct mipo_rec *names, const char *text)
{
	size_t n = mipo_rec_len(names, "names");
	char path[64];

	for (size_t i = 0; i < n; i++) {
		size_t ips;

		(void)snprintf(path, sizeof(path), "names.%zu.ips", i);
		ips = mipo_rec_len(names, path);
		for (size_t j = 0; j < ips; j++) {
			(void)snprintf(
			    path, sizeof(path), "names.%zu.ips.%zu", i, j);
			if (strcmp(mipo_rec_str(names, path), text) != 0)
				continue;
			(void)snprintf(
			    path, sizeof(path), "names.%zu.name", i);
			return mipo_rec_str(names, path);
		}
	}
	return NULL;
}

/* The word that addr was given by, or NULL. */
static const char *
word_of(const struct fence *fence, const struct mipo_addr *addr,
    const char *name, struct said *ret_said)
{
	const struct mipo_buf *buf = &fence->said;
	struct mipo_range range;
	size_t at = 0;

	while (at < buf->len) {
		const char *word = buf->data + at + sizeof(*ret_said);
		bool is_name = false;

		memcpy(ret_said, buf->data + at, sizeof(*ret_said));
		at += sizeof(*ret_said) + strlen(word) + 1;
		if (mipo_target_parse(word, &range, &is_name, NULL) == 0 &&
		    (is_name ? name != NULL && strcmp(name, word) == 0
			     : holds(&range, addr)))
			return word;
	}
	return NULL;
}

static int
set_error(const struct fence *fence, const struct mipo_addr *addr,
    const char *who, struct mipo_err *err)
{
	const struct post *post = find_post(fence, addr);
	const char *file =
	    fence->files->items[post == NULL ? 0 : post->file];

	if (post == NULL)
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s is outside of %.150s, which has no line for IPv%d",
		    who, file, addr->family);
	if (post->refuses)
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s is refused by %.150s:%u", who, file, post->line);
	return mipo_err_set(err, MIPO_E_PERM,
	    "%s is outside of %.150s, whose nearest line is %u", who, file,
	    post->line);
}

int
fence_check(const struct fence *fence, const struct mipo_targets *targets,
    const struct mipo_rec *names, struct mipo_err *err)
{
	char text[MIPO_ADDR_LEN], who[256];
	struct said said = {NULL, 0};
	struct mipo_addr bad;
	const char *word;

	if (fence == NULL)
		return 0;
	if (first_bad(fence, targets, &bad, err) != 0)
		return -1;
	if (bad.family == 0)
		return 0;
	(void)mipo_addr_format(&bad, text);
	word = word_of(fence, &bad, name_of(names, text), &said);
	if (word == NULL || strcmp(word, text) == 0)
		(void)snprintf(who, sizeof(who), "%s", text);
	else
		(void)snprintf(
		    who, sizeof(who), "\"%.150s\": %s", word, text);
	(void)set_error(fence, &bad, who, err);
	return word == NULL || said.path == NULL
	    ? -1
	    : mipo_err_prefix(err, "%.100s:%u", said.path, said.line);
}

void
fence_put(const struct fence *fence, struct mipo_rec *rec)
{
	char hex[2 * MIPO_HASH_LEN + 1];

	for (size_t i = 0; fence != NULL && i < fence->files->n; i++) {
		mipo_text_hex(fence->sha256[i], MIPO_HASH_LEN, hex);
		mipo_rec_add_str(rec, "fence_sha256", hex);
	}
}
