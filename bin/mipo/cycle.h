/* The command lines of one cycle, made from a profile. */
#ifndef BIN_MIPO_CYCLE_H
#define BIN_MIPO_CYCLE_H

#include "bin/mipo/pipe.h"

struct mipo_conf_profile;

#define CYCLE_MAX 6

/* Stages, and the words of their command lines. Zero it, then cycle_*. */
struct cycle {
	const struct mipo_conf_profile *profile;
	bool verbose;
	struct stage stages[CYCLE_MAX];
	size_t n;
	char **words; /* all words, owned; argvs are parts of it */
	size_t n_words, cap_words;
	size_t first[CYCLE_MAX]; /* of each stage in words */
};

/* scan | record | diff | alarm eval, and notify where there are channels. */
int cycle_pipeline(struct cycle *cycle, struct mipo_err *err);

/* mipo-audit checkpoint alone. */
int cycle_checkpoint(struct cycle *cycle, struct mipo_err *err);

void cycle_release(struct cycle *cycle);

#endif
