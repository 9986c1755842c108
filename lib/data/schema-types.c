#include "data/schema-impl.h"

#define KINDS                                                           \
	"opened first_seen_open closed filtered unfiltered uncovered "      \
	"host_appeared host_gone"
#define BEFORE STATES " not_covered unknown"
#define SEVERITIES "info low medium high critical"

const struct mipo_field mipo_common_fields[] = {
    {"v", MIPO_F_INT, MIPO_REQUIRED, 1, 1, NULL, NULL,
	"Version of the form of records."},
    {"type", MIPO_F_STR, MIPO_REQUIRED, 1, 64, NULL, NULL,
	"Name of the type."},
    {"ts", MIPO_F_TIME, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"When that happened which the record tells."},
    END,
};

static const struct mipo_field diff_start[] = {
    {"old_scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the earlier scan; all zeros where there was none."},
    {"new_scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the later scan."},
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network."},
    {"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the place that it was seen from."},
    {"scope_sha256", MIPO_F_HEX, MIPO_OPTIONAL, 0, 64, NULL, NULL,
	"Digest of the scope of the later scan."},
    {"gate", MIPO_F_STRS, MIPO_REQUIRED, 0, 0, KINDS, NULL,
	"Kinds of change that count as a finding."},
    {"old_verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, VERDICTS " none",
	NULL, "Verdict of the earlier scan; none where there was none."},
    {"new_verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, VERDICTS, NULL,
	"Verdict of the later scan."},
    END,
};

static const struct mipo_field change[] = {
    {"kind", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, KINDS, NULL,
	"What changed."},
    {"ip", MIPO_F_IP, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Address that it is about."},
    {"port", MIPO_F_INT, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"Port; absent where the change is one of a host."},
    {"proto", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "tcp", NULL,
	"Transport protocol."},
    {"before", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, BEFORE, NULL,
	"State in the earlier scan."},
    {"after", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, BEFORE, NULL,
	"State in the later scan."},
    {"gated", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether the kind is one of the gate."},
    {"old_scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the earlier scan."},
    {"new_scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the later scan."},
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network."},
    {"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the place that it was seen from."},
    {"ports", MIPO_F_INTS, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"Open ports of a host that appeared or went."},
    {"more", MIPO_F_INT, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"How many of these ports the list leaves out."},
    END,
};

static const struct mipo_field diff_end[] = {
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
	"The answer: nothing gated changed, something did, or it cannot be "
	"told."},
    {"reasons", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Why it cannot be told, one sentence each."},
    {"stream_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 of the bytes of the stream before this line."},
    END,
};

static const struct mipo_field alarm_start[] = {
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network whose alarms follow; * where they are of "
	"several."},
    END,
};

static const struct mipo_field alarm[] = {
    {"key", MIPO_F_STR, MIPO_REQUIRED, 1, 64, NULL, NULL,
	"Digest of the rule and what it is about, in hex digits; the same "
	"in every episode."},
    {"episode", MIPO_F_INT, MIPO_REQUIRED, 1, INT_MOST, NULL, NULL,
	"Which episode this is, the first being 1."},
    {"id", MIPO_F_STR, MIPO_REQUIRED, 1, 96, NULL, NULL,
	"Key and episode: the name that commands take."},
    {"rule", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Id of the rule, such as port-opened."},
    {"code", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Code of the rule, such as E01."},
    {"severity", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, SEVERITIES, NULL,
	"How bad it is."},
    {"event", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0,
	"opened reopened acknowledged resolved standing", NULL,
	"What happened to the alarm now."},
    {"state", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0,
	"open acknowledged resolved", NULL,
	"Where it stands after that."},
    {"condition", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "true false unknown", NULL,
	"Whether what the rule looks for holds; unknown changes nothing."},
    {"summary", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"The alarm in a sentence."},
    {"ip", MIPO_F_IP, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Address that it is about."},
    {"port", MIPO_F_INT, MIPO_OPTIONAL, 1, 65535, NULL, NULL,
	"Port that it is about."},
    {"proto", MIPO_F_ENUM, MIPO_OPTIONAL, 0, 0, "tcp", NULL,
	"Transport protocol."},
    {"network", MIPO_F_STR, MIPO_OPTIONAL, 1, 63, NULL, NULL,
	"Name of the network."},
    {"vantage", MIPO_F_STR, MIPO_OPTIONAL, 1, 63, NULL, NULL,
	"Name of the place that it was seen from."},
    {"scope_sha256", MIPO_F_HEX, MIPO_OPTIONAL, 0, 64, NULL, NULL,
	"Digest of the scope that it is about, where it is about a look."},
    {"service", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"What the catalog says the port is for."},
    {"reopened", MIPO_F_INT, MIPO_OPTIONAL, 1, INT_MOST, NULL, NULL,
	"How often it came back, or got worse, within this episode."},
    {"cause", MIPO_F_STRS, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Ids of the scans that it was concluded from."},
    {"since", MIPO_F_TIME, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"When this episode began."},
    {"actor", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Who acknowledged or resolved it."},
    {"reason", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Why, in the words of that actor."},
    END,
};

static const struct mipo_field alarm_end[] = {
    {"count", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Alarms in the stream."},
    {"status", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Whether the rules could be judged."},
    {"stream_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 of the bytes of the stream before this line."},
    END,
};

static const struct mipo_field rule[] = {
    {"id", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Id of the rule, such as port-opened."},
    {"code", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Code of the rule, such as E01."},
    {"builtin", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether it came with mipo."},
    {"severity", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, SEVERITIES, NULL,
	"How bad it is when the rule fires."},
    {"worse", MIPO_F_ENUM, MIPO_OPTIONAL, 0, 0, SEVERITIES, NULL,
	"How bad it is in the worse case."},
    {"worse_when", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"What the worse case is."},
    {"title", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"The rule in a few words."},
    {"predicate", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"The kind of question that it asks."},
    {"condition", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What the rule looks for."},
    {"resolves", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What ends its alarms."},
    END,
};

static const struct mipo_field heartbeat[] = {
    {"scanner", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Id of the scanner's key."},
    END,
};

static const struct mipo_field config_field[] = {
    {"path", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Name of the setting, with its sections."},
    {"before", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Its text before; absent where it is new."},
    {"after", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Its text now; absent where it is gone."},
    END,
};

static const struct mipo_field config_version[] = {
    {"config_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"Digest of the configuration in force from now on."},
    {"fields", MIPO_F_OBJS, MIPO_REQUIRED, 0, 0, NULL, config_field,
	"Settings that differ from the version before."},
    {"approved", MIPO_F_BOOL, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Whether it came by the attributed way."},
    {"finder", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Program that found the new text."},
    {"file_uid", MIPO_F_INT, MIPO_OPTIONAL, 0, 4294967295LL, NULL, NULL,
	"Owner of the file, a user id."},
    {"file_time", MIPO_F_TIME, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"When the file was last written."},
    END,
};

static const struct mipo_field access_owner[] = {
    {"subject", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Actor that owns the state."},
    END,
};

static const struct mipo_field access_scanner[] = {
    {"key", MIPO_F_KEY, MIPO_REQUIRED, 0, 0, NULL, NULL,
	"Id of the scanner's key."},
    {"pub", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"The public key in base64."},
    {"name", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Name of the scanner."},
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network."},
    {"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the place that it was seen from."},
    END,
};

static const struct mipo_field evidence_baseline[] = {
    {"scan", MIPO_F_HEX, MIPO_REQUIRED, 0, 32, NULL, NULL,
	"Id of the scan that was accepted as the baseline."},
    {"scope_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"Digest of its scope."},
    {"network", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the network."},
    {"vantage", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the place that it was seen from."},
    {"state_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"Digest of its result."},
    {"reason", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"Why it was accepted, in the words of the actor."},
    END,
};

static const struct mipo_field evidence_challenge[] = {
    {"nonce", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"Text that an auditor chose, to date the log."},
    END,
};

static const struct mipo_field note[] = {
    {"text", MIPO_F_STR, MIPO_OPTIONAL, 0, 0, NULL, NULL,
	"What the note says."},
    END,
};

static const struct mipo_field doctor[] = {
    {"check", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the check."},
    {"verdict", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "ok limited broken", NULL,
	"Whether it works, works in part, or something needed fails."},
    {"found", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What was found, for people."},
    {"advice", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"What to do about it."},
    END,
};

const struct mipo_type mipo_types[] = {
    {"scan.start",
	"Opens the stream of a scan: who looked from where at what.",
	mipo_scan_start_fields},
    {"obs",
	"An observation: one address and port as one scan saw it.",
	mipo_obs_fields},
    {"scan.end",
	"The receipt, which closes the stream of a scan: what was covered "
	"and how well. At most 60,000 bytes.",
	mipo_scan_end_fields},
    {"diff.start",
	"Opens the stream of a comparison of two scans.",
	diff_start},
    {"change",
	"A difference between two scans.",
	change},
    {"diff.end",
	"Closes the stream of a comparison.",
	diff_end},
    {"alarm.start",
	"Opens a stream of alarms.",
	alarm_start},
    {"alarm",
	"An alarm, after something happened to it.",
	alarm},
    {"alarm.end",
	"Closes a stream of alarms.",
	alarm_end},
    {"rule",
	"A rule that alarms come from.",
	rule},
    {"heartbeat",
	"A sign of life of a scanner.",
	heartbeat},
    {"doctor",
	"A finding of mipo doctor about the machine that it runs on.",
	doctor},
    {"config.version",
	"A configuration that came into force.",
	config_version},
    {"access.owner",
	"An actor was made the owner of the state.",
	access_owner},
    {"access.scanner",
	"The key of a scanner was made known.",
	access_scanner},
    {"evidence.baseline",
	"A complete look was accepted as what should be.",
	evidence_baseline},
    {"evidence.challenge",
	"An auditor's proof that the log is not older than it.",
	evidence_challenge},
    {"note.",
	"Evidence from outside, attached by mipo-audit append; the name "
	"goes on as the writer likes.",
	note},
    {NULL, NULL, NULL},
};
