#include "net/payload.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/frame.h"

#define FIELD_MAX 8

struct mipo_payloads {
	uint8_t first[65536], n[65536]; /* rows of a port; n 0: none */
	struct mipo_load loads[];
};

/* The field begins and ends here, widened to whole words. */
static size_t
from(const struct mipo_payload *row)
{
	return row->at & ~1U;
}

static size_t
to(const struct mipo_payload *row)
{
	size_t end = (row->at + row->width + 1U) & ~1U;

	return end < row->len ? end : row->len;
}

int
mipo_payloads_new(struct mipo_payloads **ret_payloads, struct mipo_err *err)
{
	struct mipo_payloads *all = mipo_calloc(1,
	    sizeof(*all) + mipo_payload_n * sizeof(all->loads[0]), err);

	if (all == NULL)
		return -1;
	for (size_t i = 0; i < mipo_payload_n; i++) {
		const struct mipo_payload *row = &mipo_payload_rows[i];

		all->loads[i].row = row;
		if (row->len > 0)
			all->loads[i].sum =
			    mipo_frame_sum(row->bytes, from(row)) +
			    mipo_frame_sum(
				row->bytes + to(row), row->len - to(row));
		if (all->n[row->port]++ == 0)
			all->first[row->port] = (uint8_t)i;
	}
	*ret_payloads = all;
	return 0;
}

void
mipo_payloads_free(struct mipo_payloads *payloads)
{
	free(payloads);
}

const struct mipo_load *
mipo_payloads_find(
    const struct mipo_payloads *payloads, uint16_t port, unsigned pass)
{
	const unsigned n = payloads->n[port];

	return &payloads
		    ->loads[n == 0 ? 0 : payloads->first[port] + pass % n];
}

bool
mipo_payloads_vary(const struct mipo_payloads *payloads, uint16_t port)
{
	return payloads->n[port] > 1;
}

/* The field's bytes for the key. */
static void
field(const struct mipo_payload *row, uint32_t key, uint8_t *p)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < row->width; i++, key <<= row->hex ? 4 : 8)
		p[i] = row->hex ? (uint8_t)digits[key >> 28]
				: (uint8_t)(key >> 24);
}

uint32_t
mipo_load_put(const struct mipo_load *load, uint32_t key, uint8_t *p)
{
	const struct mipo_payload *row = load->row;

	if (row->len == 0)
		return 0;
	memcpy(p, row->bytes, row->len);
	field(row, key, p + row->at);
	return load->sum + mipo_frame_sum(p + from(row), to(row) - from(row));
}

bool
mipo_load_answers(const struct mipo_load *load, uint32_t key,
    const uint8_t *p, size_t len)
{
	const struct mipo_payload *row = load->row;
	uint8_t want[FIELD_MAX];

	if (row->opcodes != 0 &&
	    (len < 2 || p[0] != 0 || p[1] > 7 || !(row->opcodes >> p[1] & 1)))
		return false;
	if (row->width == 0)
		return true;
	field(row, key, want);
	if (row->reply_at == MIPO_ANYWHERE)
		return memmem(p, len, want, row->width) != NULL;
	return len >= (size_t)row->reply_at + row->width &&
	    memcmp(p + row->reply_at, want, row->width) == 0;
}
