#include "out/channel.h"

#include <string.h>

const struct mipo_channel_kind *const mipo_channel_kinds[] = {
	&mipo_channel_exec,
	NULL,
};

const struct mipo_channel_kind *
mipo_channel_kind_find(const char *name)
{
	for (size_t i = 0; mipo_channel_kinds[i] != NULL; i++)
		if (strcmp(mipo_channel_kinds[i]->name, name) == 0)
			return mipo_channel_kinds[i];
	return NULL;
}
