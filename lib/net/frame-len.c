#include "net/frame.h"

/* Bytes on the wire beside the frame: preamble 8, checksum 4, gap 12. */
#define AROUND	 24
#define WIRE_MIN 84 /* with a frame of 64 */

size_t
mipo_frame_len(bool udp, uint8_t family, bool tagged)
{
	const size_t ether = tagged ? 18 : 14, ip = family == 6 ? 40 : 20;

	return ether + ip + (udp ? 8 : 32);
}

uint64_t
mipo_frame_bits(size_t len)
{
	len += AROUND;
	return 8 * (uint64_t)(len < WIRE_MIN ? WIRE_MIN : len);
}
