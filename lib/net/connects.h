/* Connections in the making: a bounded number of them, oldest first. */
#ifndef MIPO_NET_CONNECTS_H
#define MIPO_NET_CONNECTS_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_scanner;

#define MIPO_CONNECTS_NONE  UINT32_MAX
#define MIPO_CONNECTS_SPARE 256
#define MIPO_CONNECTS_MOST  16384 /* some 60 MiB of the kernel's memory */

/* Linked from the oldest to the newest; unused ones by newer alone. */
struct mipo_connect {
	int fd;
	uint64_t pair, began_ns;
	uint32_t older, newer;
};

/* For reading. */
struct mipo_connects {
	int epoll;
	struct mipo_connect *slots;
	uint32_t max, used;
	uint32_t oldest, newest, unused;
	uint64_t told_ns; /* all that had ended by then was taken in */
	uint64_t short_ns[2]; /* since when IPv4, IPv6 lack something, or 0 */
	int spares[MIPO_CONNECTS_SPARE]; /* sockets of one family, unused */
	int spare_family;
	uint32_t n_spares;
};

/*
 * At most that many (MIPO_CONNECTS_MOST), and as the limit on open files
 * leaves; its soft part is raised.
 */
int mipo_connects_open(uint32_t most, struct mipo_connects **ret_connects,
    struct mipo_err *err);

/* Hangs up on all. */
void mipo_connects_free(struct mipo_connects *connects);

/* A socket that connects to nothing yet; -1 and errno where there is none. */
int mipo_connects_socket(struct mipo_connects *connects, int family);

/*
 * Keeps fd, whose connection was refused and which is in no slot, as the
 * next one: a refusal leaves a socket as new, and making one costs more
 * than all else.
 */
void mipo_connects_keep(struct mipo_connects *connects, int fd, int family);

/* Takes fd into an unused slot, of which there must be one. */
uint32_t mipo_connects_add(
    struct mipo_connects *connects, int fd, uint64_t pair, uint64_t now_ns);

/* Frees the slot; its socket, which nobody waits for any more, is left. */
int mipo_connects_leave(struct mipo_connects *connects, uint32_t i);

/* Hangs up and frees the slot. */
void mipo_connects_drop(struct mipo_connects *connects, uint32_t i);

/* Closes with a reset: no state is left on either side. */
void mipo_connects_hang_up(int fd);

/* connect-one.c. Not 0: something lacks: the pair is to be tried again. */
int mipo_connect_start(struct mipo_scanner *scan, uint64_t pair);
/* Takes in all that has become of connections, waiting at most ns. */
int mipo_connect_collect(
    struct mipo_scanner *scan, uint64_t ns, struct mipo_err *err);
/*
 * Asks what has become of the one in slot i; false: nothing so far. in_time:
 * it was asked as soon as it could be told.
 */
bool mipo_connect_ask(struct mipo_scanner *scan, uint32_t i, bool in_time);

#endif
