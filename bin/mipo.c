/* The front door: mipo X ... is mipo-X ...; and the whole cycle. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "bin/mipo/mipo.h"
#include "kit/cli.h"

static const struct mipo_sub *const subs[] = {
    &mipo_run, &mipo_doctor, NULL};

static const char *const programs[] = {
    "scan", "look: targets to observations and a signed receipt",
    "diff", "compare two looks; gate on what changed",
    "audit", "the signed log: append, show, verify, bundle",
    "alarm", "alarms: evaluate, acknowledge, notify",
    "export", "evidence for people and machines",
    "store", "the memory: record looks, list and show them", NULL};

static const char *const examples[] = {
    "mipo doctor", "what works on this machine, and what to do about the rest",
    "mipo run nightly", "the whole cycle of the profile nightly, quietly",
    "mipo scan -p 22,443 198.18.0.0/24", "the same as mipo-scan ...",
    NULL};

static const struct mipo_cli cli = {.program = "mipo",
    .summary = "what your network exposes, and proof of it",
    .formats = "table|ndjson",
    .has_state = true,
    .subs = subs,
    .examples = examples,
    .others = programs};

static bool
is_own(const char *word)
{
	return word[0] == '-' || strcmp(word, mipo_run.name) == 0 ||
	    strcmp(word, mipo_doctor.name) == 0;
}

static int
unknown(const char *word)
{
	const char *names[sizeof(programs) / sizeof(*programs) + 2], *near;
	size_t n = 0;

	for (; programs[2 * n] != NULL; n++)
		names[n] = programs[2 * n];
	names[n++] = mipo_run.name;
	names[n++] = mipo_doctor.name;
	names[n] = NULL;
	near = mipo_text_nearest(word, names);
	if (near == NULL)
		mipo_log(MIPO_LOG_ERROR,
		    "there is no program mipo-%s; see --help", word);
	else
		mipo_log(MIPO_LOG_ERROR,
		    "there is no program mipo-%s; did you mean %s?", word,
		    near);
	return 2;
}

/* Becomes the program mipo-X. */
static int
become(char **argv)
{
	char *path;

	if (find_program(argv[0], &path, NULL) != 0)
		return unknown(argv[0]);
	argv[0] = path;
	(void)execv(path, argv);
	mipo_log(MIPO_LOG_ERROR, "%s: %s", path, strerror(errno));
	free(path);
	return 2;
}

int
main(int argc, char **argv)
{
	mipo_log_name(cli.program);
	if (argc > 1 && !is_own(argv[1]))
		return become(argv + 1);
	return mipo_cli_main(&cli, argc, argv);
}
