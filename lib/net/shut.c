#include "net/shut.h"

#define CHANCE 1e-11 /* of a million hosts none */

void
mipo_shut_add(struct mipo_shut *shut, bool told)
{
	shut->sent++;
	if (!told)
		return;
	shut->told++;
	shut->reach = shut->sent;
}

/* By turns: the same part of the probes of all is over at a time. */
void
mipo_shut_join(struct mipo_shut *shut, const struct mipo_shut *more)
{
	const uint64_t sent = (uint64_t)shut->sent + more->sent;
	double part = 0, other = 0;

	if (shut->sent > 0)
		part = (double)shut->reach / shut->sent;
	if (more->sent > 0)
		other = (double)more->reach / more->sent;
	part = other > part ? other : part;
	shut->sent = sent > UINT32_MAX ? UINT32_MAX : (uint32_t)sent;
	shut->told += more->told;
	shut->reach = (uint32_t)(part * shut->sent);
	shut->reach += shut->reach < shut->sent;
}

/* All of told would be among the first reach of sent, chosen blindly. */
bool
mipo_shut_is(const struct mipo_shut *shut)
{
	double p = 1;

	for (uint32_t i = 0; i < shut->told && p > CHANCE; i++)
		p *= (double)(shut->reach - i) / (shut->sent - i);
	return p <= CHANCE;
}
