/*
 * News: what one diff stream says of bindings, packed and sorted. Only a
 * stream that came whole is news.
 */
#ifndef MIPO_JUDGE_NEWS_H
#define MIPO_JUDGE_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "data/addr.h"
#include "judge/snap.h"

struct mipo_err;
struct mipo_rec;

struct mipo_news;

/* From diff.start, which stays the caller's. */
int mipo_news_new(const struct mipo_rec *start, struct mipo_news **ret_news,
    struct mipo_err *err);
void mipo_news_free(struct mipo_news *news);

/* Adds one change record; kinds that say nothing of "open" are counted. */
int mipo_news_add(struct mipo_news *news, const struct mipo_rec *change,
    struct mipo_err *err);

/* Sorts. E_TAMPERED when diff.end counts other changes than came. */
int mipo_news_finish(struct mipo_news *news, const struct mipo_rec *end,
    struct mipo_err *err);

/* From diff.start; stays the news', never NULL. */
const char *mipo_news_network(const struct mipo_news *news);
const char *mipo_news_vantage(const struct mipo_news *news);
enum mipo_proto mipo_news_proto(const struct mipo_news *news);
const char *mipo_news_scope(const struct mipo_news *news);
const char *mipo_news_scan(const struct mipo_news *news);
const char *mipo_news_verdict(const struct mipo_news *news);
bool mipo_news_first(const struct mipo_news *news);

/* Whether the pair is open, by a change that names it. */
enum mipo_tri mipo_news_is_open(const struct mipo_news *news,
    const struct mipo_addr *ip, uint16_t port);

/*
 * The next pair that is told to be open, in numeric order; false at the
 * end. Begin with *pos = 0.
 */
bool mipo_news_next_open(const struct mipo_news *news, size_t *pos,
    struct mipo_addr *ret_ip, uint16_t *ret_port);

#endif
