#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "data/rec.h"
#include "net/identify-impl.h"

#define TEXT_MAX (4 * MIPO_BANNER_MAX + 1)

/* A record about the address, of now. */
static struct mipo_rec *
begin(const struct mipo_scanner *scan, const char *type,
    const struct mipo_addr *addr)
{
	struct mipo_rec *rec = mipo_rec_start(type, NULL);
	char text[MIPO_ADDR_LEN];

	(void)mipo_addr_format(addr, text);
	mipo_rec_put_time(rec, "ts",
	    mipo_scanner_wall_ms(scan, mipo_clock_mono_ns()));
	mipo_rec_put_str(rec, "scan", scan->config.scan);
	mipo_rec_put_str(rec, "ip", text);
	mipo_rec_put_str(rec, "proto", mipo_proto_name(MIPO_TCP));
	return rec;
}

static void
hand_on_take(struct mipo_scanner *scan, struct mipo_rec *rec)
{
	if (scan->hooks.rec != NULL)
		scan->hooks.rec(scan->hooks.arg, rec);
	mipo_rec_free(rec);
}

/* A stranger's bytes as text that says each of them. */
static void
put_bytes(
    struct mipo_rec *rec, const char *key, const uint8_t *p, size_t len)
{
	struct mipo_buf buf;
	const char *text;

	if (len == 0)
		return;
	mipo_buf_init(&buf, TEXT_MAX);
	mipo_mark_show(&buf, p, len);
	text = mipo_buf_str(&buf, NULL);
	if (text != NULL)
		mipo_rec_put_str(rec, key, text);
	mipo_buf_release(&buf);
}

static void
put_tls(struct mipo_rec *rec, const struct mipo_tls_facts *tls)
{
	if (tls->version[0] != '\0')
		mipo_rec_put_str(rec, "tls_version", tls->version);
	if (!tls->has_cert)
		return;
	mipo_rec_put_hex(rec, "cert_sha256", tls->cert_sha256,
	    sizeof(tls->cert_sha256));
	if (tls->has_end)
		mipo_rec_put_time(rec, "cert_not_after", tls->not_after_ms);
	put_bytes(rec, "cert_cn", tls->cn, tls->cn_len);
}

uint64_t
mipo_identify_done(const struct mipo_identify *id)
{
	uint64_t n = 0;

	for (int i = 0; i < MIPO_RESULT_N; i++)
		n += id->results[i];
	return n;
}

bool
mipo_identify_is_named(const struct mipo_seat *seat)
{
	const struct mipo_found *found = &seat->talk.found;

	return seat->name != NULL &&
	    (found->tls.version[0] != '\0' ||
		found->asked == MIPO_ASK_TLS);
}

void
mipo_identify_tell(struct mipo_scanner *scan, const struct mipo_seat *seat)
{
	const struct mipo_found *found = &seat->talk.found;
	struct mipo_rec *rec = begin(scan, "service", &seat->spot.addr);

	mipo_rec_put_int(rec, "port", seat->spot.port);
	mipo_rec_put_str(rec, "result", mipo_result_name(found->result));
	if (found->service != NULL)
		mipo_rec_put_str(rec, "service", found->service);
	if (found->asked != MIPO_ASK_NOTHING)
		mipo_rec_put_str(
		    rec, "asked", mipo_questions[found->asked].name);
	put_bytes(rec, "banner", found->line, found->line_len);
	put_bytes(rec, "server", found->server, found->server_len);
	if (mipo_identify_is_named(seat))
		mipo_rec_put_str(rec, "tls_name", seat->name->text);
	put_tls(rec, &found->tls);
	if ((seat->item & MIPO_CROWD_BARE) != 0)
		mipo_rec_put_bool(rec, "bare", true);
	hand_on_take(scan, rec);
}

void
mipo_identify_tell_crowd(
    struct mipo_scanner *scan, const struct mipo_crowd *crowd)
{
	const uint32_t ports = scan->space->n_ports;
	struct mipo_spot spot;
	struct mipo_rec *rec;

	mipo_space_at(scan->space, crowd->host * ports, &spot);
	rec = begin(scan, "host", &spot.addr);
	mipo_rec_put_int(rec, "ports", ports);
	mipo_rec_put_int(rec, "open", crowd->open);
	if (scan->config.method == MIPO_METHOD_SYN)
		mipo_rec_put_int(rec, "bare", crowd->bare);
	mipo_rec_put_str(rec, "flag", "most-open");
	hand_on_take(scan, rec);
}

void
mipo_identify_report(const struct mipo_identify *id, struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_rec *sub = mipo_rec_new(err);

	mipo_rec_put_int(sub, "pairs", (int64_t)id->total);
	mipo_rec_put_int(sub, "connections", (int64_t)id->connections);
	for (int i = 0; i < MIPO_RESULT_N; i++)
		mipo_rec_put_int(sub, mipo_result_name((enum mipo_result)i),
		    (int64_t)id->results[i]);
	mipo_rec_put_int(sub, "skipped",
	    (int64_t)(id->total - mipo_identify_done(id)));
	mipo_rec_put_int(sub, "left",
	    (int64_t)(id->total - id->thinned - mipo_identify_done(id)));
	if (id->renamed + id->unnamed > 0) {
		mipo_rec_put_int(sub, "names", (int64_t)id->renamed);
		mipo_rec_put_int(sub, "names_left", (int64_t)id->unnamed);
	}
	mipo_rec_put_int(sub, "hosts", (int64_t)id->flagged);
	mipo_rec_put_int(sub, "duration_ms",
	    (int64_t)((id->ended_ns - id->began_ns) / 1000000));
	mipo_rec_put_bool(sub, "tls", id->room != NULL);
	if (id->err.code != MIPO_E_NONE)
		mipo_rec_put_str(sub, "error", id->err.text);
	mipo_rec_put_rec_take(rec, "identify", sub);
}
