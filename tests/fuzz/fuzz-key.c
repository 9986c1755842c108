/* Any text as a public key: what is read is written as minisign has it. */
#include "fuzz.h"

#include "base/buf.h"
#include "trust/key.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_pub pub, again;
	char *s = fuzz_text(data, size);
	struct mipo_buf buf;
	uint8_t bytes[64];
	size_t len;

	if (mipo_pub_parse(s, &pub, &err) == 0) {
		mipo_buf_init(&buf, 4096);
		mipo_pub_minisign(&pub, &buf);
		must(mipo_pub_parse(mipo_buf_str(&buf, &err), &again, &err) ==
		    0);
		must(memcmp(pub.pk, again.pk, sizeof(pub.pk)) == 0);
		mipo_buf_release(&buf);
	}
	mipo_err_clear(&err);
	if (mipo_unb64(s, strlen(s), bytes, sizeof(bytes), &len, &err) == 0) {
		mipo_buf_init(&buf, 4096);
		mipo_b64(&buf, bytes, len);
		must(strcmp(mipo_buf_str(&buf, &err), s) == 0);
		mipo_buf_release(&buf);
	}
	free(s);
	return 0;
}
