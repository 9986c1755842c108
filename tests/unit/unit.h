/* What every unit test starts with: a suite of one case, run in-process. */
#ifndef MIPO_TESTS_UNIT_H
#define MIPO_TESTS_UNIT_H

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"

/*
 * check notes the line of each assertion that held by a system call, which
 * is most of the time of a loop over a million of them.
 */
#define _mark_point(file, line) ((void)0)

/*
 * A directory for the files of this program's tests: in memory, where there
 * is such a place, since some sync a lot. Removed at the end, whatever the
 * tests left in it.
 */
__attribute__((unused)) static char unit_dir[32];

static inline void
unit_dir_make(void)
{
	(void)snprintf(unit_dir, sizeof(unit_dir), "%s/mipo-unit-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(unit_dir) == NULL) {
		perror(unit_dir);
		exit(EXIT_FAILURE);
	}
}

static inline int
unit_remove_one(
    const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* Removes a directory with all in it. Returns 0 or -1. */
static inline int
unit_remove(const char *dir)
{
	return nftw(dir, unit_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* UNIT_MAIN("base", test_a, test_b): a main that runs the given tests. */
#define UNIT_MAIN(name, ...)                                            \
	int main(void)                                                  \
	{                                                               \
		const TTest *const tests[] = {__VA_ARGS__};             \
		Suite *suite = suite_create(name);                      \
		TCase *tcase = tcase_create(name);                      \
		SRunner *runner;                                        \
		int failed;                                             \
                                                                        \
		tcase_set_timeout(tcase, 300);                          \
		for (size_t i = 0; i < sizeof(tests) / sizeof(*tests);  \
		     i++)                                               \
			tcase_add_test(tcase, tests[i]);                \
		suite_add_tcase(suite, tcase);                          \
		runner = srunner_create(suite);                         \
		unit_dir_make();                                        \
		srunner_run_all(runner, CK_ENV);                        \
		(void)unit_remove(unit_dir);                            \
		failed = srunner_ntests_failed(runner);                 \
		srunner_free(runner);                                   \
		return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;       \
	}                                                               \
	int main(void)

/* The call must succeed; its error text is shown where it does not. */
#define ck_ok(call)                                                     \
	do {                                                            \
		int ck_r = (call);                                      \
		ck_assert_msg(ck_r == 0, #call ": %s", err.text);       \
	} while (0)

/* The call must fail with this code. Clears err. */
#define ck_fails(call, want)                                            \
	do {                                                            \
		int ck_r = (call);                                      \
		ck_assert_msg(ck_r == -1 && err.code == (want),         \
		    #call ": %d code %d: %s", ck_r, (int)err.code,      \
		    err.text);                                          \
		mipo_err_clear(&err);                                   \
	} while (0)

#endif
