#include "bin/mipo-diff/diff.h"

#include <stdio.h>
#include <string.h>

#include "data/line.h"
#include "data/ports.h"
#include "data/presence.h"
#include "judge/change.h"
#include "judge/diff.h"

#define WIDTH 320

static void
put(struct mipo_out *out, const char *row, int len)
{
	if (len < 0)
		return;
	mipo_out_line(out, row, (size_t)(len < WIDTH ? len : WIDTH - 1));
}

/* "22 80 443 (and 5 more)" */
static void
list_ports(const struct mipo_change *change, char *text, size_t size)
{
	size_t at = 0, i;

	text[0] = '\0';
	for (i = 0; i < change->n_ports && at + 32 < size; i++)
		at += (size_t)snprintf(
		    text + at, size - at, " %u", change->ports[i]);
	if (i < change->n_ports)
		(void)snprintf(text + at, size - at, " (and %zu more)",
		    change->n_ports - i);
}

static void
host_row(struct mipo_out *out, const struct mipo_change *change,
    const char *ip, const char *gated)
{
	const struct mipo_ckind_row *kind = &mipo_ckinds[change->kind];
	char row[WIDTH], ports[160];

	list_ports(change, ports, sizeof(ports));
	put(out, row,
	    snprintf(row, sizeof(row), "%c %-15s %-22s %s -> %s, open:%s%s",
		kind->mark, kind->name, ip, mipo_known_name(change->before),
		mipo_known_name(change->after),
		change->n_ports > 0 ? ports : " none", gated));
}

/* Of looks for hosts. */
static void
presence_row(struct mipo_out *out, const struct mipo_change *change,
    const char *ip, const char *gated)
{
	const struct mipo_ckind_row *kind = &mipo_ckinds[change->kind];
	char row[WIDTH];

	put(out, row,
	    snprintf(row, sizeof(row), "%c %-15s %-22s %s -> %s%s",
		kind->mark, kind->name, ip,
		mipo_presence_name(change->before),
		mipo_presence_name(change->after), gated));
}

void
diff_table_row(struct mipo_out *out, const struct mipo_change *change,
    const char *proto, unsigned gate)
{
	const struct mipo_ckind_row *kind = &mipo_ckinds[change->kind];
	const char *gated = (gate & 1U << change->kind) != 0 ? "  gated" : "";
	const struct mipo_service *service;
	char ip[MIPO_ADDR_LEN], pair[80], row[WIDTH];

	(void)mipo_addr_format(&change->ip, ip);
	if (change->port == 0) {
		(strcmp(proto, mipo_proto_name(MIPO_ICMP)) == 0
			? presence_row
			: host_row)(out, change, ip, gated);
		return;
	}
	service = mipo_service_of(mipo_proto_find(proto), change->port);
	(void)snprintf(
	    pair, sizeof(pair), "%s %u/%s", ip, change->port, proto);
	put(out, row,
	    snprintf(row, sizeof(row), "%c %-15s %-22s %s -> %s%s%s%s",
		kind->mark, kind->name, pair, mipo_known_name(change->before),
		mipo_known_name(change->after), service == NULL ? "" : "  ",
		service == NULL ? "" : service->name, gated));
}

void
diff_table_end(
    struct mipo_out *out, const struct mipo_diff_sum *sum, unsigned gate)
{
	char row[WIDTH];

	put(out, row,
	    snprintf(row, sizeof(row),
		"%llu change%s, %llu gated; %llu %s compared%s",
		(unsigned long long)sum->count, sum->count == 1 ? "" : "s",
		(unsigned long long)mipo_diff_gated(sum, gate),
		(unsigned long long)sum->compared,
		sum->hosts ? "hosts" : "pairs",
		sum->conclusive ? "" : "; inconclusive:"));
	for (size_t i = 0; i < sum->n_reasons; i++)
		put(out, row,
		    snprintf(row, sizeof(row), "  %s", sum->reasons[i]));
}
