#include "bin/mipo-audit/audit.h"

#include <stddef.h>

static const struct mipo_sub *const subs[] = {&audit_verify, NULL};

static const char *const examples[] = {
    "mipo-audit verify --key log.vkey evidence.tar",
    "check a bundle, with the log's key from elsewhere",
    "mipo-audit verify", "check this host's own log", NULL};

const struct mipo_cli audit_cli = {
    .program = "mipo-audit",
    .summary = "keep a log that shows tampering, and check one",
    .has_state = true,
    .subs = subs,
    .examples = examples,
};
