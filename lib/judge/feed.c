#include "judge/feed.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "data/schema.h"
#include "judge/world.h"
#include "trust/hash.h"
#include "trust/look.h"

/* The stream that runs: a look, a diff, or none. */
struct feed {
	struct mipo_world *world;
	struct mipo_fed *fed;
	bool keep_looks;
	struct mipo_look *look;
	struct mipo_snap *snap;
	struct mipo_news *news;
	struct mipo_hash *hash; /* of the diff's lines */
	struct mipo_err *err;
};

static void
meet(struct mipo_fed *fed, const char *network)
{
	if (*fed->network != '\0' && strcmp(fed->network, network) != 0)
		network = "*";
	(void)snprintf(fed->network, sizeof(fed->network), "%s", network);
}

/* start: the look's own, or NULL where only news of it came. */
static int
note_end(struct feed *feed, const char *network, const char *vantage,
    const char *scope, const char *scan, const char *verdict,
    const struct mipo_rec *start)
{
	struct mipo_ended ended = {.failed = 0};

	meet(feed->fed, network);
	(void)snprintf(
	    feed->fed->scan, sizeof(feed->fed->scan), "%s", scan);
	if (*scope == '\0')
		return 0;
	(void)snprintf(
	    ended.network, sizeof(ended.network), "%s", network);
	(void)snprintf(
	    ended.vantage, sizeof(ended.vantage), "%s", vantage);
	(void)snprintf(ended.scope, sizeof(ended.scope), "%s", scope);
	(void)snprintf(ended.scan, sizeof(ended.scan), "%s", scan);
	(void)snprintf(
	    ended.verdict, sizeof(ended.verdict), "%s", verdict);
	if (start != NULL)
		mipo_cover_words(start, ended.words, sizeof(ended.words));
	return mipo_world_add_ended(feed->world, &ended, feed->err);
}

/* The look that ran is over; a NULL end record: it was cut. */
static int
end_look(struct feed *feed)
{
	const struct mipo_rec *end = mipo_look_end(feed->look);
	struct mipo_snap *snap = feed->snap;
	int r = 0;

	/* Cut inside its scope: what came of it says whose look it was. */
	if (snap == NULL &&
	    mipo_snap_new(mipo_look_start(feed->look), &snap, feed->err) != 0)
		return -1;
	feed->snap = NULL;
	feed->fed->looks++;
	feed->fed->cut += end == NULL;
	if (mipo_snap_finish(snap, end, feed->err) != 0) {
		mipo_snap_free(snap);
		return -1;
	}
	feed->fed->weak += !mipo_snap_complete(snap);
	r = note_end(feed, mipo_snap_network(snap), mipo_snap_vantage(snap),
	    feed->keep_looks ? mipo_snap_scope(snap) : "",
	    mipo_snap_scan(snap), mipo_snap_verdict(snap),
	    mipo_snap_start(snap));
	if (r == 0 && feed->keep_looks && end != NULL)
		r = mipo_world_add_look_take(feed->world, snap, feed->err);
	else
		mipo_snap_free(snap);
	mipo_look_free(feed->look);
	feed->look = NULL;
	return r;
}

static int
look_line(struct feed *feed, const char *line, size_t len)
{
	enum mipo_look_kind kind;
	struct mipo_obs obs;

	if (mipo_look_feed(feed->look, line, len, &kind, &obs, feed->err) != 0)
		return -1;
	switch (kind) {
	case MIPO_LOOK_START:
		return mipo_snap_new(
		    mipo_look_start(feed->look), &feed->snap, feed->err);
	case MIPO_LOOK_OBS:
		return mipo_snap_add(feed->snap, &obs, feed->err);
	case MIPO_LOOK_END:
		return end_look(feed);
	default:
		return 0;
	}
}

/* diff.end: the stream is whole, and is news from now on. */
static int
end_diff(struct feed *feed, const struct mipo_rec *end)
{
	const char *sum = mipo_rec_str(end, "stream_sha256");
	char hex[2 * MIPO_HASH_LEN + 1];
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_news *news = feed->news;
	bool sure = false;

	mipo_hash_final(feed->hash, digest);
	mipo_text_hex(digest, sizeof(digest), hex);
	if (sum == NULL || strcmp(sum, hex) != 0)
		return mipo_err_set(feed->err, MIPO_E_TAMPERED,
		    "diff.end's stream_sha256 is not that of the lines "
		    "before it");
	if (mipo_news_finish(news, end, feed->err) != 0)
		return -1;
	feed->fed->diffs++;
	(void)mipo_rec_bool(end, "conclusive", &sure);
	feed->fed->unsure += !sure;
	feed->fed->first += !sure && mipo_news_first(news);
	feed->fed->weak += strcmp(mipo_news_verdict(news), "complete") != 0;
	feed->news = NULL;
	if (note_end(feed, mipo_news_network(news), mipo_news_vantage(news),
		feed->keep_looks ? mipo_news_scope(news) : "",
		mipo_news_scan(news), mipo_news_verdict(news), NULL) != 0) {
		mipo_news_free(news);
		return -1;
	}
	return mipo_world_add_news_take(feed->world, news, feed->err);
}

static int
diff_record(struct feed *feed, const struct mipo_rec *rec, const char *line,
    size_t len)
{
	const char *type = mipo_rec_str(rec, "type");

	if (strcmp(type, "diff.end") == 0)
		return end_diff(feed, rec);
	mipo_hash_add(feed->hash, line, len);
	mipo_hash_add(feed->hash, "\n", 1);
	if (strcmp(type, "change") == 0)
		return mipo_news_add(feed->news, rec, feed->err);
	if (strcmp(type, "diff.start") == 0)
		return mipo_err_set(feed->err, MIPO_E_INPUT,
		    "a second diff.start in one stream");
	return 0;
}

/* Between streams: what begins here? */
static int
first_record(struct feed *feed, const struct mipo_rec *rec, const char *line,
    size_t len)
{
	const char *type = mipo_rec_str(rec, "type");

	if (strcmp(type, "scan.start") == 0) {
		feed->look = mipo_look_new(feed->err);
		return feed->look == NULL ? -1 : look_line(feed, line, len);
	}
	if (strcmp(type, "diff.start") == 0) {
		mipo_hash_reset(feed->hash);
		mipo_hash_add(feed->hash, line, len);
		mipo_hash_add(feed->hash, "\n", 1);
		return mipo_news_new(rec, &feed->news, feed->err);
	}
	if (strcmp(type, "obs") == 0 || strcmp(type, "scan.end") == 0 ||
	    strcmp(type, "scan.scope") == 0 || strcmp(type, "change") == 0 ||
	    strcmp(type, "diff.end") == 0)
		return mipo_err_set(feed->err, MIPO_E_INPUT,
		    "%s without the record that opens its stream", type);
	return 0;
}

static int
one_line(struct feed *feed, const char *line, size_t len)
{
	struct mipo_rec *rec = NULL;
	int r = -1;

	if (feed->look != NULL)
		return look_line(feed, line, len);
	if (mipo_rec_parse(line, len, &rec, feed->err) != 0)
		return -1;
	if (mipo_rec_check(rec, feed->err) == 0)
		r = feed->news != NULL ? diff_record(feed, rec, line, len) :
					 first_record(feed, rec, line, len);
	mipo_rec_free(rec);
	return r;
}

/* Whether bytes or records were left without what must come behind them. */
static int
at_end(struct feed *feed, const struct mipo_lines *lines)
{
	if (feed->look != NULL)
		return end_look(feed);
	feed->fed->cut += feed->news != NULL || mipo_lines_cut(lines);
	return 0;
}

int
mipo_feed_read(struct mipo_lines *lines, struct mipo_world *world, bool looks,
    struct mipo_fed *ret_fed, struct mipo_err *err)
{
	struct feed feed = {.world = world, .fed = ret_fed,
	    .keep_looks = looks, .err = err};
	const char *line;
	size_t len;
	int r = -1;

	memset(ret_fed, 0, sizeof(*ret_fed));
	feed.hash = mipo_hash_new(err);
	if (feed.hash == NULL)
		return -1;
	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1)
		if (one_line(&feed, line, len) != 0) {
			r = mipo_lines_fail(lines, err);
			break;
		}
	if (r == 0)
		r = at_end(&feed, lines);
	mipo_hash_free(feed.hash);
	mipo_look_free(feed.look);
	mipo_snap_free(feed.snap);
	mipo_news_free(feed.news);
	return r;
}
