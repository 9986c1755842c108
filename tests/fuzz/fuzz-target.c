/*
 * Any lines as targets ("!" in front: excluded) and ports ("p"): sizes,
 * indices and the canonical list agree.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"

static void
indices(const struct mipo_targets *set)
{
	uint64_t n = mipo_targets_count(set), back;
	const uint64_t at[] = {0, n / 3, n / 2, n - 1};
	struct mipo_addr addr;

	for (size_t i = 0; i < 4 && n > 0; i++) {
		mipo_targets_at(set, at[i], &addr);
		must(mipo_targets_find(set, &addr, &back) && back == at[i]);
	}
}

static void
list(const struct mipo_targets *set)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_new(&err);
	struct mipo_targets *again = mipo_targets_new(&err);

	if (mipo_targets_put(set, rec, "targets", &err) == 0) {
		must(mipo_targets_get(again, rec, "targets", &err) == 0);
		must(mipo_targets_count(again) == mipo_targets_count(set));
	}
	mipo_targets_free(again);
	mipo_rec_free(rec);
}

static void
ports(const char *spec)
{
	struct mipo_err err = {0};
	struct mipo_ports *set = mipo_ports_new(&err);
	struct mipo_ports *again = mipo_ports_new(&err);
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1 << 20);
	if (mipo_ports_add(set, spec, &err) == 0 &&
	    mipo_ports_count(set) > 0) {
		mipo_ports_format(set, &buf);
		must(mipo_ports_add(
		    again, mipo_buf_str(&buf, &err), &err) == 0);
		must(mipo_ports_count(again) == mipo_ports_count(set));
		must(mipo_ports_index(set, mipo_ports_at(set, 0)) == 0);
	}
	mipo_buf_release(&buf);
	mipo_ports_free(again);
	mipo_ports_free(set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_targets *in = mipo_targets_new(&err);
	struct mipo_targets *not = mipo_targets_new(&err);
	char *s = fuzz_text(data, size), *rest = s, *line;
	bool is_name;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == 'p')
			ports(line + 1);
		else
			(void)mipo_targets_add(*line == '!' ? not : in,
			    line + (*line == '!'), &is_name, &err);
		mipo_err_clear(&err);
	}
	indices(in);
	if (mipo_targets_exclude(in, not, &err) == 0)
		indices(in);
	list(in);
	mipo_targets_free(not);
	mipo_targets_free(in);
	free(s);
	return 0;
}
