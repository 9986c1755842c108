/* Names of addresses: each once, in order, however they were written. */
#include "unit.h"

#include <stdio.h>

#include "net/names.h"

static struct mipo_err err;

static struct mipo_addr
at(const char *text)
{
	struct mipo_addr addr;

	ck_ok(mipo_addr_parse(text, &addr, &err));
	return addr;
}

static void
adds(struct mipo_names *names, const char *text, const char *name)
{
	struct mipo_addr addr = at(text);

	ck_ok(mipo_names_add(names, &addr, name, &err));
}

static void
has(struct mipo_names *names, const char *text, const char *const *want)
{
	struct mipo_addr addr = at(text);
	const struct mipo_name *name = mipo_names_first(names, &addr);

	for (; *want != NULL; want++) {
		ck_assert_ptr_nonnull(name);
		ck_assert_str_eq(name->text, *want);
		name = mipo_names_next(names, name);
	}
	ck_assert_ptr_null(name);
}

START_TEST(each_once_and_in_order)
{
	struct mipo_names *names = mipo_names_new(&err);
	char text[32];

	has(names, "192.0.2.1", (const char *[]){NULL});
	adds(names, "192.0.2.2", "b.Test.");
	adds(names, "192.0.2.2", "a.test");
	adds(names, "2001:db8::2", "a.test");
	adds(names, "192.0.2.2", "B.test");
	has(names, "192.0.2.2", (const char *[]){"a.test", "b.test", NULL});
	has(names, "192.0.2.1", (const char *[]){NULL});
	has(names, "192.0.2.3", (const char *[]){NULL});
	adds(names, "192.0.2.1", "c");
	has(names, "192.0.2.1", (const char *[]){"c", NULL});
	has(names, "2001:db8::2", (const char *[]){"a.test", NULL});
	for (int i = 0; i < 200; i++) {
		(void)snprintf(text, sizeof(text), "198.18.0.%d", 199 - i);
		adds(names, text, "x");
	}
	has(names, "198.18.0.0", (const char *[]){"x", NULL});
	has(names, "198.18.0.199", (const char *[]){"x", NULL});
	mipo_names_free(names);
	mipo_names_free(NULL);
	ck_assert_ptr_null(mipo_names_first(NULL, &(struct mipo_addr){0}));
}
END_TEST

UNIT_MAIN("names", each_once_and_in_order);
