/* Naming what is required and nobody looked at. */
#include "bin/mipo-alarm/alarm.h"

#include <stdio.h>

#include "base/log.h"
#include "judge/required.h"

#define NAMED 10 /* of those that must be told */

static void
pair_text(const struct mipo_subject *subject, char *text, size_t size)
{
	char ip[MIPO_ADDR_LEN];

	(void)mipo_addr_format(&subject->ip, ip);
	(void)snprintf(text, size, "%s %u/%s", ip, subject->port,
	    mipo_proto_name(subject->proto));
}

static int
name_one(void *arg, const struct mipo_subject *subject)
{
	char text[MIPO_ADDR_LEN + 16];

	(void)arg;
	pair_text(subject, text, sizeof(text));
	mipo_log(MIPO_LOG_WARN,
	    "%s is required, and no look tells whether it is open", text);
	return 0;
}

static int
keep_one(void *arg, const struct mipo_subject *subject)
{
	pair_text(subject, arg, MIPO_ADDR_LEN + 16);
	return 0;
}

bool
alarm_required_seen(const struct mipo_world *world)
{
	struct mipo_required_sum asked, standing;
	char first[MIPO_ADDR_LEN + 16];

	mipo_required_sum(world, true, NAMED, name_one, NULL, &asked);
	if (asked.unknown > NAMED)
		mipo_log(MIPO_LOG_WARN, "and %llu more",
		    (unsigned long long)asked.unknown - NAMED);
	mipo_required_sum(world, false, 1, keep_one, first, &standing);
	if (standing.unknown > 0)
		mipo_log(standing.known > 0 ? MIPO_LOG_INFO : MIPO_LOG_WARN,
		    "no look tells of %llu of %llu ports that the "
		    "configuration requires; the first is %s",
		    (unsigned long long)standing.unknown,
		    (unsigned long long)(standing.known + standing.unknown),
		    first);
	return asked.unknown == 0 &&
	    (standing.known > 0 || standing.unknown == 0);
}
