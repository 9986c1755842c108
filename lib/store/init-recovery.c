#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/init.h"

/* Also where the state is still to be made. */
static bool
says_inside(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0');
}

/* Whether the directory that path lies in is dir or below it. */
static bool
lies_inside(const char *path, const char *dir)
{
	char *copy = mipo_strdup(path, NULL), *slash, *real, *base;
	bool inside = true; /* where in doubt, refuse */

	if (copy == NULL)
		return true;
	slash = strrchr(copy, '/');
	if (slash != NULL)
		slash[slash == copy] = '\0';
	real = realpath(slash == NULL ? "." : copy, NULL);
	base = realpath(dir, NULL);
	if (base == NULL)
		inside = false; /* then nothing can lie in it */
	else if (real != NULL)
		inside = says_inside(real, base);
	free(base);
	free(real);
	free(copy);
	return inside;
}

static int
put_pub(const char *path, const struct mipo_pub *pub, struct mipo_err *err)
{
	struct mipo_buf text, name;
	const char *file;
	int r = -1;

	mipo_buf_init(&text, 1024);
	mipo_buf_init(&name, 8192);
	mipo_buf_putf(&name, "%s.pub", path);
	mipo_pub_minisign(pub, &text);
	file = mipo_buf_str(&name, err);
	if (file != NULL && mipo_buf_ok(&text, err) == 0)
		r = mipo_file_put(file, 0644, 1, text.data, text.len, err);
	mipo_buf_release(&text);
	mipo_buf_release(&name);
	return r;
}

int
mipo_init_recovery(const char *path, const char *state_path,
    struct mipo_pub *ret_pub, struct mipo_err *err)
{
	struct mipo_key *key;
	int r;

	if (says_inside(path, state_path) || lies_inside(path, state_path))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s lies inside the state: the recovery key is to be "
		    "kept elsewhere", path);
	key = mipo_key_new(err);
	if (key == NULL)
		return -1;
	r = mipo_key_save(key, path, "mipo recovery", err);
	if (r == 0) {
		r = put_pub(path, mipo_key_pub(key), err);
		if (r != 0)
			(void)unlink(path); /* it is nobody's key */
	}
	if (r == 0)
		*ret_pub = *mipo_key_pub(key);
	mipo_key_free(key);
	return r;
}
