#include "bin/mipo-scan/plan.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "bin/mipo-scan/fence.h"
#include "bin/mipo-scan/lines.h"
#include "data/addr.h"
#include "data/rec.h"
#include "data/target.h"
#include "net/names.h"

/* Addresses in one entry of names, so that it fits a record. */
#define ENTRY_IPS 1000

static int
look_up(const char *name, struct addrinfo **ret_list)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_ADDRCONFIG};
	int r = getaddrinfo(name, NULL, &hints, ret_list);

	/* A machine with loopback alone still knows localhost. */
	hints.ai_flags = 0;
	return r == 0 ? 0 : getaddrinfo(name, NULL, &hints, ret_list);
}

static void
take_address(const struct addrinfo *info, struct mipo_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (info->ai_family == AF_INET6) {
		addr->family = 6;
		memcpy(addr->b,
		    &((struct sockaddr_in6 *)(void *)info->ai_addr)->sin6_addr,
		    16);
	} else {
		addr->family = 4;
		memcpy(addr->b,
		    &((struct sockaddr_in *)(void *)info->ai_addr)->sin_addr,
		    4);
	}
}

/* Some of the addresses of the name; *list goes on behind them. */
static int
take_addresses(struct plan *plan, struct mipo_targets *into, const char *name,
    const struct addrinfo **list, struct mipo_err *err)
{
	struct mipo_rec *entry = mipo_rec_new(err);
	const struct addrinfo *info;
	char text[MIPO_ADDR_LEN];
	int r = 0, n = 0;

	mipo_rec_put_str(entry, "name", name);
	mipo_rec_put_list(entry, "ips");
	for (info = *list; info != NULL && r == 0 && n < ENTRY_IPS;
	     info = info->ai_next) {
		struct mipo_range range;

		if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
			continue;
		take_address(info, &range.first);
		range.last = range.first;
		(void)mipo_addr_format(&range.first, text);
		mipo_rec_add_str(entry, "ips", text);
		r = mipo_targets_add_range(into, &range, err);
		if (r == 0 && into == plan->given)
			r = mipo_names_add(
			    plan->called, &range.first, name, err);
		n++;
	}
	*list = info;
	mipo_rec_add_rec_take(plan->names, "names", entry);
	return r;
}

/* Every address of the name; what it stood for is kept for the record. */
static int
resolve(struct plan *plan, struct mipo_targets *into, const char *name,
    struct mipo_err *err)
{
	struct addrinfo *list = NULL;
	const struct addrinfo *rest;
	int r = look_up(name, &list);

	if (r != 0)
		return mipo_err_set(err, MIPO_E_NOTFOUND, "%s: %s", name,
		    gai_strerror(r));
	rest = list;
	do
		r = take_addresses(plan, into, name, &rest, err);
	while (r == 0 && rest != NULL);
	freeaddrinfo(list);
	return r;
}

static int
add_token(struct plan *plan, struct mipo_targets *into, const char *token,
    struct mipo_err *err)
{
	struct mipo_range range;
	bool is_name = false;

	if (mipo_target_parse(token, &range, &is_name, err) != 0)
		return -1;
	if (is_name)
		return resolve(plan, into, token, err);
	if (into != plan->given)
		return mipo_targets_add_within(
		    into, plan->given, &range, err);
	return mipo_targets_add_range(into, &range, err) == 0
	    ? 0
	    : mipo_err_prefix(err, "\"%.100s\"", token);
}

/* The file that tokens come from. */
struct reading {
	struct plan *plan;
	struct mipo_targets *into;
	const char *path; /* NULL: the command line */
};

static int
add_word(const struct reading *reading, const char *word, unsigned line,
    struct mipo_err *err)
{
	struct plan *plan = reading->plan;

	if (add_token(plan, reading->into, word, err) != 0)
		return -1;
	if (plan->fence == NULL || reading->into != plan->given)
		return 0;
	return fence_note(plan->fence, reading->path, line, word, err);
}

static int
add_line(void *arg, char *line, unsigned number, struct mipo_err *err)
{
	const char *word;

	while ((word = lines_word(&line)) != NULL)
		if (add_word(arg, word, number, err) != 0)
			return -1;
	return 0;
}

static int
add_file(struct plan *plan, struct mipo_targets *into, const char *path,
    struct mipo_err *err)
{
	struct reading reading = {plan, into, path};

	if (strcmp(path, "-") == 0)
		reading.path = "stdin";
	return lines_read(path, NULL, add_line, &reading, err);
}

static int
add_list(struct plan *plan, struct mipo_targets *into,
    const struct mipo_list *list, bool files, struct mipo_err *err)
{
	for (size_t i = 0; i < list->n; i++)
		if ((files ? add_file : add_token)(
			plan, into, list->items[i], err) != 0)
			return -1;
	return 0;
}

/* What the command line itself names. */
static int
add_operands(struct plan *plan, int argc, char **argv, struct mipo_err *err)
{
	const struct reading line = {plan, plan->given, NULL};

	for (int i = 0; i < argc; i++)
		if ((strcmp(argv[i], "-") == 0
			    ? add_file(plan, plan->given, argv[i], err)
			    : add_word(&line, argv[i], 0, err)) != 0)
			return -1;
	return 0;
}

/* Of the exclusions, those that take something out. */
static int
exclude(struct plan *plan, const struct mipo_targets *all,
    struct mipo_err *err)
{
	if (mipo_targets_add_all(plan->targets, plan->given, err) != 0 ||
	    mipo_targets_exclude(plan->targets, all, err) != 0 ||
	    mipo_targets_add_all(plan->excluded, plan->given, err) != 0)
		return -1;
	return mipo_targets_exclude(plan->excluded, plan->targets, err);
}

int
plan_targets(struct plan *plan, int argc, char **argv, struct mipo_err *err)
{
	const struct scan_opts *opts = plan->opts;
	struct mipo_targets *all = mipo_targets_new(err);
	int r = all == NULL ? -1 : 0;

	if (r == 0)
		r = fence_load(&opts->scope, &plan->fence, err);
	if (r == 0)
		r = add_operands(plan, argc, argv, err);
	if (r == 0)
		r = add_list(plan, plan->given, &opts->target_files, true,
		    err);
	if (r == 0 && mipo_targets_count(plan->given) == 0)
		r = mipo_err_set(err, MIPO_E_USAGE,
		    "no target: give addresses, networks, ranges or names");
	if (r == 0)
		r = add_list(plan, all, &opts->exclude, false, err);
	if (r == 0)
		r = add_list(plan, all, &opts->exclude_files, true, err);
	if (r == 0)
		r = exclude(plan, all, err);
	if (r == 0 && mipo_targets_count(plan->targets) == 0)
		r = mipo_err_set(err, MIPO_E_USAGE,
		    "every target is excluded: there is nothing to scan");
	if (r == 0)
		r = fence_check(plan->fence, plan->targets, plan->names, err);
	mipo_targets_free(all);
	return r;
}
