/* What every fuzz target starts with. A broken promise stops the process. */
#ifndef MIPO_TESTS_FUZZ_H
#define MIPO_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* The input as the target gets it: size bytes at data, no NUL after them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define must(condition)                                                 \
	do {                                                            \
		if (!(condition)) {                                     \
			fprintf(stderr, "%s:%d: ERROR: not so: %s\n",   \
			    __FILE__, __LINE__, #condition);            \
			abort();                                        \
		}                                                       \
	} while (0)

/* A copy of the input with a NUL behind it; the caller frees it. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	must(s != NULL);
	if (size > 0)
		memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

#endif
