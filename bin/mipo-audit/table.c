#include "bin/mipo-audit/audit.h"

#include <stddef.h>

#include "bin/mipo-audit/common.h"

static const struct mipo_sub *const subs[] = {&audit_append, &audit_log,
    &audit_checkpoint, &audit_export, &audit_verify, &audit_keys, NULL};

static const char *const examples[] = {
    "mipo-audit verify --key log.vkey evidence.tar",
    "check a bundle, with the log's key from elsewhere",
    "mipo-audit verify", "check this host's own log",
    "mipo-audit export --challenge=NONCE -o evidence.tar",
    "a bundle for an auditor who gave a nonce",
    "echo '{\"type\":\"note.audit\",\"text\":\"began\"}' | mipo-audit append",
    "put a note into the log", NULL};

const struct mipo_cli audit_cli = {
    .program = "mipo-audit",
    .summary = "keep a log that shows tampering, and check one",
    .has_state = true,
    .subs = subs,
    .examples = examples,
};
