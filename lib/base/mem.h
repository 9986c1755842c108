/*
 * Memory. Every allocation of the library goes through here, so that a test
 * can make the nth one fail.
 */
#ifndef MIPO_BASE_MEM_H
#define MIPO_BASE_MEM_H

#include <stddef.h>

struct mipo_err;

/*
 * n zeroed elements of size bytes; NULL and an error on overflow or when
 * memory is out. n * size of 0 gives a unique pointer. free() releases.
 */
void *mipo_calloc(size_t n, size_t size, struct mipo_err *err);

/* As realloc for n elements of size bytes; on failure p stays valid. */
void *mipo_reallocarray(
    void *p, size_t n, size_t size, struct mipo_err *err);

/* A copy of len bytes plus a terminating NUL. */
char *mipo_memdup(const void *p, size_t len, struct mipo_err *err);

/* A copy of the string s. */
char *mipo_strdup(const char *s, struct mipo_err *err);

/* malloc and free without an error text, for libraries that take hooks. */
void *mipo_malloc_hook(size_t size);
void mipo_free_hook(void *p);

/*
 * malloc that no test makes fail, and that stops the process where there is
 * no memory: for a library that would write past the end of a block that it
 * did not get.
 */
void *mipo_malloc_sure(size_t size);

/*
 * Grows *items (elements of size bytes) so that it holds at least need of
 * them, doubling *cap. Returns 0 or -1; *items is untouched on failure.
 */
int mipo_grow(void **items, size_t *cap, size_t need, size_t size,
    struct mipo_err *err);

/*
 * For tests: the nth allocation from now fails, once (0: none does).
 * mipo_mem_count gives the number of allocations since the last call.
 */
void mipo_mem_fail_at(unsigned long n);
unsigned long mipo_mem_count(void);

#endif
