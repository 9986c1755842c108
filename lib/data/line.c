#include "data/line.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"

#define CHUNK (256 * 1024)

struct mipo_lines {
	char *name;
	uint64_t number;
	ptrdiff_t (*fill)(void *, char *, size_t, struct mipo_err *);
	void (*done)(void *);
	void *arg;
	int fd;
	char *buf; /* NULL for memory */
	size_t cap;
	const char *p, *end; /* what was read and not given out */
	bool at_end;
};

static struct mipo_lines *
make(const char *name, struct mipo_err *err)
{
	struct mipo_lines *lines = mipo_calloc(1, sizeof(*lines), err);

	if (lines == NULL)
		return NULL;
	lines->fd = -1;
	lines->name = mipo_strdup(name, err);
	if (lines->name == NULL) {
		free(lines);
		return NULL;
	}
	return lines;
}

static ptrdiff_t
fill_fd(void *arg, char *p, size_t cap, struct mipo_err *err)
{
	const struct mipo_lines *lines = arg;
	struct pollfd pfd = {.fd = lines->fd, .events = POLLIN};

	for (;;) {
		ssize_t n = read(lines->fd, p, cap);

		if (n >= 0)
			return n;
		if (errno == EAGAIN)
			(void)poll(&pfd, 1, -1);
		else if (errno != EINTR)
			return mipo_err_sys(err, errno, "%s", lines->name);
	}
}

struct mipo_lines *
mipo_lines_new_fill(
    ptrdiff_t (*fill)(void *, char *, size_t, struct mipo_err *),
    void (*done)(void *), void *arg, const char *name, struct mipo_err *err)
{
	struct mipo_lines *lines = make(name, err);

	if (lines == NULL)
		return NULL;
	lines->buf = mipo_reallocarray(NULL, CHUNK, 1, err);
	if (lines->buf == NULL) {
		mipo_lines_free(lines);
		return NULL;
	}
	lines->cap = CHUNK;
	lines->p = lines->end = lines->buf;
	lines->fill = fill;
	lines->done = done;
	lines->arg = arg;
	return lines;
}

struct mipo_lines *
mipo_lines_new(int fd, const char *name, struct mipo_err *err)
{
	struct mipo_lines *lines;

	lines = mipo_lines_new_fill(fill_fd, NULL, NULL, name, err);
	if (lines != NULL) {
		lines->fd = fd;
		lines->arg = lines;
	}
	return lines;
}

struct mipo_lines *
mipo_lines_new_mem(
    const void *p, size_t len, const char *name, struct mipo_err *err)
{
	struct mipo_lines *lines = make(name, err);

	if (lines == NULL)
		return NULL;
	lines->p = len == 0 ? "" : p;
	lines->end = lines->p + len;
	lines->at_end = true;
	return lines;
}

void
mipo_lines_free(struct mipo_lines *lines)
{
	if (lines == NULL)
		return;
	if (lines->done != NULL)
		lines->done(lines->arg);
	free(lines->name);
	free(lines->buf);
	free(lines);
}

/* Moves what is left to the front and reads behind it. */
static int
more(struct mipo_lines *lines, struct mipo_err *err)
{
	size_t left = (size_t)(lines->end - lines->p);
	void *buf = lines->buf;
	ptrdiff_t n;

	if (left > 0)
		memmove(lines->buf, lines->p, left);
	if (mipo_grow(&buf, &lines->cap, left + CHUNK / 2, 1, err) != 0) {
		lines->p = lines->buf;
		lines->end = lines->p + left;
		return -1;
	}
	lines->buf = buf;
	lines->p = lines->buf;
	lines->end = lines->p + left;
	n = lines->fill(
	    lines->arg, lines->buf + left, lines->cap - left, err);
	if (n < 0)
		return -1;
	lines->end += n;
	lines->at_end = n == 0;
	return 0;
}

static int
too_long(struct mipo_lines *lines, struct mipo_err *err)
{
	lines->number++;
	(void)mipo_err_set(err, MIPO_E_INPUT, "a line of more than %d bytes",
	    MIPO_REC_MAX_READ);
	return mipo_lines_fail(lines, err);
}

int
mipo_lines_next(struct mipo_lines *lines, const char **ret_line,
    size_t *ret_len, struct mipo_err *err)
{
	size_t seen = 0, len;
	const char *lf;

	for (;;) {
		len = (size_t)(lines->end - lines->p);
		lf = len == seen
		    ? NULL
		    : memchr(lines->p + seen, '\n', len - seen);
		if (lf != NULL || lines->at_end || len > MIPO_REC_MAX_READ)
			break;
		seen = len;
		if (more(lines, err) != 0)
			return -1;
	}
	if ((lf == NULL ? len : (size_t)(lf - lines->p)) > MIPO_REC_MAX_READ)
		return too_long(lines, err);
	if (lf == NULL)
		return 0;
	*ret_line = lines->p;
	*ret_len = (size_t)(lf - lines->p);
	lines->p = lf + 1;
	lines->number++;
	return 1;
}

bool
mipo_lines_cut(const struct mipo_lines *lines)
{
	return lines->at_end && lines->p != lines->end &&
	    memchr(lines->p, '\n', (size_t)(lines->end - lines->p)) == NULL;
}

int
mipo_lines_rest(struct mipo_lines *lines, bool ended, struct mipo_err *err)
{
	if (!mipo_lines_cut(lines) ||
	    (!ended && (lines->number > 0 || *lines->p == '{')))
		return 0;
	lines->number++;
	(void)mipo_err_set(err, MIPO_E_INPUT,
	    ended ? "bytes after the end record"
		  : "bytes that are no record, and no line feed");
	return mipo_lines_fail(lines, err);
}

const char *
mipo_lines_name(const struct mipo_lines *lines)
{
	return lines->name;
}

uint64_t
mipo_lines_number(const struct mipo_lines *lines)
{
	return lines->number;
}

int
mipo_lines_fail(const struct mipo_lines *lines, struct mipo_err *err)
{
	return mipo_err_prefix(err, "%s:%llu", lines->name,
	    (unsigned long long)lines->number);
}
