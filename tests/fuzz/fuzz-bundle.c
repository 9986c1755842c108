/*
 * Any bytes as a bundle, held to the key of the golden one: nothing else
 * than its bytes verifies, and what is said of them is plain text. Headers
 * get their right checksums in a second run, so that what lies behind them
 * is reached too.
 */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "out/bundle-read.h"
#include "trust/key.h"

#define GOLDEN_VKEY                                                     \
	"example.org/mipo-audit/139acf9f4532482c+4ecba124+"             \
	"AUL51kuzJc0LFWYVU8X6eYVA13OS/sujNqJASwjMPnT9"
#define GOLDEN_SHA256                                                   \
	"0592a71bcc15f9bcd3d546dcaa1e2f24"                            \
	"a2f809fff03ac12cdda3078f9383a08e"

static bool
is_golden(const uint8_t *data, size_t size)
{
	uint8_t digest[MIPO_HASH_LEN];
	char hex[2 * MIPO_HASH_LEN + 1];

	mipo_hash(data, size, digest);
	mipo_text_hex(digest, sizeof(digest), hex);
	return strcmp(hex, GOLDEN_SHA256) == 0;
}

static void
check_report(const struct mipo_report *report, bool golden)
{
	must(report->n > 0);
	must(golden != mipo_report_has(report, MIPO_FAIL));
	for (size_t i = 0; i < report->n; i++)
		for (const char *p = report->row[i].text; *p != '\0'; p++)
			must(*p >= 0x20 && *p < 0x7f);
}

static void
verify(const uint8_t *data, size_t size, const struct mipo_vkey *vkey)
{
	struct mipo_logcheck_opts opts = {.key = &vkey->pub, .threads = 1};
	const struct mipo_logfacts *facts;
	static struct mipo_report report;
	struct mipo_logcheck *check;
	struct mipo_err err = {0};
	struct mipo_buf note;
	int fd = memfd_create("bundle", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size &&
	    lseek(fd, 0, SEEK_SET) == 0);
	mipo_buf_init(&note, MIPO_NOTE_MAX);
	report.n = 0;
	if (mipo_bundle_check(
		fd, &opts, &report, &note, &check, &facts, &err) == 0) {
		check_report(&report, is_golden(data, size));
		must(facts->good_prefix <= facts->entries);
		mipo_logcheck_free(check);
	} else {
		must(err.code == MIPO_E_INPUT);
	}
	mipo_buf_release(&note);
	(void)close(fd);
}

/* The size of the member whose header this is; and its checksum, set. */
static size_t
mend(uint8_t header[512])
{
	unsigned sum = 8 * ' ';
	size_t size = 0;

	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? 0 : header[i];
	for (int i = 124; i < 135; i++)
		size = size * 8 + (header[i] & 7);
	(void)snprintf((char *)header + 148, 8, "%06o", sum & 0777777);
	header[155] = ' ';
	return size;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_vkey vkey;
	uint8_t *copy;

	must(mipo_trust_init(&err) == 0);
	must(mipo_vkey_parse(GOLDEN_VKEY, &vkey, &err) == 0);
	verify(data, size, &vkey);
	copy = (uint8_t *)fuzz_text(data, size);
	for (size_t at = 0; size >= 512 && at <= size - 512;) {
		if (copy[at] == 0)
			break;
		at += 512 + (mend(copy + at) + 511) / 512 * 512;
	}
	verify(copy, size, &vkey);
	free(copy);
	return 0;
}
