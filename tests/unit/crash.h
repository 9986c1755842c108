/*
 * Crashes at will: the test program's own write, pwrite, fsync, fdatasync,
 * ftruncate, rename, link and unlink stand before the C library's, also for
 * SQLite. The process ends before the nth of these calls; a power cut takes
 * away what was not synced.
 */
#ifndef MIPO_TESTS_CRASH_H
#define MIPO_TESTS_CRASH_H

#include <stdbool.h>

enum crash_loss {
	CRASH_KEEP, /* a killed process: the kernel has all that was written */
	CRASH_LOSE, /* a power cut: what was not synced is gone */
	CRASH_TEAR  /* a power cut: some of it is gone */
};

#define CRASH_STATUS 99 /* the exit status of a process that crashed */

/* From now on: end before call n (from 1). 0: never. */
void crash_arm(unsigned long n, enum crash_loss loss);

/* From now on: no crash, but sync n (from 1) fails. */
void crash_fail_sync(unsigned long n);

/* How many such calls there were since crash_arm. */
unsigned long crash_calls(void);

/* Whether the file or directory at path was synced since crash_arm. */
bool crash_synced(const char *path);

/* How many of them were fsync or fdatasync. */
unsigned long crash_syncs(void);

#endif
