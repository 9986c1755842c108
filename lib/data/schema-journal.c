#include "data/schema-impl.h"

/* Where a scan can go on; written for itself, and no part of its stream. */

const struct mipo_field mipo_journal_start_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan whose answers follow."},
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network."},
    {"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the place that it is scanned from."},
    {"method", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "syn connect udp", NULL,
	"How ports are probed."},
    {"vlan", MIPO_F_INT, MIPO_REQUIRED, 0, 4094, NULL, NULL,
	"Number in the IEEE 802.1Q tag of the frames; 0: there is none."},
    {"seed", MIPO_F_HEX, MIPO_REQUIRED, 0, 16, NULL, NULL,
	"Seed of the order of probes."},
    {"scope_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"Digest of protocol, addresses without exclusions, and ports."},
    {"states", MIPO_F_STR, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"States that the stream lists, joined by commas."},
    {"silent_as", MIPO_F_STR, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"What pairs are that it does not list."},
    {"retries", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Passes beyond the first over silent pairs."},
    {"wait_ms", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Milliseconds that answers are waited for."},
    {"shard", MIPO_F_INT, MIPO_REQUIRED, 1, INT_MOST, NULL, NULL,
	"Which part of the order."},
    {"shards", MIPO_F_INT, MIPO_REQUIRED, 1, INT_MOST, NULL, NULL,
	"Of how many."},
    END,
};

const struct mipo_field mipo_journal_absent_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"hosts", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Hosts on the same link that nobody answered for so far, as "
	"addresses and ranges: no probe went to them."},
    END,
};

const struct mipo_field mipo_journal_unsent_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"pass", MIPO_F_INT, MIPO_REQUIRED, 0, 15, NULL, NULL,
	"Number of the pass, the first being 0."},
    {"runs", MIPO_F_PAIRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Places in the order whose probes did not leave in it, first and "
	"last of each run: what marks of this scan say of them is not so."},
    END,
};

static const struct mipo_field mark_pass_fields[] = {
    {"pass", MIPO_F_INT, MIPO_REQUIRED, 0, 15, NULL, NULL,
	"Number of the pass, the first being 0."},
    {"intervals", MIPO_F_PAIRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Places in the order that it walked in this scan, and whose answers "
	"were waited for; so are those of scans before, and not those of "
	"journal.unsent above."},
    {"probes", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes that the kernel took in it so far."},
    END,
};

static const struct mipo_field mark_error_fields[] = {
    {"errno", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Name of the error."},
    {"count", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Probes that the kernel refused for it."},
    END,
};

const struct mipo_field mipo_journal_mark_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"passes", MIPO_F_OBJS, MIPO_REQUIRED, 0, 0, NULL, mark_pass_fields,
	"What is done."},
    {"attempted", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"As in the receipt, of all scans so far; so are those that follow."},
    {"accepted", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"As in the receipt."},
    {"send_errors", MIPO_F_OBJS, MIPO_REQUIRED, 0, 0, NULL,
	mark_error_fields, "As in the receipt, without the places."},
    {"capture_received", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"As in the receipt."},
    {"capture_drops", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"As in the receipt."},
    {"duplicates", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"As in the receipt."},
    {"rejected", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"As in the receipt."},
    {"unrepeated", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Repetitions that the kernel refused."},
    {"sending_ms", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Milliseconds in which probes were sent."},
    {"faults", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"What speaks against the look so far, one sentence each."},
    {"last", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether the scan ended here by itself or by a signal, so that no "
	"probe went out behind it."},
    {"sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 over that of the bytes of the file before this line, in 32 "
	"bytes, and this record without sha256."},
    END,
};

const struct mipo_field mipo_journal_end_fields[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan."},
    {"verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, VERDICTS, NULL,
	"That of its receipt."},
    {"sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 over that of the bytes of the file before this line, in 32 "
	"bytes, and this record without sha256."},
    END,
};
