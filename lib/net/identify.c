#include "net/identify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "net/connects.h"
#include "net/dial.h"
#include "net/identify-impl.h"

#define MS     UINT64_C(1000000)
#define NAP_NS (20 * MS)
#define RATE   1000 /* connections a second, if the scan's is not less */
#define ALL_NS (600000 * MS) /* then nothing more is begun */
#define BATCH  256

int
mipo_identify_open(struct mipo_identify **ret_identify, struct mipo_err *err)
{
	struct mipo_identify *id = mipo_calloc(1, sizeof(*id), err);

	if (id == NULL)
		return -1;
	if (mipo_tls_open(&id->room, err) != 0 ||
	    mipo_connects_open(MIPO_IDENTIFY_SLOTS, &id->connects, err) != 0)
		goto fail;
	id->seats = mipo_calloc(id->connects->max, sizeof(*id->seats), err);
	id->waiting =
	    mipo_calloc(id->connects->max, sizeof(*id->waiting), err);
	if (id->seats == NULL || id->waiting == NULL)
		goto fail;
	*ret_identify = id;
	return 0;
fail:
	mipo_identify_free(id);
	return -1;
}

void
mipo_identify_free(struct mipo_identify *id)
{
	if (id == NULL)
		return;
	for (uint32_t i = 0; id->seats != NULL && i < id->connects->max; i++)
		mipo_talk_release(&id->seats[i].talk);
	mipo_connects_free(id->connects);
	mipo_tls_close(id->room);
	free(id->seats);
	free(id->waiting);
	free(id->crowds);
	free(id->list);
	free(id);
}

void
mipo_identify_progress(const struct mipo_identify *id, uint64_t *ret_total)
{
	if (id->began_ns != 0)
		*ret_total = id->total;
}

/* What was found of the seat's pair is handed on. */
static void
finish(struct mipo_scanner *scan, struct mipo_seat *seat)
{
	struct mipo_identify *id = scan->identify;

	if (seat->nth > 0)
		id->renamed++;
	else
		id->results[seat->talk.found.result]++;
	mipo_identify_tell(scan, seat);
	mipo_talk_release(&seat->talk);
	mipo_identify_rename(id, seat);
}

/*
 * Begins a connection for the seat; 0, or what is lacking for it. What is
 * not to be had for the pair itself is a result.
 */
static int
dial(struct mipo_scanner *scan, struct mipo_seat *seat)
{
	struct mipo_connects *c = scan->identify->connects;
	const int window = 16384; /* who floods shall fill no memory of ours */
	struct epoll_event event = {
	    .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};
	uint64_t now = mipo_clock_mono_ns();
	int fd = mipo_connects_socket(c, mipo_dial_family(&seat->spot.addr));
	int sys;

	if (fd < 0)
		return errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
	sys = mipo_dial(fd, &seat->spot.addr, seat->spot.port);
	if (sys != 0 && sys != EINPROGRESS) {
		mipo_connects_hang_up(fd);
		if (!mipo_dial_lacks(sys))
			mipo_talk_unreached(&seat->talk);
		return mipo_dial_lacks(sys) ? sys : 0;
	}
	event.data.u32 = mipo_connects_add(
	    c, fd, MIPO_IDENTIFY_PAIR(seat->item), now);
	if (epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		sys = errno;
		mipo_connects_drop(c, event.data.u32);
		return sys;
	}
	scan->identify->connections++;
	mipo_talk_dialled(&seat->talk, now);
	seat->made = false;
	scan->identify->seats[event.data.u32] = *seat;
	return 0;
}

/*
 * The connection of seat i has said its part: there is one more, in its
 * turn, or the result.
 */
static void
turn(struct mipo_scanner *scan, uint32_t i)
{
	struct mipo_seat seat = scan->identify->seats[i];

	memset(&scan->identify->seats[i], 0, sizeof(seat));
	mipo_connects_drop(scan->identify->connects, i);
	if (seat.talk.next == MIPO_TALK_CONNECT)
		mipo_identify_wait(scan->identify, &seat);
	else
		finish(scan, &seat);
}

/* Sends what waits; false where the other side is gone. */
static bool
flush(struct mipo_talk *talk, int fd)
{
	ssize_t n;

	while (talk->out_at < talk->out_len) {
		n = send(fd, talk->out + talk->out_at,
		    talk->out_len - talk->out_at, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		talk->out_at += (size_t)n;
	}
	return true;
}

/* Takes in what has come, and answers, until there is nothing left. */
static void
carry(struct mipo_talk *talk, int fd)
{
	uint8_t bytes[4096];
	ssize_t n;

	while (talk->next == MIPO_TALK_ON) {
		if (!flush(talk, fd)) {
			mipo_talk_closed(talk);
			return;
		}
		n = recv(fd, bytes, sizeof(bytes), 0);
		if (n > 0)
			mipo_talk_hear(talk, bytes, (size_t)n,
			    mipo_clock_mono_ns());
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			mipo_talk_closed(talk);
		else if (errno == EAGAIN)
			return;
	}
}

/* Whether the connection is made by now, or never will be. */
static bool
is_settled(struct mipo_seat *seat, int fd)
{
	int sys = mipo_dial(fd, &seat->spot.addr, seat->spot.port);
	/* Only what was connected can be reset, or closed. */
	bool gone = sys == ECONNRESET || sys == EPIPE;

	if (sys == EALREADY)
		return false;
	seat->made = true;
	if ((sys == 0 || sys == EISCONN || gone) && !mipo_dial_is_self(fd))
		mipo_talk_connected(&seat->talk, mipo_clock_mono_ns());
	else
		mipo_talk_unreached(&seat->talk);
	if (gone)
		mipo_talk_closed(&seat->talk);
	return true;
}

/* Something happened to the connection of seat i. */
static void
attend(struct mipo_scanner *scan, uint32_t i)
{
	struct mipo_seat *seat = &scan->identify->seats[i];
	int fd = scan->identify->connects->slots[i].fd;

	if (!seat->made && !is_settled(seat, fd))
		return;
	carry(&seat->talk, fd);
	if (seat->talk.next != MIPO_TALK_ON)
		turn(scan, i);
}

/* Those whose time is up; what they then want to say is sent. */
static void
tick_all(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;
	uint64_t now = mipo_clock_mono_ns();
	uint32_t i = id->connects->oldest, newer;

	for (; i != MIPO_CONNECTS_NONE; i = newer) {
		struct mipo_talk *talk = &id->seats[i].talk;

		newer = id->connects->slots[i].newer;
		mipo_talk_tick(talk, now);
		if (talk->next == MIPO_TALK_ON && id->seats[i].made &&
		    !flush(talk, id->connects->slots[i].fd))
			mipo_talk_closed(talk);
		if (talk->next != MIPO_TALK_ON)
			turn(scan, i);
	}
}

/*
 * Begins with the next of the list; false where something lacks. Where
 * nothing is under way that could give it back, the pair is passed over.
 */
static bool
start(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;
	struct mipo_seat seat;
	int sys;

	memset(&seat, 0, sizeof(seat));
	seat.item = id->list[id->next];
	mipo_space_at(scan->space, MIPO_IDENTIFY_PAIR(seat.item), &seat.spot);
	seat.name = mipo_names_first(id->names, &seat.spot.addr);
	mipo_talk_init(&seat.talk, seat.spot.port, id->room,
	    seat.name == NULL ? NULL : seat.name->text);
	sys = dial(scan, &seat);
	if (sys != 0 && id->connects->used > 0)
		return false;
	id->next++;
	if (sys == 0 && seat.talk.next == MIPO_TALK_DONE)
		finish(scan, &seat);
	return true;
}

/* No more connection for it: what is known of it is told. */
static void
give_up(struct mipo_scanner *scan, struct mipo_seat *seat)
{
	if (seat->talk.connections > 0)
		finish(scan, seat);
	else
		mipo_identify_leave(scan->identify, seat);
}

/* The same for the first of those that wait. */
static bool
resume(struct mipo_scanner *scan)
{
	struct mipo_seat seat;
	int sys;

	if (!mipo_identify_resume(scan->identify, &seat))
		return false;
	sys = dial(scan, &seat);
	if (sys != 0 && scan->identify->connects->used > 0) {
		mipo_identify_wait(scan->identify, &seat);
		return false;
	}
	if (sys != 0)
		give_up(scan, &seat);
	else if (seat.talk.next == MIPO_TALK_DONE)
		finish(scan, &seat);
	return true;
}

static int
collect(struct mipo_scanner *scan, uint64_t ns)
{
	struct mipo_connects *c = scan->identify->connects;
	struct epoll_event events[BATCH];
	int n = epoll_wait(c->epoll, events, BATCH, (int)(ns / MS) + 1);

	if (n < 0 && errno != EINTR)
		return mipo_err_sys(&scan->identify->err, errno, "epoll");
	for (int i = 0; i < n; i++)
		attend(scan, events[i].data.u32);
	tick_all(scan);
	return 0;
}

/* As many connections as may go now; those that wait go first. */
static void
begin(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;
	uint64_t due =
	    mipo_pace_due(&id->pace, mipo_clock_mono_ns(), BATCH);

	for (; due > 0 && resume(scan); due--)
		mipo_pace_spend(&id->pace, 1);
	for (; due > 0 && id->next < id->n &&
	     id->connects->used + id->n_waiting < id->connects->max &&
	     mipo_identify_choose(scan) && start(scan); due--)
		mipo_pace_spend(&id->pace, 1);
}

/* Nothing more is begun. */
static void
wind_up(struct mipo_scanner *scan)
{
	struct mipo_seat seat;

	scan->identify->next = scan->identify->n;
	while (mipo_identify_resume(scan->identify, &seat))
		give_up(scan, &seat);
}

static void
run(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;
	uint64_t rate = scan->config.rate;

	scan->phase = "identifying";
	if (rate == 0 || rate > RATE)
		rate = RATE;
	mipo_pace_start(&id->pace, rate, mipo_clock_mono_ns());
	while (id->next < id->n || id->n_waiting > 0 ||
	    id->connects->used > 0) {
		begin(scan);
		if (collect(scan, NAP_NS) != 0 ||
		    mipo_scanner_tick(scan, mipo_identify_done(id)))
			break;
		if (mipo_clock_mono_ns() - id->began_ns >= ALL_NS)
			wind_up(scan);
	}
	wind_up(scan);
	mipo_identify_leave_all(id);
}

/* Of a list that was cut, how many are open of a host is not known. */
static void
tell_crowds(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;

	if (id->n < id->total) {
		(void)mipo_err_set(&id->err, MIPO_E_NOMEM,
		    "no more than %zu open pairs were kept; no host is "
		    "flagged", id->n);
		return;
	}
	for (size_t i = 0; i < id->n_crowds; i++)
		mipo_identify_tell_crowd(scan, &id->crowds[i]);
	id->flagged = id->n_crowds;
}

void
mipo_identify_run(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;

	id->began_ns = mipo_clock_mono_ns();
	if (mipo_crowds_find(id->list, id->n, scan->space->n_ports,
		&id->crowds, &id->n_crowds, &id->err) == 0) {
		tell_crowds(scan);
		mipo_identify_thin_out(scan);
		if (!scan->stopped)
			run(scan);
	}
	id->ended_ns = mipo_clock_mono_ns();
}
