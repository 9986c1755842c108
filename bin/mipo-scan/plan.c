#include "bin/mipo-scan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "bin/mipo-scan/fence.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"
#include "net/journal.h"
#include "net/names.h"
#include "store/state.h"
#include "trust/key.h"

#define DEFAULT_TOP 100

/* The catalog ranks TCP ports; nobody ranked those of UDP for us. */
static int
udp_ports(struct plan *plan, struct mipo_err *err)
{
	if (plan->opts->top > 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--top: UDP ports are not ranked; name them with -p");
	if (plan->opts->ports == NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--method=udp needs its ports: -p 53,123,snmp");
	return mipo_ports_add_proto(
	    plan->ports, MIPO_UDP, plan->opts->ports, err);
}

/* Hosts have none; the engine counts them under one. */
static int
no_ports(struct plan *plan, struct mipo_err *err)
{
	const struct scan_opts *opts = plan->opts;

	if (opts->ports != NULL || opts->top > 0 || opts->method != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--discover: %s is for ports, and asks for none of them",
		    opts->method != NULL    ? "--method"
			: opts->ports != NULL ? "--ports"
					      : "--top");
	if (opts->identify)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--discover: --identify is for open ports");
	if (opts->shard != NULL || opts->resume != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--discover: %s is for looks at ports",
		    opts->shard != NULL ? "--shard" : "--resume");
	if (opts->dry_run != NULL && opts->dry_run[0] == 'b')
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--discover: --dry-run=binary has ports; say --dry-run");
	return mipo_ports_add(plan->ports, "1", err);
}

static int
plan_ports(struct plan *plan, struct mipo_err *err)
{
	const struct scan_opts *opts = plan->opts;

	plan->ports = mipo_ports_new(err);
	if (plan->ports == NULL)
		return -1;
	if (opts->discover)
		return no_ports(plan, err);
	if (opts->method != NULL && strcmp(opts->method, "udp") == 0)
		return udp_ports(plan, err);
	if (opts->ports != NULL &&
	    mipo_ports_add(plan->ports, opts->ports, err) != 0)
		return -1;
	if (opts->top > 0)
		return mipo_ports_add_top(plan->ports, opts->top, err);
	if (opts->ports == NULL)
		return mipo_ports_add_top(plan->ports, DEFAULT_TOP, err);
	return 0;
}

/* The state's key is used where there is one that we may read. */
static int
default_key(struct plan *plan, struct mipo_err *err)
{
	const struct mipo_common *common = &plan->opts->common;
	char *dir = NULL, *path = NULL;
	int r = 0;

	if (mipo_state_where(common->state, common->system, &dir, NULL) != 0)
		return 0;
	if (asprintf(&path, "%s/keys/scanner.key", dir) < 0) {
		free(dir);
		return mipo_err_nomem(err);
	}
	if (access(path, R_OK) == 0)
		r = mipo_key_load(path, &plan->key, err);
	else if (errno != ENOENT && errno != ENOTDIR)
		mipo_log(MIPO_LOG_INFO,
		    "%s may not be read here: the receipt is not signed",
		    path);
	free(path);
	free(dir);
	return r;
}

int
plan_init(struct plan *plan, const struct scan_opts *opts, int argc,
    char **argv, struct mipo_err *err)
{
	plan->opts = opts;
	plan->names = mipo_rec_new(err);
	plan->called = mipo_names_new(err);
	plan->given = mipo_targets_new(err);
	plan->excluded = mipo_targets_new(err);
	plan->targets = mipo_targets_new(err);
	if (plan->names == NULL || plan->called == NULL ||
	    plan->given == NULL || plan->excluded == NULL ||
	    plan->targets == NULL)
		return -1;
	mipo_rec_put_list(plan->names, "names");
	if (mipo_trust_init(err) != 0 || plan_ports(plan, err) != 0 ||
	    plan_targets(plan, argc, argv, err) != 0 ||
	    plan_journal(plan, err) != 0 || plan_settings(plan, err) != 0 ||
	    plan_scope(plan, err) != 0 || plan_resume(plan, err) != 0)
		return -1;
	if (opts->dry_run != NULL)
		return 0;
	if (opts->key != NULL)
		return mipo_key_load(opts->key, &plan->key, err);
	return default_key(plan, err);
}

void
plan_release(struct plan *plan)
{
	mipo_journal_free(plan->config.journal);
	fence_free(plan->fence);
	mipo_key_free(plan->key);
	mipo_rec_free(plan->names);
	mipo_names_free(plan->called);
	mipo_targets_free(plan->given);
	mipo_targets_free(plan->excluded);
	mipo_targets_free(plan->targets);
	mipo_ports_free(plan->ports);
}
