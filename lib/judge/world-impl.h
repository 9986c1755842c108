/* Inside of world.h, for its two halves: filling and asking. */
#ifndef MIPO_JUDGE_WORLD_IMPL_H
#define MIPO_JUDGE_WORLD_IMPL_H

#include "judge/required.h"
#include "judge/world.h"

struct pair {
	struct mipo_addr ip;
	uint16_t port;
};

/* Where somebody looked from, at what network, and by which protocol. */
struct place {
	char *network, *vantage;
	enum mipo_proto proto;
	struct pair *up; /* what came up there, ascending */
	size_t n_up, cap_up;
};

struct look {
	struct mipo_snap *snap;
	size_t place; /* index */
};

struct heard {
	struct pair pair;
	size_t place;
	char scan[33];
	int64_t ms;
};

struct told {
	struct mipo_news *news;
	size_t place;
};

struct mipo_world {
	struct place *places;
	size_t n_places, cap_places;
	struct look *looks; /* oldest first */
	size_t n_looks, cap_looks;
	struct heard *heard;
	size_t n_heard, cap_heard;
	struct look *baselines;
	size_t n_baselines, cap_baselines;
	struct told *news;
	size_t n_news, cap_news;
	struct mipo_required *required;
	size_t n_required, cap_required;
	struct mipo_ended *ended;
	size_t n_ended, cap_ended;
	bool news_only_wakes, required_known;
};

#endif
