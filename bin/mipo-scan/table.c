#include "bin/mipo-scan/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "bin/mipo-scan/hosts.h"
#include "bin/mipo-scan/plan.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/rec.h"

#define ADDRESS_WIDTH 39

bool
table_shows(const struct plan *plan, const struct mipo_obs *obs)
{
	return obs->state == MIPO_OPEN || plan->states_given;
}

static void
put_text(struct mipo_out *out, const char *text)
{
	mipo_out_line(out, text, strlen(text));
}

static int64_t
number(const struct mipo_rec *rec, const char *path)
{
	int64_t n = 0;

	(void)mipo_rec_int(rec, path, &n);
	return n;
}

void
table_head(struct mipo_out *out, bool identify)
{
	char line[160];

	(void)snprintf(line, sizeof(line), "%-*s %5s  %-13s  %-11s  %9s  %s",
	    ADDRESS_WIDTH, "ADDRESS", "PORT", "STATE", "REASON", "RTT",
	    identify ? "SERVICE       FOUND" : "SERVICE");
	put_text(out, line);
}

/* What the port said it is; all of it is printable in the record, too. */
static void
put_found(struct mipo_buf *buf, const struct mipo_rec *rec)
{
	const char *service = mipo_rec_str(rec, "service");
	const char *tls = mipo_rec_str(rec, "tls_version");
	const char *name = mipo_rec_str(rec, "tls_name");
	const char *server = mipo_rec_str(rec, "server");
	const char *until = mipo_rec_str(rec, "cert_not_after");
	const char *line = server != NULL ? server
					  : mipo_rec_str(rec, "banner");

	mipo_buf_puts(
	    buf, service != NULL ? service : mipo_rec_str(rec, "result"));
	if (tls != NULL)
		mipo_buf_putf(buf, " (%s)", tls);
	if (name != NULL)
		mipo_buf_putf(buf, " of %s", name);
	if (line != NULL)
		mipo_buf_putf(buf, "  %s", line);
	if (until != NULL)
		mipo_buf_putf(buf, "  until %.10s", until);
}

void
table_host(struct mipo_out *out, const struct mipo_rec *host)
{
	char line[160];

	(void)snprintf(line, sizeof(line), "%s: %" PRId64 " of %" PRId64
	    " ports are open; something may answer for others",
	    mipo_rec_str(host, "ip"), number(host, "open"),
	    number(host, "ports"));
	put_text(out, line);
}

void
table_put(struct mipo_buf *buf, const struct mipo_obs *obs,
    const struct mipo_rec *found)
{
	const struct mipo_service *service =
	    mipo_service_of(obs->proto, obs->port);
	char address[MIPO_ADDR_LEN], rtt[32] = "-";

	(void)mipo_addr_format(&obs->ip, address);
	if (obs->rtt_us >= 0)
		(void)snprintf(rtt, sizeof(rtt), "%d.%03d ms",
		    obs->rtt_us / 1000, obs->rtt_us % 1000);
	mipo_buf_putf(buf, "%-*s %5u  %-13s  %-11s  %9s  %-*s", ADDRESS_WIDTH,
	    address, obs->port, mipo_pstate_name(obs->state),
	    mipo_reason_name(obs->reason), rtt, found == NULL ? 0 : 12,
	    service == NULL ? "-" : service->name);
	if (found == NULL)
		return;
	mipo_buf_puts(buf, "  ");
	put_found(buf, found);
}

/* Whom --identify did not ask, other than of hosts that are flagged. */
static void
put_left(struct mipo_out *out, const struct mipo_rec *end)
{
	const char *error = mipo_rec_str(end, "identify.error");
	int64_t left = number(end, "identify.left");
	char line[600];

	if (left > 0) {
		(void)snprintf(line, sizeof(line), "  %" PRId64
		    " open ports were not asked what they are", left);
		put_text(out, line);
	}
	if (error != NULL) {
		(void)snprintf(line, sizeof(line), "  --identify: %s", error);
		put_text(out, line);
	}
}

void
table_end(struct mipo_out *out, const struct mipo_rec *end)
{
	int64_t ms = number(end, "duration_ms");
	int64_t either = number(end, "counts.open_filtered");
	char line[256], path[32], counts[128], part[64] = "";

	if (mipo_rec_has(end, "shard"))
		(void)snprintf(part, sizeof(part),
		    ", of shard %" PRId64 "/%" PRId64 " alone",
		    number(end, "shard"), number(end, "shards"));
	if (mipo_rec_has(end, "hosts"))
		hosts_count(end, counts, sizeof(counts));
	else
		(void)snprintf(counts, sizeof(counts),
		    "%" PRId64 " open, %" PRId64 " closed, %" PRId64
		    " filtered, %" PRId64 " unreachable",
		    number(end, "counts.open"), number(end, "counts.closed"),
		    number(end, "counts.filtered"),
		    number(end, "counts.unreachable"));
	(void)snprintf(line, sizeof(line),
	    "%s of %" PRId64 " in %" PRId64 ".%" PRId64 " s: %s%s", counts,
	    number(end, "planned"), ms / 1000, ms / 100 % 10,
	    mipo_rec_str(end, "verdict"), part);
	put_text(out, line);
	if (either > 0) {
		(void)snprintf(line, sizeof(line), "  %" PRId64
		    " open|filtered: nothing came back. Closed ports are "
		    "among them where errors are sparing.", either);
		put_text(out, line);
	}
	for (size_t i = 0; i < mipo_rec_len(end, "reasons"); i++) {
		(void)snprintf(path, sizeof(path), "reasons.%zu", i);
		(void)snprintf(line, sizeof(line), "  %s",
		    mipo_rec_str(end, path));
		put_text(out, line);
	}
	put_left(out, end);
}
