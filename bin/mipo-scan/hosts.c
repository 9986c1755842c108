#include "bin/mipo-scan/hosts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/presence.h"
#include "data/rec.h"
#include "net/scanner.h"

#define ROW "%-39s  %-6s  %-11s  %9s  %s"

/* The link address that it answered from; empty where there was none. */
static void
mac_of(const struct mipo_scanner *scan, const struct mipo_obs *obs,
    char ret_text[18])
{
	uint8_t mac[6];

	*ret_text = '\0';
	if (obs->state == MIPO_OPEN && mipo_scanner_mac(scan, &obs->ip, mac))
		(void)snprintf(ret_text, 18, "%02x:%02x:%02x:%02x:%02x:%02x",
		    mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void
put_number(struct mipo_rec *rec, const char *key, int64_t n)
{
	if (n >= 0)
		mipo_rec_put_int(rec, key, n);
}

int
hosts_record(struct mipo_buf *buf, const struct mipo_scanner *scan,
    const struct mipo_obs *obs, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("presence", err);
	char ip[MIPO_ADDR_LEN], mac[18];
	int r;

	if (rec == NULL)
		return -1;
	(void)mipo_addr_format(&obs->ip, ip);
	mac_of(scan, obs, mac);
	mipo_rec_put_time(rec, "ts", obs->ts_ms);
	mipo_rec_put_str(rec, "scan", obs->scan);
	mipo_rec_put_str(rec, "ip", ip);
	mipo_rec_put_str(rec, "state", mipo_presence_name(obs->state));
	mipo_rec_put_str(rec, "reason", mipo_presence_reason(obs->reason));
	if (*mac != '\0')
		mipo_rec_put_str(rec, "mac", mac);
	put_number(rec, "ttl", obs->ttl);
	put_number(rec, "rtt_us", obs->rtt_us);
	put_number(rec, "pass", obs->pass);
	put_number(rec, "icmp_type", obs->icmp_type);
	put_number(rec, "icmp_code", obs->icmp_code);
	if (obs->has_responder) {
		(void)mipo_addr_format(&obs->responder, ip);
		mipo_rec_put_str(rec, "responder", ip);
	}
	r = mipo_rec_canon(rec, buf, err);
	mipo_rec_free(rec);
	return r;
}

int
hosts_row(struct mipo_buf *buf, const struct mipo_scanner *scan,
    const struct mipo_obs *obs, struct mipo_err *err)
{
	char ip[MIPO_ADDR_LEN], mac[18], rtt[32] = "-";

	(void)mipo_addr_format(&obs->ip, ip);
	mac_of(scan, obs, mac);
	if (obs->rtt_us >= 0)
		(void)snprintf(rtt, sizeof(rtt), "%d.%03d ms",
		    obs->rtt_us / 1000, obs->rtt_us % 1000);
	mipo_buf_putf(buf, ROW, ip, mipo_presence_name(obs->state),
	    mipo_presence_reason(obs->reason), rtt,
	    *mac == '\0' ? "-" : mac);
	return mipo_buf_ok(buf, err);
}

void
hosts_head(struct mipo_out *out)
{
	char line[128];
	int len = snprintf(line, sizeof(line), ROW, "ADDRESS", "STATE",
	    "REASON", "RTT", "LINK ADDRESS");

	mipo_out_line(out, line, (size_t)len);
}

void
hosts_count(const struct mipo_rec *end, char *ret_text, size_t size)
{
	int64_t up = 0, silent = 0;

	(void)mipo_rec_int(end, "hosts.up", &up);
	(void)mipo_rec_int(end, "hosts.silent", &silent);
	(void)snprintf(ret_text, size, "%" PRId64 " up, %" PRId64 " silent",
	    up, silent);
}
