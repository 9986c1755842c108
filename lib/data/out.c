#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/rec.h"

#define OUT_SIZE 65536

struct mipo_out {
	char *name;
	int fd;
	bool unbuffered;
	size_t len;
	struct mipo_buf line; /* a record on its way */
	struct mipo_err bad; /* the first failure */
	void (*sink)(void *, const void *, size_t);
	void *sink_arg;
	char data[OUT_SIZE];
};

struct mipo_out *
mipo_out_new(int fd, const char *name, struct mipo_err *err)
{
	struct mipo_out *out = mipo_calloc(1, sizeof(*out), err);

	if (out == NULL)
		return NULL;
	out->fd = fd;
	mipo_buf_init(&out->line, MIPO_REC_MAX_WRITE);
	out->name = mipo_strdup(name, err);
	if (out->name == NULL) {
		free(out);
		return NULL;
	}
	return out;
}

void
mipo_out_free(struct mipo_out *out)
{
	if (out == NULL)
		return;
	mipo_buf_release(&out->line);
	free(out->name);
	free(out);
}

void
mipo_out_unbuffered(struct mipo_out *out, bool yes)
{
	out->unbuffered = yes;
}

void
mipo_out_tap(struct mipo_out *out,
    void (*sink)(void *, const void *, size_t), void *arg)
{
	out->sink = sink;
	out->sink_arg = arg;
}

static void
hand_over(struct mipo_out *out, const void *p, size_t len)
{
	if (out->bad.code == MIPO_E_NONE &&
	    mipo_file_write_all(out->fd, p, len, &out->bad) != 0)
		(void)mipo_err_prefix(&out->bad, "%s", out->name);
}

static void
drain(struct mipo_out *out)
{
	hand_over(out, out->data, out->len);
	out->len = 0;
}

static void
put(struct mipo_out *out, const void *p, size_t len)
{
	if (len == 0 || out->bad.code != MIPO_E_NONE)
		return;
	if (out->sink != NULL)
		out->sink(out->sink_arg, p, len);
	if (len > OUT_SIZE - out->len)
		drain(out);
	if (len > OUT_SIZE) {
		hand_over(out, p, len);
		return;
	}
	memcpy(out->data + out->len, p, len);
	out->len += len;
}

void
mipo_out_put(struct mipo_out *out, const void *p, size_t len)
{
	put(out, p, len);
	if (out->unbuffered)
		drain(out);
}

void
mipo_out_line(struct mipo_out *out, const char *line, size_t len)
{
	put(out, line, len);
	put(out, "\n", 1);
	if (out->unbuffered)
		drain(out);
}

void
mipo_out_rec(struct mipo_out *out, const struct mipo_rec *rec)
{
	mipo_buf_clear(&out->line);
	if (mipo_rec_canon(rec, &out->line, &out->bad) != 0)
		return;
	mipo_buf_putc(&out->line, '\n');
	if (mipo_buf_ok(&out->line, &out->bad) == 0)
		mipo_out_put(out, out->line.data, out->line.len);
}

int
mipo_out_flush(struct mipo_out *out, struct mipo_err *err)
{
	drain(out);
	if (out->bad.code == MIPO_E_NONE)
		return 0;
	if (err != NULL && err->code == MIPO_E_NONE)
		*err = out->bad;
	return -1;
}
