/*
 * The world that rules are asked about: looks, approved baselines, verdicts
 * of looks, news of changes, and what is required to be open. Questions are
 * answered true, false or unknown, by the newest look that can tell.
 */
#ifndef MIPO_JUDGE_WORLD_H
#define MIPO_JUDGE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/news.h"
#include "judge/snap.h"

struct mipo_err;
struct mipo_required;

struct mipo_world;

/* What an alarm is about. Strings are borrowed. */
struct mipo_subject {
	const char *network, *vantage;
	struct mipo_addr ip; /* family 0: it is about a scope */
	enum mipo_proto proto;
	uint16_t port;
	const char *scope; /* scope_sha256, or "" */
	const char *words; /* what the scope is; NULL: not known */
	const char *heard; /* scan that found it open before silence, or NULL */
	int64_t heard_ms;  /* and when that was recorded */
};

/* An answer and the scan that it rests on (borrowed, "" for none). */
struct mipo_answer {
	enum mipo_tri tri;
	const char *scan;
	bool by_decree; /* by what people approve or require, not by a look */
};

/* The newest look of one scope: how it ended. */
struct mipo_ended {
	char network[64], vantage[64], scope[65];
	char scan[33], verdict[16], words[192]; /* of the scope, or "" */
	unsigned failed; /* looks in a row that were not complete */
};

struct mipo_world *mipo_world_new(struct mipo_err *err);
void mipo_world_free(struct mipo_world *world);

/*
 * Looks are added oldest first. What is added is the world's, also when
 * adding fails.
 */
int mipo_world_add_look_take(struct mipo_world *world,
    struct mipo_snap *snap, struct mipo_err *err);
int mipo_world_add_baseline_take(struct mipo_world *world,
    struct mipo_snap *snap, struct mipo_err *err);
int mipo_world_add_news_take(struct mipo_world *world,
    struct mipo_news *news, struct mipo_err *err);
int mipo_world_add_required_take(struct mipo_world *world,
    struct mipo_required *required, struct mipo_err *err);

/*
 * subject (of address and port) came up, says the history of its place; of
 * a place and protocol in order of address and port.
 */
int mipo_world_add_arrival(struct mipo_world *world,
    const struct mipo_subject *subject, struct mipo_err *err);

/* The same of one that was heard, and no later look of the history tells. */
int mipo_world_add_heard(struct mipo_world *world,
    const struct mipo_subject *subject, struct mipo_err *err);

/* A look ended so; oldest first, the last one of a scope stands. */
int mipo_world_add_ended(struct mipo_world *world,
    const struct mipo_ended *ended, struct mipo_err *err);

/* Forgets looks, baselines, history and ends: they are added anew. */
void mipo_world_forget(struct mipo_world *world);
/* Looks and history are all there is to know: news proves nothing. */
void mipo_world_news_only_wakes(struct mipo_world *world);

/* The list of required ports was read, so what is not on it is not. */
void mipo_world_required_known(struct mipo_world *world);

/* Whether it is open, by the newest look that can tell; heard is one. */
struct mipo_answer mipo_world_open(
    const struct mipo_world *world, const struct mipo_subject *subject);

/* Whether an approved baseline has it open. */
struct mipo_answer mipo_world_approved(
    const struct mipo_world *world, const struct mipo_subject *subject);

/* Whether the history, or a change where there is none, has it come up. */
struct mipo_answer mipo_world_came_up(
    const struct mipo_world *world, const struct mipo_subject *subject);

/* Whether it is on the list; *ret_severity (-1: no word) where it is. */
enum mipo_tri mipo_world_required(const struct mipo_world *world,
    const struct mipo_subject *subject, int *ret_severity);

/*
 * Each binding that is open, each that is required as seen from each place
 * that looked, each scope that was looked at; once each. A callback that
 * returns non-zero ends it, and that is returned.
 */
typedef int mipo_world_fn(void *arg, const struct mipo_subject *subject);
int mipo_world_each_open(
    const struct mipo_world *world, mipo_world_fn *fn, void *arg);
int mipo_world_each_required(
    const struct mipo_world *world, mipo_world_fn *fn, void *arg);
int mipo_world_each_scope(
    const struct mipo_world *world, mipo_world_fn *fn, void *arg);

/* How the newest look of subject's scope ended, or NULL. */
const struct mipo_ended *mipo_world_ended(
    const struct mipo_world *world, const struct mipo_subject *subject);

#endif
