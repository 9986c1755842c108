#include "bin/mipo/cycle.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "bin/mipo/mipo.h"
#include "kit/conf.h"

static int
add_word_take(struct cycle *cycle, char *word, struct mipo_err *err)
{
	char **words = cycle->words;

	if (mipo_grow((void **)&words, &cycle->cap_words, cycle->n_words + 1,
		sizeof(*words), err) != 0) {
		free(word);
		return -1;
	}
	cycle->words = words;
	words[cycle->n_words++] = word;
	return 0;
}

/* "--name=value", or the bare word where value is NULL. */
static int
add(struct cycle *cycle, const char *name, const char *value,
    struct mipo_err *err)
{
	struct mipo_buf buf;
	char *word = NULL;

	mipo_buf_init(&buf, 65536);
	mipo_buf_puts(&buf, name);
	if (value != NULL)
		mipo_buf_puts(&buf, value);
	if (mipo_buf_ok(&buf, err) == 0)
		word = mipo_memdup(buf.data, buf.len, err);
	mipo_buf_release(&buf);
	return word == NULL ? -1 : add_word_take(cycle, word, err);
}

static int
add_if(struct cycle *cycle, const char *name, const char *value,
    struct mipo_err *err)
{
	return value == NULL ? 0 : add(cycle, name, value, err);
}

static int
add_each(struct cycle *cycle, const char *name, const char *const *values,
    struct mipo_err *err)
{
	for (; values != NULL && *values != NULL; values++)
		if (add(cycle, name, *values, err) != 0)
			return -1;
	return 0;
}

/* Begins a stage: its program, its first words, and -q. */
static int
begin(struct cycle *cycle, const char *name, const char *program,
    const char *sub, struct mipo_err *err)
{
	struct stage *stage = &cycle->stages[cycle->n];
	char *path;

	if (cycle->n > 0 && add_word_take(cycle, NULL, err) != 0)
		return -1;
	if (find_program(program, &path, err) != 0)
		return -1;
	stage->name = name;
	cycle->first[cycle->n++] = cycle->n_words;
	if (add_word_take(cycle, path, err) != 0 ||
	    (sub != NULL && add(cycle, sub, NULL, err) != 0))
		return -1;
	return add(cycle, cycle->verbose ? "-v" : "-q", NULL, err);
}

static int
add_scan(struct cycle *cycle, struct mipo_err *err)
{
	const struct mipo_conf_profile *p = cycle->profile;

	if (begin(cycle, "mipo-scan", "scan", NULL, err) != 0 ||
	    add(cycle, "--format=ndjson", NULL, err) != 0 ||
	    add_if(cycle, "--network=", p->network, err) != 0 ||
	    add_if(cycle, "--vantage=", p->vantage, err) != 0 ||
	    add_if(cycle, "-p", p->ports, err) != 0 ||
	    add_if(cycle, "--top=", p->top, err) != 0 ||
	    add_if(cycle, "--rate=", p->rate, err) != 0 ||
	    add_if(cycle, "--retries=", p->retries, err) != 0 ||
	    add_if(cycle, "--wait=", p->wait, err) != 0 ||
	    add_if(cycle, "--method=", p->method, err) != 0 ||
	    add_if(cycle, "--states=", p->states, err) != 0 ||
	    add_if(cycle, "--key=", p->key, err) != 0 ||
	    add_each(cycle, "--scope=", p->scope, err) != 0 ||
	    add_if(cycle, "--contact=", p->contact, err) != 0 ||
	    add_each(cycle, "--exclude=", p->exclude, err) != 0 ||
	    add(cycle, "--", NULL, err) != 0)
		return -1;
	return add_each(cycle, "", p->targets, err);
}

static int
add_notify(struct cycle *cycle, struct mipo_err *err)
{
	const char *const *channels = cycle->profile->channels;

	if (channels == NULL)
		return 0;
	if (begin(cycle, "mipo-alarm notify", "alarm", "notify", err) != 0)
		return -1;
	return add_each(cycle, "--channel=", channels, err);
}

static int
add_rest(struct cycle *cycle, struct mipo_err *err)
{
	if (begin(cycle, "mipo-store record", "store", "record", err) != 0 ||
	    begin(cycle, "mipo-diff", "diff", NULL, err) != 0 ||
	    add(cycle, "--format=ndjson", NULL, err) != 0 ||
	    add(cycle, "--against=nearest", NULL, err) != 0 ||
	    add(cycle, "--allow-first", NULL, err) != 0 ||
	    add(cycle, "-", NULL, err) != 0 ||
	    begin(cycle, "mipo-alarm eval", "alarm", "eval", err) != 0 ||
	    add(cycle, "--format=ndjson", NULL, err) != 0)
		return -1;
	cycle->stages[2].one_is_fine = true; /* changes are no errors */
	cycle->stages[3].one_is_fine = true; /* nor are alarms */
	return 0;
}

/* Points every stage's argv into words, which no longer move. */
static int
settle(struct cycle *cycle, struct mipo_err *err)
{
	if (add_word_take(cycle, NULL, err) != 0)
		return -1;
	for (size_t i = 0; i < cycle->n; i++) {
		cycle->stages[i].argv = cycle->words + cycle->first[i];
		cycle->stages[i].path = cycle->stages[i].argv[0];
	}
	return 0;
}

int
cycle_pipeline(struct cycle *cycle, struct mipo_err *err)
{
	if (add_scan(cycle, err) != 0 || add_rest(cycle, err) != 0 ||
	    add_notify(cycle, err) != 0)
		return -1;
	return settle(cycle, err);
}

int
cycle_checkpoint(struct cycle *cycle, struct mipo_err *err)
{
	if (begin(cycle, "mipo-audit checkpoint", "audit", "checkpoint", err) !=
	    0)
		return -1;
	return settle(cycle, err);
}

void
cycle_release(struct cycle *cycle)
{
	for (size_t i = 0; i < cycle->n_words; i++)
		free(cycle->words[i]);
	free(cycle->words);
}
