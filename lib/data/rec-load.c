#include "data/rec-impl.h"

#include "base/mem.h"

/*
 * Jansson 2.14 reads on when the buffer for a string cannot grow, and then
 * writes past its end (lex_save does not look at strbuffer_append's answer).
 * While it loads, a failed allocation is therefore made good once more, and
 * the load fails afterwards; without any memory at all the process stops.
 */
static _Thread_local struct {
	bool on, ran_out;
} load;

static void *
take(size_t size)
{
	void *p = mipo_malloc_hook(size);

	if (p != NULL || !load.on)
		return p;
	load.ran_out = true;
	return mipo_malloc_sure(size);
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
