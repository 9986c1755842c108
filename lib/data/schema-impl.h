/* What the tables of record types share. */
#ifndef MIPO_DATA_SCHEMA_IMPL_H
#define MIPO_DATA_SCHEMA_IMPL_H

#include <stddef.h>

#include "data/schema.h"

#define INT_MOST 9007199254740991LL /* 2^53-1 */
#define STATES "open closed filtered open|filtered unreachable"
#define SILENT " closed filtered open|filtered unreachable"
#define HOST_STATES "up silent"
#define VERDICTS "complete degraded incomplete interrupted"
#define END {.name = NULL}

/* Of what an ICMP error told. */
#define ICMP_ERROR                                                     \
	{"icmp_type", MIPO_F_INT, MIPO_OPTIONAL, 0, 255, NULL, NULL,    \
	    "Type of the ICMP error."},                                 \
	{"icmp_code", MIPO_F_INT, MIPO_OPTIONAL, 0, 255, NULL, NULL,    \
	    "Code of the ICMP error."},                                 \
	{"responder", MIPO_F_IP, MIPO_OPTIONAL, 0, 0, NULL, NULL,       \
	    "Address that sent the ICMP error."}

extern const struct mipo_field mipo_scan_start_fields[];
extern const struct mipo_field mipo_scan_scope_fields[];
extern const struct mipo_field mipo_obs_fields[];
extern const struct mipo_field mipo_service_fields[];
extern const struct mipo_field mipo_presence_fields[];
extern const struct mipo_field mipo_host_fields[];
extern const struct mipo_field mipo_scan_end_fields[];
extern const struct mipo_field mipo_diff_start_fields[];
extern const struct mipo_field mipo_change_fields[];
extern const struct mipo_field mipo_diff_end_fields[];
extern const struct mipo_field mipo_journal_start_fields[];
extern const struct mipo_field mipo_journal_absent_fields[];
extern const struct mipo_field mipo_journal_unsent_fields[];
extern const struct mipo_field mipo_journal_mark_fields[];
extern const struct mipo_field mipo_journal_end_fields[];
extern const struct mipo_field mipo_verify_start_fields[];
extern const struct mipo_field mipo_verify_check_fields[];
extern const struct mipo_field mipo_verify_end_fields[];

#endif
