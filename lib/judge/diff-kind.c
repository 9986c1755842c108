#include "judge/diff.h"

#include <string.h>

#include "base/err.h"

const struct mipo_ckind_row mipo_ckinds[MIPO_CKIND_N] = {
    [MIPO_CK_NONE] = {"none", ' ', false, "no change"},
    [MIPO_CK_OPENED] = {"opened", '+', true,
	"open now, and the old look saw it not open"},
    [MIPO_CK_FIRST_SEEN_OPEN] = {"first_seen_open", '+', true,
	"open now, and the old look did not cover it or could not tell"},
    [MIPO_CK_CLOSED] = {"closed", '-', false, "was open, answers closed now"},
    [MIPO_CK_FILTERED] = {"filtered", '-', false,
	"was open, does not answer now: filtered or unreachable"},
    [MIPO_CK_SILENT] = {"silent", '?', false,
	"was open, says nothing now: open still, or filtered"},
    [MIPO_CK_UNFILTERED] = {"unfiltered", '~', false,
	"did not answer, answers closed now"},
    [MIPO_CK_UNCOVERED] = {"uncovered", '?', false,
	"was open, and the new look did not cover it or cannot tell"},
    [MIPO_CK_HOST_APPEARED] = {"host_appeared", '+', true,
	"the host was silent on all that was covered, and answers now"},
    [MIPO_CK_HOST_GONE] = {"host_gone", '-', false,
	"the host answered, and is silent on all of that now"},
    [MIPO_CK_HOST_FIRST_SEEN] = {"host_first_seen", '+', true,
	"the host answers, and the old look did not cover it or could not "
	"tell"},
};

/* What a pair's two values amount to; all the rest is MIPO_CK_NONE. */
static const uint8_t kind_of[MIPO_KNOWN_N][MIPO_KNOWN_N] = {
    [MIPO_UNKNOWN] = {[MIPO_OPEN] = MIPO_CK_FIRST_SEEN_OPEN},
    [MIPO_NOT_COVERED] = {[MIPO_OPEN] = MIPO_CK_FIRST_SEEN_OPEN},
    [MIPO_OPEN_FILTERED] = {[MIPO_OPEN] = MIPO_CK_FIRST_SEEN_OPEN},
    [MIPO_CLOSED] = {[MIPO_OPEN] = MIPO_CK_OPENED},
    [MIPO_FILTERED] = {[MIPO_OPEN] = MIPO_CK_OPENED,
	[MIPO_CLOSED] = MIPO_CK_UNFILTERED},
    [MIPO_UNREACHABLE] = {[MIPO_OPEN] = MIPO_CK_OPENED,
	[MIPO_CLOSED] = MIPO_CK_UNFILTERED},
    [MIPO_OPEN] = {[MIPO_UNKNOWN] = MIPO_CK_UNCOVERED,
	[MIPO_NOT_COVERED] = MIPO_CK_UNCOVERED,
	[MIPO_CLOSED] = MIPO_CK_CLOSED,
	[MIPO_FILTERED] = MIPO_CK_FILTERED,
	[MIPO_OPEN_FILTERED] = MIPO_CK_SILENT,
	[MIPO_UNREACHABLE] = MIPO_CK_FILTERED},
};

/* The same of a host, in looks for hosts. */
static const uint8_t host_kind_of[MIPO_KNOWN_N][MIPO_KNOWN_N] = {
    [MIPO_UNKNOWN] = {[MIPO_OPEN] = MIPO_CK_HOST_FIRST_SEEN},
    [MIPO_NOT_COVERED] = {[MIPO_OPEN] = MIPO_CK_HOST_FIRST_SEEN},
    [MIPO_FILTERED] = {[MIPO_OPEN] = MIPO_CK_HOST_APPEARED},
    [MIPO_OPEN] = {[MIPO_UNKNOWN] = MIPO_CK_UNCOVERED,
	[MIPO_NOT_COVERED] = MIPO_CK_UNCOVERED,
	[MIPO_FILTERED] = MIPO_CK_HOST_GONE},
};

enum mipo_ckind
mipo_ckind_of(bool hosts, unsigned before, unsigned after)
{
	return (enum mipo_ckind)(
	    hosts ? host_kind_of : kind_of)[before][after];
}

enum mipo_ckind
mipo_ckind_find(const char *name)
{
	for (unsigned k = MIPO_CK_NONE + 1; k < MIPO_CKIND_N; k++)
		if (strcmp(mipo_ckinds[k].name, name) == 0)
			return (enum mipo_ckind)k;
	return MIPO_CK_NONE;
}

unsigned
mipo_ckinds_default(void)
{
	unsigned set = 0;

	for (unsigned k = 0; k < MIPO_CKIND_N; k++)
		if (mipo_ckinds[k].gate)
			set |= 1U << k;
	return set;
}

static int
one(const char *word, size_t len, unsigned *set, struct mipo_err *err)
{
	char name[32] = "";
	enum mipo_ckind kind;

	if (len < sizeof(name))
		memcpy(name, word, len);
	kind = mipo_ckind_find(name);
	if (kind == MIPO_CK_NONE)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%.*s\" is not a kind of change", (int)len, word);
	*set |= 1U << kind;
	return 0;
}

int
mipo_ckinds_parse(const char *text, unsigned *ret_set, struct mipo_err *err)
{
	unsigned set = 0;
	size_t len;

	if (strcmp(text, "all") == 0) {
		*ret_set = ~1U;
		return 0;
	}
	if (strcmp(text, "none") == 0) {
		*ret_set = 0;
		return 0;
	}
	for (;;) {
		len = strcspn(text, ",");
		if (one(text, len, &set, err) != 0)
			return -1;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	*ret_set = set;
	return 0;
}
