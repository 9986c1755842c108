#include "data/schema-impl.h"

#include <stdint.h>

#define REASONS                                                         \
	"syn-ack rst icmp no-answer no-neighbor connected refused error "   \
	"udp-reply"
#define RESULTS "identified unknown silent closed unreached"

static const struct mipo_field name_fields[] = {
    {"name", MIPO_F_STR, MIPO_REQUIRED, 1, 253, NULL, NULL,
	"Host name as it was given."},
    {"ips", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Addresses that it stood for when the scan began."},
    END,
};

const struct mipo_field mipo_scan_start_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan: 128 random bits."},
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network that was scanned."},
    {"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the place that it was scanned from."},
    {"key", MIPO_F_KEY, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Id of the scanner's key, or none where it has none."},
    {"method", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0,
	"syn connect udp discover", NULL,
	"How ports were probed: by single SYN segments, by connect(2), or by "
	"UDP datagrams; discover: who is there was asked, and of no port."},
    {"proto", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "tcp udp icmp", NULL,
	"Transport protocol; icmp of a look for hosts."},
    {"targets", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Addresses in scope before exclusion, in numeric order: networks "
	"and single addresses, or ranges where these are too many."},
    {"ports", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"Ports in scope, ascending, with runs as FIRST-LAST; absent in a look "
	"for hosts alone."},
    {"exclusions", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Addresses that were taken out of the scope, in the form of "
	"targets."},
    {"seed", MIPO_F_HEX, MIPO_REQUIRED, 0, 16, NULL, NULL,
	"Seed of the order of probes."},
    {"scope_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"Digest of protocol, addresses without exclusions, and ports; equal "
	"for equal scopes."},
    {"config_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"Digest of all other settings in force."},
    {"states", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, STATES " " HOST_STATES, NULL,
	"States that the stream lists, each pair in one of them as its own "
	"observation."},
    {"silent_as", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, SILENT " silent", NULL,
	"State of the covered pairs that are not listed, or empty where all "
	"are listed. Silence is never open."},
    {"planned", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs of address and port in scope, or of these in its shard; "
	"addresses, in a look for hosts."},
    {"tool", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Program and version that scanned."},
    {"rate", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Probes a second that were allowed; 0 for no limit."},
    {"rate_auto", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where the scan chose its rate itself; rate is 0 then."},
    {"rate_bits", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"Bits a second that were asked for, of which rate is made: those of "
	"the longest probe on ethernet, with preamble, checksum and gap."},
    {"vlan", MIPO_F_INT, MIPO_OPTIONAL, 1, 4094, NULL, NULL,
	"Number in the IEEE 802.1Q tag of the frames that were sent; absent "
	"where they had none of ours."},
    {"retries", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Passes beyond the first over silent pairs."},
    {"wait_ms", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Milliseconds that answers were waited for after the last probe."},
    {"identify", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where open ports were then asked what they are."},
    {"shard", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"Which part of the order this scan was to walk, from 1: places "
	"(shard-1)*scope_pairs/shards up to shard*scope_pairs/shards, both "
	"rounded down, the latter not; absent where it was all of it."},
    {"shards", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"Of how many parts."},
    {"scope_pairs", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Pairs of address and port in scope, those of all shards; absent "
	"where there are none."},
    {"max_probes", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"Probes after which the scan was to end; absent where there was no "
	"such limit."},
    {"contact", MIPO_F_STR, MIPO_OPTIONAL, 1, 200, NULL, NULL,
	"Whom to ask about the scan, as the scanner was told."},
    {"fence_sha256", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"SHA-256, in hex digits, of each scope file that had to allow every "
	"target; absent where there was none."},
    {"names", MIPO_F_OBJS, MIPO_OPTIONAL, 0, 0, NULL, name_fields,
	"Targets that were given as names, and what they stood for."},
    {"scopes", MIPO_F_INT, MIPO_OPTIONAL, 1, MIPO_SCOPES_MAX, NULL, NULL,
	"How many scan.scope records follow at once and go on with targets, "
	"exclusions, ports and names; absent where all of them are here."},
    END,
};

const struct mipo_field mipo_scan_scope_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"targets", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"More of the targets."},
    {"ports", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"More of the ports: what comes behind a comma."},
    {"exclusions", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"More of the exclusions."},
    {"names", MIPO_F_OBJS, MIPO_OPTIONAL, 0, 0, NULL, name_fields,
	"More of the names."},
    END,
};

const struct mipo_field mipo_obs_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan that saw it."},
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address that was probed."},
    {"proto", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "tcp udp", NULL,
	"Transport protocol."},
    {"port", MIPO_F_INT, MIPO_REQUIRED, 1, 65535, NULL, NULL,
	"Port that was probed."},
    {"state", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, STATES, NULL,
	"What the answer, or its absence, says of the port."},
    {"reason", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, REASONS, NULL,
	"What was seen that says so."},
    {"ttl", MIPO_F_INT, MIPO_OPTIONAL, 0, 255, NULL, NULL,
	"Time to live, or hop limit, of the answer."},
    {"rtt_us", MIPO_F_INT, MIPO_OPTIONAL, 1, INT32_MAX, NULL, NULL,
	"Microseconds from probe to answer; absent where not known."},
    {"window", MIPO_F_INT, MIPO_OPTIONAL, 0, 65535, NULL, NULL,
	"TCP window of the answer."},
    {"pass", MIPO_F_INT, MIPO_OPTIONAL, 0, INT16_MAX, NULL, NULL,
	"Pass whose probe was answered, the first being 0."},
    ICMP_ERROR,
    END,
};

const struct mipo_field mipo_service_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan that found the port open."},
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address that was connected to."},
    {"proto", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "tcp", NULL,
	"Transport protocol."},
    {"port", MIPO_F_INT, MIPO_REQUIRED, 1, 65535, NULL, NULL,
	"Port that was connected to."},
    {"result", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, RESULTS, NULL,
	"Whether what came is of a protocol that is known; or bytes of none; "
	"or there was a connection, in which nothing came, or which the "
	"other side closed without a byte; or there was none."},
    {"service", MIPO_F_STR, MIPO_OPTIONAL, 1, 32, NULL, NULL,
	"The protocol, where it is identified: inside of TLS, where "
	"tls_version is there and a protocol was found in it, else tls."},
    {"asked", MIPO_F_STR, MIPO_OPTIONAL, 1, 32, NULL, NULL,
	"The last question that was answered, or where none was, the last "
	"one; absent where none had been asked."},
    {"banner", MIPO_F_STR, MIPO_OPTIONAL, 1, 1024, NULL, NULL,
	"The first line that came, its first 256 bytes: printable ASCII as "
	"it is, a backslash doubled, and every other byte as a backslash, x "
	"and two hex digits."},
    {"server", MIPO_F_STR, MIPO_OPTIONAL, 1, 1024, NULL, NULL,
	"What an HTTP server calls itself, in the same form."},
    {"tls_name", MIPO_F_STR, MIPO_OPTIONAL, 1, 253, NULL, NULL,
	"The host name that TLS was asked for (SNI), as the address was given "
	"by it. A pair has a record for each such name."},
    {"tls_version", MIPO_F_STR, MIPO_OPTIONAL, 1, 16, NULL, NULL,
	"Version of TLS that the server chose, such as TLSv1.3."},
    {"cert_sha256", MIPO_F_HEX, MIPO_OPTIONAL, 0, 64, NULL, NULL,
	"SHA-256 of the certificate that it showed, in DER. Nothing of it "
	"was verified."},
    {"cert_not_after", MIPO_F_TIME, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Until when the certificate says that it is good."},
    {"cert_cn", MIPO_F_STR, MIPO_OPTIONAL, 1, 1024, NULL, NULL,
	"The common name of its subject, in the form of banner."},
    {"bare", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where the SYN-ACK had a window of 0 and no options, as those "
	"who answer for others send it."},
    END,
};

const struct mipo_field mipo_host_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address of the host."},
    {"proto", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "tcp", NULL,
	"Transport protocol."},
    {"flag", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "most-open", NULL,
	"What is odd: at least 16 ports, and three in four of those in "
	"scope, are open."},
    {"ports", MIPO_F_INT, MIPO_REQUIRED, 1, 65535, NULL, NULL,
	"Ports of it in scope."},
    {"open", MIPO_F_INT, MIPO_REQUIRED, 1, 65535, NULL, NULL,
	"Ports of it that were found open."},
    {"bare", MIPO_F_INT, MIPO_OPTIONAL, 0, 65535, NULL, NULL,
	"Of these, those whose SYN-ACK had a window of 0 and no options; "
	"absent where none is seen, with --method=connect."},
    END,
};

static const struct mipo_field identify_fields[] = {
    {"pairs", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Open pairs: the sum of all that follow up to skipped."},
    {"identified", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs whose protocol was found."},
    {"unknown", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that sent something else."},
    {"silent", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that sent nothing in time."},
    {"closed", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that closed the connection without a byte."},
    {"unreached", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that no connection could be made to."},
    {"skipped", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs without a record: of hosts that are flagged, or left when "
	"time was up or the scan was ended."},
    {"left", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Of these, those that are of no flagged host, or of its eight."},
    {"connections", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Connections that were begun, at most two a pair and further name; "
	"they are no probes."},
    {"names", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Service records beyond the first of a pair, by further names of its "
	"address."},
    {"names_left", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Those that are lacking, beyond 16 names of an address or as time was "
	"up or the scan was ended."},
    {"hosts", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Hosts that are flagged."},
    {"duration_ms", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Milliseconds that it took, after the scan."},
    {"tls", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether the program was built with TLS."},
    {"error", MIPO_F_STR, MIPO_OPTIONAL, 1, 480, NULL, NULL,
	"What ended it before its time, or what it had to leave out."},
    END,
};

static const struct mipo_field send_error_fields[] = {
    {"errno", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Name of the error, such as ENOBUFS. ETIME is not the kernel's: for "
	"a second a card kept the memory that packets are handed over in."},
    {"count", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes that the kernel refused for it; of ETIME 0, as it was not "
	"asked."},
    {"indices", MIPO_F_PAIRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Places in the order whose pairs no probe left for in the end, first "
	"and last of each run."},
    {"more", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where the list of places was cut."},
    END,
};

static const struct mipo_field count_fields[] = {
    {"open", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that accepted."},
    {"closed", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that refused."},
    {"filtered", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that said nothing, or that a filter answered for."},
    {"open_filtered", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs that are open or filtered, which could not be told apart."},
    {"unreachable", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs whose host could not be reached."},
    END,
};

static const struct mipo_field host_count_fields[] = {
    {"up", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Addresses that answered."},
    {"silent", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Addresses that did not; they may be there."},
    END,
};

static const struct mipo_field permutation_fields[] = {
    {"id", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Name of the algorithm that orders the probes."},
    {"key", MIPO_F_STR, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Its key in hex digits: with id and scope it gives the order."},
    {"segments", MIPO_F_INT, 0, 2, INT_MOST, NULL, NULL,
	"Into how many it is cut, where there is more than one."},
    END,
};

static const struct mipo_field backoff_fields[] = {
    {"at_ms", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Milliseconds after the start."},
    {"from", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes a second before."},
    {"to", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes a second from then on."},
    {"why", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What was seen."},
    END,
};

static const struct mipo_field cap_fields[] = {
    {"on", MIPO_F_STR, MIPO_REQUIRED, 1, 49, NULL, NULL,
	"Interface, or network."},
    {"first", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes a second that it got at first, or, of a network that was "
	"slowed, when it was."},
    {"most", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"The most that it got."},
    {"last", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"What it got in the end."},
    {"slowed", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Times that it answered less than half as often as before, and then "
	"got half."},
    END,
};

static const struct mipo_field pass_fields[] = {
    {"pass", MIPO_F_INT, MIPO_REQUIRED, 0, INT16_MAX, NULL, NULL,
	"Number of the pass, the first being 0."},
    {"intervals", MIPO_F_PAIRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Places in the order that the pass walked, first and last of each "
	"run; without those of send_errors, hosts of no_neighbor and, after "
	"the first pass, pairs that had answered."},
    {"probes", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes that the kernel took in this pass."},
    {"more", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where the list of intervals was cut."},
    END,
};

static const struct mipo_field canary_fields[] = {
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address of a listener that is known to be open."},
    {"port", MIPO_F_INT, MIPO_REQUIRED, 1, 65535, NULL, NULL,
	"Its port."},
    {"seen", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether the scan saw it open."},
    {"probes", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Probes to it that the kernel took."},
    END,
};

static const struct mipo_field canary_error_fields[] = {
    {"errno", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Name of the error."},
    {"count", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes that the kernel refused for it."},
    END,
};

static const struct mipo_field resumed_fields[] = {
    {"times", MIPO_F_INT, MIPO_REQUIRED, 1, INT_MOST, NULL, NULL,
	"How often it went on."},
    {"scans", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Ids of the scans before, the first ones where they are many."},
    {"journal_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 of what was read of their journal."},
    {"uncounted", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"True where one of them was killed: its last probes, which are not "
	"in attempted and accepted, were sent again."},
    END,
};

const struct mipo_field mipo_scan_end_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"started", MIPO_F_TIME, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"When the first probe was due."},
    {"planned", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Pairs of address and port in scope, or of these in its shard; "
	"addresses, in a look for hosts."},
    {"attempted", MIPO_F_INT, MIPO_MEASURED, 0, INT_MOST, NULL, NULL,
	"Probes that were handed to the kernel."},
    {"accepted", MIPO_F_INT, MIPO_MEASURED, 0, INT_MOST, NULL, NULL,
	"Probes that the kernel took."},
    {"answered", MIPO_F_INT, MIPO_MEASURED, 0, INT_MOST, NULL, NULL,
	"Pairs that gave an answer."},
    {"send_pps", MIPO_F_INT, MIPO_MEASURED, 0, INT_MOST, NULL, NULL,
	"Probes a second that the kernel took while sending."},
    {"send_errors", MIPO_F_OBJS, MIPO_MEASURED, 0, 0, NULL, send_error_fields,
	"Probes that the kernel refused, by error."},
    {"counts", MIPO_F_OBJ, MIPO_OPTIONAL, 0, 0, NULL, count_fields,
	"Covered pairs by state; absent in a look for hosts alone."},
    {"hosts", MIPO_F_OBJ, MIPO_OPTIONAL, 0, 0, NULL, host_count_fields,
	"Addresses by state, in a look for hosts."},
    {"permutation", MIPO_F_OBJ, MIPO_MEASURED, 0, 0, NULL, permutation_fields,
	"What ordered the probes."},
    {"passes", MIPO_F_OBJS, MIPO_MEASURED, 0, 0, NULL, pass_fields,
	"What each pass covered."},
    {"capture_received", MIPO_F_INT, MIPO_MEASURED, 0, INT_MOST, NULL, NULL,
	"Frames that the capture took in."},
    {"capture_drops", MIPO_F_INT, MIPO_MEASURED, 0, INT_MOST, NULL, NULL,
	"Frames that the capture lost."},
    {"canaries", MIPO_F_OBJS, MIPO_MEASURED, 0, 0, NULL, canary_fields,
	"Listeners that are known to be open, and whether they were seen."},
    {"canary_errors", MIPO_F_OBJS, MIPO_OPTIONAL, 0, 0, NULL,
	canary_error_fields,
	"Probes to canaries, those of canaries and those of canary_probes, "
	"that the kernel refused, by error. Neither they nor those that it "
	"took are in attempted, accepted or send_errors."},
    {"rate_most", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"The highest rate that the scan chose, in probes a second."},
    {"rate_last", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"The rate that it chose in the end."},
    {"canary_probes", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Probes, beside those of the passes, to pairs that had answered: "
	"what they lost, the rate was held to."},
    {"canary_lost", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Of these, those that had no answer in time."},
    {"backoffs", MIPO_F_OBJS, MIPO_OPTIONAL, 0, 0, NULL, backoff_fields,
	"Each time that the scan went slower, and why."},
    {"backoffs_more", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"How many more there were than are listed."},
    {"caps", MIPO_F_OBJS, MIPO_OPTIONAL, 0, 0, NULL, cap_fields,
	"What each interface, the network with the most pairs, and each "
	"network that was slowed got where the scan chose its rate. A "
	"network is 256 addresses of IPv4, or a /64 of IPv6."},
    {"loss_ppm", MIPO_F_INT, MIPO_MEASURED, -1, 1000000, NULL, NULL,
	"Estimated loss of answers in parts of a million, or -1 where "
	"unknown."},
    {"sandbox", MIPO_F_STRS, MIPO_MEASURED, 0, 0, NULL, NULL,
	"Confinements in force while answers were read."},
    {"verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, VERDICTS, NULL,
	"Whether the look at what was planned is whole; only a complete one "
	"supports a conclusion, that of a shard on its shard alone."},
    {"reasons", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Why the verdict is not complete, one sentence each: what left "
	"gaps, then what leaves doubts."},
    {"records", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Lines of the stream before this one."},
    {"stream_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 of the bytes of the stream before this line."},
    {"state_sha256", MIPO_F_HEX, MIPO_MEASURED, 0, 64, NULL, NULL,
	"Digest over the state of every covered pair in numeric order; "
	"equal for equal results."},
    {"key", MIPO_F_KEY, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Id of the key that signed, or none."},
    {"signed", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "ed25519 none", NULL,
	"Algorithm of the signature, or none."},
    {"sig", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Signature in base64, over a purpose text and this record without "
	"sig."},
    {"contact", MIPO_F_STR, MIPO_OPTIONAL, 1, 200, NULL, NULL,
	"Whom to ask about the scan."},
    {"shard", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"Which part of the order this scan was to walk, from 1: places "
	"(shard-1)*scope_pairs/shards up to shard*scope_pairs/shards, both "
	"rounded down, the latter not; absent where it was all of it."},
    {"shards", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"Of how many parts."},
    {"scope_pairs", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Pairs of address and port in scope, those of all shards; absent "
	"where there are none."},
    {"resumed", MIPO_F_OBJ, MIPO_OPTIONAL, 0, 0, NULL, resumed_fields,
	"What the scan went on from; absent where it began anew. Numbers and "
	"observations are those of all of its parts."},
    {"unknown", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Pairs that were looked at and that nothing is concluded on: still "
	"waited for when the scan was ended, or of hosts whose answer may "
	"have been lost. They are not in counts."},
    {"duplicates", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Answers that had been seen before."},
    {"rejected", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Frames that looked like answers and failed a check."},
    {"wires", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Ways of sending: method, interface, source address, and tag."},
    {"send", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Send paths that the probes went by: sendmmsg, ring, xdp, libnet."},
    {"send_passed", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Where a faster send path was tried first: interface, source address, "
	"that path, and why it did not open."},
    {"source_ports", MIPO_F_STR, MIPO_OPTIONAL, 3, 11, NULL, NULL,
	"Source ports of the probes, FIRST-LAST."},
    {"no_neighbor", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Hosts on the same link that nobody answered for, as addresses and "
	"ranges: they are unreachable, and no probe went to them."},
    {"no_neighbor_more", MIPO_F_BOOL, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"True where that list was cut."},
    {"duration_ms", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Milliseconds from first probe to last answer waited for."},
    {"identify", MIPO_F_OBJ, MIPO_OPTIONAL, 0, 0, NULL, identify_fields,
	"What became of open pairs that were asked what they are."},
    {"origin", MIPO_F_ENUM, MIPO_OPTIONAL, 0, 0, "store", NULL,
	"Who wrote the record in place of the scanner, since the stream had "
	"none."},
    END,
};
