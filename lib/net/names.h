/* Which names addresses were given by: what TLS is then asked for. */
#ifndef MIPO_NET_NAMES_H
#define MIPO_NET_NAMES_H

#include <stddef.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_names;

struct mipo_name {
	struct mipo_addr addr;
	char *text; /* in lower case, without a dot at its end */
};

struct mipo_names *mipo_names_new(struct mipo_err *err);
void mipo_names_free(struct mipo_names *names);

/* A copy; of equal ones (case is none) one is kept. */
int mipo_names_add(struct mipo_names *names, const struct mipo_addr *addr,
    const char *name, struct mipo_err *err);

/*
 * The first name of addr in the alphabet, and the one behind name; NULL
 * where there is none. They stay until one is added. names may be NULL.
 */
const struct mipo_name *mipo_names_first(
    struct mipo_names *names, const struct mipo_addr *addr);
const struct mipo_name *mipo_names_next(
    const struct mipo_names *names, const struct mipo_name *name);

#endif
