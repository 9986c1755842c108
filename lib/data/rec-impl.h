/* Inside of a record, for the rec-*.c files alone. */
#ifndef MIPO_DATA_REC_IMPL_H
#define MIPO_DATA_REC_IMPL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct mipo_rec {
	json_t *root; /* an object, ours alone */
	struct mipo_err bad; /* the first write that was not kept */
};

/* A record around root, whose reference it takes, also on failure. */
struct mipo_rec *mipo_rec_wrap_take(json_t *root, struct mipo_err *err);

/* Our allocator in the JSON library. */
void mipo_rec_hooks(void);

/* The JSON value in text, duplicate keys refused. The caller's reference. */
int mipo_rec_load(const char *text, size_t len, json_t **ret_root,
    struct mipo_err *err);

/* What a key is made of: 2 [a-z], 1 [0-9_] (not first), 0 neither. */
extern const unsigned char mipo_rec_key_byte[256];

/* Whether key is [a-z][a-z0-9_]{0,63}. */
bool mipo_rec_key_ok(const char *key, size_t len);

#endif
