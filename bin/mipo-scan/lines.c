#include "bin/mipo-scan/lines.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "trust/hash.h"

#define FILE_MAX (256U << 20)
#define BLANKS	 " \t\r\n,"

char *
lines_word(char **rest)
{
	char *word;

	while ((word = strsep(rest, BLANKS)) != NULL)
		if (*word != '\0')
			return word;
	return NULL;
}

/* Editors of another system begin a text with a mark. */
static char *
text_of(struct mipo_buf *buf, const char *path, struct mipo_err *err)
{
	if (buf->len > 0 && memchr(buf->data, '\0', buf->len) != NULL) {
		mipo_err_set(err, MIPO_E_INPUT, "%s: not a text", path);
		return NULL;
	}
	if (mipo_buf_str(buf, err) == NULL)
		return NULL;
	if (buf->len >= 3 && memcmp(buf->data, "\xef\xbb\xbf", 3) == 0)
		return buf->data + 3;
	return buf->data;
}

int
lines_read(const char *path, uint8_t *ret_sha256,
    int (*each)(void *, char *, unsigned, struct mipo_err *), void *arg,
    struct mipo_err *err)
{
	const int is_stdin = strcmp(path, "-") == 0;
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_buf buf;
	char *line, *rest = NULL;
	int r = -1;

	mipo_buf_init(&buf, FILE_MAX);
	if (mipo_file_read(is_stdin ? "/dev/stdin" : path, &buf, err) != 0)
		goto out;
	mipo_hash(buf.data, buf.len, digest);
	rest = text_of(&buf, path, err);
	if (rest == NULL)
		goto out;
	r = 0;
	for (unsigned n = 1; r == 0 && (line = strsep(&rest, "\n")) != NULL;
	     n++) {
		line[strcspn(line, "#")] = '\0';
		r = each(arg, line, n, err);
		if (r != 0)
			mipo_err_prefix(
			    err, "%s:%u", is_stdin ? "stdin" : path, n);
	}
	if (r == 0 && ret_sha256 != NULL)
		memcpy(ret_sha256, digest, sizeof(digest));
out:
	mipo_buf_release(&buf);
	return r;
}
