/* A child program in clean surroundings, with pipes to and from it. */
#ifndef MIPO_OUT_SPAWN_H
#define MIPO_OUT_SPAWN_H

#include <sys/types.h>

struct mipo_err;

#define MIPO_SPAWN_PATH                                                 \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct mipo_spawned {
	pid_t pid; /* leads its own process group; the caller reaps it */
	int in;	   /* to its stdin; non-blocking, the caller's */
	int out;   /* from its stdout and stderr; non-blocking, the caller's */
};

/*
 * Starts the program at path with argv, without a shell: in /, with default
 * signals, no other descriptor of ours, and the environment that channel.h
 * promises. No executable there, or no memory: an error, and no child.
 */
int mipo_spawn(const char *path, const char *const *argv,
    const char *channel, struct mipo_spawned *ret_child,
    struct mipo_err *err);

#endif
