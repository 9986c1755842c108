#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

static const char *name = "mipo";
static enum mipo_log_level max = MIPO_LOG_INFO;

void
mipo_log_name(const char *program)
{
	name = program;
}

void
mipo_log_max(enum mipo_log_level level)
{
	max = level;
}

/* One write(2) a line, so that lines of a pipeline's programs stay whole. */
static void
say(const char *text, const char *more)
{
	struct mipo_buf line;

	mipo_buf_init(&line, 16384);
	mipo_buf_putf(&line, "%s: ", name);
	mipo_text_show(&line, text, strlen(text));
	if (more != NULL) {
		mipo_buf_puts(&line, text[0] == '\0' ? "" : ": ");
		mipo_text_show(&line, more, strlen(more));
	}
	mipo_buf_putc(&line, '\n');
	if (!line.failed)
		(void)!write(STDERR_FILENO, line.data, line.len);
	mipo_buf_release(&line);
}

void
mipo_log(enum mipo_log_level level, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	if (level > max)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(text, NULL);
}

int
mipo_log_fail(const struct mipo_err *err, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(text, err->text);
	return mipo_err_exit(err);
}
