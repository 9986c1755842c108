#include <stdio.h>
#include <string.h>

#include "data/rec.h"
#include "net/scanner-impl.h"
#include "net/sender.h"
#include "net/sport.h"

/* Whether a sender has a wire of that row. */
static bool
uses(const struct mipo_scanner *scan, const struct mipo_wire_row *row)
{
	for (unsigned k = 0; k < scan->n_senders; k++)
		for (size_t i = 0; i < scan->routes.n_paths; i++)
			if (mipo_wire_row(scan->senders[k].wires[i]) == row)
				return true;
	return false;
}

bool
mipo_scanner_asks(const struct mipo_scanner *scan)
{
	const struct mipo_wire_row *row = mipo_wire_rows;

	while (row->name != NULL && !(row->asks && uses(scan, row)))
		row++;
	return row->name != NULL;
}

static void
put_paths(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	const struct mipo_wire_row *row;
	const char *last = "";

	mipo_rec_put_list(rec, "send");
	for (row = mipo_wire_rows; row->name != NULL; row++) {
		if (!uses(scan, row) || strcmp(row->send, last) == 0)
			continue;
		last = row->send; /* those of a path stand together */
		mipo_rec_add_str(rec, "send", last);
	}
}

/* Of one path the first sender's: they all had the same. */
static void
put_passed(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	char text[320], addr[MIPO_ADDR_LEN];
	bool any = false;

	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		const struct mipo_wire_end *end = &scan->routes.paths[i].end;
		const char *why = mipo_wire_passed(scan->senders[0].wires[i]);

		if (*why == '\0')
			continue;
		if (!any)
			mipo_rec_put_list(rec, "send_passed");
		any = true;
		(void)mipo_addr_format(&end->from.addr, addr);
		(void)snprintf(text, sizeof(text), "%s %s, %s", end->ifname,
		    addr, why);
		mipo_rec_add_str(rec, "send_passed", text);
	}
}

void
mipo_senders_report(
    const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	char text[96], addr[MIPO_ADDR_LEN];

	put_paths(scan, rec);
	put_passed(scan, rec);
	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		const struct mipo_wire_end *end = &scan->routes.paths[i].end;

		(void)mipo_addr_format(&end->from.addr, addr);
		(void)snprintf(text, sizeof(text),
		    end->from.vlan > 0 ? "%s %s %s vlan %u" : "%s %s %s",
		    mipo_wire_row(scan->senders[0].wires[i])->name,
		    end->ifname, addr, end->from.vlan);
		mipo_rec_add_str(rec, "wires", text);
	}
	(void)snprintf(text, sizeof(text), "%u-%u", scan->sport,
	    scan->sport + MIPO_SPORTS - 1U);
	mipo_rec_put_str(rec, "source_ports", text);
}
