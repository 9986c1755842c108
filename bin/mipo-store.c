#include "bin/mipo-store/store.h"

static const struct mipo_sub *const subs[] = {&store_init, &store_record,
    &store_scans, &store_show, &store_baseline, &store_rebuild, &store_check,
    NULL};

static const char *const examples[] = {
    "mipo-store init --org=example --make-recovery-key=/mnt/usb/mipo.key",
    "make the state, and the recovery key on another medium",
    "mipo-scan 198.18.0.0/24 | mipo-store record | mipo-diff --against=last -",
    "scan, record, and compare with the look before",
    "mipo-store show 198.18.0.7", "what is known of a host",
    "mipo-store baseline approve last --reason='reviewed by ops'",
    "accept the newest complete look", NULL};

static const struct mipo_cli cli = {
    .program = "mipo-store",
    .summary = "remember looks: what is exposed, and since when",
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
