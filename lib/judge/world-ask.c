#include <stdlib.h>
#include <string.h>

#include "data/ports.h"
#include "data/target.h"
#include "judge/world-impl.h"

#define NOWHERE SIZE_MAX

static size_t
place_of(const struct mipo_world *world, const struct mipo_subject *subject)
{
	for (size_t i = 0; i < world->n_places; i++)
		if (world->places[i].proto == subject->proto &&
		    strcmp(world->places[i].network, subject->network) == 0 &&
		    strcmp(world->places[i].vantage, subject->vantage) == 0)
			return i;
	return NOWHERE;
}

/* The newest of the looks numbered from..n-1 that can tell. */
static struct mipo_answer
looked(const struct mipo_world *world, size_t place, size_t from,
    const struct mipo_addr *ip, uint16_t port)
{
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};

	for (size_t i = world->n_looks; i-- > from;) {
		const struct look *look = &world->looks[i];

		if (look->place != place)
			continue;
		answer.tri = mipo_snap_is_open(look->snap, ip, port);
		if (answer.tri != MIPO_TRI_UNKNOWN) {
			answer.scan = mipo_snap_scan(look->snap);
			break;
		}
	}
	return answer;
}

static struct mipo_answer
told(const struct mipo_world *world, size_t place, size_t from,
    const struct mipo_addr *ip, uint16_t port)
{
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};

	for (size_t i = world->n_news; i-- > from;) {
		const struct told *told = &world->news[i];

		if (told->place != place)
			continue;
		answer.tri = mipo_news_is_open(told->news, ip, port);
		if (answer.tri != MIPO_TRI_UNKNOWN) {
			answer.scan = mipo_news_scan(told->news);
			break;
		}
	}
	return answer;
}

struct mipo_answer
mipo_world_open(
    const struct mipo_world *world, const struct mipo_subject *subject)
{
	size_t place = place_of(world, subject);
	struct mipo_answer answer =
	    looked(world, place, 0, &subject->ip, subject->port);

	if (answer.tri == MIPO_TRI_UNKNOWN && subject->heard != NULL) {
		answer.tri = MIPO_TRI_TRUE;
		answer.scan = subject->heard;
	}
	if (answer.tri != MIPO_TRI_UNKNOWN || world->news_only_wakes)
		return answer;
	return told(world, place, 0, &subject->ip, subject->port);
}

struct mipo_answer
mipo_world_approved(
    const struct mipo_world *world, const struct mipo_subject *subject)
{
	size_t place = place_of(world, subject);
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};
	enum mipo_tri tri;

	for (size_t i = world->n_baselines; i-- > 0;) {
		const struct look *look = &world->baselines[i];

		if (look->place != place)
			continue;
		tri = mipo_snap_is_open(
		    look->snap, &subject->ip, subject->port);
		if (tri > answer.tri) {
			answer.tri = tri;
			answer.scan = mipo_snap_scan(look->snap);
		}
	}
	return answer;
}

static int
order(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int cmp = mipo_addr_cmp(&x->ip, &y->ip);

	return cmp != 0 ? cmp : (int)x->port - (int)y->port;
}

struct mipo_answer
mipo_world_came_up(
    const struct mipo_world *world, const struct mipo_subject *subject)
{
	size_t place = place_of(world, subject);
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};
	struct pair want = {subject->ip, subject->port};

	if (!world->news_only_wakes)
		return told(world, place, 0, &subject->ip, subject->port);
	if (place != NOWHERE && world->places[place].n_up > 0 &&
	    bsearch(&want, world->places[place].up, world->places[place].n_up,
		sizeof(want), order) != NULL)
		answer.tri = MIPO_TRI_TRUE;
	return answer;
}

enum mipo_tri
mipo_world_required(const struct mipo_world *world,
    const struct mipo_subject *subject, int *ret_severity)
{
	for (size_t i = 0; i < world->n_required; i++) {
		if (!mipo_required_covers(&world->required[i], subject->network,
			subject->proto, &subject->ip, subject->port))
			continue;
		*ret_severity = world->required[i].severity;
		return MIPO_TRI_TRUE;
	}
	return world->required_known ? MIPO_TRI_FALSE : MIPO_TRI_UNKNOWN;
}

/* The open pairs of one look, where no newer look knows better. */
static int
each_of_look(
    const struct mipo_world *world, size_t i, mipo_world_fn *fn, void *arg)
{
	const struct look *look = &world->looks[i];
	const struct place *place = &world->places[look->place];
	struct mipo_subject subject = {.network = place->network,
	    .vantage = place->vantage, .proto = place->proto, .scope = ""};
	struct mipo_host host;
	size_t pos = 0;
	int r;

	while (mipo_snap_host(look->snap, &pos, &host))
		for (size_t at = host.at; at < host.at + host.n; at++) {
			if (mipo_snap_state(look->snap, at) != MIPO_OPEN)
				continue;
			subject.ip = host.ip;
			subject.port = mipo_snap_port(look->snap, at);
			if (looked(world, look->place, i + 1, &host.ip,
				subject.port).tri != MIPO_TRI_UNKNOWN)
				continue;
			r = fn(arg, &subject);
			if (r != 0)
				return r;
		}
	return 0;
}

static int
each_heard(const struct mipo_world *world, mipo_world_fn *fn, void *arg)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < world->n_heard; i++) {
		const struct heard *heard = &world->heard[i];
		const struct place *place = &world->places[heard->place];
		const struct mipo_subject subject = {
		    .network = place->network,
		    .vantage = place->vantage,
		    .ip = heard->pair.ip,
		    .proto = place->proto,
		    .port = heard->pair.port,
		    .scope = "",
		    .heard = heard->scan,
		    .heard_ms = heard->ms};

		if (looked(world, heard->place, 0, &subject.ip, subject.port)
			.tri == MIPO_TRI_UNKNOWN)
			r = fn(arg, &subject);
	}
	return r;
}

static int
each_of_news(
    const struct mipo_world *world, size_t i, mipo_world_fn *fn, void *arg)
{
	const struct told *now = &world->news[i];
	const struct place *place = &world->places[now->place];
	struct mipo_subject subject = {.network = place->network,
	    .vantage = place->vantage, .proto = place->proto, .scope = ""};
	size_t pos = 0;
	int r;

	while (mipo_news_next_open(
	    now->news, &pos, &subject.ip, &subject.port)) {
		if (looked(world, now->place, 0, &subject.ip, subject.port)
			    .tri != MIPO_TRI_UNKNOWN ||
		    told(world, now->place, i + 1, &subject.ip, subject.port)
			    .tri != MIPO_TRI_UNKNOWN)
			continue;
		r = fn(arg, &subject);
		if (r != 0)
			return r;
	}
	return 0;
}

int
mipo_world_each_open(
    const struct mipo_world *world, mipo_world_fn *fn, void *arg)
{
	int r = 0;

	for (size_t i = world->n_looks; r == 0 && i-- > 0;)
		r = each_of_look(world, i, fn, arg);
	if (r == 0)
		r = each_heard(world, fn, arg);
	if (world->news_only_wakes)
		return r;
	for (size_t i = world->n_news; r == 0 && i-- > 0;)
		r = each_of_news(world, i, fn, arg);
	return r;
}

/* A pair that an earlier row has too is told by that row. */
static bool
told_before(const struct mipo_world *world, size_t row,
    const struct mipo_subject *subject)
{
	for (size_t i = 0; i < row; i++)
		if (mipo_required_covers(&world->required[i], subject->network,
			subject->proto, &subject->ip, subject->port))
			return true;
	return false;
}

static int
each_of_row(const struct mipo_world *world, size_t row,
    struct mipo_subject *subject, mipo_world_fn *fn, void *arg)
{
	const struct mipo_required *required = &world->required[row];
	size_t ports = mipo_ports_count(required->ports);
	int r;

	for (uint64_t i = 0; i < mipo_targets_count(required->targets); i++) {
		mipo_targets_at(required->targets, i, &subject->ip);
		for (size_t j = 0; j < ports; j++) {
			subject->port = mipo_ports_at(required->ports, j);
			if (told_before(world, row, subject))
				continue;
			r = fn(arg, subject);
			if (r != 0)
				return r;
		}
	}
	return 0;
}

int
mipo_world_each_required(
    const struct mipo_world *world, mipo_world_fn *fn, void *arg)
{
	struct mipo_subject subject = {.scope = ""};
	int r = 0;

	for (size_t i = 0; i < world->n_places; i++) {
		subject.network = world->places[i].network;
		subject.vantage = world->places[i].vantage;
		subject.proto = world->places[i].proto;
		for (size_t row = 0; r == 0 && row < world->n_required; row++)
			if (mipo_required_for(&world->required[row],
				subject.network, subject.proto))
				r = each_of_row(
				    world, row, &subject, fn, arg);
	}
	return r;
}

int
mipo_world_each_scope(
    const struct mipo_world *world, mipo_world_fn *fn, void *arg)
{
	struct mipo_subject subject = {.port = 0};
	int r = 0;

	for (size_t i = 0; r == 0 && i < world->n_ended; i++) {
		subject.network = world->ended[i].network;
		subject.vantage = world->ended[i].vantage;
		subject.scope = world->ended[i].scope;
		subject.words = world->ended[i].words;
		r = fn(arg, &subject);
	}
	return r;
}

const struct mipo_ended *
mipo_world_ended(
    const struct mipo_world *world, const struct mipo_subject *subject)
{
	for (size_t i = 0; i < world->n_ended; i++)
		if (strcmp(world->ended[i].scope, subject->scope) == 0 &&
		    strcmp(world->ended[i].network, subject->network) == 0 &&
		    strcmp(world->ended[i].vantage, subject->vantage) == 0)
			return &world->ended[i];
	return NULL;
}
