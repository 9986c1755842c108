/*
 * Each allocation of each way through the room fails in turn: the error is
 * "out of memory", results are untouched, nothing leaks (under ASan), and
 * the same call works afterwards.
 */
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/schema.h"
#include "data/target.h"

/* Runs work with the 1st, 2nd, ... allocation failing until it works. */
static void
each_fails(const char *what, int (*work)(struct mipo_err *err))
{
	struct mipo_err err = {0};
	unsigned long n;
	int r = -1;

	ck_ok(work(&err)); /* what is made once and kept is made here */
	for (n = 1; r != 0; n++) {
		ck_assert_msg(n < 20000, "%s never works", what);
		mipo_mem_fail_at(n);
		r = work(&err);
		mipo_mem_fail_at(0);
		if (r == 0)
			break;
		ck_assert_msg(err.code == MIPO_E_NOMEM,
		    "%s, allocation %lu: %s", what, n, err.text);
		mipo_err_clear(&err);
	}
	ck_assert_msg(n > 1, "%s allocates nothing", what);
	ck_ok(work(&err));
}

static const char text[] =
    "{\"a\":[1,[2,3],{\"b\":\"c\\u001f\xc3\xa9\"}],\"b\":{\"c\":\"x\"},"
    "\"k00\":0,"
    "\"k01\":0,\"k02\":0,\"k03\":0,\"k04\":0,\"k05\":0,\"k06\":0,\"k07\":0,"
    "\"k08\":0,\"k09\":0,\"k10\":0,\"k11\":0,\"k12\":0,\"k13\":0,\"k14\":0,"
    "\"k15\":0,\"k16\":0,\"k17\":0,\"k18\":0,\"k19\":0,\"k20\":0,\"k21\":0,"
    "\"k22\":0,\"k23\":0,\"k24\":0,\"k25\":0,\"k26\":0,\"k27\":0,\"k28\":0,"
    "\"k29\":0,\"k30\":0,\"k31\":0,\"k32\":0,\"k33\":0,\"k34\":0,\"k35\":0,"
    "\"k36\":0,\"k37\":0,\"k38\":0,\"k39\":0,\"k40\":0,\"k41\":0,\"k42\":0,"
    "\"k43\":0,\"k44\":0,\"k45\":0,\"k46\":0,\"k47\":0,\"k48\":0}";

static int
read_record(struct mipo_err *err)
{
	struct mipo_rec *mark = (struct mipo_rec *)(uintptr_t)1, *rec = mark;
	struct mipo_rec *dup = NULL, *sub = NULL;
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, 10000);
	mipo_buf_puts(&buf, "x");
	r = buf.len == 1
	    ? mipo_rec_parse(text, strlen(text), &rec, err)
	    : mipo_buf_ok(&buf, err);
	ck_assert(r == 0 || rec == mark);
	if (r != 0) {
		mipo_buf_release(&buf);
		return -1;
	}
	dup = mipo_rec_dup(rec, err);
	r = dup == NULL ? -1 : mipo_rec_sub(dup, "b", &sub, err);
	ck_assert(r == 0 || sub == NULL);
	if (r == 0)
		r = mipo_rec_canon(dup, &buf, err);
	ck_assert_uint_eq(buf.len, r == 0 ? strlen(text) + 1 : 1);
	if (r == 0)
		ck_assert_mem_eq(buf.data + 1, text, strlen(text));
	mipo_rec_free(rec);
	mipo_rec_free(dup);
	mipo_rec_free(sub);
	mipo_buf_release(&buf);
	return r;
}

static int
write_record(struct mipo_err *err)
{
	static const char want[] =
	    "{\"b\":true,\"empty\":[],\"h\":\"0102\",\"l\":[\"x\",1,[1,2],"
	    "{}],\"o\":{\"ts\":\"1970-01-01T00:00:00.000Z\",\"type\":"
	    "\"note.b\",\"v\":1},\"ts\":\"1970-01-01T00:00:00.000Z\","
	    "\"type\":\"note.a\",\"v\":1}";
	struct mipo_rec *rec;
	struct mipo_buf buf;
	int r;

	mipo_clock_set_wall(0);
	rec = mipo_rec_start("note.a", err);
	if (rec == NULL)
		return -1;
	mipo_buf_init(&buf, 1000);
	mipo_rec_put_bool(rec, "b", true);
	mipo_rec_put_hex(rec, "h", "\x01\x02", 2);
	mipo_rec_put_list(rec, "empty");
	mipo_rec_add_str(rec, "l", "x");
	mipo_rec_add_int(rec, "l", 1);
	mipo_rec_add_pair(rec, "l", 1, 2);
	mipo_rec_add_rec_take(rec, "l", mipo_rec_new(NULL));
	mipo_rec_put_rec_take(rec, "o", mipo_rec_start("note.b", NULL));
	r = mipo_rec_canon(rec, &buf, err);
	if (r == 0)
		ck_assert_str_eq(mipo_buf_str(&buf, err), want);
	mipo_buf_release(&buf);
	mipo_rec_free(rec);
	return r;
}

static int
read_obs(struct mipo_err *err)
{
	static const char line[] =
	    "{\"ip\":\"192.0.2.1\", \"port\":22,\"proto\":\"tcp\",\"reason\":"
	    "\"rst\",\"scan\":\"00112233445566778899aabbccddeeff\",\"state\":"
	    "\"closed\",\"ts\":\"2026-11-22T10:00:00.000Z\",\"type\":\"obs\","
	    "\"v\":1}";
	struct mipo_obs obs = {.port = 7};
	int r = mipo_obs_parse(line, strlen(line), &obs, err);

	ck_assert_uint_eq(obs.port, r == 0 ? 22 : 7);
	return r;
}

static int
read_lines(struct mipo_err *err)
{
	static char big[700000];
	struct mipo_lines *lines;
	const char *line = NULL;
	size_t len;
	int fd = open("/dev/zero", O_RDONLY), r = -1, ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	(void)close(fd);
	memset(big, 'x', sizeof(big));
	big[300] = big[sizeof(big) - 1] = '\n';
	lines = mipo_lines_new_mem(big, sizeof(big), "mem", err);
	if (lines != NULL)
		r = mipo_lines_next(lines, &line, &len, err) == 1 ? 0 : -1;
	mipo_lines_free(lines);
	(void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	ck_assert_int_gt(write(ends[1], big, 300000), 299999);
	ck_assert_int_eq(write(ends[1], "\n", 1), 1);
	lines = r == 0 ? mipo_lines_new(ends[0], "pipe", err) : NULL;
	r = lines == NULL ? -1 : 0;
	for (int i = 0; i < 2 && r == 0; i++)
		r = mipo_lines_next(lines, &line, &len, err) == 1 ? 0 : -1;
	mipo_lines_free(lines);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return r;
}

static int
write_lines(struct mipo_err *err)
{
	int fd = open("/dev/null", O_WRONLY), r = -1;
	struct mipo_out *out = mipo_out_new(fd, "null", err);
	struct mipo_rec *rec = NULL;

	if (out != NULL)
		rec = mipo_rec_start("note.a", err);
	if (rec != NULL) {
		mipo_out_rec(out, rec);
		r = mipo_out_flush(out, err);
	}
	mipo_rec_free(rec);
	mipo_out_free(out);
	(void)close(fd);
	return r;
}

static int
use_targets(struct mipo_err *err)
{
	static const char *const tokens[] = {"10.0.0.0/8", "10.9.0.1-9",
	    "2001:db8::/100", "192.0.2.1", "192.0.2.3", "192.0.2.5",
	    "192.0.2.7", "192.0.2.9", "192.0.2.11", "192.0.2.13",
	    "192.0.2.15"};
	struct mipo_targets *a = mipo_targets_new(err);
	struct mipo_targets *b = mipo_targets_new(err);
	struct mipo_rec *rec = mipo_rec_new(err);
	uint64_t before;
	int r = a != NULL && b != NULL && rec != NULL ? 0 : -1;

	for (size_t i = 0; i < 11 && r == 0; i++) {
		before = mipo_targets_count(a);
		r = mipo_targets_add(a, tokens[i], NULL, err);
		ck_assert(r == 0 || mipo_targets_count(a) == before);
	}
	if (r == 0)
		r = mipo_targets_put(a, rec, "t", err);
	if (r == 0) {
		r = mipo_targets_get(b, rec, "t", err);
		ck_assert(r == 0 || mipo_targets_count(b) == 0);
	}
	if (r == 0) {
		before = mipo_targets_count(a);
		r = mipo_targets_exclude(a, b, err);
		ck_assert_uint_eq(
		    mipo_targets_count(a), r == 0 ? 0 : before);
	}
	mipo_targets_free(a);
	mipo_targets_free(b);
	mipo_rec_free(rec);
	return r;
}

static int
use_ports(struct mipo_err *err)
{
	struct mipo_ports *ports = mipo_ports_new(err);
	struct mipo_err wrong = {0};
	int r;

	if (ports == NULL)
		return -1;
	r = mipo_ports_add(ports, "22,https", err);
	ck_assert_int_eq(mipo_ports_add(ports, "80,htpps", &wrong), -1);
	if (r == 0 && wrong.code == MIPO_E_NOMEM)
		r = mipo_err_nomem(err);
	ck_assert_uint_eq(mipo_ports_count(ports), 2);
	mipo_ports_free(ports);
	return r;
}

START_TEST(alloc_each_fails)
{
	static const struct {
		const char *what;
		int (*work)(struct mipo_err *err);
	} rows[] = {{"read a record", read_record},
	    {"write a record", write_record}, {"read an obs", read_obs},
	    {"read lines", read_lines}, {"write lines", write_lines},
	    {"targets", use_targets}, {"ports", use_ports}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		each_fails(rows[i].what, rows[i].work);
}
END_TEST

UNIT_MAIN("alloc", alloc_each_fails);
