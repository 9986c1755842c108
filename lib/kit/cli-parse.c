#include "kit/cli-parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#define COMMON(field) offsetof(struct mipo_common, field)
#define OWN(field)    offsetof(struct mipo_cli_own, field)

const struct mipo_opt mipo_cli_common_rows[] = {
    {.name = "format", .kind = MIPO_OPT_CHOICE, .offset = COMMON(format),
	.arg = "FORMAT", .help = "form of the result"},
    {.name = "output", .letter = 'o', .kind = MIPO_OPT_STR,
	.offset = COMMON(output), .arg = "FILE",
	.help = "write the result to FILE, whole or not at all"},
    {.name = "state", .kind = MIPO_OPT_STR, .offset = COMMON(state),
	.arg = "DIR", .help = "the state to use, instead of MIPO_STATE"},
    {.name = "system", .kind = MIPO_OPT_FLAG, .offset = COMMON(system),
	.help = "use the state of the system, /var/lib/mipo"},
    {.name = "now", .kind = MIPO_OPT_STR, .offset = COMMON(now),
	.arg = "TIME", .help = "take TIME (RFC 3339) for the present"},
    {.name = "quiet", .letter = 'q', .kind = MIPO_OPT_FLAG,
	.offset = COMMON(quiet), .help = "say only errors and warnings"},
    {.name = "verbose", .letter = 'v', .kind = MIPO_OPT_FLAG,
	.offset = COMMON(verbose), .help = "say more"},
    {.name = NULL}};

const struct mipo_opt mipo_cli_own_rows[] = {
    {.name = "json", .kind = MIPO_OPT_FLAG, .offset = OWN(json),
	.help = "short for --format=ndjson"},
    {.name = "help", .letter = 'h', .kind = MIPO_OPT_FLAG,
	.offset = OWN(help), .help = "show this and exit"},
    {.name = "version", .letter = 'V', .kind = MIPO_OPT_FLAG,
	.offset = OWN(version), .help = "show version and features, exit"},
    {.name = "completion", .kind = MIPO_OPT_CHOICE,
	.offset = OWN(completion), .arg = "SHELL",
	.choices = "bash|zsh|fish", .help = "write SHELL's completion, exit"},
    {.name = NULL}};

const char *
mipo_cli_formats(const struct mipo_cli *cli, const struct mipo_sub *sub)
{
	const char *formats =
	    sub != NULL && sub->formats != NULL ? sub->formats : cli->formats;

	return formats != NULL && *formats != '\0' ? formats : NULL;
}

size_t
mipo_cli_next_choice(const char **choices, const char **ret_word)
{
	size_t len = strcspn(*choices, "|");

	*ret_word = *choices;
	*choices += len + ((*choices)[len] == '|');
	return len;
}

bool
mipo_cli_is_choice(const char *choices, const char *word)
{
	const char *one;
	size_t len;

	while ((len = mipo_cli_next_choice(&choices, &one)) > 0)
		if (strlen(word) == len && memcmp(word, one, len) == 0)
			return true;
	return false;
}

bool
mipo_cli_applies(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row)
{
	const char *formats = mipo_cli_formats(cli, sub);

	if (strcmp(row->name, "format") == 0)
		return formats != NULL;
	if (strcmp(row->name, "json") == 0)
		return formats != NULL && mipo_cli_is_choice(formats, "ndjson");
	if (strcmp(row->name, "state") == 0 || strcmp(row->name, "system") == 0)
		return cli->has_state;
	return true;
}

const char *
mipo_cli_choices(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row)
{
	if (row->kind != MIPO_OPT_CHOICE)
		return NULL;
	return row->choices != NULL ? row->choices : mipo_cli_formats(cli, sub);
}

/* What one option on the command line was found to be. */
struct found {
	struct mipo_cli_group *group;
	const struct mipo_opt *row;
};

static bool
find(struct mipo_cli_parse *parse, const char *name, size_t len, char letter,
    struct found *ret)
{
	for (int g = 0; g < MIPO_CLI_GROUPS; g++) {
		struct mipo_cli_group *group = &parse->groups[g];
		const struct mipo_opt *row = group->rows;

		for (; row != NULL && row->name != NULL; row++) {
			bool is = name == NULL ? row->letter == letter
					       : strlen(row->name) == len &&
				memcmp(row->name, name, len) == 0;

			if (!is || !mipo_cli_applies(
				       parse->cli, parse->sub, row))
				continue;
			ret->group = group;
			ret->row = row;
			return true;
		}
	}
	return false;
}

static int
unknown(struct mipo_cli_parse *parse, const char *name, size_t len,
    struct mipo_err *err)
{
	const char *names[MIPO_CLI_GROUPS * MIPO_CLI_ROWS + 1];
	const char *near;
	char word[64];
	size_t n = 0;

	for (int g = 0; g < MIPO_CLI_GROUPS; g++) {
		const struct mipo_opt *row = parse->groups[g].rows;

		for (; row != NULL && row->name != NULL; row++)
			if (mipo_cli_applies(parse->cli, parse->sub, row))
				names[n++] = row->name;
	}
	names[n] = NULL;
	if (len >= sizeof(word))
		len = sizeof(word) - 1;
	memcpy(word, name, len);
	word[len] = '\0';
	near = mipo_text_nearest(word, names);
	if (near == NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "unknown option --%s; see --help", word);
	return mipo_err_set(err, MIPO_E_USAGE,
	    "unknown option --%s; did you mean --%s?", word, near);
}

static int
put_choice(struct mipo_cli_parse *parse, const struct mipo_opt *row,
    const char *value, struct mipo_err *err)
{
	const char *choices = mipo_cli_choices(parse->cli, parse->sub, row);

	if (choices == NULL || mipo_cli_is_choice(choices, value))
		return 0;
	return mipo_err_set(err, MIPO_E_USAGE,
	    "--%s: \"%s\" is none of %s", row->name, value, choices);
}

static int
put_list(struct mipo_list *list, const char *value, struct mipo_err *err)
{
	const char **items = mipo_reallocarray(
	    (void *)list->items, list->n + 1, sizeof(*items), err);

	if (items == NULL)
		return -1;
	items[list->n++] = value;
	list->items = items;
	return 0;
}

/* value: NULL for flags and for an optional argument that is absent. */
static int
put(struct mipo_cli_parse *parse, const struct mipo_opt *row, void *place,
    const char *value, struct mipo_err *err)
{
	uint64_t max = row->max == 0 ? UINT64_MAX : row->max;
	int r = 0;

	switch (row->kind) {
	case MIPO_OPT_FLAG:
		*(bool *)place = true;
		return 0;
	case MIPO_OPT_CHOICE:
		if (value != NULL && put_choice(parse, row, value, err) != 0)
			return -1;
		/* FALLTHROUGH */
	case MIPO_OPT_STR:
		*(const char **)place =
		    value != NULL ? value : row->absent_arg;
		return 0;
	case MIPO_OPT_U64:
		r = mipo_text_u64(value, row->min, max, place, err);
		break;
	case MIPO_OPT_DURATION:
		r = mipo_text_duration(value, place, err);
		break;
	case MIPO_OPT_SIZE:
		r = mipo_text_size(value, place, err);
		break;
	case MIPO_OPT_LIST:
		r = put_list(place, value, err);
		break;
	}
	return r == 0 ? 0 : mipo_err_prefix(err, "--%s", row->name);
}

static int
take(struct mipo_cli_parse *parse, const struct found *found,
    const char *value, struct mipo_err *err)
{
	const struct mipo_opt *row = found->row;
	bool *seen = &found->group->seen[row - found->group->rows];

	if (*seen && row->kind != MIPO_OPT_LIST &&
	    strcmp(row->name, "verbose") != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--%s is given twice", row->name);
	*seen = true;
	return put(parse, row, (char *)found->group->base + row->offset, value,
	    err);
}

static bool
wants_arg(const struct mipo_opt *row)
{
	return row->kind != MIPO_OPT_FLAG && !row->optional;
}

static int
no_arg(const struct mipo_opt *row, struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_USAGE, "--%s needs an argument, %s",
	    row->name, row->arg == NULL ? "ARG" : row->arg);
}

/* --name, --name=ARG, --name ARG. *i is the index of the word. */
static int
long_option(struct mipo_cli_parse *parse, int argc, char **argv, int *i,
    struct mipo_err *err)
{
	const char *name = argv[*i] + 2, *value = NULL;
	size_t len = strcspn(name, "=");
	struct found found;

	if (!find(parse, name, len, 0, &found))
		return unknown(parse, name, len, err);
	if (name[len] == '=')
		value = name + len + 1;
	if (value != NULL && found.row->kind == MIPO_OPT_FLAG)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--%s takes no argument", found.row->name);
	if (value == NULL && wants_arg(found.row)) {
		if (*i + 1 >= argc)
			return no_arg(found.row, err);
		value = argv[++*i];
	}
	return take(parse, &found, value, err);
}

/* -q, -qv, -pARG, -p ARG. An optional argument is the long form's alone. */
static int
letters(struct mipo_cli_parse *parse, int argc, char **argv, int *i,
    struct mipo_err *err)
{
	const char *p = argv[*i] + 1, *value;
	struct found found;

	for (; *p != '\0'; p++) {
		value = NULL;
		if (!find(parse, NULL, 0, *p, &found))
			return mipo_err_set(err, MIPO_E_USAGE,
			    "unknown option -%c; see --help", *p);
		if (wants_arg(found.row)) {
			if (p[1] == '\0' && *i + 1 >= argc)
				return no_arg(found.row, err);
			value = p[1] != '\0' ? p + 1 : argv[++*i];
		}
		if (take(parse, &found, value, err) != 0)
			return -1;
		if (value != NULL)
			break;
	}
	return 0;
}

int
mipo_cli_parse(struct mipo_cli_parse *parse, int argc, char **argv,
    int *ret_operands, struct mipo_err *err)
{
	bool options = true;
	int n = 0, r = 0;

	for (int i = 0; i < argc && r == 0; i++) {
		char *word = argv[i];

		if (!options || word[0] != '-' || word[1] == '\0')
			argv[n++] = word;
		else if (strcmp(word, "--") == 0)
			options = false;
		else if (word[1] == '-')
			r = long_option(parse, argc, argv, &i, err);
		else
			r = letters(parse, argc, argv, &i, err);
	}
	if (n < argc)
		argv[n] = NULL;
	if (r == 0)
		*ret_operands = n;
	return r;
}

void
mipo_cli_parse_release(struct mipo_cli_parse *parse)
{
	for (int g = 0; g < MIPO_CLI_GROUPS; g++) {
		const struct mipo_opt *row = parse->groups[g].rows;
		char *base = parse->groups[g].base;

		for (; row != NULL && row->name != NULL; row++) {
			struct mipo_list *list;

			if (row->kind != MIPO_OPT_LIST || base == NULL)
				continue;
			list = (struct mipo_list *)(void *)(base + row->offset);
			free((void *)list->items);
			list->items = NULL;
			list->n = 0;
		}
	}
}
