#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bin/mipo-scan/plan.h"
#include "base/err.h"
#include "base/log.h"
#include "kit/cli.h"
#include "kit/sandbox.h"
#include "net/tls.h"
#include "net/wire.h"

#define ROW(field) .offset = offsetof(struct scan_opts, field)

static const struct mipo_opt rows[] = {
    {.name = "ports", .letter = 'p', .kind = MIPO_OPT_STR, .arg = "PORTS",
	ROW(ports),
	.help = "numbers, ranges and service names: 22,80,8000-8100,https"},
    {.name = "top", .kind = MIPO_OPT_U64, .arg = "N", ROW(top), .min = 1,
	.max = 65535, .help = "the N ports most likely found open"},
    {.name = "discover", .kind = MIPO_OPT_FLAG, ROW(discover),
	.help = "say which hosts are there, instead of which ports are open"},
    {.name = "targets", .kind = MIPO_OPT_LIST, .arg = "FILE",
	ROW(target_files), .help = "targets from a file, one or more a line"},
    {.name = "exclude", .kind = MIPO_OPT_LIST, .arg = "TARGET",
	ROW(exclude), .help = "never probe these, whatever else is said"},
    {.name = "exclude-file", .kind = MIPO_OPT_LIST, .arg = "FILE",
	ROW(exclude_files), .help = "the same from a file"},
    {.name = "scope", .kind = MIPO_OPT_LIST, .arg = "FILE", ROW(scope),
	.help = "refuse every target that this scope file does not allow"},
    {.name = "contact", .kind = MIPO_OPT_STR, .arg = "TEXT", ROW(contact),
	.help = "whom to ask about this scan; goes into its records"},
    {.name = "method", .kind = MIPO_OPT_CHOICE, .arg = "METHOD",
	.choices = "syn|connect|udp", ROW(method),
	.help = "how to probe; syn where raw sockets are allowed"},
    {.name = "send", .kind = MIPO_OPT_CHOICE, .arg = "PATH",
	.choices = "auto|sendmmsg|ring|xdp|libnet", ROW(send),
	.help = "how packets are handed to the kernel; auto"},
    {.name = "rate", .kind = MIPO_OPT_STR, .arg = "PPS", ROW(rate),
	.help = "probes a second, bits (10Mbit), max, or auto: as fast as "
		"nothing is lost"},
    {.name = "vlan", .kind = MIPO_OPT_U64, .arg = "ID", ROW(vlan), .min = 1,
	.max = 4094, .help = "tag the frames with that VLAN (IEEE 802.1Q)"},
    {.name = "retries", .kind = MIPO_OPT_U64, .arg = "N", ROW(retries),
	.max = 15, .help = "further passes over silent pairs; 1"},
    {.name = "wait", .kind = MIPO_OPT_DURATION, .arg = "SECONDS",
	ROW(wait_ms),
	.help = "how long silent pairs are waited for at the end; 8"},
    {.name = "identify", .kind = MIPO_OPT_FLAG, ROW(identify),
	.help = "then ask open ports what they are: protocol, banner, TLS"},
    {.name = "seed", .kind = MIPO_OPT_STR, .arg = "N", ROW(seed),
	.help = "number that fixes order and bytes of all probes"},
    {.name = "shard", .kind = MIPO_OPT_STR, .arg = "I/N", ROW(shard),
	.help = "the I-th of N equal parts of the order; needs --seed"},
    {.name = "max-probes", .kind = MIPO_OPT_U64, .arg = "N",
	ROW(max_probes), .min = 1, .max = MIPO_PROBES_MAX,
	.help = "end after N probes, of all passes together"},
    {.name = "resume", .kind = MIPO_OPT_STR, .arg = "FILE", ROW(resume),
	.help = "keep in FILE how far it is, and go on from there"},
    {.name = "memory", .kind = MIPO_OPT_SIZE, .arg = "SIZE", ROW(memory),
	.min = 1, .help = "use no more than that; 256M. The rest is in a file"},
    {.name = "states", .kind = MIPO_OPT_STR, .arg = "LIST", ROW(states),
	.help = "states to list: open,closed,filtered,unreachable, by udp "
		"open|filtered; or all"},
    {.name = "key", .kind = MIPO_OPT_STR, .arg = "FILE", ROW(key),
	.help = "scanner key that signs the receipt; the state's if there"},
    {.name = "network", .kind = MIPO_OPT_STR, .arg = "NAME", ROW(network),
	.help = "name of the network that is scanned; default"},
    {.name = "vantage", .kind = MIPO_OPT_STR, .arg = "NAME", ROW(vantage),
	.help = "name of the place that it is seen from; default"},
    {.name = "dry-run", .kind = MIPO_OPT_CHOICE, .arg = "FORM",
	.choices = "text|binary", ROW(dry_run), .optional = true,
	.absent_arg = "text",
	.help = "only write each address and port, in order, as text or "
		"binary"},
    {.name = NULL}};

static const struct scan_opts defaults = {.rate = "auto",
    .send = "auto",
    .retries = 1,
    .wait_ms = 8000,
    .memory = UINT64_C(256) << 20,
    .network = "default",
    .vantage = "default"};

static int
run(void *arg, int argc, char **argv)
{
	struct mipo_err err = {0};
	struct plan plan = {0};
	int status;

	if (plan_init(&plan, arg, argc, argv, &err) != 0)
		status = mipo_log_fail(&err, "%s", "");
	else if (plan.opts->dry_run != NULL)
		status = run_dry(&plan);
	else
		status = run_scan(&plan);
	plan_release(&plan);
	return status;
}

static const struct mipo_sub scan = {.operands = "[TARGET...]",
    .summary = "scan TCP or UDP ports and say what was seen, with a receipt",
    .opts = rows,
    .size = sizeof(struct scan_opts),
    .defaults = &defaults,
    .max_operands = -1,
    .run = run};

static const struct mipo_sub *const subs[] = {&scan, NULL};

static const char *const examples[] = {
    "mipo-scan -p 22,80,443 192.0.2.0/24",
    "probe three ports of 256 addresses",
    "mipo-scan --top 100 example.org >a.ndjson",
    "records of what answered, and the receipt",
    "mipo-scan --dry-run -p 80 192.0.2.0/30",
    "what would be probed, in that order", NULL};

static const struct mipo_cli cli = {.program = "mipo-scan",
    .summary = "truthful port scanner",
    .formats = "table|ndjson",
    .has_state = true,
    .subs = subs,
    .examples = examples};

/* Words that are said with --version, a blank between. */
struct words {
	char text[256];
	size_t len;
};

static void
add_word(struct words *words, const char *word)
{
	if (words->len < sizeof(words->text))
		words->len += (size_t)snprintf(words->text + words->len,
		    sizeof(words->text) - words->len, "%s%s",
		    words->len == 0 ? "" : " ", word);
}

int
main(int argc, char **argv)
{
	static struct words sandbox, send;
	struct mipo_sandbox possible;
	const struct mipo_wire_row *row;

	mipo_sandbox_probe(&possible);
	for (size_t i = 0; i < possible.n; i++)
		add_word(&sandbox, possible.text[i]);
	mipo_cli_feature("sandbox", sandbox.text);
	for (row = mipo_wire_rows; row->name != NULL; row++)
		if (row == mipo_wire_rows ||
		    strcmp(row->send, row[-1].send) != 0)
			add_word(&send, row->send);
	mipo_cli_feature("send", send.text);
	mipo_cli_feature("tls", mipo_tls_library() == NULL
		? "none (built without libssl)"
		: mipo_tls_library());
	return mipo_cli_main(&cli, argc, argv);
}
