#include "out/export.h"

#include <string.h>

const struct mipo_exporter *const mipo_exporters[] = {
    &mipo_export_csv,
    &mipo_export_ndjson,
    &mipo_export_report,
    NULL,
};

const struct mipo_exporter *
mipo_exporter_find(const char *name)
{
	for (size_t i = 0; mipo_exporters[i] != NULL; i++)
		if (strcmp(mipo_exporters[i]->name, name) == 0)
			return mipo_exporters[i];
	return NULL;
}

int
mipo_sink_feed(const struct mipo_sink *sink, const struct mipo_item *item,
    struct mipo_err *err)
{
	return sink->feed(sink->self, item, err);
}

int
mipo_sink_done(
    const struct mipo_sink *sink, const char *why_partial, struct mipo_err *err)
{
	return sink->done(sink->self, why_partial, err);
}

void
mipo_sink_free(struct mipo_sink *sink)
{
	if (sink->free != NULL)
		sink->free(sink->self);
	memset(sink, 0, sizeof(*sink));
}
