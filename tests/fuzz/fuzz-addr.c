/* Any text as an address or a network: what is read is written alike. */
#include "fuzz.h"

#include "data/addr.h"

static void
round_trip(const struct mipo_addr *addr)
{
	struct mipo_err err = {0};
	struct mipo_addr again;
	char s[MIPO_ADDR_LEN];
	size_t len = mipo_addr_format(addr, s);

	must(len == strlen(s) && len < sizeof(s));
	must(mipo_addr_parse(s, &again, &err) == 0);
	must(mipo_addr_cmp(addr, &again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_addr addr, first, last, counted;
	char *s = fuzz_text(data, size);
	int whole = mipo_addr_parse(s, &addr, &err);

	if (strlen(s) == size)
		must(mipo_addr_parse_n(s, size, &counted) == whole);
	if (whole == 0)
		round_trip(&addr);
	mipo_err_clear(&err);
	if (mipo_addr_parse_cidr(s, &first, &last, &err) == 0) {
		must(first.family == last.family);
		must(mipo_addr_cmp(&first, &last) <= 0);
		round_trip(&first);
		round_trip(&last);
	}
	free(s);
	return 0;
}
