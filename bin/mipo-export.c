#include "bin/mipo-export/export.h"

#include <stddef.h>

#define WINDOW_ROWS                                                            \
	{.name = "from",                                                       \
	    .kind = MIPO_OPT_STR,                                              \
	    .arg = "TIME",                                                     \
	    .offset = offsetof(struct export_opts, from),                      \
	    .help = "leave out what is older, 2026-11-22T10:00:00Z"},          \
	{                                                                      \
		.name = "to", .kind = MIPO_OPT_STR, .arg = "TIME",             \
		.offset = offsetof(struct export_opts, to),                    \
		.help = "leave out this moment and what is later"              \
	}

static const struct mipo_opt window_rows[] = {WINDOW_ROWS, {.name = NULL}};

static int
run_csv(void *opts, int argc, char **argv)
{
	return export_run("csv", opts, argc, argv);
}

static int
run_ndjson(void *opts, int argc, char **argv)
{
	return export_run("ndjson", opts, argc, argv);
}

static int
run_report(void *opts, int argc, char **argv)
{
	return export_run("report", opts, argc, argv);
}

static const struct mipo_sub csv = {
    .name = "csv",
    .operands = "[INPUT...]",
    .summary = "one table of looks, observations, changes and alarms",
    .opts = window_rows,
    .size = sizeof(struct export_opts),
    .max_operands = -1,
    .run = run_csv,
};

static const struct mipo_sub ndjson = {
    .name = "ndjson",
    .operands = "[INPUT...]",
    .summary = "every record as it was, between a start and an end record",
    .opts = window_rows,
    .size = sizeof(struct export_opts),
    .max_operands = -1,
    .run = run_ndjson,
};

static const struct mipo_sub report = {
    .name = "report",
    .operands = "[INPUT...]",
    .summary = "one HTML page for people, with exposure over time",
    .opts = window_rows,
    .size = sizeof(struct export_opts),
    .max_operands = -1,
    .run = run_report,
};

static const struct mipo_sub *const subs[] = {&csv, &ndjson, &report, NULL};

static const char *const examples[] = {"mipo-export report -o exposure.html",
    "a page from the state",
    "mipo-export csv --from 2026-10-01T00:00:00Z -o q4.csv",
    "a table of what was seen since then",
    "mipo-scan -p 1-1024 198.18.0.0/24 | mipo-export csv -",
    "a table of one look, with no state", NULL};

static const struct mipo_cli cli = {
    .program = "mipo-export",
    .summary = "hand evidence to people and machines",
    .has_state = true,
    .subs = subs,
    .examples = examples,
};

int
main(int argc, char **argv)
{
	return mipo_cli_main(&cli, argc, argv);
}
