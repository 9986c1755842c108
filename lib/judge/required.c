#include "judge/required.h"

#include <string.h>

#include "data/ports.h"
#include "data/target.h"
#include "judge/world-impl.h"

bool
mipo_required_for(const struct mipo_required *required, const char *network,
    enum mipo_proto proto)
{
	return required->proto == proto && (required->network == NULL ||
	    (network != NULL && strcmp(required->network, network) == 0));
}

bool
mipo_required_covers(const struct mipo_required *required,
    const char *network, enum mipo_proto proto, const struct mipo_addr *ip,
    uint16_t port)
{
	uint64_t i;

	return mipo_required_for(required, network, proto) &&
	    mipo_ports_has(required->ports, port) &&
	    mipo_targets_find(required->targets, ip, &i);
}

/* A pair that an earlier row has too was counted there. */
static bool
counted(const struct mipo_world *world, size_t row,
    const struct mipo_subject *subject)
{
	const struct mipo_required *now = &world->required[row];

	for (size_t i = 0; i < row; i++)
		if (world->required[i].asked == now->asked &&
		    mipo_required_covers(&world->required[i], now->network,
			now->proto, &subject->ip, subject->port))
			return true;
	return false;
}

static bool
is_known(const struct mipo_world *world, const struct mipo_required *required,
    const struct mipo_subject *pair)
{
	struct mipo_subject subject = *pair;

	for (size_t i = 0; i < world->n_places; i++) {
		subject.network = world->places[i].network;
		subject.vantage = world->places[i].vantage;
		if (mipo_required_for(required, subject.network,
			world->places[i].proto) &&
		    mipo_world_open(world, &subject).tri != MIPO_TRI_UNKNOWN)
			return true;
	}
	return false;
}

static bool
has_place(const struct mipo_world *world, const struct mipo_required *required)
{
	for (size_t i = 0; i < world->n_places; i++)
		if (mipo_required_for(required, world->places[i].network,
			world->places[i].proto))
			return true;
	return false;
}

/* Where nobody looked from, the pairs behind those to name are not walked. */
static void
sum_row(const struct mipo_world *world, size_t row, size_t most,
    mipo_world_fn *fn, void *arg, struct mipo_required_sum *sum)
{
	const struct mipo_required *required = &world->required[row];
	size_t ports = mipo_ports_count(required->ports);
	uint64_t n = mipo_targets_count(required->targets) * ports;
	bool walk = has_place(world, required);
	struct mipo_subject subject = {.network = "", .vantage = "",
	    .proto = required->proto, .scope = ""};

	for (uint64_t i = 0; i < n; i++) {
		if (!walk && sum->unknown >= most) {
			sum->unknown += n - i;
			return;
		}
		mipo_targets_at(required->targets, i / ports, &subject.ip);
		subject.port = mipo_ports_at(required->ports, i % ports);
		if (counted(world, row, &subject))
			continue;
		if (walk && is_known(world, required, &subject))
			sum->known++;
		else if (sum->unknown++ < most)
			(void)fn(arg, &subject);
	}
}

void
mipo_required_sum(const struct mipo_world *world, bool asked, size_t most,
    mipo_world_fn *fn, void *arg, struct mipo_required_sum *ret_sum)
{
	struct mipo_required_sum sum = {0, 0};

	for (size_t i = 0; i < world->n_required; i++)
		if (world->required[i].asked == asked)
			sum_row(world, i, most, fn, arg, &sum);
	*ret_sum = sum;
}
