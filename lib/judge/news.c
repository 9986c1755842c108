#include "judge/news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "judge/diff.h"

struct fact {
	struct mipo_addr ip;
	uint16_t port;
	uint8_t open; /* enum mipo_tri */
};

struct mipo_news {
	struct mipo_rec *start;
	struct fact *facts;
	size_t n, cap;
	uint64_t changes;
};

int
mipo_news_new(const struct mipo_rec *start, struct mipo_news **ret_news,
    struct mipo_err *err)
{
	struct mipo_news *news = mipo_calloc(1, sizeof(*news), err);

	if (news == NULL)
		return -1;
	news->start = mipo_rec_dup(start, err);
	if (news->start == NULL) {
		free(news);
		return -1;
	}
	*ret_news = news;
	return 0;
}

void
mipo_news_free(struct mipo_news *news)
{
	if (news == NULL)
		return;
	mipo_rec_free(news->start);
	free(news->facts);
	free(news);
}

static int
add(struct mipo_news *news, const struct mipo_addr *ip, int64_t port,
    enum mipo_tri open, struct mipo_err *err)
{
	void *facts = news->facts;

	if (port < 1 || port > 65535)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "change: port out of range");
	if (mipo_grow(&facts, &news->cap, news->n + 1, sizeof(*news->facts),
		err) != 0)
		return -1;
	news->facts = facts;
	news->facts[news->n].ip = *ip;
	news->facts[news->n].port = (uint16_t)port;
	news->facts[news->n].open = (uint8_t)open;
	news->n++;
	return 0;
}

static enum mipo_tri
meaning(enum mipo_ckind kind)
{
	switch (kind) {
	case MIPO_CK_OPENED:
	case MIPO_CK_FIRST_SEEN_OPEN:
	case MIPO_CK_HOST_APPEARED:
		return MIPO_TRI_TRUE;
	case MIPO_CK_CLOSED:
	case MIPO_CK_FILTERED:
	case MIPO_CK_UNFILTERED:
	case MIPO_CK_HOST_GONE:
		return MIPO_TRI_FALSE;
	default:
		return MIPO_TRI_UNKNOWN;
	}
}

/* What says nothing of it is about TCP. */
static enum mipo_proto
proto_of(const struct mipo_rec *rec)
{
	const char *proto = mipo_rec_str(rec, "proto");

	return proto == NULL ? MIPO_TCP : mipo_proto_find(proto);
}

int
mipo_news_add(struct mipo_news *news, const struct mipo_rec *change,
    struct mipo_err *err)
{
	const char *kind = mipo_rec_str(change, "kind");
	const char *text = mipo_rec_str(change, "ip"), *after;
	struct mipo_addr ip;
	enum mipo_tri open;
	char path[32];
	int64_t port;

	if (kind == NULL || text == NULL)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "change: without kind or ip");
	if (proto_of(change) != proto_of(news->start))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "change: of another protocol than its diff.start");
	if (mipo_addr_parse(text, &ip, err) != 0)
		return -1;
	news->changes++;
	open = meaning(mipo_ckind_find(kind));
	after = mipo_rec_str(change, "after");
	if (after != NULL && strcmp(after, "open|filtered") == 0)
		open = MIPO_TRI_UNKNOWN; /* whatever the kind */
	if (open == MIPO_TRI_UNKNOWN)
		return 0;
	if (mipo_rec_int(change, "port", &port))
		return add(news, &ip, port, open, err);
	for (size_t i = 0; i < mipo_rec_len(change, "ports"); i++) {
		(void)snprintf(path, sizeof(path), "ports.%zu", i);
		if (!mipo_rec_int(change, path, &port))
			port = 0;
		if (add(news, &ip, port, open, err) != 0)
			return -1;
	}
	return 0;
}

static int
order(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int cmp = mipo_addr_cmp(&x->ip, &y->ip);

	return cmp != 0 ? cmp : (int)x->port - (int)y->port;
}

int
mipo_news_finish(struct mipo_news *news, const struct mipo_rec *end,
    struct mipo_err *err)
{
	int64_t count = -1;

	if (!mipo_rec_int(end, "count", &count) || count < 0 ||
	    (uint64_t)count != news->changes)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "diff.end counts %lld changes, %llu came before it",
		    (long long)count, (unsigned long long)news->changes);
	if (news->n > 1)
		qsort(news->facts, news->n, sizeof(*news->facts), order);
	return 0;
}

static const char *
text(const struct mipo_news *news, const char *key)
{
	const char *s = mipo_rec_str(news->start, key);

	return s == NULL ? "" : s;
}

const char *
mipo_news_network(const struct mipo_news *news)
{
	return text(news, "network");
}

const char *
mipo_news_vantage(const struct mipo_news *news)
{
	return text(news, "vantage");
}

enum mipo_proto
mipo_news_proto(const struct mipo_news *news)
{
	return proto_of(news->start);
}

const char *
mipo_news_scope(const struct mipo_news *news)
{
	return text(news, "scope_sha256");
}

const char *
mipo_news_scan(const struct mipo_news *news)
{
	return text(news, "new_scan");
}

const char *
mipo_news_verdict(const struct mipo_news *news)
{
	return text(news, "new_verdict");
}

bool
mipo_news_first(const struct mipo_news *news)
{
	bool first = false;

	(void)mipo_rec_bool(news->start, "first", &first);
	return first;
}

enum mipo_tri
mipo_news_is_open(
    const struct mipo_news *news, const struct mipo_addr *ip, uint16_t port)
{
	struct fact want = {.ip = *ip, .port = port}, *fact = NULL;

	if (news->n > 0)
		fact = bsearch(&want, news->facts, news->n,
		    sizeof(*news->facts), order);
	return fact == NULL ? MIPO_TRI_UNKNOWN : (enum mipo_tri)fact->open;
}

bool
mipo_news_next_open(const struct mipo_news *news, size_t *pos,
    struct mipo_addr *ret_ip, uint16_t *ret_port)
{
	while (*pos < news->n && news->facts[*pos].open != MIPO_TRI_TRUE)
		(*pos)++;
	if (*pos >= news->n)
		return false;
	*ret_ip = news->facts[*pos].ip;
	*ret_port = news->facts[*pos].port;
	(*pos)++;
	return true;
}
