/* What is to be scanned and how, read from the command line; and its run. */
#ifndef MIPO_SCAN_PLAN_H
#define MIPO_SCAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "kit/cli.h"
#include "net/scanner.h"

struct fence;
struct mipo_err;
struct mipo_key;
struct mipo_names;
struct mipo_ports;
struct mipo_rec;
struct mipo_targets;

#define MIPO_PROBES_MAX ((UINT64_C(1) << 53) - 1)

struct scan_opts {
	struct mipo_common common;
	const char *ports;
	uint64_t top;
	const char *rate, *seed, *shard, *resume, *states, *method, *send;
	const char *dry_run;
	uint64_t retries, wait_ms, vlan, max_probes, memory;
	bool discover;
	struct mipo_list exclude, exclude_files, target_files, scope;
	const char *key, *network, *vantage, *contact;
	bool identify;
};

struct plan {
	const struct scan_opts *opts;
	struct mipo_targets *given;    /* before exclusion */
	struct mipo_targets *excluded; /* of those given */
	struct mipo_targets *targets;  /* what is left */
	struct mipo_ports *ports;
	struct mipo_rec *names; /* {names: list} of those that were resolved */
	struct mipo_names *called; /* of what is left, and more */
	struct fence *fence;	/* NULL: there is none */
	struct mipo_key *key;	/* NULL: unsigned */
	struct mipo_scanner_config config;
	uint64_t rate_bits; /* a second; 0: they were not asked for */
	const char *silent_as;
	bool states_given;
	bool has_seed; /* by the journal */
};

/* Reads everything: files, names, keys. Release it also after a failure. */
int plan_init(struct plan *plan, const struct scan_opts *opts, int argc,
    char **argv, struct mipo_err *err);
void plan_release(struct plan *plan);

/* targets.c: tokens and files, into given and excluded. */
int plan_targets(
    struct plan *plan, int argc, char **argv, struct mipo_err *err);

/* rate.c: --rate, for the method, targets and ports that are there. */
int plan_rate(struct plan *plan, struct mipo_err *err);

/* settings.c: the rest of the options, into config. */
int plan_settings(struct plan *plan, struct mipo_err *err);
/* What errors call the place that the stream goes to. */
const char *plan_output(const struct plan *plan);

/*
 * resume.c: opens the journal; where --seed does not say, its seed is taken.
 * Then begins it, when all else of the plan is fixed.
 */
int plan_journal(struct plan *plan, struct mipo_err *err);
int plan_resume(struct plan *plan, struct mipo_err *err);
/* The receipt is out: nothing is left to go on with, unless it can. */
int plan_resume_end(struct plan *plan, const struct mipo_rec *end,
    bool over, struct mipo_err *err);

/* The first records of the stream: scan.start and its scan.scope. */
struct opening {
	struct mipo_rec **recs;
	size_t n, cap;
};

/* records.c: their contents. Release the opening also after a failure. */
int plan_start(struct plan *plan, uint64_t planned, struct opening *opening,
    struct mipo_err *err);
int plan_scope(struct plan *plan, struct mipo_err *err);

/*
 * scopes.c: start and what scope holds (targets, exclusions, ports, names)
 * as one record where they fit, else as several. start is used up.
 */
int opening_fill_take(struct opening *opening, struct mipo_rec *start,
    const struct mipo_rec *scope, struct mipo_err *err);
void opening_release(struct opening *opening);

/* dry.c and run.c: the work itself; the exit status. */
int run_dry(struct plan *plan);
int run_scan(struct plan *plan);

#endif
