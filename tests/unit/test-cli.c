#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "kit/cli.h"

struct opts {
	struct mipo_common common;
	const char *ports;
	uint64_t rate, wait;
	const char *method;
	const char *dry;
	struct mipo_list exclude;
	bool all;
};

static struct opts got;
static const char *items[8];
static char operands[256], first_operand[64], seen_format[32];
static int give, n_operands;

static int
run(void *arg, int argc, char **argv)
{
	got = *(const struct opts *)arg;
	for (size_t i = 0; i < got.exclude.n; i++)
		items[i] = got.exclude.items[i];
	operands[0] = '\0';
	(void)snprintf(seen_format, sizeof(seen_format), "%s",
	    got.common.format == NULL ? "" : got.common.format);
	for (int i = 0; i < argc; i++)
		(void)snprintf(operands + strlen(operands), 64, "%s ", argv[i]);
	n_operands = argc;
	(void)snprintf(first_operand, sizeof(first_operand), "%s",
	    argc > 0 ? argv[0] : "");
	(void)!write(STDOUT_FILENO, "result\n", 7);
	return give;
}

#define AT(field) offsetof(struct opts, field)

static const struct mipo_opt rows[] = {
    {.name = "ports", .letter = 'p', .kind = MIPO_OPT_STR,
	.offset = AT(ports), .arg = "PORTS", .help = "ports"},
    {.name = "rate", .kind = MIPO_OPT_U64, .offset = AT(rate), .arg = "PPS",
	.min = 1, .max = 1000, .help = "packets a second"},
    {.name = "wait", .kind = MIPO_OPT_DURATION, .offset = AT(wait),
	.arg = "TIME", .help = "last wait"},
    {.name = "method", .kind = MIPO_OPT_CHOICE, .offset = AT(method),
	.choices = "syn|connect", .help = "how"},
    {.name = "dry-run", .letter = 'n', .kind = MIPO_OPT_CHOICE,
	.offset = AT(dry), .choices = "text|binary", .optional = true,
	.absent_arg = "text", .help = "only show"},
    {.name = "exclude", .letter = 'x', .kind = MIPO_OPT_LIST,
	.offset = AT(exclude), .arg = "CIDR", .help = "not these"},
    {.name = "all", .letter = 'a', .kind = MIPO_OPT_FLAG, .offset = AT(all),
	.help = "every one"},
    {.name = NULL}};

static const struct opts defaults = {.rate = 7};

static const struct mipo_sub one = {.operands = "TARGET...", .opts = rows,
    .size = sizeof(struct opts), .defaults = &defaults, .max_operands = 3,
    .run = run};
static const struct mipo_sub rec = {.name = "record", .operands = "",
    .summary = "keep a stream", .opts = rows, .size = sizeof(struct opts),
    .run = run, .formats = "", .writes = true};
static const struct mipo_sub scans = {.name = "scans", .operands = "REF",
    .summary = "list looks", .size = sizeof(struct opts),
    .min_operands = 1, .max_operands = 1, .run = run};

static const struct mipo_sub *const ones[] = {&one, NULL};
static const struct mipo_sub *const two[] = {&rec, &scans, NULL};
static const char *const examples[] = {"mipo-many scans last", "one look",
    "mipo-many record < f", "keep", NULL};

static const struct mipo_cli single = {.program = "mipo-one",
    .summary = "does one thing", .formats = "table|ndjson", .subs = ones};
static const struct mipo_cli many = {.program = "mipo-many",
    .summary = "does many", .formats = "table|ndjson|csv", .subs = two,
    .examples = examples, .has_state = true};

static const struct mipo_cli other = {.program = "mipo-other",
    .summary = "has no table", .formats = "text|ndjson", .subs = ones};

static struct mipo_buf out;

static void
slurp(FILE *f)
{
	char chunk[4096];
	size_t n;

	rewind(f);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mipo_buf_put(&out, chunk, n);
	(void)fclose(f);
}

/* Runs a command line; what it said on stdout and stderr is in out. */
static int
call(const struct mipo_cli *cli, const char *line)
{
	static char words[512], *argv[32]; /* got borrows from them */
	char *save = NULL;
	FILE *f = tmpfile();
	int argc = 0, status, old1 = dup(1), old2 = dup(2);

	(void)snprintf(words, sizeof(words), "%s %s", cli->program, line);
	for (char *w = strtok_r(words, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		argv[argc++] = strcmp(w, "''") == 0 ? w + 2 : w;
	argv[argc] = NULL;
	memset(&got, 0, sizeof(got));
	n_operands = -1;
	mipo_buf_release(&out);
	mipo_buf_init(&out, 1 << 20);
	(void)dup2(fileno(f), 1);
	(void)dup2(fileno(f), 2);
	status = mipo_cli_main(cli, argc, argv);
	(void)dup2(old1, 1);
	(void)dup2(old2, 2);
	(void)close(old1);
	(void)close(old2);
	slurp(f);
	return status;
}

static bool
said(const char *text)
{
	const char *all = mipo_buf_str(&out, NULL);

	return all != NULL && strstr(all, text) != NULL;
}

#define ck_refused(line, text)                                          \
	do {                                                            \
		ck_assert_int_eq(call(&single, line), 2);               \
		ck_assert_msg(said(text), "%s said %s", line,           \
		    mipo_buf_str(&out, NULL));                          \
		ck_assert_int_eq(n_operands, -1);                       \
		ck_assert_ptr_eq(memchr(out.data, '\n', out.len),       \
		    out.data + out.len - 1); /* one line */             \
	} while (0)

START_TEST(options_fill_the_struct)
{
	ck_assert_int_eq(call(&single, "-p 22,80 --rate=1000 --wait 250ms "
		"a --method connect -x 10.0.0.0/8 --exclude=::1 -a b"), 0);
	ck_assert_str_eq(operands, "a b ");
	ck_assert_uint_eq(got.rate, 1000);
	ck_assert_uint_eq(got.wait, 250);
	ck_assert_uint_eq(got.exclude.n, 2);
	ck_assert_str_eq(items[1], "::1");
	ck_assert(got.all);
	ck_assert_ptr_null(got.dry);
	ck_assert_int_eq(call(&single, "-anp22 --dry-run=binary"), 2);
	ck_assert_int_eq(call(&single, "-anp22 -"), 0);
	ck_assert_str_eq(first_operand, "-");
	ck_assert_uint_eq(got.rate, 7);
}
END_TEST

START_TEST(double_dash_ends_options)
{
	ck_assert_int_eq(call(&single, "-a -- --rate=3 -p"), 0);
	ck_assert_int_eq(n_operands, 2);
	ck_assert_str_eq(first_operand, "--rate=3");
	ck_assert_int_eq(call(&single, "--dry-run=binary"), 0);
	ck_assert_int_eq(n_operands, 0);
	ck_assert_str_eq(got.dry, "binary");
}
END_TEST

START_TEST(usage_errors_are_one_line)
{
	ck_refused("--prots=1",
	    "unknown option --prots; did you mean --ports?");
	ck_refused("--port=1", "did you mean --ports?"); /* no abbreviation */
	ck_refused("--pxyz", "unknown option --pxyz; see --help");
	ck_refused("-z", "unknown option -z");
	ck_refused("--rate", "--rate needs an argument, PPS");
	ck_refused("-p", "--ports needs an argument, PORTS");
	ck_refused("--all=yes", "--all takes no argument");
	ck_refused("--rate=0", "--rate: \"0\" is not a whole number");
	ck_refused("--rate=1e3",
	    "\"1e3\" is not a whole number from 1 to 1000");
	ck_refused("--wait=soon", "--wait: \"soon\" is not a duration");
	ck_refused("--method=udp", "--method: \"udp\" is none of syn|connect");
	ck_refused("--dry-run=x", "is none of text|binary");
	ck_refused("--rate=1 --rate=1", "--rate is given twice");
	ck_refused("-p1 --ports 2", "--ports is given twice");
	ck_refused("a b c d", "\"d\" is one word too many");
	ck_refused("--format=xml", "is none of table|ndjson");
	ck_refused("--json --format=table", "contradict");
	ck_refused("--state=/x", "unknown option --state"); /* has none */
	ck_refused("--now=yesterday", "--now: ");
	ck_refused("-q -v", "contradict");
	ck_assert_int_eq(call(&single, "-vv"), 0);
}
END_TEST

START_TEST(formats)
{
	ck_assert_int_eq(call(&single, ""), 0);
	ck_assert_str_eq(got.common.format, "ndjson");
	ck_assert_int_eq(call(&single, "--format=table"), 0);
	ck_assert_str_eq(got.common.format, "table");
	ck_assert_int_eq(call(&single, "--json"), 0);
	ck_assert_str_eq(got.common.format, "ndjson");
	(void)setenv("MIPO_FORMAT", "table", 1);
	ck_assert_int_eq(call(&single, ""), 0);
	ck_assert_str_eq(got.common.format, "table");
	(void)setenv("MIPO_FORMAT", "tabel", 1);
	ck_refused("", "MIPO_FORMAT: \"tabel\" is none of");
	(void)setenv("MIPO_FORMAT", "table", 1); /* the form for people */
	ck_assert_int_eq(call(&other, ""), 0);
	ck_assert_str_eq(seen_format, "text");
	(void)setenv("MIPO_FORMAT", "tabel", 1);
	ck_assert_int_eq(call(&many, "record"), 0); /* has no format */
	ck_assert_ptr_null(got.common.format);
	ck_assert_int_eq(call(&many, "record --json"), 2);
}
END_TEST

START_TEST(state_and_clock)
{
	(void)setenv("MIPO_STATE", "/env", 1);
	ck_assert_int_eq(call(&many, "record"), 0);
	ck_assert_str_eq(got.common.state, "/env");
	ck_assert_int_eq(call(&many, "record --system"), 0);
	ck_assert_ptr_null(got.common.state);
	ck_assert_int_eq(call(&many, "record --state /s"), 0);
	ck_assert_str_eq(got.common.state, "/s");
	ck_assert_int_eq(call(&many, "record --state /s --system"), 2);
	ck_assert_int_eq(call(&many, "record --state ''"), 2);
	ck_assert_int_eq(call(&single, "--now=2026-11-22T10:00:00Z"), 0);
	ck_assert_int_eq(mipo_clock_wall_ms(), INT64_C(1795341600000));
}
END_TEST

START_TEST(subcommands)
{
	ck_assert_int_eq(call(&many, "scans last"), 0);
	ck_assert_str_eq(operands, "last ");
	ck_assert_int_eq(call(&many, ""), 2);
	ck_assert(said("a subcommand is needed"));
	ck_assert_int_eq(call(&many, "scan"), 2);
	ck_assert(said("did you mean scans?"));
	ck_assert_int_eq(call(&many, "-q scans last"), 2);
	ck_assert(said("the subcommand comes first"));
	ck_assert_int_eq(call(&many, "scans"), 2);
	ck_assert(said("REF is missing"));
	ck_assert_int_eq(call(&many, "scans a b"), 2);
}
END_TEST

START_TEST(help_and_version)
{
	ck_assert_int_eq(call(&many, "--help"), 0);
	ck_assert(said("  record        keep a stream\n"));
	ck_assert(said("  mipo-many scans last\n      one look\n"));
	ck_assert_int_eq(call(&many, "scans last --help"), 0);
	ck_assert(said("Usage: mipo-many scans [OPTION...] REF\n"));
	ck_assert(said("mipo-many scans last\n"));
	ck_assert(!said("mipo-many record < f"));
	ck_assert(said("      --format=table|ndjson|csv\n"));
	ck_assert_int_eq(call(&single, "-h"), 0);
	ck_assert(said("  -p, --ports=PORTS       ports\n"));
	ck_assert(said("  -n, --dry-run[=text|binary]\n"));
	ck_assert(!said("--state"));
	mipo_cli_feature("sandbox", "none");
	ck_assert_int_eq(call(&single, "--version"), 0);
	ck_assert(said("mipo-one (mipo) "));
	ck_assert(said("\nsandbox: none\n"));
}
END_TEST

START_TEST(completions_name_every_row)
{
	static const char *const shells[] = {"bash", "zsh", "fish"};
	char line[64];

	for (int i = 0; i < 3; i++) {
		(void)snprintf(
		    line, sizeof(line), "--completion=%s", shells[i]);
		ck_assert_int_eq(call(&single, line), 0);
		for (const struct mipo_opt *row = rows; row->name; row++)
			ck_assert_msg(said(row->name), "%s", row->name);
		ck_assert(said("connect") && said("quiet"));
		ck_assert_int_eq(call(&many, line), 0);
		ck_assert(said("record") && said("csv"));
	}
	ck_refused("--completion=csh", "none of bash|zsh|fish");
}
END_TEST

static char file[64];

static int
count_entries(void)
{
	char cmd[64];
	FILE *p;
	int n = 0;

	(void)snprintf(cmd, sizeof(cmd), "ls -A %s | wc -l", unit_dir);
	p = popen(cmd, "r");
	ck_assert_int_eq(fscanf(p, "%d", &n), 1);
	(void)pclose(p);
	return n;
}

static void
write_old(const char *path)
{
	struct mipo_err err = {0};

	ck_ok(mipo_file_put(path, 0644, 0, "old\n", 4, &err));
}

static void
ck_content(const char *path, const char *want)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1000);
	ck_ok(mipo_file_read(path, &buf, &err));
	ck_assert_str_eq(mipo_buf_str(&buf, &err), want);
	mipo_buf_release(&buf);
}

START_TEST(output_whole_or_not_at_all)
{
	char line[128];

	(void)snprintf(file, sizeof(file), "%s/out", unit_dir);
	(void)snprintf(line, sizeof(line), "-o %s", file);
	write_old(file);
	give = 2;
	ck_assert_int_eq(call(&single, line), 2);
	ck_content(file, "old\n");
	give = 1;
	ck_assert_int_eq(call(&single, line), 1);
	ck_content(file, "result\n");
	ck_assert_uint_eq(out.len, 0);
	ck_assert_int_eq(count_entries(), 1); /* nothing temporary */
	give = 0;
	ck_assert_int_eq(call(&single, "-o /nonexistent/dir/x"), 2);
	ck_assert(said("--output: /nonexistent/dir/x: No such file"));
	ck_assert_int_eq(call(&single, "-o /dev/null"), 0);
	ck_assert_int_eq(access("/dev/null", W_OK), 0);
	(void)unlink(file);
}
END_TEST

static int
crash(void *arg, int argc, char **argv)
{
	(void)arg;
	(void)argc;
	(void)argv;
	(void)!write(STDOUT_FILENO, "half", 4);
	(void)raise(SIGKILL);
	return 0;
}

START_TEST(output_of_a_killed_program)
{
	struct mipo_sub killed = one;
	const struct mipo_sub *const subs[] = {&killed, NULL};
	struct mipo_cli cli = single;
	char line[128];
	int status;

	killed.run = crash;
	cli.subs = subs;
	(void)snprintf(file, sizeof(file), "%s/out", unit_dir);
	(void)snprintf(line, sizeof(line), "-o %s", file);
	write_old(file);
	if (fork() == 0)
		_exit(call(&cli, line));
	ck_assert_int_gt(wait(&status), 0);
	ck_assert(WIFSIGNALED(status));
	for (int i = 0; i < 200 && count_entries() != 1; i++)
		(void)usleep(10000);
	ck_assert_int_eq(count_entries(), 1);
	ck_content(file, "old\n");
	(void)unlink(file);
}
END_TEST

START_TEST(status_of_a_signal)
{
	int status;

	give = 128 + SIGTERM;
	if (fork() == 0)
		_exit(call(&single, ""));
	ck_assert_int_gt(wait(&status), 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}
END_TEST

UNIT_MAIN("cli", options_fill_the_struct, double_dash_ends_options,
    usage_errors_are_one_line, formats, state_and_clock, subcommands,
    help_and_version, completions_name_every_row, output_whole_or_not_at_all,
    output_of_a_killed_program, status_of_a_signal);
