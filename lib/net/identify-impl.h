/* What the files of identification share. */
#ifndef MIPO_NET_IDENTIFY_IMPL_H
#define MIPO_NET_IDENTIFY_IMPL_H

#include "base/err.h"
#include "net/crowd.h"
#include "net/identify.h"
#include "net/names.h"
#include "net/scanner-impl.h"
#include "net/talk.h"

#define MIPO_IDENTIFY_SLOTS 1024 /* connections at once */

#define MIPO_IDENTIFY_PAIR(item) ((item) & ~MIPO_CROWD_BARE)

/* Who talks in a slot of connects. */
struct mipo_seat {
	struct mipo_talk talk;
	struct mipo_spot spot;
	uint64_t item; /* of the list */
	const struct mipo_name *name; /* NULL: there is none */
	unsigned nth;  /* of the names of the address */
	bool made;     /* the connection is */
};

struct mipo_identify {
	uint64_t *list; /* open pairs, as they came, with MIPO_CROWD_BARE */
	size_t n, cap, next;
	uint64_t total; /* open pairs; more than n where the list is full */
	struct mipo_crowd *crowds;
	size_t n_crowds, flagged; /* of which flagged have a record */
	struct mipo_tls_room *room; /* NULL: built without TLS */
	struct mipo_connects *connects;
	struct mipo_seat *seats; /* one for each slot */
	/*
	 * A ring of those that want one more connection, of as many places as
	 * there are slots: the two together never hold more than that.
	 */
	struct mipo_seat *waiting;
	uint32_t first_waiting, n_waiting;
	struct mipo_names *names; /* may be NULL */
	struct mipo_pace pace;
	uint64_t results[MIPO_RESULT_N], connections;
	uint64_t renamed, unnamed; /* asked by further names, or not */
	uint64_t thinned; /* pairs of crowds, that are left out */
	uint64_t began_ns, ended_ns;
	struct mipo_err err; /* what ended it before its time */
};

/* Whether TLS was asked for by a name. */
bool mipo_identify_is_named(const struct mipo_seat *seat);

/* Those that a record was made of. */
uint64_t mipo_identify_done(const struct mipo_identify *identify);

/* identify-list.c: of crowds a few pairs are enough. */
void mipo_identify_thin_out(struct mipo_scanner *scan);

/* Puts the seat behind all that wait; takes the first of them, if any. */
void mipo_identify_wait(
    struct mipo_identify *identify, const struct mipo_seat *seat);
bool mipo_identify_resume(
    struct mipo_identify *identify, struct mipo_seat *ret_seat);

/* The seat was told of; where a further name of it is to be asked, it waits. */
void mipo_identify_rename(
    struct mipo_identify *identify, const struct mipo_seat *seat);

/* Its name, and all further ones of its address, are not asked for. */
void mipo_identify_leave(
    struct mipo_identify *identify, const struct mipo_seat *seat);

/* The same where a further name is being asked for when all ends. */
void mipo_identify_leave_all(struct mipo_identify *identify);

/*
 * The next of the list is one whose host has room; false where none of
 * those ahead has.
 */
bool mipo_identify_choose(struct mipo_scanner *scan);

/* identify-tell.c: the records that go into the stream. */
void mipo_identify_tell(
    struct mipo_scanner *scan, const struct mipo_seat *seat);
void mipo_identify_tell_crowd(
    struct mipo_scanner *scan, const struct mipo_crowd *crowd);

#endif
