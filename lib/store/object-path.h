/* Where objects and objects in the making are, for object*.c. */
#ifndef MIPO_STORE_OBJECT_PATH_H
#define MIPO_STORE_OBJECT_PATH_H

#include <stdint.h>

struct mipo_err;

/* "DIR/ab/abcd..." of 64 digits: caller's, free(). */
int mipo_object_path(const char *dir, const uint8_t digest[32],
    char **ret_path, struct mipo_err *err);

/* A new locked temporary file in dir. Both results are the caller's. */
int mipo_object_temp(
    const char *dir, char **ret_path, int *ret_fd, struct mipo_err *err);

/*
 * Removes temporary files whose makers are dead: their lock is free, and for
 * ten minutes nothing was written.
 */
void mipo_object_sweep(const char *dir);

#endif
