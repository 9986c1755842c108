#include "data/schema-impl.h"

#define KINDS                                                           \
	"opened first_seen_open closed filtered silent unfiltered "         \
	"uncovered host_appeared host_gone host_first_seen"
#define BEFORE STATES " " HOST_STATES " not_covered unknown"

/* Rows that both records have: which scans, and of what. */
#define SCANS(old)                                                         \
	{"old_scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL, old},   \
	{"new_scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,         \
	    "Id of the later scan."},                                      \
	{"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,          \
	    "Name of the network."},                                       \
	{"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,          \
	    "Name of the place that it was seen from."}

const struct mipo_field mipo_diff_start_fields[] = {
    SCANS("Id of the earlier scan; all zeros where there was none."),
    {"proto", MIPO_F_ENUM, MIPO_OPTIONAL, 0, 0, "tcp udp icmp", NULL,
	"Transport protocol of both scans; absent: tcp; icmp: of looks for "
	"hosts."},
    {"scope_sha256", MIPO_F_HEX, MIPO_OPTIONAL, 0, 64, NULL, NULL,
	"Digest of the scope of the later scan."},
    {"gate", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, KINDS, NULL,
	"Kinds of change that count as a finding."},
    {"old_verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, VERDICTS " none",
	NULL, "Verdict of the earlier scan; none where there was none."},
    {"new_verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, VERDICTS, NULL,
	"Verdict of the later scan."},
    {"first", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where no earlier complete look of this network and vantage "
	"exists: that a comparison tells nothing is no surprise then."},
    END,
};

const struct mipo_field mipo_change_fields[] = {
    {"kind", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, KINDS, NULL,
	"What changed."},
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address that it is about."},
    {"port", MIPO_F_INT, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"Port; absent where the change is one of a host."},
    {"proto", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "tcp udp icmp", NULL,
	"Transport protocol; icmp where both scans were for hosts."},
    {"before", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, BEFORE, NULL,
	"State in the earlier scan."},
    {"after", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, BEFORE, NULL,
	"State in the later scan."},
    {"gated", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether the kind is one of the gate."},
    SCANS("Id of the earlier scan."),
    {"ports", MIPO_F_INTS, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"Open ports of a host that appeared or went; absent where the scans "
	"were for hosts."},
    {"more", MIPO_F_INT, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"How many of these ports the list leaves out."},
    END,
};

const struct mipo_field mipo_diff_end_fields[] = {
    {"count", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Changes in the stream."},
    {"compared", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs whose state is known in both scans."},
    {"only_old", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Pairs in the scope of the earlier scan only."},
    {"only_new", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Pairs in the scope of the later scan only."},
    {"kinds", MIPO_F_OBJ, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Number of changes by kind."},
    {"conclusive", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether both looks were whole, so that the absence of a change "
	"says something."},
    {"status", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0,
	"clean changed inconclusive", NULL,
	"The answer: nothing changed, something did, or it cannot be told."},
    {"reasons", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Why it cannot be told, one sentence each."},
    {"stream_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 of the bytes of the stream before this line."},
    END,
};
