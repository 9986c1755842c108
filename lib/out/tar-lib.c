#include "out/tar-lib.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"

#define SONAME "libarchive.so.13"

static struct mipo_tar_lib lib;

/*
 * Not linked, because it brings XML, ICU and five compressors along, which
 * would cost every start of every program milliseconds.
 */
const struct mipo_tar_lib *
mipo_tar_lib(struct mipo_err *err)
{
	static bool loaded;
	void *handle;
	bool all = true;

	if (loaded)
		return &lib;
	handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		mipo_err_set(err, MIPO_E_NOTFOUND,
		    "%s (apt-get install libarchive13)", dlerror());
		return NULL;
	}
#define LOAD(name)                                                      \
	lib.name = (__typeof__(&name))dlsym(handle, #name);             \
	all = all && lib.name != NULL;
	MIPO_TAR_FUNCTIONS(LOAD)
	if (!all) {
		mipo_err_set(err, MIPO_E_INTERNAL,
		    SONAME " lacks a function that it has had since 3.6");
		(void)dlclose(handle);
		return NULL;
	}
	loaded = true;
	return &lib;
}
