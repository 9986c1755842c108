/*
 * Appending to the log: bench-append [SECONDS each] [DIR]. One entry a
 * commit, against the same number of fdatasyncs of one file there (3 a
 * commit), and one commit of 50,000 entries. The bars are 1 ms above the
 * syncs, and 50,000 entries a second.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "data/rec.h"
#include "store/door.h"
#include "store/init.h"
#include "store/state.h"

#define BATCH 50000

static struct mipo_err err;

static void
need(int r)
{
	if (r == 0)
		return;
	fprintf(stderr, "bench-append: %s\n", err.text);
	exit(2);
}

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of how long step takes, in milliseconds. */
static double
median(void (*step)(void *), void *arg, double seconds)
{
	static double took[100000];
	double end = seconds_of(CLOCK_MONOTONIC) + seconds, from;
	size_t n = 0;

	do {
		from = seconds_of(CLOCK_MONOTONIC);
		step(arg);
		took[n++] = (seconds_of(CLOCK_MONOTONIC) - from) * 1000;
	} while (seconds_of(CLOCK_MONOTONIC) < end && n < 100000);
	qsort(took, n, sizeof(*took), by_value);
	return took[n / 2];
}

static void
append(struct mipo_state *state, int n)
{
	struct mipo_actor actor;
	struct mipo_door *door = NULL;

	mipo_actor_find(&actor);
	need(mipo_door_open(state, &actor, "audit.append", 0, &door, &err));
	for (int i = 0; i < n; i++) {
		struct mipo_rec *rec = mipo_rec_start("note.bench", &err);

		mipo_rec_put_str(rec, "text",
		    "one entry of about three hundred bytes in all, as most "
		    "notes are");
		mipo_rec_put_int(rec, "i", i);
		need(mipo_door_add(door, rec, NULL, &err));
		mipo_rec_free(rec);
	}
	need(mipo_door_commit(door, NULL, &err));
}

static void
one_entry(void *arg)
{
	append(arg, 1);
}

static void
three_syncs(void *arg)
{
	static char page[4096];
	int fd = *(int *)arg;

	for (int i = 0; i < 3; i++) {
		page[0]++;
		if (pwrite(fd, page, sizeof(page), 0) < 0 ||
		    fdatasync(fd) != 0)
			exit(2);
	}
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int
main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 3;
	struct mipo_actor actor;
	struct mipo_init init = {.actor = &actor};
	struct mipo_inited made;
	struct mipo_state *state = NULL;
	struct mipo_key *key = NULL;
	char dir[256], path[300], file[300];
	double from, entry, syncs;
	int fd;

	(void)snprintf(dir, sizeof(dir), "%s/mipo-bench.XXXXXX",
	    argc > 2 ? argv[2] : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 2;
	(void)snprintf(path, sizeof(path), "%s/state", dir);
	(void)snprintf(file, sizeof(file), "%s/file", dir);
	need(mipo_trust_init(&err));
	mipo_actor_find(&actor);
	init.path = path;
	key = mipo_key_new(&err);
	init.recovery = *mipo_key_pub(key);
	mipo_key_free(key);
	need(mipo_init_state(&init, &made, &err));
	need(mipo_state_open(path, true, &state, &err));
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	syncs = median(three_syncs, &fd, seconds);
	entry = median(one_entry, state, seconds);
	printf("one entry, durable: %.2f ms; three fdatasyncs: %.2f ms; "
	       "above them %.2f ms (bar 1)\n", entry, syncs, entry - syncs);
	from = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
	append(state, BATCH);
	printf("a batch: %.0f entries/s of processor time (bar 50000)\n",
	    BATCH / (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - from));
	(void)close(fd);
	mipo_state_close(state);
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
