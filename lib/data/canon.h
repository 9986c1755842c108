/* Canonical text read in place: no memory, no copy, no JSON library. */
#ifndef MIPO_DATA_CANON_H
#define MIPO_DATA_CANON_H

#include <stdbool.h>
#include <stddef.h>

/* One member of a canonical object; points into the text. */
struct mipo_member {
	const char *key;
	size_t key_len;
	const char *value; /* raw: strings with quotes and escapes */
	size_t len;
	const char *inner; /* of a value that is an object: see below */
	size_t inner_len;
};

/*
 * The first room top-level members in byte order, *ret_n of them, and of
 * each that is an object the raw value of its own member inner (NULL where
 * it has none; inner "" asks for none). False when text is not byte for
 * byte canonical (mipo_rec_is_canon).
 */
bool mipo_canon_members(const char *text, size_t len, const char *inner,
    struct mipo_member *member, size_t room, size_t *ret_n);

/*
 * For canonical text: the raw bytes of the value of a top-level key, inside
 * text. False when text is not canonical or has no such key. No memory.
 */
bool mipo_canon_find(const char *text, size_t len, const char *key,
    const char **ret_value, size_t *ret_len);

#endif
