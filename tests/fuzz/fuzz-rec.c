/* Any bytes as a record: what is read has one canonical form. */
#include "fuzz.h"

#include "base/buf.h"
#include "data/canon.h"
#include "data/rec.h"
#include "data/schema.h"

static void
canonical_twice(const struct mipo_rec *rec, struct mipo_buf *first)
{
	struct mipo_err err = {0};
	struct mipo_rec *again;
	struct mipo_buf second;

	must(mipo_rec_is_canon((const char *)first->data, first->len));
	must(mipo_rec_parse(
	    (const char *)first->data, first->len, &again, &err) == 0);
	mipo_buf_init(&second, MIPO_REC_MAX_READ * 8);
	must(mipo_rec_canon(again, &second, &err) == 0);
	must(first->len == second.len &&
	    memcmp(first->data, second.data, first->len) == 0);
	for (const char *key = mipo_rec_next_key(rec, NULL); key != NULL;
	     key = mipo_rec_next_key(rec, key)) {
		const char *value;
		size_t len;

		must(mipo_canon_find((const char *)first->data, first->len,
		    key, &value, &len));
		must(len > 0 && mipo_rec_has(again, key));
	}
	mipo_buf_release(&second);
	mipo_rec_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	struct mipo_buf buf;

	if (mipo_rec_parse((const char *)data, size, &rec, &err) != 0) {
		must(err.text[0] != '\0');
		must(!mipo_rec_is_canon((const char *)data, size));
		return 0;
	}
	(void)mipo_rec_check(rec, &err);
	mipo_err_clear(&err);
	mipo_buf_init(&buf, MIPO_REC_MAX_READ * 8);
	if (mipo_rec_canon(rec, &buf, &err) == 0) {
		must(mipo_rec_is_canon((const char *)data, size) ==
		    (buf.len == size && memcmp(buf.data, data, size) == 0));
		canonical_twice(rec, &buf);
	}
	mipo_buf_release(&buf);
	mipo_rec_free(rec);
	return 0;
}
