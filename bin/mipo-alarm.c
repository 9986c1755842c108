#include "bin/mipo-alarm/alarm.h"

static const struct mipo_sub *const subs[] = {&alarm_eval, &alarm_list,
    &alarm_show, &alarm_ack, &alarm_resolve, &alarm_rules, &alarm_notify,
    NULL};

static const char *const examples[] = {
    "mipo-diff --against=last - | mipo-alarm eval | mipo-alarm notify",
    "judge what was recorded, and tell who must know",
    "mipo-diff a b | mipo-alarm eval --no-state",
    "the same without a state",
    "mipo-alarm ack 3f2a91c04b77 --reason='ticket 4711'",
    "take note of an alarm", NULL};

static const struct mipo_cli cli = {
    .program = "mipo-alarm",
    .summary = "raise, follow and tell alarms",
    .formats = "table|ndjson",
    .has_state = true,
    .subs = subs,
    .examples = examples,
};

int
main(int argc, char **argv)
{
	return mipo_cli_main(&cli, argc, argv);
}
