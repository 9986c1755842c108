/* The layers of the sandbox, each testable alone; for sandbox.c. */
#ifndef MIPO_KIT_SANDBOX_PART_H
#define MIPO_KIT_SANDBOX_PART_H

#include "kit/sandbox.h"

/* Adds a name to what is in force. */
void mipo_sandbox_say(struct mipo_sandbox *sandbox, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Each: 0, also when the mechanism is missing, and says what it did. */
int mipo_sandbox_caps(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err);
int mipo_sandbox_landlock(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err);
int mipo_sandbox_seccomp(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err);

/* The running Landlock ABI as far as we know it; 0: none. */
int mipo_sandbox_landlock_abi(void);

/* Whether a seccomp filter can be loaded. */
bool mipo_sandbox_has_seccomp(void);

#endif
