#include "data/rec-impl.h"

#include "base/mem.h"

/*
 * Jansson 2.14 reads on when the buffer for a string cannot grow, and then
 * writes past its end (lex_save does not look at strbuffer_append's answer).
 * While it loads, a failed allocation is therefore made good once more, and
 * the load fails afterwards; without any memory at all the process stops.
 * A deep copy loses the members that it found no memory for, and reports
 * success: there, too, what ran out is asked for itself.
 */
static _Thread_local struct {
	bool on, ran_out;
} load;

static void *
take(size_t size)
{
	void *p = mipo_malloc_hook(size);

	if (p != NULL)
		return p;
	load.ran_out = true;
	return load.on ? mipo_malloc_sure(size) : NULL;
}

void
mipo_rec_hooks(void)
{
	json_set_alloc_funcs(take, mipo_free_hook);
}

int
mipo_rec_load(const char *text, size_t len, json_t **ret_root,
    struct mipo_err *err)
{
	json_error_t why;
	json_t *root;

	load.on = true;
	load.ran_out = false;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	load.on = false;
	if (load.ran_out) {
		json_decref(root);
		return mipo_err_nomem(err);
	}
	if (root == NULL)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "not a record: %s (byte %d)", why.text, why.position);
	*ret_root = root;
	return 0;
}

struct mipo_rec *
mipo_rec_copy(json_t *value, struct mipo_err *err)
{
	json_t *copy;

	load.ran_out = false;
	copy = json_deep_copy(value);
	if (load.ran_out) {
		json_decref(copy);
		copy = NULL;
	}
	return mipo_rec_wrap_take(copy, err);
}
