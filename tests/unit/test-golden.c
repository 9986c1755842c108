/*
 * The forms that outlive every version: a log made from fixed keys and
 * times must be these bytes, and the bytes in tests/data, which no later
 * version may change, must verify. "MIPO_GOLDEN=DIR test-golden" writes
 * them anew; that is right only before the first release.
 */
#include "makelog.h"

#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "out/bundle-read.h"
#include "out/bundle.h"
#include "trust/report.h"

static const char *
data_path(const char *name)
{
	static char path[4096];
	const char *dir = getenv("MIPO_GOLDEN"), *src = getenv("srcdir");

	if (dir != NULL)
		(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	else
		(void)snprintf(path, sizeof(path), "%s/tests/data/%s",
		    src == NULL ? "." : src, name);
	return path;
}

/* The file must hold exactly these bytes. */
static void
ck_golden(const char *name, const void *p, size_t len)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;

	if (getenv("MIPO_GOLDEN") != NULL) {
		ck_ok(mipo_file_put(data_path(name), 0644, 0, p, len, &err));
		return;
	}
	mipo_buf_init(&buf, 1 << 20);
	ck_ok(mipo_file_read(data_path(name), &buf, &err));
	ck_assert_msg(buf.len == len && memcmp(buf.data, p, len) == 0,
	    "%s: the form has changed", name);
	mipo_buf_release(&buf);
}

/* Each kind of entry that a verifier knows, in two commits. */
static void
make(struct makelog *log)
{
	makelog_begin(log, "golden");
	makelog_scanner(log);
	makelog_seal(log);
	makelog_note(log, "a tab \t, a quote \", an e acute \xc3\xa9");
	makelog_add_take(
	    log, makelog_receipt(log, log->scanner, "the stream\n", 11));
	makelog_challenge(log, "a nonce");
	makelog_seal(log);
}

START_TEST(the_log)
{
	struct makelog log;
	struct mipo_buf lines, vkey;

	make(&log);
	mipo_buf_init(&lines, 1 << 20);
	for (size_t i = 0; i < log.n; i++) {
		struct mipo_span entry = makelog_entry(&log, i);

		mipo_buf_put(&lines, entry.p, entry.len);
		mipo_buf_putc(&lines, '\n');
	}
	mipo_buf_init(&vkey, 1000);
	mipo_vkey_format(&log.genesis.log_vkey, &vkey);
	mipo_buf_putc(&vkey, '\n');
	ck_golden("golden-genesis.json", makelog_entry(&log, 0).p,
	    makelog_entry(&log, 0).len);
	ck_golden("golden-log.ndjson", lines.data, lines.len);
	ck_golden("golden-checkpoint", log.note.data, log.note.len);
	ck_golden("golden.vkey", vkey.data, vkey.len);
	mipo_buf_release(&lines);
	mipo_buf_release(&vkey);
	makelog_end(&log);
}
END_TEST

static int
write_bundle(const struct makelog *log, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	struct mipo_bundle *bundle;
	FILE *file = tmpfile();
	uint8_t digest[32];
	char path[64];

	ck_assert_ptr_nonnull(file);
	ck_ok(mipo_bundle_new(fileno(file), log->note.data, log->note.len,
	    log->log, &bundle, &err));
	for (size_t i = 0; i < log->n; i++)
		ck_ok(mipo_bundle_entry(bundle, makelog_entry(log, i).p,
		    makelog_entry(log, i).len, &err));
	mipo_hash("the stream\n", 11, digest);
	ck_ok(mipo_bundle_object(bundle, digest, 11, &err));
	ck_ok(mipo_bundle_data(bundle, "the stream\n", 11, &err));
	ck_ok(mipo_bundle_finish(bundle, &err));
	mipo_bundle_free(bundle);
	(void)snprintf(
	    path, sizeof(path), "/proc/self/fd/%d", fileno(file));
	ck_ok(mipo_file_read(path, buf, &err));
	return fclose(file);
}

/* README.txt may be worded anew; all else in the archive may not. */
START_TEST(the_bundle)
{
	struct makelog log;
	struct mipo_buf buf;

	make(&log);
	mipo_buf_init(&buf, 1 << 20);
	ck_assert_int_eq(write_bundle(&log, &buf), 0);
	if (getenv("MIPO_GOLDEN") != NULL)
		ck_golden("golden.tar", buf.data, buf.len);
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

START_TEST(old_bundles_verify)
{
	struct makelog log;
	struct mipo_err err = {0};
	struct mipo_logcheck_opts opts = {.threads = 1};
	static struct mipo_report report;
	const struct mipo_logfacts *facts;
	struct mipo_logcheck *check;
	struct mipo_buf buf, note;
	FILE *file = tmpfile();

	make(&log);
	opts.key = mipo_key_pub(log.log);
	opts.challenge = "a nonce";
	mipo_buf_init(&buf, 1 << 20);
	mipo_buf_init(&note, MIPO_NOTE_MAX);
	ck_ok(mipo_file_read(data_path("golden.tar"), &buf, &err));
	ck_ok(mipo_file_write_all(fileno(file), buf.data, buf.len, &err));
	ck_assert_int_eq(lseek(fileno(file), 0, SEEK_SET), 0);
	ck_ok(mipo_bundle_check(fileno(file), &opts, &report, &note, &check,
	    &facts, &err));
	for (size_t i = 0; i < report.n; i++)
		ck_assert_msg(report.row[i].verdict != MIPO_FAIL, "%s: %s",
		    report.row[i].check, report.row[i].text);
	ck_assert_uint_eq(facts->entries, 7);
	ck_assert_uint_eq(facts->scans_good, 1);
	ck_assert(facts->challenged);
	mipo_logcheck_free(check);
	mipo_buf_release(&buf);
	mipo_buf_release(&note);
	makelog_end(&log);
	(void)fclose(file);
}
END_TEST

UNIT_MAIN("golden", the_log, the_bundle, old_bundles_verify);
