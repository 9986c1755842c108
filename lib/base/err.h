/*
 * Errors. A function that can fail returns 0 or -1 and takes a
 * struct mipo_err pointer as its last parameter. The first error wins;
 * callers on the way up add what they were doing with mipo_err_prefix.
 */
#ifndef MIPO_BASE_ERR_H
#define MIPO_BASE_ERR_H

enum mipo_code {
	MIPO_E_NONE = 0,
	MIPO_E_USAGE,	     /* the caller's words are wrong */
	MIPO_E_INPUT,	     /* foreign bytes are not what they claim */
	MIPO_E_IO,	     /* the kernel refused: read, write, socket */
	MIPO_E_NOMEM,	     /* memory, or a bound on memory */
	MIPO_E_PERM,	     /* a right is missing */
	MIPO_E_NOTFOUND,     /* what was named is not there */
	MIPO_E_BUSY,	     /* another process holds the lock */
	MIPO_E_TAMPERED,     /* a digest, signature or order does not hold */
	MIPO_E_INCONCLUSIVE, /* cut or partial input: nothing may be said */
	MIPO_E_STANDS,	     /* it is recorded, and what follows failed */
	MIPO_E_INTERNAL	     /* our own mistake */
};

/* The place for one error. Zero it (= {0}) before first use. */
struct mipo_err {
	enum mipo_code code;
	int sys;	/* errno where the kernel said no, else 0 */
	char text[480]; /* one line, no LF, hostile bytes escaped */
};

/*
 * Records an error unless one is already recorded. err may be NULL.
 * Always returns -1, so that "return mipo_err_set(...)" reads well.
 */
int mipo_err_set(
    struct mipo_err *err, enum mipo_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As mipo_err_set, with ": " and the text of errno value sys added. */
int mipo_err_sys(struct mipo_err *err, int sys, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Out of memory, as an error. Returns -1. */
int mipo_err_nomem(struct mipo_err *err);

/*
 * Puts "text: " in front of the recorded error (what we were doing).
 * Does nothing when none is recorded. Returns -1.
 */
int mipo_err_prefix(struct mipo_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * For what was read from our own state: there a wrong form (E_INPUT) or a
 * thing that is missing (E_NOTFOUND) is E_TAMPERED. Returns -1.
 */
int mipo_err_stored(struct mipo_err *err);

/* Forgets the error. */
void mipo_err_clear(struct mipo_err *err);

/*
 * The exit status that a program ends with for this error, as in the
 * design's table: 4 busy, 1 tampered, 3 inconclusive, 5 stands, else 2; 0
 * for none.
 */
int mipo_err_exit(const struct mipo_err *err);

#endif
