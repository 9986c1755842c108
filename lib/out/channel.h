/*
 * Channels: roads by which messages leave this host. A kind of channel is
 * one row. The message is whole lines of NDJSON; what the far side does
 * with them is its own affair, so a delivery may be repeated after a crash
 * and a receiver tells copies by the record's id.
 */
#ifndef MIPO_OUT_CHANNEL_H
#define MIPO_OUT_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;

#define MIPO_CHANNEL_LIMIT_MS 30000 /* where none is configured */

/* One configured channel. Borrowed for the call. */
struct mipo_channel {
	const char *name;	  /* of the section; no error names it */
	const char *const *argv;  /* exec: program and arguments, NULL-ended */
	uint64_t limit_ms;	  /* of one delivery; 0: the limit above */
};

/* How a delivery ended. */
enum mipo_delivery {
	MIPO_DELIVERED = 0, /* the far side said that it took it */
	MIPO_DELIVERY_LATER, /* it did not now; the same may go well later */
	MIPO_DELIVERY_REFUSED /* repeating it unchanged is of no use */
};

struct mipo_channel_kind {
	const char *name;    /* "exec" */
	const char *summary; /* one line */

	/* Whether the channel could work at all; sends nothing. */
	int (*check)(const struct mipo_channel *channel, struct mipo_err *err);

	/*
	 * Hands over len bytes. 0 when delivered; else -1, *ret_how says
	 * whether to try again, and err what happened.
	 */
	int (*deliver)(const struct mipo_channel *channel, const void *p,
	    size_t len, enum mipo_delivery *ret_how, struct mipo_err *err);
};

/* The rows, NULL-ended, and one by its name (NULL: there is none). */
extern const struct mipo_channel_kind *const mipo_channel_kinds[];
const struct mipo_channel_kind *mipo_channel_kind_find(const char *name);

/*
 * exec: runs argv without a shell. argv[0] is an absolute path, or a bare
 * name that is sought in /usr/local/sbin, /usr/local/bin, /usr/sbin,
 * /usr/bin, /sbin, /bin (never in the caller's PATH); a relative path is
 * refused. The program starts in / with the lines on stdin, no other
 * descriptor of ours, default signals, and an environment of PATH, LC_ALL=C,
 * TZ=UTC, MIPO_CHANNEL, and HOME, USER, LOGNAME where they were set. Its
 * exit status alone decides: 0 delivered (also when it did not read all),
 * 75 (EX_TEMPFAIL) or a signal or no end within the limit: later; anything
 * else: refused. At the limit its process group gets TERM, a second later
 * KILL. The last line that it printed is in the error.
 */
extern const struct mipo_channel_kind mipo_channel_exec;

#endif
