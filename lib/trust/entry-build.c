#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "trust/entry.h"

int
mipo_who_put(
    const struct mipo_who *who, struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_new(err);
	int r;

	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "id", who->id);
	mipo_rec_put_str(rec, "kind", who->kind);
	mipo_rec_put_str(rec, "known_by", who->known_by);
	mipo_rec_put_str(rec, "side", who->side);
	r = mipo_rec_canon(rec, buf, err);
	mipo_rec_free(rec);
	return r;
}

static void
put_text(struct mipo_buf *buf, const char *key, const char *value)
{
	mipo_buf_puts(buf, key);
	mipo_buf_puts(buf, value);
	mipo_buf_putc(buf, '"');
}

static void
put_number(struct mipo_buf *buf, const char *key, uint64_t n)
{
	mipo_buf_puts(buf, key);
	mipo_buf_put_u64(buf, n);
}

int
mipo_entry_build(const struct mipo_entry_in *in, struct mipo_buf *buf,
    struct mipo_err *err)
{
	char time[MIPO_TIME_LEN];
	struct mipo_entry entry;
	size_t at = buf->len;

	mipo_text_time(in->stamp->time_ms, time);
	mipo_buf_puts(buf, "{\"actor\":");
	mipo_buf_put(buf, in->actor, in->actor_len);
	put_text(buf, ",\"boot\":\"", in->stamp->boot);
	mipo_buf_puts(buf, ",\"data\":");
	mipo_buf_put(buf, in->data, in->data_len);
	put_text(buf, ",\"kind\":\"", in->kind);
	put_text(buf, ",\"log\":\"", in->log);
	put_number(buf, ",\"mono\":", (uint64_t)in->stamp->mono_ms);
	mipo_buf_puts(buf, ",\"prev\":\"");
	mipo_buf_put_hex(buf, in->prev, MIPO_HASH_LEN);
	put_number(buf, "\",\"seq\":", in->seq);
	put_text(buf, ",\"time\":\"", time);
	mipo_buf_puts(buf, ",\"v\":1}");
	if (mipo_buf_ok(buf, err) != 0)
		return -1;
	if (mipo_entry_parse(buf->data + at, buf->len - at, &entry, err) != 0) {
		buf->len = at;
		return mipo_err_prefix(err, "this cannot be a log entry");
	}
	return 0;
}
