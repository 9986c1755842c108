#include "data/rec.h"
#include "data/schema.h"

#define STATES "open closed filtered open|filtered unreachable"
#define REASONS                                                         \
	"syn-ack rst icmp no-answer no-neighbor connected refused error"

#define END {.name = NULL}

const struct mipo_field mipo_common_fields[] = {
    {"v", MIPO_F_INT, true, 1, 1, NULL, NULL,
	"Version of the record's form."},
    {"type", MIPO_F_STR, true, 1, 64, NULL, NULL,
	"Name of the record's type."},
    {"ts", MIPO_F_TIME, true, 0, 0, NULL, NULL,
	"When what the record tells happened."},
    END};

static const struct mipo_field obs[] = {
    {"scan", MIPO_F_HEX, true, 0, 32, NULL, NULL,
	"Id of the scan that saw it."},
    {"ip", MIPO_F_IP, true, 0, 0, NULL, NULL, "Address that was probed."},
    {"proto", MIPO_F_ENUM, true, 0, 0, "tcp", NULL, "Transport protocol."},
    {"port", MIPO_F_INT, true, 1, 65535, NULL, NULL, "Port."},
    {"state", MIPO_F_ENUM, true, 0, 0, STATES, NULL,
	"What the answer, or its absence, says of the port."},
    {"reason", MIPO_F_ENUM, true, 0, 0, REASONS, NULL,
	"Why the port is said to be in that state."},
    {"ttl", MIPO_F_INT, false, 0, 255, NULL, NULL,
	"Time to live, or hop limit, of the answer."},
    {"rtt_us", MIPO_F_INT, false, 1, INT32_MAX, NULL, NULL,
	"Microseconds from probe to answer; absent where not known."},
    {"window", MIPO_F_INT, false, 0, 65535, NULL, NULL,
	"TCP window of the answer."},
    {"pass", MIPO_F_INT, false, 0, INT16_MAX, NULL, NULL,
	"Pass of the scan whose probe was answered, from 0."},
    {"icmp_type", MIPO_F_INT, false, 0, 255, NULL, NULL,
	"Type of the ICMP error."},
    {"icmp_code", MIPO_F_INT, false, 0, 255, NULL, NULL,
	"Code of the ICMP error."},
    {"responder", MIPO_F_IP, false, 0, 0, NULL, NULL,
	"Address that sent the ICMP error."},
    END};

const struct mipo_type mipo_types[] = {
    {"obs", "One binding of address and port, as one scan saw it.", obs},
    {NULL, NULL, NULL}};
