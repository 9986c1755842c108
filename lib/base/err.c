#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Error texts quote foreign bytes (file names, lines): no control byte may
 * reach a terminal from here.
 */
static void
defuse(char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			*text = '?';
	}
}

int
mipo_err_set(struct mipo_err *err, enum mipo_code code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL || err->code != MIPO_E_NONE)
		return -1;
	err->code = code;
	err->sys = 0;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	defuse(err->text);
	return -1;
}

int
mipo_err_sys(struct mipo_err *err, int sys, const char *fmt, ...)
{
	va_list ap;
	size_t len;

	if (err == NULL || err->code != MIPO_E_NONE)
		return -1;
	err->code = MIPO_E_IO;
	err->sys = sys;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s",
	    strerror(sys));
	defuse(err->text);
	return -1;
}

int
mipo_err_nomem(struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_NOMEM, "out of memory");
}

int
mipo_err_prefix(struct mipo_err *err, const char *fmt, ...)
{
	char old[sizeof(err->text)];
	va_list ap;
	size_t len;

	if (err == NULL || err->code == MIPO_E_NONE)
		return -1;
	memcpy(old, err->text, sizeof(old));
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s", old);
	defuse(err->text);
	return -1;
}

int
mipo_err_stored(struct mipo_err *err)
{
	if (err != NULL &&
	    (err->code == MIPO_E_INPUT || err->code == MIPO_E_NOTFOUND))
		err->code = MIPO_E_TAMPERED;
	return -1;
}

void
mipo_err_clear(struct mipo_err *err)
{
	if (err != NULL)
		memset(err, 0, sizeof(*err));
}

int
mipo_err_exit(const struct mipo_err *err)
{
	switch (err->code) {
	case MIPO_E_NONE:
		return 0;
	case MIPO_E_TAMPERED:
		return 1;
	case MIPO_E_INCONCLUSIVE:
		return 3;
	case MIPO_E_BUSY:
		return 4;
	case MIPO_E_STANDS:
		return 5;
	default:
		return 2;
	}
}
