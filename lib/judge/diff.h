/*
 * The difference of two looks. Coverage before conclusion: a kind is
 * concluded only from what both looks listed or declared, and what a look
 * was silent about counts only where that look is complete.
 */
#ifndef MIPO_JUDGE_DIFF_H
#define MIPO_JUDGE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/cover.h"

struct mipo_err;
struct mipo_snap;

enum mipo_ckind {
	MIPO_CK_NONE,
	MIPO_CK_OPENED,
	MIPO_CK_FIRST_SEEN_OPEN,
	MIPO_CK_CLOSED,
	MIPO_CK_FILTERED,
	MIPO_CK_SILENT,
	MIPO_CK_UNFILTERED,
	MIPO_CK_UNCOVERED,
	MIPO_CK_HOST_APPEARED,
	MIPO_CK_HOST_GONE,
	MIPO_CK_HOST_FIRST_SEEN,
	MIPO_CKIND_N
};

/* One row a kind. */
struct mipo_ckind_row {
	const char *name; /* "opened" */
	char mark;	  /* + - ~ ? in tables */
	bool gate;	  /* gated unless --gate says otherwise */
	const char *text; /* what it says, a sentence */
};

extern const struct mipo_ckind_row mipo_ckinds[MIPO_CKIND_N];

/*
 * What two known values (cover.h) of a pair, or of a host in looks for
 * hosts, amount to; kinds of whole hosts in looks at ports are not among it.
 */
enum mipo_ckind mipo_ckind_of(bool hosts, unsigned before, unsigned after);

/* MIPO_CK_NONE when name is no kind. */
enum mipo_ckind mipo_ckind_find(const char *name);

/* "opened,closed", "all" or "none" as a set of 1 << kind. */
int mipo_ckinds_parse(
    const char *text, unsigned *ret_set, struct mipo_err *err);

/* The kinds that are gated by default, as such a set. */
unsigned mipo_ckinds_default(void);

struct mipo_change {
	enum mipo_ckind kind;
	struct mipo_addr ip;
	uint16_t port;	    /* 0 for host kinds */
	unsigned before;    /* known values; for a host its strongest */
	unsigned after;
	const uint16_t *ports; /* host kinds: the open ones, ascending */
	size_t n_ports;
};

#define MIPO_DIFF_REASONS 6

/* What came of it. */
struct mipo_diff_sum {
	uint64_t count;	      /* changes */
	uint64_t kinds[MIPO_CKIND_N];
	uint64_t compared;    /* pairs whose state is known in both */
	uint64_t only_old;    /* pairs that only the old look covers */
	uint64_t only_new;
	bool hosts; /* and not pairs, are what is counted */
	bool cut; /* a look had no end record: no answer at all */
	bool conclusive;
	char reasons[MIPO_DIFF_REASONS][96]; /* why it is not */
	size_t n_reasons;
};

/*
 * 0 where the two may be compared; else E_INPUT: looks of different
 * networks, vantages or protocols have no pair in common.
 */
int mipo_diff_comparable(const struct mipo_snap *old,
    const struct mipo_snap *new, struct mipo_err *err);

/*
 * Calls change for each difference in order of address, protocol and port;
 * of one address host kinds come first. The looks must be comparable.
 * Hosts of which neither look lists a pair are not looked at. Of looks for
 * hosts all changes are of hosts, and none has ports.
 */
int mipo_diff_run(const struct mipo_snap *old, const struct mipo_snap *new,
    void (*change)(void *arg, const struct mipo_change *change), void *arg,
    struct mipo_diff_sum *ret_sum, struct mipo_err *err);

#endif
