#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static _Thread_local unsigned long count;
static _Thread_local unsigned long fail_at;

static bool
must_fail(void)
{
	return ++count == fail_at;
}

void *
mipo_calloc(size_t n, size_t size, struct mipo_err *err)
{
	void *p = NULL;

	if (n * size == 0)
		n = size = 1;
	if (!must_fail())
		p = calloc(n, size);
	if (p == NULL)
		mipo_err_nomem(err);
	return p;
}

void *
mipo_reallocarray(void *old, size_t n, size_t size, struct mipo_err *err)
{
	void *p = NULL;

	if (n == 0 || size == 0)
		n = size = 1;
	if (n <= SIZE_MAX / size && !must_fail())
		p = realloc(old, n * size);
	if (p == NULL)
		mipo_err_nomem(err);
	return p;
}

char *
mipo_memdup(const void *src, size_t len, struct mipo_err *err)
{
	char *p;

	if (len == SIZE_MAX) {
		mipo_err_nomem(err);
		return NULL;
	}
	p = mipo_reallocarray(NULL, len + 1, 1, err);
	if (p == NULL)
		return NULL;
	if (len > 0)
		memcpy(p, src, len);
	p[len] = '\0';
	return p;
}

char *
mipo_strdup(const char *s, struct mipo_err *err)
{
	return mipo_memdup(s, strlen(s), err);
}

void *
mipo_malloc_hook(size_t size)
{
	return must_fail() ? NULL : malloc(size == 0 ? 1 : size);
}

void *
mipo_malloc_sure(size_t size)
{
	void *p = malloc(size == 0 ? 1 : size);

	if (p == NULL)
		abort();
	return p;
}

void
mipo_free_hook(void *p)
{
	free(p);
}

int
mipo_grow(
    void **items, size_t *cap, size_t need, size_t size, struct mipo_err *err)
{
	size_t n = *cap < 8 ? 8 : *cap;
	void *p;

	if (need <= *cap)
		return 0;
	while (n < need) {
		if (n > SIZE_MAX / 2)
			return mipo_err_nomem(err);
		n *= 2;
	}
	p = mipo_reallocarray(*items, n, size, err);
	if (p == NULL)
		return -1;
	*items = p;
	*cap = n;
	return 0;
}

void
mipo_mem_fail_at(unsigned long n)
{
	count = 0;
	fail_at = n;
}

unsigned long
mipo_mem_count(void)
{
	return count;
}
