#include "bin/mipo-alarm/alarm.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/ports.h"
#include "data/target.h"
#include "judge/required.h"
#include "judge/rule.h"
#include "kit/conf.h"

static int
begin(struct mipo_required *required, struct mipo_err *err)
{
	memset(required, 0, sizeof(*required));
	required->severity = -1;
	required->targets = mipo_targets_new(err);
	required->ports = mipo_ports_new(err);
	return required->targets == NULL || required->ports == NULL ? -1 : 0;
}

static int
drop(struct mipo_required *required)
{
	free(required->network);
	mipo_targets_free(required->targets);
	mipo_ports_free(required->ports);
	return -1;
}

/* "22/tcp" is 22 here: there is no other protocol. */
static int
add_ports(struct mipo_ports *ports, char *words, struct mipo_err *err)
{
	char *save = NULL, *word, *slash;

	for (word = strtok_r(words, ",", &save); word != NULL;
	     word = strtok_r(NULL, ",", &save)) {
		slash = strchr(word, '/');
		if (slash != NULL && strcmp(slash, "/tcp") == 0)
			*slash = '\0';
		if (mipo_ports_add(ports, word, err) != 0)
			return -1;
	}
	if (mipo_ports_count(ports) == 0)
		return mipo_err_set(err, MIPO_E_USAGE, "no ports");
	return 0;
}

/* "TARGET PORTS": an address, network or range, a blank, ports. */
static int
parse(const char *text, struct mipo_required *required, struct mipo_err *err)
{
	char *copy = mipo_strdup(text, err), *save = NULL, *target, *ports;
	int r = -1;

	if (copy == NULL)
		return -1;
	target = strtok_r(copy, " \t", &save);
	ports = target == NULL ? NULL : strtok_r(NULL, " \t", &save);
	if (ports == NULL || strtok_r(NULL, " \t", &save) != NULL)
		mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is not a target, a blank and ports", text);
	else if (mipo_targets_add(required->targets, target, NULL, err) == 0)
		r = add_ports(required->ports, ports, err);
	free(copy);
	return r;
}

static int
add_text(const char *text, struct mipo_world *world, struct mipo_err *err)
{
	struct mipo_required required;

	if (begin(&required, err) != 0 || parse(text, &required, err) != 0)
		return drop(&required);
	required.asked = true;
	return mipo_world_add_required_take(world, &required, err);
}

static int
add_line(const char *line, size_t len, struct mipo_world *world,
    struct mipo_err *err)
{
	char *text;
	int r;

	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	if (memchr(line, '\0', len) != NULL)
		return mipo_err_set(err, MIPO_E_INPUT, "a NUL byte");
	text = mipo_memdup(line, len, err);
	if (text == NULL)
		return -1;
	r = add_text(text, world, err);
	free(text);
	return r;
}

static int
add_file(const char *path, struct mipo_world *world, struct mipo_err *err)
{
	struct mipo_lines *lines;
	int fd = alarm_input(path, err), r = -1;
	const char *line;
	size_t len;

	if (fd < 0)
		return -1;
	lines = mipo_lines_new(fd, path, err);
	while (lines != NULL &&
	    (r = mipo_lines_next(lines, &line, &len, err)) == 1)
		if (add_line(line, len, world, err) != 0) {
			r = mipo_lines_fail(lines, err);
			break;
		}
	if (r == 0 && mipo_lines_cut(lines))
		r = mipo_err_set(err, MIPO_E_INPUT,
		    "%s: the last line does not end", path);
	mipo_lines_free(lines);
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return r;
}

static int
fill(const struct mipo_conf_expect *expect, struct mipo_required *required,
    struct mipo_err *err)
{
	for (const char *const *t = expect->targets; *t != NULL; t++)
		if (mipo_targets_add(required->targets, *t, NULL, err) != 0)
			return mipo_conf_at(&expect->at, "targets", err);
	if (mipo_ports_add(required->ports, expect->ports, err) != 0)
		return mipo_conf_at(&expect->at, "ports", err);
	if (expect->severity != NULL)
		required->severity = mipo_severity_find(expect->severity);
	if (expect->network == NULL)
		return 0;
	required->network = mipo_strdup(expect->network, err);
	return required->network == NULL ? -1 : 0;
}

static int
add_expect(const struct mipo_conf_expect *expect, struct mipo_world *world,
    struct mipo_err *err)
{
	struct mipo_required required;

	if (begin(&required, err) != 0 || fill(expect, &required, err) != 0)
		return drop(&required);
	return mipo_world_add_required_take(world, &required, err);
}

int
alarm_load_required(const struct alarm_required *required,
    const struct mipo_conf *conf, struct mipo_world *world,
    struct mipo_err *err)
{
	size_t files;

	(void)mipo_conf_files(conf, &files);
	if (files + required->words.n + required->files.n > 0)
		mipo_world_required_known(world);
	for (size_t i = 0; i < required->words.n; i++)
		if (add_text(required->words.items[i], world, err) != 0)
			return mipo_err_prefix(err, "--expect");
	for (size_t i = 0; i < required->files.n; i++)
		if (add_file(required->files.items[i], world, err) != 0)
			return -1;
	for (const struct mipo_conf_expect *const *e = mipo_conf_expects(conf);
	     *e != NULL; e++)
		if (add_expect(*e, world, err) != 0)
			return -1;
	return 0;
}
