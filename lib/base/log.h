/*
 * What a program says on stderr. Only programs call this; the library
 * reports through struct mipo_err.
 */
#ifndef MIPO_BASE_LOG_H
#define MIPO_BASE_LOG_H

struct mipo_err;

enum mipo_log_level {
	MIPO_LOG_ERROR = 0,
	MIPO_LOG_WARN,
	MIPO_LOG_INFO, /* not with -q */
	MIPO_LOG_DEBUG /* only with -v */
};

/* The name in front of every line ("mipo-scan"); borrowed for ever. */
void mipo_log_name(const char *program);

/* The highest level that is printed; MIPO_LOG_INFO at the start. */
void mipo_log_max(enum mipo_log_level max);

/* One line "program: text" on stderr, hostile bytes escaped. */
void mipo_log(enum mipo_log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Prints "program: <what we were doing>: <err's text>" and returns the exit
 * status that belongs to err.
 */
int mipo_log_fail(const struct mipo_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
