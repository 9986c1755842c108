#include "kit/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define STEP_NS	    UINT64_C(250000000)
#define CLEAR_LINE  "\r\033[K"

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0';
}

void
mipo_progress_start(
    struct mipo_progress *progress, const char *what, bool quiet)
{
	const char *term = getenv("TERM");

	progress->on = !quiet && isatty(STDERR_FILENO) && term != NULL &&
	    *term != '\0' && strcmp(term, "dumb") != 0 && !is_set("CI");
	progress->started_ns = mipo_clock_mono_ns();
	progress->last_ns = progress->started_ns;
	progress->what = what;
}

/* "12s", "4m05s", "3h20m". */
static void
put_time(uint64_t seconds, char *ret_text, size_t size)
{
	if (seconds < 60)
		(void)snprintf(ret_text, size, "%" PRIu64 "s", seconds);
	else if (seconds < 3600)
		(void)snprintf(ret_text, size, "%" PRIu64 "m%02us",
		    seconds / 60, (unsigned)(seconds % 60));
	else
		(void)snprintf(ret_text, size, "%" PRIu64 "h%02um",
		    seconds / 3600, (unsigned)(seconds / 60 % 60));
}

/* The share done and the time left, at the mean rate so far. */
static void
put_share(const struct mipo_progress *progress, uint64_t now, uint64_t done,
    uint64_t total, char *ret_text, size_t size)
{
	double spent = (double)(now - progress->started_ns) / 1e9;
	double share = (double)done / (double)total;
	char left[32] = "?";

	if (done > 0 && done <= total && spent > 1)
		put_time((uint64_t)(spent / share - spent + 0.5), left,
		    sizeof(left));
	(void)snprintf(ret_text, size, "%5.1f%%, %s left", 100 * share, left);
}

void
mipo_progress_show(struct mipo_progress *progress, uint64_t done,
    uint64_t total, const char *text)
{
	uint64_t now;
	char share[80], line[256];
	int len;

	if (!progress->on)
		return;
	now = mipo_clock_mono_ns();
	if (now - progress->last_ns < STEP_NS)
		return;
	progress->last_ns = now;
	if (total > 0)
		put_share(progress, now, done, total, share, sizeof(share));
	else
		(void)snprintf(share, sizeof(share), "%" PRIu64, done);
	len = snprintf(line, sizeof(line), CLEAR_LINE "%.20s: %s%s%.40s",
	    progress->what, share, *text == '\0' ? "" : ", ", text);
	if (len > 0)
		(void)!write(STDERR_FILENO, line, strlen(line));
}

void
mipo_progress_erase(struct mipo_progress *progress)
{
	if (!progress->on || progress->last_ns == progress->started_ns)
		return;
	(void)!write(STDERR_FILENO, CLEAR_LINE, sizeof(CLEAR_LINE) - 1);
	progress->last_ns -= STEP_NS;
}

void
mipo_progress_end(struct mipo_progress *progress)
{
	if (progress->on)
		(void)!write(
		    STDERR_FILENO, CLEAR_LINE, sizeof(CLEAR_LINE) - 1);
	progress->on = false;
}
