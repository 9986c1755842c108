#include "net/names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct mipo_names {
	struct mipo_name *list;
	size_t n, cap;
	bool sorted; /* and each there once */
};

struct mipo_names *
mipo_names_new(struct mipo_err *err)
{
	return mipo_calloc(1, sizeof(struct mipo_names), err);
}

void
mipo_names_free(struct mipo_names *names)
{
	if (names == NULL)
		return;
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i].text);
	free(names->list);
	free(names);
}

int
mipo_names_add(struct mipo_names *names, const struct mipo_addr *addr,
    const char *name, struct mipo_err *err)
{
	void *list = names->list;
	size_t len = strlen(name);
	char *text;

	if (mipo_grow(&list, &names->cap, names->n + 1, sizeof(*names->list),
		err) != 0)
		return -1;
	names->list = list;
	text = mipo_memdup(
	    name, len - (len > 0 && name[len - 1] == '.'), err);
	if (text == NULL)
		return -1;
	for (char *c = text; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	names->list[names->n++] = (struct mipo_name){*addr, text};
	names->sorted = false;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct mipo_name *x = a, *y = b;
	int by_addr = mipo_addr_cmp(&x->addr, &y->addr);

	return by_addr != 0 ? by_addr : strcmp(x->text, y->text);
}

static void
sort(struct mipo_names *names)
{
	size_t kept = 0;

	if (names->n > 0)
		qsort(names->list, names->n, sizeof(*names->list), compare);
	for (size_t i = 0; i < names->n; i++) {
		if (kept > 0 && compare(&names->list[kept - 1],
				    &names->list[i]) == 0)
			free(names->list[i].text);
		else
			names->list[kept++] = names->list[i];
	}
	names->n = kept;
	names->sorted = true;
}

const struct mipo_name *
mipo_names_first(struct mipo_names *names, const struct mipo_addr *addr)
{
	size_t low = 0, high;

	if (names == NULL)
		return NULL;
	if (!names->sorted)
		sort(names);
	high = names->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mipo_addr_cmp(&names->list[middle].addr, addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < names->n &&
		mipo_addr_cmp(&names->list[low].addr, addr) == 0
	    ? &names->list[low]
	    : NULL;
}

const struct mipo_name *
mipo_names_next(const struct mipo_names *names, const struct mipo_name *name)
{
	const struct mipo_name *next = name + 1;

	return next < names->list + names->n &&
		mipo_addr_cmp(&next->addr, &name->addr) == 0
	    ? next
	    : NULL;
}
