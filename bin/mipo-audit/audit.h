/* The parts of mipo-audit, between its own files only. */
#ifndef MIPO_AUDIT_AUDIT_H
#define MIPO_AUDIT_AUDIT_H

#include "kit/cli.h"

/*
 * The program's table. One file of two defines it: table.c has all
 * subcommands, table-verifier.c (--enable-verifier) has verify alone.
 */
extern const struct mipo_cli audit_cli;

extern const struct mipo_sub audit_verify;

#endif
