#include "store/sides.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/db.h"
#include "store/inside.h"
#include "trust/hash.h"

#define ACTOR_MAX 2048 /* an entry's actor comes first, and is shorter */
#define BEFORE	  "\",\"side\":\""

struct mipo_sides {
	struct mipo_db *db;
	struct mipo_q *find;
	uint8_t last[MIPO_HASH_LEN]; /* one commit's entries name the same */
	bool has_last;
	struct mipo_sidefacts facts;
};

int
mipo_sides_new(struct mipo_state *state, struct mipo_sides **ret_sides,
    struct mipo_err *err)
{
	struct mipo_sides *sides = mipo_calloc(1, sizeof(*sides), err);

	if (sides == NULL)
		return -1;
	sides->db = mipo_state_db(state);
	if (mipo_q_new(sides->db, "SELECT 1 FROM side WHERE digest=?1",
		&sides->find, err) != 0) {
		free(sides);
		return -1;
	}
	*ret_sides = sides;
	return 0;
}

void
mipo_sides_free(struct mipo_sides *sides)
{
	if (sides == NULL)
		return;
	mipo_q_done(sides->find);
	free(sides);
}

/* In canonical text an unescaped quote ends the text before it. */
static bool
find_side(const void *body, size_t len, uint8_t ret_digest[MIPO_HASH_LEN])
{
	char hex[2 * MIPO_HASH_LEN + 1];
	const char *at, *end = (const char *)body + len;

	at = memmem(body, len < ACTOR_MAX ? len : ACTOR_MAX, BEFORE,
	    strlen(BEFORE));
	if (at == NULL)
		return false;
	at += strlen(BEFORE);
	if ((size_t)(end - at) < sizeof(hex))
		return false;
	memcpy(hex, at, sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	return mipo_text_unhex(hex, ret_digest, MIPO_HASH_LEN, NULL) == 0;
}

int
mipo_sides_entry(struct mipo_sides *sides, const void *body, size_t len,
    struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];
	int r;

	if (!find_side(body, len, digest) ||
	    (sides->has_last &&
		memcmp(digest, sides->last, sizeof(digest)) == 0))
		return 0;
	sides->has_last = true;
	memcpy(sides->last, digest, sizeof(digest));
	mipo_q_again(sides->find);
	mipo_q_blob(sides->find, 1, digest, sizeof(digest));
	r = mipo_q_step(sides->find, err);
	mipo_q_again(sides->find);
	sides->facts.named++;
	sides->facts.forgotten += r == 0;
	return r < 0 ? -1 : 0;
}

static void
check_row(struct mipo_sides *sides, struct mipo_q *q)
{
	struct mipo_sidefacts *facts = &sides->facts;
	size_t key_len, len;
	const void *key = mipo_q_col_blob(q, 0, &key_len);
	const void *body = mipo_q_col_blob(q, 1, &len);
	uint8_t digest[MIPO_HASH_LEN];

	facts->rows++;
	mipo_hash(body, len, digest);
	if (key_len == sizeof(digest) &&
	    memcmp(key, digest, sizeof(digest)) == 0)
		return;
	if (facts->wrong++ == 0)
		mipo_text_hex(key,
		    key_len < sizeof(digest) ? key_len : sizeof(digest),
		    facts->first_wrong);
}

int
mipo_sides_finish(struct mipo_sides *sides, struct mipo_sidefacts *ret_facts,
    struct mipo_err *err)
{
	uint64_t there = sides->facts.named - sides->facts.forgotten;
	struct mipo_q *q;
	int r;

	if (mipo_q_new(sides->db, "SELECT digest, body FROM side", &q, err) !=
	    0)
		return -1;
	while ((r = mipo_q_step(q, err)) > 0)
		check_row(sides, q);
	mipo_q_done(q);
	if (r != 0)
		return -1;
	if (sides->facts.rows > there)
		sides->facts.spare = sides->facts.rows - there;
	*ret_facts = sides->facts;
	return 0;
}
