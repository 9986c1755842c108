#include "data/ports.h"
#include "data/target.h"
#include "net/frame.h"
#include "net/payload.h"
#include "net/scanner.h"

#define ECHO_MORE 8 /* than a datagram without payload */

/* The largest payload that a datagram to one of the ports has. */
static size_t
payload(const struct mipo_ports *ports)
{
	size_t most = 0;

	for (size_t i = 0; i < mipo_payload_n; i++) {
		const struct mipo_payload *row = &mipo_payload_rows[i];

		if (row->len > most && mipo_ports_has(ports, row->port))
			most = row->len;
	}
	return most;
}

uint64_t
mipo_probe_bits(const struct mipo_scanner_config *config,
    const struct mipo_targets *targets, const struct mipo_ports *ports)
{
	const bool udp = config->method == MIPO_METHOD_UDP;
	uint8_t family = 4;
	size_t n;
	const struct mipo_range *range = mipo_targets_ranges(targets, &n);

	if (config->method == MIPO_METHOD_CONNECT)
		return 0;
	if (n > 0 && range[n - 1].first.family == 6)
		family = 6;
	n = udp ? payload(ports) : 0;
	if (config->method == MIPO_METHOD_DISCOVER)
		n = ECHO_MORE;
	return mipo_frame_bits(n +
	    mipo_frame_len(udp || n > 0, family, config->vlan > 0));
}
