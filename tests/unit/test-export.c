#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/rec.h"
#include "out/export.h"
#include "out/intake.h"
#include "trust/hash.h"

#define SCAN "000102030405060708090a0b0c0d0e0f"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const char look_start[] =
    "{\"config_sha256\":\"" ZEROS "\",\"exclusions\":[],\"key\":\"none\","
    "\"method\":\"syn\",\"network\":\"lab\",\"planned\":2,\"ports\":\"22,"
    "6379\","
    "\"proto\":\"tcp\",\"scan\":\"" SCAN "\",\"scope_sha256\":\"" ZEROS "\","
    "\"seed\":\"0000000000000000\",\"silent_as\":\"filtered\",\"states\":"
    "[\"open\"],\"targets\":[\"198.18.0.1\"],\"tool\":\"t\",\"ts\":"
    "\"2026-11-22T10:00:00.000Z\",\"type\":\"scan.start\",\"v\":1,"
    "\"vantage\":\"inside\"}\n"
    "{\"ip\":\"198.18.0.1\",\"port\":6379,\"proto\":\"tcp\",\"reason\":"
    "\"syn-ack\",\"scan\":\"" SCAN "\",\"state\":\"open\",\"ts\":"
    "\"2026-11-22T10:00:00.000Z\",\"type\":\"obs\",\"v\":1}\n";

static const char look_end[] =
    "{\"accepted\":2,\"answered\":1,\"attempted\":2,\"canaries\":[],"
    "\"capture_drops\":0,\"capture_received\":1,\"counts\":{\"closed\":0,"
    "\"filtered\":1,\"open\":1,\"open_filtered\":0,\"unreachable\":0},"
    "\"key\":\"none\",\"loss_ppm\":0,\"passes\":[{\"intervals\":[[0,1]],"
    "\"pass\":0,\"probes\":2}],\"permutation\":{\"id\":"
    "\"x\",\"key\":\"00\"},\"planned\":2,\"reasons\":[],\"records\":2,"
    "\"sandbox\":[],\"scan\":\"" SCAN "\",\"send_errors\":[],\"send_pps\":1,"
    "\"signed\":\"none\",\"started\":\"2026-11-22T10:00:00.000Z\","
    "\"state_sha256\":\"" ZEROS "\",\"stream_sha256\":\"%s\",\"ts\":"
    "\"2026-11-22T10:00:01.000Z\",\"type\":\"scan.end\",\"v\":1,\"verdict\":"
    "\"complete\"}\n";

static const char changes[] =
    "{\"gate\":[],\"network\":\"lab\",\"new_scan\":\"" SCAN "\","
    "\"new_verdict\":\"complete\",\"old_scan\":\"" SCAN "\",\"old_verdict\":"
    "\"complete\",\"ts\":\"2026-11-22T10:00:02.000Z\",\"type\":"
    "\"diff.start\",\"v\":1,\"vantage\":\"inside\"}\n"
    "{\"after\":\"open\",\"before\":\"closed\",\"gated\":true,\"ip\":"
    "\"198.18.0.1\",\"kind\":\"opened\",\"network\":\"lab\",\"new_scan\":"
    "\"" SCAN "\",\"old_scan\":\"" SCAN "\",\"port\":6379,\"proto\":\"tcp\","
    "\"ts\":\"2026-11-22T10:00:02.000Z\",\"type\":\"change\",\"v\":1,"
    "\"vantage\":\"inside\"}\n";

static struct mipo_buf input;

/* One look, and a difference that was cut. */
static void
make_input(void)
{
	char hex[65], end[2048];
	uint8_t digest[32];

	mipo_hash(look_start, strlen(look_start), digest);
	for (int i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	(void)snprintf(end, sizeof(end), look_end, hex);
	mipo_buf_init(&input, 65536);
	mipo_buf_puts(&input, look_start);
	mipo_buf_puts(&input, end);
	mipo_buf_puts(&input, changes);
}

static int
feed(const struct mipo_exporter *exporter, struct mipo_out *out,
    const struct mipo_export_opts *opts, struct mipo_err *err)
{
	const struct mipo_intake_window all = {INT64_MIN, INT64_MAX};
	struct mipo_sink sink = {0};
	struct mipo_intake *intake = NULL;
	struct mipo_lines *lines = NULL;
	int r = -1;

	if (exporter->new (out, opts, &sink, err) != 0)
		return -1;
	intake = mipo_intake_new(&sink, &all, err);
	if (intake != NULL)
		lines =
		    mipo_lines_new_mem(input.data, input.len, "memory", err);
	if (lines != NULL && mipo_intake_lines(intake, lines, err) == 0)
		r = mipo_sink_done(&sink, mipo_intake_partial(intake), err);
	mipo_lines_free(lines);
	mipo_intake_free(intake);
	mipo_sink_free(&sink);
	return r == 0 ? mipo_out_flush(out, err) : -1;
}

static int
export_to(const struct mipo_exporter *exporter, int fd, struct mipo_err *err)
{
	struct mipo_export_opts opts = {.now_ms = 0, .to_ms = INT64_MAX};
	struct mipo_rec *start = mipo_rec_start("evidence.start", err);
	struct mipo_out *out = mipo_out_new(fd, "out", err);
	int r = -1;

	if (start != NULL && out != NULL) {
		mipo_rec_put_str(start, "boundary", "b");
		mipo_rec_put_str(start, "tool", "t");
		opts.start = start;
		r = mipo_rec_ok(start, err);
		if (r == 0)
			r = feed(exporter, out, &opts, err);
	}
	mipo_out_free(out);
	mipo_rec_free(start);
	return r;
}

START_TEST(every_allocation_may_fail)
{
	int fd = open("/dev/null", O_WRONLY);

	make_input();
	mipo_rec_init();
	for (size_t i = 0; mipo_exporters[i] != NULL; i++) {
		struct mipo_err err = {0};
		unsigned long n;

		/* What is made once is made before the count. */
		ck_ok(export_to(mipo_exporters[i], fd, &err));
		n = mipo_mem_count();
		ck_ok(export_to(mipo_exporters[i], fd, &err));
		n = mipo_mem_count() - n;
		ck_assert_uint_gt(n, 20);
		for (unsigned long at = 1; at <= n; at++) {
			mipo_mem_fail_at(at);
			ck_assert_msg(
			    export_to(mipo_exporters[i], fd, &err) == -1,
			    "%s: nobody noticed allocation %lu of %lu",
			    mipo_exporters[i]->name, at, n);
			mipo_mem_fail_at(0);
			ck_assert_msg(err.code == MIPO_E_NOMEM,
			    "%s, allocation %lu: %s", mipo_exporters[i]->name,
			    at, err.text);
			mipo_err_clear(&err);
		}
	}
	mipo_buf_release(&input);
	(void)close(fd);
}
END_TEST

START_TEST(rows_are_whole)
{
	for (size_t i = 0; mipo_exporters[i] != NULL; i++) {
		const struct mipo_exporter *row = mipo_exporters[i];

		ck_assert_ptr_eq(mipo_exporter_find(row->name), row);
		ck_assert_int_eq(row->suffix[0], '.');
		ck_assert_ptr_null(strchr(row->summary, '\n'));
	}
	ck_assert_ptr_null(mipo_exporter_find("oscal-2"));
}
END_TEST

START_TEST(a_full_disk_is_noticed)
{
	make_input();
	for (size_t i = 0; mipo_exporters[i] != NULL; i++) {
		int fd = open("/dev/full", O_WRONLY);
		struct mipo_err err = {0};

		ck_fails(export_to(mipo_exporters[i], fd, &err), MIPO_E_IO);
		(void)close(fd);
	}
	mipo_buf_release(&input);
}
END_TEST

UNIT_MAIN("export", every_allocation_may_fail, rows_are_whole,
    a_full_disk_is_noticed);
