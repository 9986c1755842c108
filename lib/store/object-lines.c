#include "store/object-lines.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "store/object.h"

struct source {
	struct mipo_objget *get;
	const char *p; /* what the object gave and nobody took yet */
	size_t len;
	bool at_tail;
	char *tail;
	size_t tail_len;
};

static ptrdiff_t
fill(void *arg, char *p, size_t cap, struct mipo_err *err)
{
	struct source *source = arg;
	const void *bytes;
	int r;

	if (source->len == 0 && !source->at_tail) {
		r = mipo_objget_next(
		    source->get, &bytes, &source->len, err);
		if (r < 0)
			return -1;
		source->p = bytes;
		if (r == 0) {
			source->at_tail = true;
			source->p = source->tail;
			source->len = source->tail_len;
		}
	}
	if (cap > source->len)
		cap = source->len;
	if (cap > 0)
		memcpy(p, source->p, cap);
	source->p += cap;
	source->len -= cap;
	return (ptrdiff_t)cap;
}

static void
done(void *arg)
{
	struct source *source = arg;

	mipo_objget_free(source->get);
	free(source->tail);
	free(source);
}

int
mipo_object_lines(struct mipo_state *state, const char *hex, const void *tail,
    size_t len, struct mipo_lines **ret_lines, struct mipo_err *err)
{
	struct source *source = mipo_calloc(1, sizeof(*source), err);
	struct mipo_lines *lines = NULL;
	uint8_t digest[32];

	if (source == NULL)
		return -1;
	source->tail = mipo_memdup(len == 0 ? "" : tail, len, err);
	source->tail_len = len;
	if (source->tail == NULL ||
	    mipo_text_unhex(hex, digest, sizeof(digest), err) != 0 ||
	    mipo_objget_new(state, digest, &source->get, err) != 0) {
		done(source);
		return -1;
	}
	lines = mipo_lines_new_fill(fill, done, source, hex, err);
	if (lines == NULL) {
		done(source);
		return -1;
	}
	*ret_lines = lines;
	return 0;
}
