#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "kit/cli-parse.h"

/* The first of formats, which is the one for people; kept in parse. */
static const char *
first_format(struct mipo_cli_parse *parse, const char *formats)
{
	const char *first;
	size_t len = mipo_cli_next_choice(&formats, &first);

	if (len >= sizeof(parse->format))
		len = sizeof(parse->format) - 1;
	memcpy(parse->format, first, len);
	parse->format[len] = '\0';
	return parse->format;
}

/* "table" is the form for people, however a program calls its own. */
static int
from_environment(struct mipo_cli_parse *parse, const char *formats,
    const char *env, const char **ret_format, struct mipo_err *err)
{
	if (mipo_cli_is_choice(formats, env))
		*ret_format = env;
	else if (strcmp(env, "table") == 0)
		*ret_format = first_format(parse, formats);
	else
		return mipo_err_set(err, MIPO_E_USAGE,
		    "MIPO_FORMAT: \"%s\" is none of %s", env, formats);
	return 0;
}

static int
settle_format(struct mipo_cli_parse *parse, struct mipo_common *common,
    struct mipo_err *err)
{
	const char *formats = mipo_cli_formats(parse->cli, parse->sub);
	const char *env = getenv("MIPO_FORMAT");
	bool people = isatty(STDOUT_FILENO) &&
	    (common->output == NULL || strcmp(common->output, "-") == 0);

	if (formats == NULL)
		return 0;
	if (parse->own.json && common->format != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--json and --format contradict each other");
	if (parse->own.json)
		common->format = "ndjson";
	if (common->format != NULL)
		return 0;
	if (env != NULL && *env != '\0')
		return from_environment(
		    parse, formats, env, &common->format, err);
	if (people || !mipo_cli_is_choice(formats, "ndjson"))
		common->format = first_format(parse, formats);
	else
		common->format = "ndjson";
	return 0;
}

int
mipo_cli_settle(struct mipo_cli_parse *parse, struct mipo_common *common,
    struct mipo_err *err)
{
	const char *env = getenv("MIPO_STATE");

	if (common->system && common->state != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--state and --system contradict each other");
	if (common->quiet && common->verbose)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--quiet and --verbose contradict each other");
	if (parse->cli->has_state && common->state == NULL &&
	    !common->system && env != NULL && *env != '\0')
		common->state = env;
	if (common->state != NULL && *common->state == '\0')
		return mipo_err_set(
		    err, MIPO_E_USAGE, "--state: the path is empty");
	return settle_format(parse, common, err);
}
