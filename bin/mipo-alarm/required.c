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
begin(struct mipo_required *required, enum mipo_proto proto,
    struct mipo_err *err)
{
	memset(required, 0, sizeof(*required));
	required->severity = -1;
	required->proto = proto;
	required->targets = mipo_targets_new(err);
	required->ports = mipo_ports_new(err);
	return required->targets == NULL || required->ports == NULL ? -1 : 0;
}

static void
drop(struct mipo_required *required)
{
	free(required->network);
	mipo_targets_free(required->targets);
	mipo_ports_free(required->ports);
}

/* One of them: "22" and "22/tcp" are of TCP, "53/udp" is of UDP. */
static int
add_port(struct mipo_required *required, char *word, struct mipo_err *err)
{
	char *slash = strchr(word, '/');
	enum mipo_proto proto =
	    slash == NULL ? MIPO_TCP : mipo_proto_find(slash + 1);

	if (proto == MIPO_PROTO_N)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is neither of tcp nor of udp", word);
	if (proto != required->proto)
		return 0;
	if (slash != NULL)
		*slash = '\0';
	return mipo_ports_add_proto(required->ports, proto, word, err);
}

/* Those of the protocol; the others are another row's. */
static int
add_ports(struct mipo_required *required, const char *ports,
    struct mipo_err *err)
{
	char *words = mipo_strdup(ports, err), *rest = words, *word;
	int r = words == NULL ? -1 : 0;

	while (r == 0 && (word = strsep(&rest, ",")) != NULL)
		r = add_port(required, word, err);
	free(words);
	return r;
}

/* What a word or an expect section asks for. */
struct wish {
	const char *target, *ports;
	const struct mipo_conf_expect *expect; /* NULL: a word */
};

static int
fill(const struct wish *wish, struct mipo_required *required,
    struct mipo_err *err)
{
	const struct mipo_conf_expect *expect = wish->expect;

	required->asked = expect == NULL;
	if (expect == NULL)
		return mipo_targets_add(
			   required->targets, wish->target, NULL, err) != 0
		    ? -1
		    : add_ports(required, wish->ports, err);
	for (const char *const *t = expect->targets; *t != NULL; t++)
		if (mipo_targets_add(required->targets, *t, NULL, err) != 0)
			return mipo_conf_at(&expect->at, "targets", err);
	if (add_ports(required, expect->ports, err) != 0)
		return mipo_conf_at(&expect->at, "ports", err);
	if (expect->severity != NULL)
		required->severity = mipo_severity_find(expect->severity);
	if (expect->network == NULL)
		return 0;
	required->network = mipo_strdup(expect->network, err);
	return required->network == NULL ? -1 : 0;
}

/* A row for each protocol that it has ports of. */
static int
add_rows(const struct wish *wish, struct mipo_world *world,
    struct mipo_err *err)
{
	struct mipo_required required;
	int r = 0;

	for (enum mipo_proto i = 0; r == 0 && i < MIPO_PROTO_N; i++) {
		r = begin(&required, i, err);
		if (r == 0)
			r = fill(wish, &required, err);
		if (r == 0 && mipo_ports_count(required.ports) > 0)
			r = mipo_world_add_required_take(
			    world, &required, err);
		else
			drop(&required);
	}
	return r;
}

/* "TARGET PORTS": an address, network or range, a blank, ports. */
static int
add_text(const char *text, struct mipo_world *world, struct mipo_err *err)
{
	char *copy = mipo_strdup(text, err), *save = NULL;
	struct wish wish = {.target = NULL};
	int r = -1;

	if (copy == NULL)
		return -1;
	wish.target = strtok_r(copy, " \t", &save);
	if (wish.target != NULL)
		wish.ports = strtok_r(NULL, " \t", &save);
	if (wish.ports == NULL || strtok_r(NULL, " \t", &save) != NULL)
		mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is not a target, a blank and ports", text);
	else
		r = add_rows(&wish, world, err);
	free(copy);
	return r;
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
		if (add_rows(&(struct wish){.expect = *e}, world, err) != 0)
			return -1;
	return 0;
}
