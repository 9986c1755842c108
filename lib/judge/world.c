#include "judge/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/ports.h"
#include "data/target.h"
#include "judge/world-impl.h"

struct mipo_world *
mipo_world_new(struct mipo_err *err)
{
	return mipo_calloc(1, sizeof(struct mipo_world), err);
}

static void
free_required(struct mipo_required *required)
{
	free(required->network);
	mipo_targets_free(required->targets);
	mipo_ports_free(required->ports);
}

void
mipo_world_forget(struct mipo_world *world)
{
	for (size_t i = 0; i < world->n_looks; i++)
		mipo_snap_free(world->looks[i].snap);
	for (size_t i = 0; i < world->n_baselines; i++)
		mipo_snap_free(world->baselines[i].snap);
	for (size_t i = 0; i < world->n_places; i++)
		world->places[i].n_up = 0;
	world->n_looks = world->n_baselines = world->n_ended = 0;
	world->n_heard = 0;
}

void
mipo_world_free(struct mipo_world *world)
{
	if (world == NULL)
		return;
	mipo_world_forget(world);
	for (size_t i = 0; i < world->n_places; i++) {
		free(world->places[i].network);
		free(world->places[i].vantage);
		free(world->places[i].up);
	}
	for (size_t i = 0; i < world->n_news; i++)
		mipo_news_free(world->news[i].news);
	for (size_t i = 0; i < world->n_required; i++)
		free_required(&world->required[i]);
	free(world->places);
	free(world->looks);
	free(world->heard);
	free(world->baselines);
	free(world->news);
	free(world->required);
	free(world->ended);
	free(world);
}

/* Room for one more in a list of the world; NULL when memory is out. */
static void *
more(void *list, size_t *cap, size_t n, size_t size, struct mipo_err *err)
{
	void *items;

	memcpy(&items, list, sizeof(items));
	if (mipo_grow(&items, cap, n + 1, size, err) != 0)
		return NULL;
	memcpy(list, &items, sizeof(items));
	memset((char *)items + n * size, 0, size);
	return (char *)items + n * size;
}

#define MORE(world, list, err)                                          \
	more(&(world)->list, &(world)->cap_##list, (world)->n_##list,    \
	    sizeof(*(world)->list), err)

static int
intern(struct mipo_world *world, const char *network, const char *vantage,
    enum mipo_proto proto, size_t *ret_place, struct mipo_err *err)
{
	struct place *place;

	for (size_t i = 0; i < world->n_places; i++)
		if (world->places[i].proto == proto &&
		    strcmp(world->places[i].network, network) == 0 &&
		    strcmp(world->places[i].vantage, vantage) == 0) {
			*ret_place = i;
			return 0;
		}
	place = MORE(world, places, err);
	if (place == NULL)
		return -1;
	place->network = mipo_strdup(network, err);
	place->vantage = mipo_strdup(vantage, err);
	place->proto = proto;
	*ret_place = world->n_places++;
	return place->network == NULL || place->vantage == NULL ? -1 : 0;
}

static int
set_look(struct mipo_world *world, struct look *look, struct mipo_snap *snap,
    struct mipo_err *err)
{
	size_t place;

	if (look == NULL ||
	    intern(world, mipo_snap_network(snap), mipo_snap_vantage(snap),
		mipo_cover_proto(mipo_snap_cover(snap)), &place, err) != 0) {
		mipo_snap_free(snap);
		return -1;
	}
	look->snap = snap;
	look->place = place;
	return 0;
}

int
mipo_world_add_look_take(
    struct mipo_world *world, struct mipo_snap *snap, struct mipo_err *err)
{
	struct look *look = MORE(world, looks, err);

	if (set_look(world, look, snap, err) != 0)
		return -1;
	world->n_looks++;
	return 0;
}

int
mipo_world_add_baseline_take(
    struct mipo_world *world, struct mipo_snap *snap, struct mipo_err *err)
{
	struct look *look = MORE(world, baselines, err);

	if (set_look(world, look, snap, err) != 0)
		return -1;
	world->n_baselines++;
	return 0;
}

int
mipo_world_add_news_take(
    struct mipo_world *world, struct mipo_news *news, struct mipo_err *err)
{
	struct told *told = MORE(world, news, err);
	size_t place;

	if (told == NULL ||
	    intern(world, mipo_news_network(news), mipo_news_vantage(news),
		mipo_news_proto(news), &place, err) != 0) {
		mipo_news_free(news);
		return -1;
	}
	told->news = news;
	told->place = place;
	world->n_news++;
	return 0;
}

int
mipo_world_add_required_take(struct mipo_world *world,
    struct mipo_required *required, struct mipo_err *err)
{
	struct mipo_required *to = MORE(world, required, err);

	if (to == NULL) {
		free_required(required);
		return -1;
	}
	*to = *required;
	world->n_required++;
	return 0;
}

int
mipo_world_add_arrival(struct mipo_world *world,
    const struct mipo_subject *subject, struct mipo_err *err)
{
	struct place *place;
	void *up;
	size_t i;

	if (intern(world, subject->network, subject->vantage, subject->proto,
		&i, err) != 0)
		return -1;
	place = &world->places[i];
	up = place->up;
	if (mipo_grow(&up, &place->cap_up, place->n_up + 1,
		sizeof(*place->up), err) != 0)
		return -1;
	place->up = up;
	place->up[place->n_up++] = (struct pair){subject->ip, subject->port};
	return 0;
}

int
mipo_world_add_heard(struct mipo_world *world,
    const struct mipo_subject *subject, struct mipo_err *err)
{
	struct heard *heard = MORE(world, heard, err);

	if (heard == NULL ||
	    intern(world, subject->network, subject->vantage, subject->proto,
		&heard->place, err) != 0)
		return -1;
	heard->pair = (struct pair){subject->ip, subject->port};
	heard->ms = subject->heard_ms;
	(void)snprintf(heard->scan, sizeof(heard->scan), "%s", subject->heard);
	world->n_heard++;
	return 0;
}

static struct mipo_ended *
find_ended(struct mipo_world *world, const struct mipo_ended *like)
{
	for (size_t i = 0; i < world->n_ended; i++)
		if (strcmp(world->ended[i].network, like->network) == 0 &&
		    strcmp(world->ended[i].vantage, like->vantage) == 0 &&
		    strcmp(world->ended[i].scope, like->scope) == 0)
			return &world->ended[i];
	return NULL;
}

int
mipo_world_add_ended(struct mipo_world *world, const struct mipo_ended *ended,
    struct mipo_err *err)
{
	struct mipo_ended *to = find_ended(world, ended);
	unsigned failed = 0; /* looks in a row before this one */

	if (to == NULL) {
		to = MORE(world, ended, err);
		if (to == NULL)
			return -1;
		world->n_ended++;
	} else if (strcmp(to->scan, ended->scan) != 0) {
		failed = to->failed;
	} else { /* the same look, told by its diff as well */
		failed = to->failed > 0 ? to->failed - 1 : 0;
	}
	*to = *ended;
	to->failed = strcmp(to->verdict, "complete") == 0 ? 0 : failed + 1;
	return 0;
}

void
mipo_world_news_only_wakes(struct mipo_world *world)
{
	world->news_only_wakes = true;
}

void
mipo_world_required_known(struct mipo_world *world)
{
	world->required_known = true;
}
