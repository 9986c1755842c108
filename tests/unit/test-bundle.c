#include "makelog.h"

#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "out/bundle-order.h"
#include "out/bundle-read.h"
#include "out/bundle.h"

/* A file without a name, so that tests may run beside each other. */
static int
file_of(const void *p, size_t len)
{
	struct mipo_err err = {0};
	int fd = memfd_create("bundle", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_ok(mipo_file_write_all(fd, p, len, &err));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Objects: "note 0", "note 5" ..., or from the second on, or none. */
#define ALL    0
#define SECOND 5
#define NONE   UINT_MAX

/* Writes log as a bundle with the streams from on as objects. */
static int
write_bundle(const struct makelog *log, int fd, unsigned from,
    struct mipo_err *err)
{
	struct mipo_bundle *bundle;
	uint8_t digest[32];
	char text[32];

	if (mipo_bundle_new(fd, log->note.data, log->note.len, log->log,
		&bundle, err) != 0)
		return -1;
	for (size_t i = 0; i < log->n; i++)
		if (mipo_bundle_entry(bundle, makelog_entry(log, i).p,
			makelog_entry(log, i).len, err) != 0)
			goto fail;
	for (unsigned i = from; i != NONE && 3 + i * 3 < log->n; i += 5) {
		(void)snprintf(text, sizeof(text), "note %u", i);
		mipo_hash(text, strlen(text), digest);
		if (mipo_bundle_object(bundle, digest, strlen(text), err) !=
			0 ||
		    mipo_bundle_data(bundle, text, strlen(text), err) != 0)
			goto fail;
	}
	if (mipo_bundle_finish(bundle, err) != 0)
		goto fail;
	mipo_bundle_free(bundle);
	return 0;
fail:
	mipo_bundle_free(bundle);
	return -1;
}

static void
bundle_of(const struct makelog *log, unsigned from, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	int fd = memfd_create("bundle", MFD_CLOEXEC);
	char path[64];

	mipo_buf_init(buf, 1 << 28);
	ck_ok(write_bundle(log, fd, from, &err));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ck_ok(mipo_file_read(path, buf, &err));
	ck_assert_int_eq(close(fd), 0);
}

static struct mipo_report report;
static struct mipo_logfacts facts;

/* -1: refused; else whether it is without a fault. */
static int
verify(const void *p, size_t len, const struct mipo_key *key,
    unsigned threads)
{
	struct mipo_logcheck_opts opts = {
	    .key = mipo_key_pub(key), .threads = threads};
	const struct mipo_logfacts *found;
	struct mipo_logcheck *check;
	struct mipo_err err = {0};
	struct mipo_buf note;
	int fd = file_of(p, len), r;

	mipo_buf_init(&note, MIPO_NOTE_MAX);
	report.n = 0;
	r = mipo_bundle_check(
	    fd, &opts, &report, &note, &check, &found, &err);
	(void)close(fd);
	mipo_buf_release(&note);
	if (r != 0) {
		ck_assert_int_eq(err.code, MIPO_E_INPUT);
		return -1;
	}
	facts = *found;
	mipo_logcheck_free(check);
	return !mipo_report_has(&report, MIPO_FAIL);
}

static enum mipo_verdict
row(const char *check)
{
	for (size_t i = 0; i < report.n; i++)
		if (strcmp(report.row[i].check, check) == 0)
			return report.row[i].verdict;
	ck_abort_msg("no row %s", check);
}

START_TEST(bundles_verify)
{
	const size_t sizes[] = {3, 12, 255, 258, 513};
	struct makelog log;
	struct mipo_buf one, two;

	for (size_t i = 0; i < 5; i++) {
		makelog_make(&log, "a", sizes[i]);
		bundle_of(&log, ALL, &one);
		bundle_of(&log, ALL, &two);
		ck_assert_uint_eq(one.len, two.len);
		ck_assert_mem_eq(one.data, two.data, one.len);
		ck_assert_int_eq(verify(one.data, one.len, log.log, 1), 1);
		ck_assert_int_eq(verify(one.data, one.len, log.log, 2), 1);
		ck_assert_uint_eq(facts.entries, log.n);
		ck_assert(facts.covered);
		if (facts.scans > 0)
			ck_assert_int_eq(row("objects"), MIPO_PASS);
		ck_assert_int_eq(row("archive"), MIPO_PASS);
		ck_assert_int_eq(row("manifest"), MIPO_PASS);
		mipo_buf_release(&one);
		mipo_buf_release(&two);
		bundle_of(&log, NONE, &one);
		ck_assert_int_eq(verify(one.data, one.len, log.log, 1), 1);
		if (facts.scans > 0)
			ck_assert_int_eq(row("objects"), MIPO_NOT_CHECKED);
		mipo_buf_release(&one);
		makelog_end(&log);
	}
}
END_TEST

/* Some of the recorded streams are no proof of all. */
START_TEST(objects_left_out)
{
	struct makelog log;
	struct mipo_buf buf;
	uint8_t digest[MIPO_HASH_LEN];
	char hex[2 * MIPO_HASH_LEN + 1];
	const char *text = NULL;

	makelog_make(&log, "a", 25);
	bundle_of(&log, SECOND, &buf);
	ck_assert_int_eq(verify(buf.data, buf.len, log.log, 1), 1);
	ck_assert_int_eq(row("objects"), MIPO_NOT_CHECKED);
	for (size_t i = 0; i < report.n; i++)
		if (strcmp(report.row[i].check, "objects") == 0)
			text = report.row[i].text;
	mipo_hash("note 0", 6, digest);
	mipo_text_hex(digest, sizeof(digest), hex);
	ck_assert_ptr_nonnull(strstr(text, "1 of 2"));
	ck_assert_ptr_nonnull(strstr(text, hex));
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

/* Two scans of one stream need it once. */
START_TEST(object_of_two_scans)
{
	struct makelog log;
	struct mipo_buf buf;

	makelog_make(&log, "a", 6);
	makelog_add_take(
	    &log, makelog_receipt(&log, log.scanner, "note 0", 6));
	makelog_seal(&log);
	bundle_of(&log, ALL, &buf);
	ck_assert_int_eq(verify(buf.data, buf.len, log.log, 1), 1);
	ck_assert_uint_eq(facts.scans, 2);
	ck_assert_int_eq(row("objects"), MIPO_PASS);
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

/*
 * A bit in each byte of a bundle, from a byte on: in every seventh here,
 * in all where MIPO_FLIPS=all (tests/cli does that).
 */
static void
flip_all(const struct makelog *log, struct mipo_buf *buf, size_t from)
{
	size_t step = getenv("MIPO_FLIPS") == NULL ? 7 : 1;

	for (size_t i = from; i < buf->len; i += step) {
		char bit = (char)(1 << i % 7);
		int r;

		buf->data[i] ^= bit;
		r = verify(buf->data, buf->len, log->log, 1);
		/* another first name is no bundle, all else is a finding */
		ck_assert_msg(r == (i < 11 ? -1 : 0), "byte %zu, bit %d: %d",
		    i, bit, r);
		buf->data[i] ^= bit;
	}
}

START_TEST(no_flip_verifies)
{
	struct makelog log;
	struct mipo_buf buf;

	makelog_make(&log, "a", 3);
	bundle_of(&log, NONE, &buf);
	flip_all(&log, &buf, 0);
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

START_TEST(no_flip_of_objects_verifies)
{
	struct makelog log;
	struct mipo_buf buf;
	const char *objects;

	makelog_make(&log, "a", 6);
	bundle_of(&log, ALL, &buf);
	objects = memmem(buf.data, buf.len, "objects/", 8);
	objects = memmem(objects + 8,
	    buf.len - (size_t)(objects + 8 - buf.data), "objects/", 8);
	ck_assert_ptr_nonnull(objects); /* the first is in README.txt */
	flip_all(&log, &buf, (size_t)(objects - buf.data));
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

START_TEST(no_cut_verifies)
{
	struct makelog log;
	struct mipo_buf buf;

	makelog_make(&log, "a", 6);
	bundle_of(&log, ALL, &buf);
	for (size_t len = 0; len < buf.len; len += len % 512 < 3 ? 1 : 127)
		ck_assert_int_eq(verify(buf.data, len, log.log, 1),
		    len < 11 ? -1 : 0);
	mipo_buf_puts(&buf, "x");
	ck_assert_int_eq(verify(buf.data, buf.len, log.log, 1), 0);
	ck_assert_int_eq(row("archive"), MIPO_FAIL);
	ck_assert_int_eq(row("manifest"), MIPO_PASS);
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

/* A last member that is too long, with what it should be at its end. */
static void
lengthen(const struct mipo_buf *buf, size_t more, struct mipo_buf *longer)
{
	size_t tail = 512 + 1024; /* a block of signatures, and the end */
	char *head, digits[16];
	unsigned long size;
	unsigned sum = 0;

	mipo_buf_clear(longer);
	mipo_buf_put(longer, buf->data, buf->len - tail);
	head = longer->data + longer->len - 512;
	ck_assert_str_eq(head, "MANIFEST.minisig");
	size = strtoul(head + 124, NULL, 8) + more;
	(void)snprintf(digits, sizeof(digits), "%011lo", size);
	memcpy(head + 124, digits, 11);
	memset(head + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)head[i];
	(void)snprintf(digits, sizeof(digits), "%06o", sum);
	memcpy(head + 148, digits, 7);
	memset(mipo_buf_reserve(longer, more), 'x', more);
	longer->len += more;
	mipo_buf_put(longer, buf->data + buf->len - tail, tail);
}

START_TEST(no_longer_signature_verifies)
{
	struct makelog log;
	struct mipo_buf buf, longer;

	makelog_make(&log, "a", 3);
	bundle_of(&log, NONE, &buf);
	mipo_buf_init(&longer, 1 << 20);
	lengthen(&buf, 0, &longer); /* the test's archive is well made */
	ck_assert_int_eq(verify(longer.data, longer.len, log.log, 1), 1);
	/* wherever a piece of the file ends that is read at once */
	for (size_t more = 512; more <= 131072; more += 512) {
		lengthen(&buf, more, &longer);
		ck_assert_int_eq(
		    verify(longer.data, longer.len, log.log, 1), 0);
		ck_assert_int_eq(row("manifest"), MIPO_FAIL);
	}
	ck_assert_int_eq(row("archive"), MIPO_PASS);
	mipo_buf_release(&longer);
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

/* Swaps the bodies of a member between two bundles of one shape. */
START_TEST(swapped_between_logs)
{
	struct makelog log, other;
	struct mipo_buf a, b;

	makelog_make(&log, "a", 6);
	makelog_make(&other, "b", 6);
	bundle_of(&log, ALL, &a);
	bundle_of(&other, ALL, &b);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert_int_eq(verify(b.data, b.len, log.log, 1), 0);
	ck_assert_int_eq(row("key"), MIPO_FAIL);
	for (size_t at = 0; at + 512 <= a.len; at += 512) {
		if (memcmp(a.data + at, b.data + at, 512) == 0)
			continue;
		for (size_t i = at; i < at + 512; i++) {
			char c = a.data[i];

			a.data[i] = b.data[i];
			b.data[i] = c;
		}
		ck_assert_int_ne(verify(a.data, a.len, log.log, 1), 1);
		for (size_t i = at; i < at + 512; i++) {
			char c = a.data[i];

			a.data[i] = b.data[i];
			b.data[i] = c;
		}
	}
	mipo_buf_release(&a);
	mipo_buf_release(&b);
	makelog_end(&log);
	makelog_end(&other);
}
END_TEST

START_TEST(writer_refuses)
{
	struct makelog log, other;
	struct mipo_err err = {0};
	struct mipo_bundle *bundle;
	struct mipo_buf note;
	int fd = memfd_create("bundle", MFD_CLOEXEC);

	makelog_make(&log, "a", 6);
	makelog_make(&other, "b", 6);
	note = log.note;
	/* another key's checkpoint; another log's entries; too few */
	log.note = other.note;
	ck_fails(write_bundle(&log, fd, NONE, &err), MIPO_E_TAMPERED);
	log.note = note;
	log.bytes.data[log.at[4] + 30] ^= 1;
	ck_fails(write_bundle(&log, fd, NONE, &err), MIPO_E_TAMPERED);
	log.bytes.data[log.at[4] + 30] ^= 1;
	log.n--;
	ck_fails(write_bundle(&log, fd, NONE, &err), MIPO_E_TAMPERED);
	log.n++;
	/* an object that is not what its name says, or too short */
	ck_ok(mipo_bundle_new(
	    fd, log.note.data, log.note.len, log.log, &bundle, &err));
	for (size_t i = 0; i < log.n; i++)
		ck_ok(mipo_bundle_entry(bundle, makelog_entry(&log, i).p,
		    makelog_entry(&log, i).len, &err));
	ck_fails(mipo_bundle_entry(bundle, "x", 1, &err), MIPO_E_TAMPERED);
	ck_ok(mipo_bundle_object(bundle, (const uint8_t *)MAKELOG_SIDE, 4,
	    &err));
	ck_fails(mipo_bundle_data(bundle, "12345", 5, &err),
	    MIPO_E_TAMPERED);
	ck_ok(mipo_bundle_data(bundle, "1234", 4, &err));
	ck_fails(mipo_bundle_finish(bundle, &err), MIPO_E_TAMPERED);
	mipo_bundle_free(bundle);
	makelog_end(&log);
	makelog_end(&other);
	(void)close(fd);
}
END_TEST

START_TEST(not_bundles)
{
	struct makelog log;
	static char zeros[10240];

	makelog_make(&log, "a", 3);
	ck_assert_int_eq(verify("", 0, log.log, 1), -1);
	ck_assert_int_eq(verify("hello", 5, log.log, 1), -1);
	for (size_t len = 1; len <= sizeof(zeros); len += 1023)
		ck_assert_int_eq(verify(zeros, len, log.log, 1), -1);
	makelog_end(&log);
}
END_TEST

static enum mipo_bundle_part
next(struct mipo_bundle_order *order, const char *path)
{
	struct mipo_tile_id id;

	return mipo_bundle_order_next(order, path, &id);
}

START_TEST(one_order)
{
	struct mipo_bundle_order order = {0};
	char path[MIPO_TILE_PATH];

	ck_assert_int_eq(next(&order, "README.txt"), MIPO_PART_WRONG);
	ck_assert_int_eq(next(&order, "checkpoint"), MIPO_PART_CHECKPOINT);
	ck_assert_int_eq(next(&order, "tile/0/000"), MIPO_PART_WRONG);
	ck_assert_int_eq(next(&order, "README.txt"), MIPO_PART_README);
	ck_assert_int_eq(next(&order, "README.txt"), MIPO_PART_WRONG);
	for (uint64_t n = 0; n < 256; n++) {
		struct mipo_tile_id id = {0, n, 256};

		mipo_tile_path(&id, path);
		ck_assert_int_eq(next(&order, path), MIPO_PART_TILE);
		ck_assert_int_eq(next(&order, "MANIFEST"), MIPO_PART_WRONG);
		id.level = MIPO_TILE_ENTRIES;
		mipo_tile_path(&id, path);
		ck_assert_int_eq(next(&order, path), MIPO_PART_ENTRIES);
	}
	ck_assert_int_eq(next(&order, "tile/0/256.p/3"), MIPO_PART_WRONG);
	ck_assert_int_eq(next(&order, "tile/1/000"), MIPO_PART_UPPER);
	ck_assert_int_eq(next(&order, "tile/0/256.p/3"), MIPO_PART_TILE);
	ck_assert_int_eq(
	    next(&order, "tile/entries/256.p/3"), MIPO_PART_ENTRIES);
	ck_assert_int_eq(next(&order, "tile/1/001.p/1"), MIPO_PART_WRONG);
	ck_assert_int_eq(next(&order, "tile/2/000.p/1"), MIPO_PART_UPPER);
	ck_assert_int_eq(next(&order, "tile/0/257"), MIPO_PART_WRONG);
	ck_assert_int_eq(
	    next(&order, "objects/" MAKELOG_SIDE), MIPO_PART_OBJECT);
	ck_assert_int_eq(next(&order, "objects/../../etc"), MIPO_PART_WRONG);
	ck_assert_int_eq(next(&order, "MANIFEST"), MIPO_PART_MANIFEST);
	ck_assert(!mipo_bundle_order_done(&order));
	ck_assert_int_eq(
	    next(&order, "objects/" MAKELOG_SIDE), MIPO_PART_WRONG);
	ck_assert_int_eq(next(&order, "MANIFEST.minisig"), MIPO_PART_MINISIG);
	ck_assert(mipo_bundle_order_done(&order));
}
END_TEST

START_TEST(out_of_memory)
{
	struct makelog log;
	struct mipo_buf buf;
	unsigned long n = 0;
	int r = -1;

	makelog_make(&log, "a", 6);
	bundle_of(&log, ALL, &buf);
	while (r != 0 && n < 1000) {
		struct mipo_logcheck_opts opts = {
		    .key = mipo_key_pub(log.log), .threads = 1};
		const struct mipo_logfacts *found;
		struct mipo_logcheck *check;
		struct mipo_err err = {0};
		int fd = file_of(buf.data, buf.len);
		struct mipo_buf note;

		mipo_buf_init(&note, MIPO_NOTE_MAX);
		report.n = 0;
		mipo_mem_fail_at(++n);
		r = mipo_bundle_check(
		    fd, &opts, &report, &note, &check, &found, &err);
		mipo_mem_fail_at(0);
		(void)close(fd);
		mipo_buf_release(&note);
		if (r == 0)
			mipo_logcheck_free(check);
		else
			ck_assert_msg(err.code == MIPO_E_NOMEM, "at %lu: %s",
			    n, err.text);
	}
	ck_assert_int_eq(r, 0);
	ck_assert(!mipo_report_has(&report, MIPO_FAIL));
	ck_assert_uint_gt(n, 10);
	mipo_buf_release(&buf);
	makelog_end(&log);
}
END_TEST

UNIT_MAIN("bundle", bundles_verify, objects_left_out,
    object_of_two_scans, no_flip_verifies,
    no_flip_of_objects_verifies, no_cut_verifies,
    no_longer_signature_verifies, swapped_between_logs,
    writer_refuses, not_bundles, one_order, out_of_memory);
