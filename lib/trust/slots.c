#include "trust/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "trust/hash.h"
#include "trust/key.h"
#include "trust/slots-in.h"

struct mipo_slots {
	char *path;
	int fd;
	uint8_t *page; /* guarded memory for one slot's bytes */
	struct mipo_key *key, *next;
	uint64_t n;  /* of key */
	int current; /* slot of key: 0 or 1; -1 before settle */
	bool broken; /* a write or sync failed: nothing is certain */
};

static void
put_u64(uint8_t *p, uint64_t n)
{
	for (int i = 7; i >= 0; i--, n >>= 8)
		p[i] = (uint8_t)n;
}

uint64_t
mipo_slot_n(const uint8_t page[SLOT_PAGE])
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | page[AT_N + i];
	return n;
}

static void
pack(uint8_t page[SLOT_PAGE], uint64_t n, const struct mipo_key *key)
{
	sodium_memzero(page, SLOT_PAGE);
	memcpy(page, SLOT_MAGIC, AT_N);
	put_u64(page + AT_N, n);
	mipo_key_seed(key, page + AT_SEED);
	mipo_hash(page, AT_SUM, page + AT_SUM);
}

enum mipo_slot
mipo_slot_look(const uint8_t page[SLOT_PAGE])
{
	uint8_t sum[MIPO_HASH_LEN];

	if (sodium_is_zero(page, SLOT_PAGE))
		return SLOT_EMPTY;
	mipo_hash(page, AT_SUM, sum);
	if (memcmp(page, SLOT_MAGIC, AT_N) != 0 ||
	    memcmp(sum, page + AT_SUM, sizeof(sum)) != 0 ||
	    !sodium_is_zero(page + SLOT_USED, SLOT_PAGE - SLOT_USED))
		return SLOT_RUBBISH;
	return SLOT_KEY;
}

int
mipo_slots_create(
    const char *path, const struct mipo_key *key, struct mipo_err *err)
{
	uint8_t *pages = sodium_malloc((size_t)2 * SLOT_PAGE);
	int r;

	if (pages == NULL)
		return mipo_err_nomem(err);
	sodium_memzero(pages, (size_t)2 * SLOT_PAGE);
	pack(pages, 0, key);
	r = mipo_file_put(path, 0600, 1, pages, (size_t)2 * SLOT_PAGE, err);
	sodium_free(pages);
	return r;
}

static int
check_file(const struct mipo_slots *slots, struct mipo_err *err)
{
	struct stat st;

	if (fstat(slots->fd, &st) != 0)
		return mipo_err_sys(err, errno, "%s", slots->path);
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0 ||
	    (st.st_uid != 0 && st.st_uid != geteuid()) || st.st_nlink != 1)
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: the ratchet's secret must be one plain file of mode "
		    "0600 that belongs to you or root", slots->path);
	if (st.st_size != (off_t)2 * SLOT_PAGE)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "%s: %lld bytes where %d belong", slots->path,
		    (long long)st.st_size, 2 * SLOT_PAGE);
	return 0;
}

/* Whether the path still leads to the file that was locked. */
static int
check_path(const struct mipo_slots *slots, struct mipo_err *err)
{
	struct stat here, there;

	if (fstat(slots->fd, &here) != 0 || lstat(slots->path, &there) != 0)
		return mipo_err_sys(err, errno, "%s", slots->path);
	if (here.st_ino != there.st_ino || here.st_dev != there.st_dev)
		return mipo_err_set(err, MIPO_E_BUSY,
		    "%s: replaced while waiting for it", slots->path);
	return 0;
}

int
mipo_slots_open(const char *path, uint64_t wait_ms,
    struct mipo_slots **ret_slots, struct mipo_err *err)
{
	struct mipo_slots *slots;

	if (mipo_trust_init(err) != 0)
		return -1;
	slots = mipo_calloc(1, sizeof(*slots), err);
	if (slots == NULL)
		return -1;
	slots->current = -1;
	slots->fd = -1;
	slots->path = mipo_strdup(path, err);
	slots->page = sodium_malloc(SLOT_PAGE);
	if (slots->path == NULL || slots->page == NULL) {
		mipo_err_nomem(err);
		goto fail;
	}
	slots->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (slots->fd < 0) {
		mipo_err_sys(err, errno, "%s", path);
		goto fail;
	}
	if (check_file(slots, err) != 0 ||
	    mipo_file_lock(slots->fd, path, wait_ms, err) != 0 ||
	    check_path(slots, err) != 0)
		goto fail;
	*ret_slots = slots;
	return 0;
fail:
	mipo_slots_close(slots);
	return -1;
}

void
mipo_slots_close(struct mipo_slots *slots)
{
	if (slots == NULL)
		return;
	if (slots->fd >= 0)
		(void)close(slots->fd); /* and unlocks */
	mipo_key_free(slots->key);
	mipo_key_free(slots->next);
	sodium_free(slots->page);
	free(slots->path);
	free(slots);
}

int
mipo_slot_read(int fd, const char *path, int which,
    uint8_t ret_page[SLOT_PAGE], struct mipo_err *err)
{
	off_t at = (off_t)which * SLOT_PAGE;
	size_t done = 0;

	while (done < SLOT_PAGE) {
		ssize_t n = pread(fd, ret_page + done, SLOT_PAGE - done,
		    at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return mipo_err_sys(
			    err, n == 0 ? EIO : errno, "%s: read", path);
		done += (size_t)n;
	}
	return 0;
}

/* In place and on the disk, or broken for good. */
static int
write_slot(struct mipo_slots *slots, int which, struct mipo_err *err)
{
	off_t at = (off_t)which * SLOT_PAGE;
	size_t done = 0;

	while (done < SLOT_PAGE) {
		ssize_t n = pwrite(slots->fd, slots->page + done,
		    SLOT_PAGE - done, at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			slots->broken = true;
			return mipo_err_sys(
			    err, errno, "%s: write", slots->path);
		}
		done += (size_t)n;
	}
	if (fdatasync(slots->fd) != 0) {
		slots->broken = true;
		return mipo_err_sys(err, errno, "%s: sync", slots->path);
	}
	return 0;
}

static int
wipe_slot(struct mipo_slots *slots, int which, struct mipo_err *err)
{
	sodium_memzero(slots->page, SLOT_PAGE);
	return write_slot(slots, which, err);
}

/* Asks both slots; *ret_which is the one with the key, or -1. */
static int
find_key(struct mipo_slots *slots, uint64_t n, const struct mipo_pub *pub,
    int *ret_which, enum mipo_slot ret_holds[2], struct mipo_err *err)
{
	*ret_which = -1;
	for (int i = 0; i < 2; i++) {
		struct mipo_key *key;

		if (mipo_slot_read(slots->fd, slots->path, i, slots->page,
			err) != 0)
			return -1;
		ret_holds[i] = mipo_slot_look(slots->page);
		if (ret_holds[i] != SLOT_KEY || *ret_which >= 0 ||
		    mipo_slot_n(slots->page) != n)
			continue;
		key = mipo_key_from_seed(slots->page + AT_SEED, err);
		if (key == NULL)
			return -1;
		if (memcmp(mipo_key_pub(key)->pk, pub->pk, MIPO_PK_LEN) !=
		    0) {
			mipo_key_free(key);
			continue;
		}
		slots->key = key;
		*ret_which = i;
	}
	sodium_memzero(slots->page, SLOT_PAGE);
	return 0;
}

int
mipo_slots_settle(struct mipo_slots *slots, uint64_t n,
    const struct mipo_pub *certified, struct mipo_err *err)
{
	enum mipo_slot holds[2];
	int which;

	if (slots->broken || slots->current >= 0)
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "settled twice, or broken");
	if (find_key(slots, n, certified, &which, holds, err) != 0)
		return -1;
	if (which < 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "%s: neither slot holds the key that the log certifies "
		    "(%llu, %s): the log or the key file was rolled back",
		    slots->path, (unsigned long long)n, certified->id);
	if (holds[!which] != SLOT_EMPTY &&
	    wipe_slot(slots, !which, err) != 0)
		return -1;
	slots->current = which;
	slots->n = n;
	return 0;
}

const struct mipo_key *
mipo_slots_key(const struct mipo_slots *slots)
{
	return slots->key;
}

/* What every step after settle asks first. */
static int
check_ready(const struct mipo_slots *slots, struct mipo_err *err)
{
	if (slots->broken)
		return mipo_err_set(err, MIPO_E_IO,
		    "%s: an earlier write failed; start anew", slots->path);
	if (slots->current < 0)
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "the slots are not settled");
	return 0;
}

int
mipo_slots_prepare(struct mipo_slots *slots, const struct mipo_pub **ret_next,
    struct mipo_err *err)
{
	int r;

	if (check_ready(slots, err) != 0)
		return -1;
	if (slots->next != NULL)
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "a key is prepared already");
	slots->next = mipo_key_new(err);
	if (slots->next == NULL)
		return -1;
	pack(slots->page, slots->n + 1, slots->next);
	r = write_slot(slots, !slots->current, err);
	sodium_memzero(slots->page, SLOT_PAGE);
	if (r != 0)
		return -1;
	*ret_next = mipo_key_pub(slots->next);
	return 0;
}

int
mipo_slots_finish(struct mipo_slots *slots, struct mipo_err *err)
{
	if (check_ready(slots, err) != 0)
		return -1;
	if (slots->next == NULL)
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "no key is prepared");
	mipo_key_free(slots->key);
	slots->key = slots->next;
	slots->next = NULL;
	slots->n++;
	slots->current = !slots->current;
	return wipe_slot(slots, !slots->current, err);
}

int
mipo_slots_drop(struct mipo_slots *slots, struct mipo_err *err)
{
	if (slots->next == NULL)
		return 0;
	if (check_ready(slots, err) != 0)
		return -1;
	mipo_key_free(slots->next);
	slots->next = NULL;
	return wipe_slot(slots, !slots->current, err);
}
