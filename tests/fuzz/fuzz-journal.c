/* Any lines as the journal of a scan: what is good of it, or an error. */
#include "fuzz.h"

#include "data/line.h"
#include "data/rec.h"
#include "net/journal.h"

static void
check(const struct mipo_journal_said *said, size_t size)
{
	must(said->bytes <= size && said->lines <= said->bytes);
	must((said->first == NULL) == (said->lines == 0));
	must(said->mark != NULL || said->done[0].n == 0);
	must(said->n_scans > 0 || said->first == NULL);
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++)
		for (size_t j = 0; j < said->done[i].n; j++) {
			const struct mipo_interval *p = said->done[i].items + j;

			must(p->first < p->end);
			must(j == 0 || p[-1].end < p->first);
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_journal_said said;
	struct mipo_lines *lines =
	    mipo_lines_new_mem(data, size, "fuzz", &err);

	must(lines != NULL);
	if (mipo_journal_read(lines, &said, &err) == 0) {
		check(&said, size);
		mipo_journal_said_release(&said);
	} else {
		must(err.text[0] != '\0');
	}
	mipo_lines_free(lines);
	return 0;
}
