#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "trust/key.h"
#include "trust/slots-seen.h"
#include "trust/slots.h"

static char path[96];

/* A fresh file with key 0, whose public half is kept. */
static struct mipo_pub
fresh(void)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err);
	struct mipo_pub pub = *mipo_key_pub(key);

	(void)snprintf(path, sizeof(path), "%s/ratchet", unit_dir);
	(void)unlink(path);
	ck_ok(mipo_slots_create(path, key, &err));
	mipo_key_free(key);
	return pub;
}

static struct mipo_slots *
open_slots(void)
{
	struct mipo_err err = {0};
	struct mipo_slots *slots = NULL;

	ck_ok(mipo_slots_open(path, 0, &slots, &err));
	return slots;
}

/* How many bytes of slot which are not zero. */
static size_t
used(int which)
{
	unsigned char page[4096];
	int fd = open(path, O_RDONLY);
	size_t n = 0;

	ck_assert_int_eq(pread(fd, page, 4096, which * 4096), 4096);
	for (size_t i = 0; i < sizeof(page); i++)
		n += page[i] != 0;
	(void)close(fd);
	return n;
}

static void
settle(struct mipo_slots *slots, uint64_t n, const struct mipo_pub *pub)
{
	struct mipo_err err = {0};

	ck_ok(mipo_slots_settle(slots, n, pub, &err));
	ck_assert_str_eq(mipo_key_pub(mipo_slots_key(slots))->id, pub->id);
}

START_TEST(commits)
{
	struct mipo_err err = {0};
	struct mipo_pub pub = fresh();
	struct mipo_slots *slots = open_slots();
	const struct mipo_pub *next;
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(st.st_size, 8192);
	ck_fails(mipo_slots_prepare(slots, &next, &err), MIPO_E_INTERNAL);
	settle(slots, 0, &pub);
	for (uint64_t n = 0; n < 5; n++) {
		ck_ok(mipo_slots_prepare(slots, &next, &err));
		ck_assert(used(0) > 0 && used(1) > 0);
		ck_assert_str_eq(
		    mipo_key_pub(mipo_slots_key(slots))->id, pub.id);
		pub = *next;
		ck_ok(mipo_slots_finish(slots, &err));
		ck_assert_uint_eq(used(n % 2 == 0 ? 0 : 1), 0);
		ck_assert_str_eq(
		    mipo_key_pub(mipo_slots_key(slots))->id, pub.id);
		if (n == 2) { /* another process goes on */
			mipo_slots_close(slots);
			slots = open_slots();
			settle(slots, n + 1, &pub);
		}
	}
	mipo_slots_close(slots);
}
END_TEST

/* Killed between any two steps: what the log certifies decides. */
START_TEST(crashes)
{
	struct mipo_err err = {0};
	struct mipo_pub pub = fresh(), next;
	struct mipo_slots *slots = open_slots();
	const struct mipo_pub *prepared;

	settle(slots, 0, &pub);
	ck_ok(mipo_slots_prepare(slots, &prepared, &err));
	next = *prepared;
	mipo_slots_close(slots); /* before the commit */
	slots = open_slots();
	settle(slots, 0, &pub);
	ck_assert_uint_eq(used(1), 0);
	ck_ok(mipo_slots_prepare(slots, &prepared, &err));
	next = *prepared;
	mipo_slots_close(slots); /* after the commit, before finish */
	slots = open_slots();
	settle(slots, 1, &next);
	ck_assert_uint_eq(used(0), 0);
	ck_ok(mipo_slots_prepare(slots, &prepared, &err));
	ck_ok(mipo_slots_drop(slots, &err)); /* rolled back */
	ck_assert_uint_eq(used(0), 0);
	ck_ok(mipo_slots_drop(slots, &err));
	ck_ok(mipo_slots_prepare(slots, &prepared, &err));
	ck_ok(mipo_slots_finish(slots, &err));
	mipo_slots_close(slots);
	/* the log was rolled back: its key is gone for good */
	slots = open_slots();
	ck_fails(mipo_slots_settle(slots, 1, &next, &err), MIPO_E_TAMPERED);
	ck_assert_ptr_null(mipo_slots_key(slots));
	mipo_slots_close(slots);
	slots = open_slots();
	ck_fails(mipo_slots_settle(slots, 0, &pub, &err), MIPO_E_TAMPERED);
	mipo_slots_close(slots);
}
END_TEST

/* Makes a byte of the first slot's seed another one, whatever it is. */
static void
tear(int fd)
{
	unsigned char byte;

	ck_assert_int_eq(pread(fd, &byte, 1, 30), 1);
	byte ^= 1;
	ck_assert_int_eq(pwrite(fd, &byte, 1, 30), 1);
}

/* A write that was cut in the middle of a slot. */
START_TEST(torn)
{
	struct mipo_err err = {0};
	struct mipo_pub pub = fresh();
	struct mipo_slots *slots = open_slots();
	const struct mipo_pub *next;
	int fd;

	settle(slots, 0, &pub);
	ck_ok(mipo_slots_prepare(slots, &next, &err));
	mipo_slots_close(slots);
	fd = open(path, O_RDWR);
	ck_assert_int_eq(pwrite(fd, "\0\0\0\0\0\0\0\0", 8, 4096 + 40), 8);
	slots = open_slots();
	settle(slots, 0, &pub);
	ck_assert_uint_eq(used(1), 0);
	mipo_slots_close(slots);
	/* the one that counts: nothing is left to sign with */
	tear(fd);
	slots = open_slots();
	ck_fails(mipo_slots_settle(slots, 0, &pub, &err), MIPO_E_TAMPERED);
	mipo_slots_close(slots);
	(void)close(fd);
}
END_TEST

START_TEST(wrong_number)
{
	struct mipo_err err = {0};
	struct mipo_pub pub = fresh();
	struct mipo_slots *slots = open_slots();

	ck_fails(mipo_slots_settle(slots, 1, &pub, &err), MIPO_E_TAMPERED);
	mipo_slots_close(slots);
}
END_TEST

START_TEST(one_writer)
{
	struct mipo_err err = {0};
	struct mipo_slots *slots, *second;
	int status;
	pid_t pid;

	(void)fresh();
	slots = open_slots();
	ck_fails(mipo_slots_open(path, 30, &second, &err), MIPO_E_BUSY);
	mipo_slots_close(slots);
	/* a writer that dies holds nobody up */
	pid = fork();
	if (pid == 0) {
		(void)mipo_slots_open(path, 0, &slots, NULL);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	mipo_slots_close(open_slots());
}
END_TEST

START_TEST(not_our_file)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err);
	struct mipo_slots *slots;
	char link[128];

	(void)fresh();
	ck_fails(mipo_slots_create(path, key, &err), MIPO_E_IO);
	mipo_key_free(key);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_fails(mipo_slots_open(path, 0, &slots, &err), MIPO_E_PERM);
	ck_assert_int_eq(chmod(path, 0600), 0);
	(void)snprintf(link, sizeof(link), "%s.link", path);
	(void)unlink(link);
	ck_assert_int_eq(symlink(path, link), 0);
	ck_fails(mipo_slots_open(link, 0, &slots, &err), MIPO_E_IO);
	ck_assert_int_eq(unlink(link), 0);
	ck_assert_int_eq(truncate(path, 4096), 0);
	ck_fails(mipo_slots_open(path, 0, &slots, &err), MIPO_E_TAMPERED);
}
END_TEST

START_TEST(slots_out_of_memory)
{
	struct mipo_err err = {0};
	struct mipo_pub pub = fresh();
	struct mipo_slots *slots = NULL;
	const struct mipo_pub *next;
	unsigned long n = 0;
	int r = -1;

	while (r != 0 && n < 50) {
		mipo_err_clear(&err);
		mipo_mem_fail_at(++n);
		r = mipo_slots_open(path, 0, &slots, &err);
		if (r == 0)
			r = mipo_slots_settle(slots, 0, &pub, &err);
		if (r == 0)
			r = mipo_slots_prepare(slots, &next, &err);
		mipo_mem_fail_at(0);
		mipo_slots_close(slots);
		slots = NULL;
		if (r != 0)
			ck_assert_int_eq(err.code, MIPO_E_NOMEM);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_gt(n, 3);
}
END_TEST

/* Who only looks sees numbers and public keys, and changes nothing. */
START_TEST(seen)
{
	struct mipo_err err = {0};
	struct mipo_pub pub = fresh(), next;
	const struct mipo_pub *made;
	struct mipo_slots_seen see = {0};
	struct mipo_slots *slots;
	int lock = -1;

	ck_ok(mipo_slots_see(path, 0, NULL, &see, &err));
	ck_assert_uint_eq(see.keys, 1);
	ck_assert(mipo_slots_has(&see, 0, &pub));
	ck_assert(!mipo_slots_has(&see, 1, &pub));
	/* while a writer is between two keys: both, and no lock needed */
	slots = open_slots();
	ck_ok(mipo_slots_settle(slots, 0, &pub, &err));
	ck_ok(mipo_slots_prepare(slots, &made, &err));
	next = *made;
	ck_ok(mipo_slots_see(path, 0, NULL, &see, &err));
	ck_assert_uint_eq(see.keys, 2);
	ck_assert(mipo_slots_has(&see, 0, &pub));
	ck_assert(mipo_slots_has(&see, 1, &next));
	ck_assert(!mipo_slots_has(&see, 0, &next));
	ck_fails(mipo_slots_see(path, 0, &lock, &see, &err), MIPO_E_BUSY);
	ck_ok(mipo_slots_finish(slots, &err));
	mipo_slots_close(slots);
	/* with the lock, writers wait until it is closed */
	ck_ok(mipo_slots_see(path, 0, &lock, &see, &err));
	ck_assert_uint_eq(see.keys, 1);
	ck_assert(mipo_slots_has(&see, 1, &next));
	ck_fails(mipo_slots_open(path, 0, &slots, &err), MIPO_E_BUSY);
	ck_assert_int_eq(close(lock), 0);
	slots = open_slots();
	mipo_slots_close(slots);
}
END_TEST

START_TEST(not_seen)
{
	struct mipo_err err = {0};
	struct mipo_slots_seen see = {0};
	int fd;

	(void)fresh();
	/* a torn slot is no key */
	fd = open(path, O_RDWR);
	tear(fd);
	ck_ok(mipo_slots_see(path, 0, NULL, &see, &err));
	ck_assert_uint_eq(see.keys, 0);
	ck_assert_int_eq(ftruncate(fd, 8191), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_fails(mipo_slots_see(path, 0, NULL, &see, &err), MIPO_E_TAMPERED);
	/* nor a pipe, whose other end must not be waited for */
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_fails(mipo_slots_see(path, 0, NULL, &see, &err), MIPO_E_TAMPERED);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mipo_slots_see(path, 0, NULL, &see, &err), -1);
	ck_assert_int_eq(symlink("/dev/zero", path), 0);
	ck_assert_int_eq(mipo_slots_see(path, 0, NULL, &see, &err), -1);
	ck_assert_int_eq(unlink(path), 0);
}
END_TEST

UNIT_MAIN("slots", commits, seen, not_seen, crashes, torn, wrong_number,
    one_writer, not_our_file, slots_out_of_memory);
