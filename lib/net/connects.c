#include "net/connects.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

#define SPARE_FDS 32

/* How many sockets we may have at once; the soft limit is raised. */
static uint32_t
count_fds(void)
{
	struct rlimit limit = {256, 256};

	(void)getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max > MIPO_CONNECTS_MOST + SPARE_FDS
		    ? MIPO_CONNECTS_MOST + SPARE_FDS
		    : limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= MIPO_CONNECTS_MOST + SPARE_FDS)
		return MIPO_CONNECTS_MOST;
	if (limit.rlim_cur <= SPARE_FDS)
		return 1;
	return (uint32_t)limit.rlim_cur - SPARE_FDS;
}

int
mipo_connects_open(uint32_t most, struct mipo_connects **ret_connects,
    struct mipo_err *err)
{
	struct mipo_connects *c = mipo_calloc(1, sizeof(*c), err);

	if (c == NULL)
		return -1;
	c->max = count_fds();
	if (c->max > most)
		c->max = most;
	c->oldest = c->newest = MIPO_CONNECTS_NONE;
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (c->epoll < 0) {
		mipo_err_sys(err, errno, "epoll");
		goto fail;
	}
	c->slots = mipo_calloc(c->max, sizeof(*c->slots), err);
	if (c->slots == NULL)
		goto fail;
	for (uint32_t i = 0; i < c->max; i++)
		c->slots[i].newer = i + 1 < c->max ? i + 1 : MIPO_CONNECTS_NONE;
	*ret_connects = c;
	return 0;
fail:
	mipo_connects_free(c);
	return -1;
}

uint32_t
mipo_connects_add(
    struct mipo_connects *c, int fd, uint64_t pair, uint64_t now)
{
	uint32_t i = c->unused;
	struct mipo_connect *slot = &c->slots[i];

	c->unused = slot->newer;
	slot->fd = fd;
	slot->pair = pair;
	slot->began_ns = now;
	slot->newer = MIPO_CONNECTS_NONE;
	slot->older = c->newest;
	if (c->newest == MIPO_CONNECTS_NONE)
		c->oldest = i;
	else
		c->slots[c->newest].newer = i;
	c->newest = i;
	c->used++;
	return i;
}

void
mipo_connects_hang_up(int fd)
{
	const struct linger now = {1, 0};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(fd);
}

static int
unlink_slot(struct mipo_connects *c, uint32_t i)
{
	struct mipo_connect *slot = &c->slots[i];

	if (slot->older == MIPO_CONNECTS_NONE)
		c->oldest = slot->newer;
	else
		c->slots[slot->older].newer = slot->newer;
	if (slot->newer == MIPO_CONNECTS_NONE)
		c->newest = slot->older;
	else
		c->slots[slot->newer].older = slot->older;
	slot->newer = c->unused;
	c->unused = i;
	c->used--;
	return slot->fd;
}

int
mipo_connects_leave(struct mipo_connects *c, uint32_t i)
{
	int fd = unlink_slot(c, i);

	(void)epoll_ctl(c->epoll, EPOLL_CTL_DEL, fd, NULL);
	return fd;
}

void
mipo_connects_drop(struct mipo_connects *c, uint32_t i)
{
	mipo_connects_hang_up(unlink_slot(c, i));
}

static void
close_spares(struct mipo_connects *c)
{
	while (c->n_spares > 0)
		(void)close(c->spares[--c->n_spares]);
}

int
mipo_connects_socket(struct mipo_connects *c, int family)
{
	if (c->n_spares > 0 && c->spare_family == family)
		return c->spares[--c->n_spares];
	close_spares(c);
	return socket(
	    family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void
mipo_connects_keep(struct mipo_connects *c, int fd, int family)
{
	if (c->n_spares > 0 && c->spare_family != family)
		close_spares(c);
	if (c->n_spares == MIPO_CONNECTS_SPARE ||
	    c->used + c->n_spares >= c->max) {
		(void)close(fd);
		return;
	}
	c->spare_family = family;
	c->spares[c->n_spares++] = fd;
}

void
mipo_connects_free(struct mipo_connects *c)
{
	if (c == NULL)
		return;
	while (c->slots != NULL && c->used > 0)
		mipo_connects_drop(c, c->oldest);
	close_spares(c);
	if (c->epoll >= 0)
		(void)close(c->epoll);
	free(c->slots);
	free(c);
}
