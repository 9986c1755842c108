/* Configurations: what we took for whole, libConfuse must read as we do. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "kit/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_profile(const struct mipo_conf_profile *p)
{
	if (p->targets == NULL || p->targets[0] == NULL || p->at.line == 0 ||
	    (p->ports != NULL && p->top != NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_err err = {0};
	struct mipo_conf *conf;

	if (mipo_conf_parse("f", (const char *)data, size, &conf, &err) != 0) {
		if (err.code == MIPO_E_INTERNAL || err.text[0] == '\0')
			abort();
		if (err.code == MIPO_E_USAGE && strncmp(err.text, "f:", 2) != 0)
			abort(); /* no line */
		return 0;
	}
	for (size_t i = 0; mipo_conf_profiles(conf)[i] != NULL; i++)
		check_profile(mipo_conf_profiles(conf)[i]);
	for (size_t i = 0; mipo_conf_channels(conf)[i] != NULL; i++)
		if (mipo_conf_channels(conf)[i]->command[0] == NULL)
			abort();
	mipo_conf_free(conf);
	return 0;
}
