/* The rows that the build makes of share/catalog. */
#ifndef MIPO_DATA_CATALOG_H
#define MIPO_DATA_CATALOG_H

#include <stddef.h>

#include "data/ports.h"

/* In ascending order of port; ranks are 1..mipo_catalog_n, each once. */
extern const struct mipo_service mipo_catalog[];
extern const size_t mipo_catalog_n;

/* The same of UDP, without ranks: they are 0. */
extern const struct mipo_service mipo_catalog_udp[];
extern const size_t mipo_catalog_udp_n;

#endif
