#include "trust/slots-seen.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "trust/slots-in.h"

static int
check_size(int fd, const char *path, struct mipo_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return mipo_err_sys(err, errno, "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_size != (off_t)2 * SLOT_PAGE)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "%s: not a file of %d bytes", path, 2 * SLOT_PAGE);
	return 0;
}

static int
take_page(const uint8_t *page, struct mipo_slots_seen *seen,
    struct mipo_err *err)
{
	struct mipo_key *key;

	if (mipo_slot_look(page) != SLOT_KEY)
		return 0;
	key = mipo_key_from_seed(page + AT_SEED, err);
	if (key == NULL)
		return -1;
	seen->key[seen->keys].n = mipo_slot_n(page);
	seen->key[seen->keys++].pub = *mipo_key_pub(key);
	mipo_key_free(key);
	return 0;
}

static int
see_pages(int fd, const char *path, struct mipo_slots_seen *ret_seen,
    struct mipo_err *err)
{
	struct mipo_slots_seen seen = {0};
	uint8_t *page = sodium_malloc(SLOT_PAGE);
	int r = 0;

	if (page == NULL)
		return mipo_err_nomem(err);
	for (int i = 0; i < 2 && r == 0; i++) {
		r = mipo_slot_read(fd, path, i, page, err);
		if (r == 0)
			r = take_page(page, &seen, err);
	}
	sodium_free(page);
	if (r == 0)
		*ret_seen = seen;
	return r;
}

int
mipo_slots_see(const char *path, uint64_t wait_ms, int *ret_lock,
    struct mipo_slots_seen *ret_seen, struct mipo_err *err)
{
	int fd, r = -1;

	if (mipo_trust_init(err) != 0)
		return -1;
	/* what is no plain file must not make us wait for its other end */
	fd = open(
	    path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	if (check_size(fd, path, err) == 0 &&
	    (ret_lock == NULL ||
		mipo_file_lock(fd, path, wait_ms, err) == 0))
		r = see_pages(fd, path, ret_seen, err);
	if (r == 0 && ret_lock != NULL)
		*ret_lock = fd;
	else
		(void)close(fd);
	return r;
}

bool
mipo_slots_has(const struct mipo_slots_seen *seen, uint64_t n,
    const struct mipo_pub *pub)
{
	for (unsigned i = 0; i < seen->keys; i++)
		if (seen->key[i].n == n &&
		    memcmp(seen->key[i].pub.pk, pub->pk, MIPO_PK_LEN) == 0)
			return true;
	return false;
}
