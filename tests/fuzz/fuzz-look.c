/* Any lines as a scan's stream: a verdict, or an error; never both lies. */
#include "fuzz.h"

#include "data/line.h"
#include "data/rec.h"
#include "trust/look.h"

static void
feed(struct mipo_lines *lines, struct mipo_look *look)
{
	struct mipo_err err = {0};
	enum mipo_look_kind kind;
	struct mipo_obs obs;
	const char *line;
	size_t len;
	int ended = 0;

	while (mipo_lines_next(lines, &line, &len, &err) == 1) {
		if (mipo_look_feed(look, line, len, &kind, &obs, &err) != 0) {
			must(err.text[0] != '\0');
			return;
		}
		must(!ended);
		ended = kind == MIPO_LOOK_END;
		must(mipo_look_start(look) != NULL);
		must((kind == MIPO_LOOK_SCOPE) ==
		    (mipo_look_missing(look) > 0));
	}
	must(ended == (mipo_look_end(look) != NULL));
	if (!ended)
		must(strcmp(mipo_look_verdict(look), "interrupted") == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_lines *lines =
	    mipo_lines_new_mem(data, size, "fuzz", &err);
	struct mipo_look *look = mipo_look_new(&err);

	must(lines != NULL && look != NULL);
	mipo_look_take_hosts(look);
	feed(lines, look);
	mipo_look_free(look);
	mipo_lines_free(lines);
	return 0;
}
