/*
 * The configuration, libConfuse's syntax, read and checked as a whole:
 * every error names file and line, and there is no half of one. What
 * libConfuse 3.3 would let pass is refused here: a file cut inside a
 * section or string, ${ENV}, 010 for 8, repeated keys and titles, "+=".
 * Unknown keys are errors. Values of targets, ports and the like are the
 * data floor's to check: mipo_conf_at says where they stand.
 *
 *	profile "nightly" {
 *		targets = {"198.18.0.0/24", "2001:db8::/64"}
 *		ports = "22,80,443"
 *		channels = {"ops"}
 *	}
 *	expect "web" { targets = {"198.18.0.1"} ports = "22,443" }
 *	channel "ops" { type = exec command = {"/usr/local/bin/page", "-b"} }
 */
#ifndef MIPO_KIT_CONF_H
#define MIPO_KIT_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mipo_conf;
struct mipo_err;

/* Strings are the configuration's. Absent: NULL; lists are NULL-ended. */

/* The first member of every section. */
struct mipo_conf_section {
	const char *kind;  /* "profile" */
	const char *title; /* "nightly" */
	const char *file;
	unsigned line;	    /* of the section's first word */
	unsigned lines[20]; /* of its keys, by row; 0: absent */
};

/* What mipo run does; each key is mipo-scan's option of that name. */
struct mipo_conf_profile {
	struct mipo_conf_section at;
	const char *const *targets; /* at least one */
	const char *const *exclude;
	const char *ports, *top; /* at most one of the two */
	const char *rate, *retries, *wait, *method, *states;
	const char *network, *vantage;
	const char *key;		  /* file of the scanner's key */
	const char *const *scope;	  /* scope files */
	const char *contact;
	const char *const *channels; /* titles that exist, of channels */
};

/* Required ports: each must be open on every address of targets. */
struct mipo_conf_expect {
	struct mipo_conf_section at;
	const char *const *targets; /* at least one */
	const char *ports;	    /* never NULL */
	const char *network;	    /* NULL: every network */
	const char *severity;	    /* NULL: the rule's */
};

struct mipo_conf_channel {
	struct mipo_conf_section at;
	const char *type;	    /* "exec" */
	const char *const *command; /* at least one; an argv */
	uint64_t limit_ms;	    /* of one delivery; 0: absent */
};

/* A file that was read, for the record config.version. */
struct mipo_conf_file {
	const char *path;
	const char *text;
	size_t len;
	uid_t uid;	  /* its owner */
	int64_t mtime_ms; /* its last change, Unix time */
};

/*
 * Reads file alone if not NULL (--config), else the one that MIPO_CONFIG
 * names, else /etc/mipo/mipo.conf and /etc/mipo/conf.d/<name>.conf in byte
 * order of names, and over them $XDG_CONFIG_HOME/mipo/mipo.conf (not for
 * uid 0, not when system). A section of the user's file hides the one of
 * the same kind and title; within one layer a repeated title is an error.
 * Only a file that was named must exist: no file is an empty configuration.
 */
int mipo_conf_load(const char *file, bool system,
    struct mipo_conf **ret_conf, struct mipo_err *err);

/* As mipo_conf_load, from len bytes of text; name is for errors. */
int mipo_conf_parse(const char *name, const char *text, size_t len,
    struct mipo_conf **ret_conf, struct mipo_err *err);

void mipo_conf_free(struct mipo_conf *conf);

/* All sections of a kind in order of reading, NULL-ended. */
const struct mipo_conf_profile *const *mipo_conf_profiles(
    const struct mipo_conf *conf);
const struct mipo_conf_expect *const *mipo_conf_expects(
    const struct mipo_conf *conf);
const struct mipo_conf_channel *const *mipo_conf_channels(
    const struct mipo_conf *conf);

/* By title; an error (NOTFOUND) that names the nearest. */
int mipo_conf_profile(const struct mipo_conf *conf, const char *title,
    const struct mipo_conf_profile **ret_profile, struct mipo_err *err);
int mipo_conf_channel(const struct mipo_conf *conf, const char *title,
    const struct mipo_conf_channel **ret_channel, struct mipo_err *err);

/* The files that were read; their number in *ret_n. */
const struct mipo_conf_file *mipo_conf_files(
    const struct mipo_conf *conf, size_t *ret_n);

/* Prefixes err with "FILE:LINE: KEY" of that key. Returns -1. */
int mipo_conf_at(const struct mipo_conf_section *section, const char *key,
    struct mipo_err *err);

#endif
