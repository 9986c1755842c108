#include "data/schema-impl.h"

const struct mipo_field mipo_verify_start_fields[] = {
    {"boundary", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What evidence shows, and what it does not."},
    {"key", MIPO_F_STR, MIPO_REQUIRED, 1, 64, NULL, NULL,
	"Id of the pinned key, or none."},
    {"origin", MIPO_F_STR, MIPO_OPTIONAL, 1, 0, NULL, NULL,
	"Origin of the log; absent where it has no readable genesis."},
    {"size", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Entries that were read."},
    END,
};

const struct mipo_field mipo_verify_check_fields[] = {
    {"check", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"Name of the check."},
    {"verdict", MIPO_F_STR, MIPO_REQUIRED, 1, 63, NULL, NULL,
	"PASS, FAIL (evidence of tampering) or NOT CHECKED."},
    {"text", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What was found, or why it was not checked, for people."},
    END,
};

const struct mipo_field mipo_verify_end_fields[] = {
    {"count", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Lines after verify.start."},
    {"status", MIPO_F_ENUM, MIPO_REQUIRED, 0, 0, "intact tampered unproven",
	NULL, "Unproven: intact, but something asked for is not proven."},
    {"complete", MIPO_F_STR, MIPO_REQUIRED, 1, 0, NULL, NULL,
	"What proves that nothing is missing at the end, for people."},
    {"first_bad", MIPO_F_INT, MIPO_OPTIONAL, 0, INT_MOST, NULL, NULL,
	"Number of the first bad entry; absent where no entry is bad."},
    {"good_prefix", MIPO_F_INT, MIPO_REQUIRED, 0, INT_MOST, NULL, NULL,
	"Entries of the whole good commits before it."},
    {"stream_sha256", MIPO_F_HEX, MIPO_REQUIRED, 0, 64, NULL, NULL,
	"SHA-256 of the bytes of the stream before this line."},
    END,
};
