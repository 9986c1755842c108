/* What every unit test starts with: a suite of one case, run in-process. */
#ifndef MIPO_TESTS_UNIT_H
#define MIPO_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

#include "base/err.h"

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
		srunner_run_all(runner, CK_ENV);                        \
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
