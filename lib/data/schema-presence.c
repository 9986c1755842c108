#include "data/schema-impl.h"

#include <stdint.h>

const struct mipo_field mipo_presence_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan that asked."},
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address that was asked for."},
    {"state", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, HOST_STATES, NULL,
	"Whether it answered. Silent is not down: hosts may keep silent."},
    {"reason", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0,
	"arp nd echo-reply icmp no-answer no-neighbor", NULL,
	"What was seen: an ARP reply, a neighbour advertisement, an echo "
	"reply, an ICMP error (of the address itself where it is up), nothing, "
	"or nothing on the link that it is on."},
    {"mac", MIPO_F_STR, MIPO_OPTIONAL, 17, 17, NULL, NULL,
	"Link-layer address that answered for it."},
    {"ttl", MIPO_F_INT, MIPO_OPTIONAL, 0, 255, NULL, NULL,
	"Time to live, or hop limit, of the answer."},
    {"rtt_us", MIPO_F_INT, MIPO_OPTIONAL, 1, INT32_MAX, NULL, NULL,
	"Microseconds from echo request to answer; absent where not known."},
    {"pass", MIPO_F_INT, MIPO_OPTIONAL, 0, INT16_MAX, NULL, NULL,
	"Pass whose echo request was answered, the first being 0."},
    ICMP_ERROR,
    END,
};
