/* What the subcommands of mipo-alarm share. */
#ifndef MIPO_BIN_ALARM_H
#define MIPO_BIN_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bin/common.h"

struct mipo_actor;
struct mipo_alarm;
struct mipo_alarms;
struct mipo_conf;
struct mipo_door;
struct mipo_err;
struct mipo_rec;
struct mipo_state;
struct mipo_world;

extern const struct mipo_sub alarm_eval, alarm_list, alarm_show, alarm_ack,
    alarm_resolve, alarm_rules, alarm_notify;

/*
 * The state that the options name. *ret_state is NULL where none was named
 * and there is none.
 */
int alarm_open(const struct mipo_common *common, bool write,
    struct mipo_state **ret_state, struct mipo_err *err);

/* Alarms as the state's log, or as a file of alarm streams, has them. */
int alarm_load_state(struct mipo_state *state, bool resolved,
    struct mipo_alarms *alarms, struct mipo_err *err);
int alarm_load_file(const char *path, struct mipo_alarms *alarms, bool *ret_cut,
    struct mipo_err *err);

/*
 * Alarms of a file that is to be written anew, by -o maybe: without its end
 * record it is refused, and so is a table in its place. begin: a file that
 * is the -o file may be missing, which is no alarm.
 */
int alarm_load_memory(const struct mipo_common *common, const char *path,
    bool begin, struct mipo_alarms *alarms, struct mipo_err *err);

/*
 * What the rules ask about, from the state's looks and baselines as they
 * are in the snapshot, or behind the door, that is open; what was loaded
 * before is forgotten. *ret_weak: the look of that id (or NULL) is recorded,
 * and concludes nothing.
 */
int alarm_load_world(struct mipo_state *state, struct mipo_world *world,
    const char *scan, bool *ret_weak, struct mipo_err *err);

/* The door, waited for as long as alarms wait. */
int alarm_door(struct mipo_state *state, const struct mipo_actor *actor,
    const char *scope, struct mipo_door **ret_door, struct mipo_err *err);

/*
 * The door, and the world as it is behind it: loaded before, so that others
 * wait not for it, and anew where somebody wrote meanwhile.
 */
int alarm_enter(struct mipo_state *state, const struct mipo_actor *actor,
    const char *scope, struct mipo_world *world, const char *scan,
    bool *ret_weak, struct mipo_door **ret_door, struct mipo_err *err);

/* What is required: the words, the lines of files, the configuration. */
struct alarm_required {
	struct mipo_list words; /* --expect */
	struct mipo_list files; /* --expect-file */
};
int alarm_load_required(const struct alarm_required *required,
    const struct mipo_conf *conf, struct mipo_world *world,
    struct mipo_err *err);

/*
 * Names what is required and no look tells of. False where that is anything
 * that was asked for, or all that the configuration requires.
 */
bool alarm_required_seen(const struct mipo_world *world);

/*
 * A stream of alarms on stdout, or a table. The first error is kept and
 * told at the end.
 */
struct alarm_writer;
struct alarm_writer *alarm_writer_new(const struct mipo_common *common,
    const char *network, struct mipo_err *err);
void alarm_writer_put(
    struct alarm_writer *writer, const struct mipo_rec *alarm);
int alarm_writer_end(struct alarm_writer *writer, const char *status,
    struct mipo_err *err);
void alarm_writer_free(struct alarm_writer *writer);

/* The network that all of them are about, "*" where it is not one. */
const char *alarm_network(const struct mipo_alarms *alarms);

/* Opens path for reading, or takes stdin for "-"; -1 with err. */
int alarm_input(const char *path, struct mipo_err *err);

#endif
