#include "out/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#define ENV_MAX 8

struct env {
	char text[ENV_MAX][512];
	char *list[ENV_MAX + 1];
	size_t n;
};

static void
env_add(struct env *env, const char *name, const char *value)
{
	char *row = env->text[env->n];
	int n;

	if (value == NULL || env->n == ENV_MAX)
		return;
	n = snprintf(row, sizeof(env->text[0]), "%s=%s", name, value);
	if (n < 0 || (size_t)n >= sizeof(env->text[0]))
		return; /* a cut HOME would be a wrong one */
	env->list[env->n++] = row;
	env->list[env->n] = NULL;
}

static void
env_fill(struct env *env, const char *channel)
{
	memset(env, 0, sizeof(*env));
	env_add(env, "PATH", MIPO_SPAWN_PATH);
	env_add(env, "LC_ALL", "C");
	env_add(env, "TZ", "UTC");
	env_add(env, "MIPO_CHANNEL", channel);
	env_add(env, "HOME", getenv("HOME"));
	env_add(env, "USER", getenv("USER"));
	env_add(env, "LOGNAME", getenv("LOGNAME"));
}

static int
spawn_attrs(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int r;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	r = posix_spawnattr_setsigmask(attr, &none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attr, &all);
	if (r == 0)
		r = posix_spawnattr_setpgroup(attr, 0);
	if (r == 0)
		r = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
		    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	return r;
}

static int
spawn_files(posix_spawn_file_actions_t *files, int in, int out)
{
	int r = posix_spawn_file_actions_adddup2(files, in, 0);

	if (r == 0)
		r = posix_spawn_file_actions_adddup2(files, out, 1);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(files, out, 2);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(files, 3);
	if (r == 0)
		r = posix_spawn_file_actions_addchdir_np(files, "/");
	return r;
}

/* Returns 0 or an errno value. */
static int
spawn(const char *path, const char *const *argv, struct env *env, int in,
    int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int r;

	r = posix_spawn_file_actions_init(&files);
	if (r != 0)
		return r;
	r = posix_spawnattr_init(&attr);
	if (r == 0) {
		r = spawn_attrs(&attr);
		if (r == 0)
			r = spawn_files(&files, in, out);
		/* POSIX has argv non-const; it is not written to. */
		if (r == 0)
			r = posix_spawn(ret_pid, path, &files, &attr,
			    (char *const *)(uintptr_t)argv, env->list);
		(void)posix_spawnattr_destroy(&attr);
	}
	(void)posix_spawn_file_actions_destroy(&files);
	return r;
}

/* A pipe whose ends cannot be mistaken for the child's 0, 1 and 2. */
static int
high_pipe(int ends[2])
{
	int low[2], r = 0;

	if (pipe2(low, O_CLOEXEC) != 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
		if (ends[i] < 0)
			r = -1;
	}
	(void)close(low[0]);
	(void)close(low[1]);
	return r;
}

static void
close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

int
mipo_spawn(const char *path, const char *const *argv, const char *channel,
    struct mipo_spawned *ret_child, struct mipo_err *err)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, sys;
	struct env env;
	pid_t pid = -1;

	env_fill(&env, channel);
	sys = high_pipe(in) == 0 && high_pipe(out) == 0 ? 0 : errno;
	if (sys == 0)
		sys = spawn(path, argv, &env, in[0], out[1], &pid);
	close_fd(in[0]);
	close_fd(out[1]);
	if (sys != 0) {
		close_fd(in[1]);
		close_fd(out[0]);
		return mipo_err_sys(err, sys, "%s", path);
	}
	(void)fcntl(in[1], F_SETFL, O_NONBLOCK);
	(void)fcntl(out[0], F_SETFL, O_NONBLOCK);
	ret_child->pid = pid;
	ret_child->in = in[1];
	ret_child->out = out[0];
	return 0;
}
