#include "bin/mipo-alarm/alarm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/alarm.h"
#include "judge/feed.h"
#include "store/scans.h"
#include "store/state.h"

int
alarm_open(const struct mipo_common *common, bool write,
    struct mipo_state **ret_state, struct mipo_err *err)
{
	bool named = common->state != NULL || common->system;
	char *path = NULL;
	int r;

	if (mipo_state_find(common->state, common->system, &path, err) != 0) {
		if (named || err->code != MIPO_E_NOTFOUND)
			return -1;
		mipo_err_clear(err);
		*ret_state = NULL;
		return 0;
	}
	r = mipo_state_open(path, write, ret_state, err);
	free(path);
	return r;
}

struct loading {
	struct mipo_alarms *alarms;
	struct mipo_err *err;
	int r;
};

static int
load_one(void *arg, const struct mipo_rec *alarm)
{
	struct loading *loading = arg;

	loading->r = mipo_alarms_add(loading->alarms, alarm, loading->err);
	return loading->r;
}

int
alarm_load_state(struct mipo_state *state, bool resolved,
    struct mipo_alarms *alarms, struct mipo_err *err)
{
	struct loading loading = {.alarms = alarms, .err = err};

	if (mipo_alarms_each(state, resolved, load_one, &loading, err) != 0)
		return -1;
	return loading.r;
}

int
alarm_input(const char *path, struct mipo_err *err)
{
	int fd;

	if (strcmp(path, "-") == 0)
		return mipo_cli_need_stdin(err) == 0 ? STDIN_FILENO : -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	return fd;
}

int
alarm_load_file(const char *path, struct mipo_alarms *alarms, bool *ret_cut,
    struct mipo_err *err)
{
	struct mipo_lines *lines;
	int fd = alarm_input(path, err), r = -1;

	if (fd < 0)
		return -1;
	lines = mipo_lines_new(fd, path, err);
	if (lines != NULL)
		r = mipo_feed_alarms(lines, alarms, ret_cut, err);
	mipo_lines_free(lines);
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return r;
}

int
alarm_load_memory(const struct mipo_common *common, const char *path,
    bool begin, struct mipo_alarms *alarms, struct mipo_err *err)
{
	bool same = common->output != NULL &&
	    strcmp(common->output, path) == 0;
	bool cut;

	if (same && bin_table(common))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s: a table cannot take the place of alarms: --json",
		    path);
	if (same && begin && access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	if (alarm_load_file(path, alarms, &cut, err) != 0)
		return -1;
	if (!cut)
		return 0;
	return mipo_err_set(err, MIPO_E_INPUT,
	    "%s: no end record: alarms are missing", path);
}

const char *
alarm_network(const struct mipo_alarms *alarms)
{
	const char *one = NULL, *network;

	for (size_t i = 0; i < mipo_alarms_count(alarms); i++) {
		network = mipo_alarms_at(alarms, i)->subject.network;
		if (one != NULL && strcmp(one, network) != 0)
			return "*";
		one = network;
	}
	return one == NULL || *one == '\0' ? "*" : one;
}
