#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "data/rec.h"
#include "data/schema.h"

/* One good record a type; the smallest, and one with everything in it. */
#define TS ",\"ts\":\"2026-11-22T10:00:00.000Z\",\"v\":1"
#define H16 "\"0123456789abcdef\""
#define H32 "\"0123456789abcdef0123456789abcdef\""
#define H64                                                             \
	"\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""
#define PLACE ",\"network\":\"lab\",\"vantage\":\"here\""

static const char *const good[] = {
    "{\"type\":\"scan.start\",\"scan\":" H32 PLACE ",\"key\":\"none\","
    "\"method\":\"syn\",\"proto\":\"tcp\",\"targets\":[\"198.18.0.0/30\"],"
    "\"ports\":\"22\",\"exclusions\":[],\"seed\":" H16
    ",\"scope_sha256\":" H64 ",\"config_sha256\":" H64
    ",\"states\":[\"open\",\"open|filtered\"],\"silent_as\":\"\","
    "\"planned\":4,\"tool\":\"mipo-scan 0.1.0\",\"names\":[{\"name\":"
    "\"db1.example\",\"ips\":[\"198.18.0.1\"]}]" TS "}",
    "{\"type\":\"obs\",\"scan\":" H32 ",\"ip\":\"2001:db8::1\",\"proto\":"
    "\"tcp\",\"port\":22,\"state\":\"open|filtered\",\"reason\":\"rst\"" TS
    "}",
    "{\"type\":\"scan.end\",\"scan\":" H32 ",\"started\":\"2026-11-22T10:"
    "00:00.000Z\",\"planned\":4,\"attempted\":4,\"accepted\":3,\"answered\":"
    "2,\"send_pps\":9,\"send_errors\":[{\"errno\":\"ENOBUFS\",\"count\":1,"
    "\"indices\":[[3,3]],\"more\":true}],\"counts\":{\"open\":1,\"closed\":"
    "1,\"filtered\":1,\"open_filtered\":0,\"unreachable\":0},"
    "\"permutation\":{\"id\":\"x\",\"key\":\"00\"},\"passes\":[{\"pass\":0,"
    "\"intervals\":[[0,2]],\"probes\":3}],\"capture_received\":2,"
    "\"capture_drops\":0,\"canaries\":[{\"ip\":\"127.0.0.1\",\"port\":9,"
    "\"seen\":true}],\"loss_ppm\":-1,\"sandbox\":[\"seccomp\"],\"verdict\":"
    "\"degraded\",\"reasons\":[\"x\"],\"records\":3,\"stream_sha256\":" H64
    ",\"state_sha256\":" H64 ",\"key\":" H16 ",\"signed\":\"ed25519\","
    "\"sig\":\"AA==\"" TS "}",
    "{\"type\":\"scan.end\",\"origin\":\"store\",\"scan\":" H32
    ",\"started\":\"2026-11-22T10:00:00.000Z\",\"planned\":4,\"verdict\":"
    "\"interrupted\",\"reasons\":[],\"records\":3,\"stream_sha256\":" H64
    ",\"key\":\"none\",\"signed\":\"none\"" TS "}",
    "{\"type\":\"change\",\"kind\":\"host_gone\",\"ip\":\"198.18.0.1\","
    "\"proto\":\"tcp\",\"before\":\"open\",\"after\":\"not_covered\","
    "\"gated\":false,\"old_scan\":" H32 ",\"new_scan\":" H32 PLACE
    ",\"ports\":[22,80]" TS "}",
    "{\"type\":\"note.anything.at.all\",\"free\":{\"as\":[1]}" TS "}",
    "{\"type\":\"unknown.type\",\"port\":0" TS "}", NULL};

START_TEST(schema_takes_good_records)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;

	for (const char *const *s = good; *s != NULL; s++) {
		ck_ok(mipo_rec_parse(*s, strlen(*s), &rec, &err));
		ck_ok(mipo_rec_check(rec, &err));
		mipo_rec_free(rec);
	}
}
END_TEST

/* Every required field is missed, at the top and inside. */
START_TEST(schema_misses_each_required_field)
{
	struct mipo_err err = {0};
	const struct mipo_type *type;
	struct mipo_rec *rec;
	int tried = 0;

	for (const char *const *s = good; *s != NULL; s++) {
		ck_ok(mipo_rec_parse(*s, strlen(*s), &rec, &err));
		type = mipo_type_find(mipo_rec_str(rec, "type"));
		for (const struct mipo_field *f =
			 type == NULL ? NULL : type->fields;
		     f != NULL && f->name != NULL; f++) {
			struct mipo_rec *less;
			bool must = f->need == MIPO_REQUIRED ||
			    (f->need == MIPO_MEASURED &&
				!mipo_rec_has(rec, "origin"));

			if (strcmp(f->name, "origin") == 0)
				continue; /* takes the need of others away */
			less = mipo_rec_dup(rec, &err);
			mipo_rec_del(less, f->name);
			ck_assert_int_eq(
			    mipo_rec_check(less, &err), must ? -1 : 0);
			if (must)
				ck_assert_ptr_nonnull(
				    strstr(err.text, f->name));
			tried += must;
			mipo_err_clear(&err);
			mipo_rec_free(less);
		}
		mipo_rec_free(rec);
	}
	ck_assert_int_gt(tried, 50);
}
END_TEST

/* A good record with one value replaced, and what the error must say. */
START_TEST(schema_refuses_by_field)
{
	static const struct {
		int row;
		const char *from, *to, *says;
	} rows[] = {
	    {1, "\"port\":22", "\"port\":0",
		"record obs: field \"port\" must be an integer from 1 to "
		"65535"},
	    {1, "\"port\":22", "\"port\":\"22\"", "\"port\""},
	    {1, "2001:db8::1", "2001:DB8::1", "RFC 5952"},
	    {1, "\"rst\"", "\"because\"", "no-neighbor"},
	    {1, "\"open|filtered\"", "\"open closed\"", "\"state\""},
	    {1, "\"open|filtered\"", "\"\"", "\"state\""},
	    {1, "0123456789abcdef0", "0123456789ABCDEF0", "32 lower-case"},
	    {1, "00.000Z", "00.000+01:00", "\"ts\""},
	    {1, "00.000Z", "00Z", "\"ts\""},
	    {1, "\"v\":1", "\"v\":2", "\"v\""},
	    {0, "\"syn\"", "\"sctp\"", "syn connect"},
	    {0, "\"silent_as\":\"\"", "\"silent_as\":\"x\"", "silent_as"},
	    {0, "[\"open\",", "[\"opened\",", "\"states\""},
	    {0, "\"ips\":[\"198", "\"ips\":[1,\"198", "names.0.ips"},
	    {0, "[\"198.18.0.0/30\"]", "{}", "\"targets\""},
	    {0, "\"lab\"", "\"\"", "\"network\""},
	    {2, "[[0,2]]", "[[2,0]]", "passes.0.intervals"},
	    {2, "[[0,2]]", "[[0,2,3]]", "passes.0.intervals"},
	    {2, "[[0,2]]", "[0,2]", "passes.0.intervals"},
	    {2, "\"errno\"", "\"errmo\"", "send_errors.0.errno"},
	    {2, "\"unreachable\":0", "\"unreachable\":-1",
		"counts.unreachable"},
	    {2, "\"seen\":true", "\"seen\":1", "canaries.0.seen"},
	    {2, "\"loss_ppm\":-1", "\"loss_ppm\":-2", "loss_ppm"},
	    {4, "[22,80]", "[22,80000]", "\"ports\""},
	    {4, "false", "null", "\"gated\""}};
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	char text[2000];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *s = good[rows[i].row];
		const char *at = strstr(s, rows[i].from);

		ck_assert_ptr_nonnull(at);
		(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - s),
		    s, rows[i].to, at + strlen(rows[i].from));
		ck_ok(mipo_rec_parse(text, strlen(text), &rec, &err));
		ck_assert_msg(mipo_rec_check(rec, &err) == -1 &&
			err.code == MIPO_E_INPUT &&
			strstr(err.text, rows[i].says) != NULL,
		    "row %zu (%s): %s", i, rows[i].to, err.text);
		mipo_err_clear(&err);
		mipo_rec_free(rec);
	}
}
END_TEST

static void
check_fields(const struct mipo_field *f)
{
	for (; f->name != NULL; f++) {
		size_t len = strlen(f->text);

		ck_assert_msg(len > 5 && f->text[len - 1] == '.' &&
			f->text[0] >= 'A' && f->text[0] <= 'Z',
		    "%s: \"%s\" is no sentence", f->name, f->text);
		if (f->ftype == MIPO_F_ENUM)
			ck_assert_ptr_nonnull(f->values);
		if (f->ftype == MIPO_F_INT || f->ftype == MIPO_F_INTS)
			ck_assert_int_gt(f->max, f->min - (f->max == 1));
		if (f->ftype == MIPO_F_HEX)
			ck_assert_int_gt(f->max, 0);
		if (f->sub != NULL)
			check_fields(f->sub);
	}
}

START_TEST(schema_table_is_whole)
{
	check_fields(mipo_common_fields);
	for (const struct mipo_type *t = mipo_types; t->name != NULL; t++) {
		ck_assert_uint_gt(strlen(t->text), 10);
		check_fields(t->fields);
		if (t->name[strlen(t->name) - 1] != '.')
			ck_assert_ptr_eq(mipo_type_find(t->name), t);
	}
	ck_assert_ptr_nonnull(mipo_type_find("note.a"));
	ck_assert_ptr_null(mipo_type_find("note."));
	ck_assert_ptr_null(mipo_type_find("note"));
	ck_assert_ptr_null(mipo_type_find("obs.x"));
	ck_assert_ptr_null(mipo_type_find(""));
}
END_TEST

UNIT_MAIN("schema", schema_takes_good_records,
    schema_misses_each_required_field, schema_refuses_by_field,
    schema_table_is_whole);
