/* What the subcommands of mipo-store share. */
#ifndef MIPO_STORE_BIN_H
#define MIPO_STORE_BIN_H

#include <stddef.h>

#include "bin/common.h"

extern const struct mipo_sub store_init, store_record, store_scans,
    store_show, store_baseline, store_rebuild, store_check;

#endif
