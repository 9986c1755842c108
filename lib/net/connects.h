/* Connections in the making: a bounded number of them, oldest first. */
#ifndef MIPO_NET_CONNECTS_H
#define MIPO_NET_CONNECTS_H

#include <stdint.h>

struct mipo_err;

#define MIPO_CONNECTS_NONE UINT32_MAX

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
};

/* As many as the limit on open files leaves; its soft part is raised. */
int mipo_connects_open(
    struct mipo_connects **ret_connects, struct mipo_err *err);

/* Hangs up on all. */
void mipo_connects_free(struct mipo_connects *connects);

/* Takes fd into an unused slot, of which there must be one. */
uint32_t mipo_connects_add(
    struct mipo_connects *connects, int fd, uint64_t pair, uint64_t now_ns);

/* Hangs up and frees the slot. */
void mipo_connects_drop(struct mipo_connects *connects, uint32_t i);

/* Closes with a reset: no state is left on either side. */
void mipo_connects_hang_up(int fd);

#endif
