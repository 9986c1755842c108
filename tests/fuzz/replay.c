/*
 * A fuzz target as a plain test, with any compiler: test-replay-NAME gives
 * it each file of tests/fuzz/corpus/NAME, and variants of them that are the
 * same in every run. The target stops the process where a promise breaks.
 */
#include "fuzz.h"

#include <dirent.h>

#include "base/buf.h"
#include "base/file.h"

#define VARIANTS 200

static uint64_t seed;

static size_t
next(size_t below)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (size_t)(seed >> 33) % below;
}

/* One to four changes: a byte, a cut, or a piece from elsewhere in it. */
static size_t
vary(uint8_t *p, size_t len)
{
	static const char bytes[] = "\"\\{}[]:,0123456789abcdef-.u\n \x80\xff";

	for (size_t n = 1 + next(4); n > 0 && len > 1; n--) {
		size_t at = next(len), from = next(len);
		size_t most = len - (at > from ? at : from);

		switch (next(4)) {
		case 0:
			p[at] = (uint8_t)bytes[next(sizeof(bytes) - 1)];
			break;
		case 1:
			p[at] = (uint8_t)next(256);
			break;
		case 2:
			memmove(p + at, p + from, most);
			break;
		default:
			len = 1 + next(len);
		}
	}
	return len;
}

/* Each input in a block of its own size, so that ASan sees its end. */
static void
replay(const char *path)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;
	uint8_t *copy;

	mipo_buf_init(&buf, 1U << 22);
	must(mipo_file_read(path, &buf, &err) == 0);
	for (unsigned i = 0; i < VARIANTS; i++) {
		size_t len = buf.len;

		copy = malloc(len + 1);
		must(copy != NULL);
		if (len > 0)
			memcpy(copy, buf.data, len);
		seed = i;
		if (i > 0)
			len = vary(copy, len);
		copy = realloc(copy, len + (len == 0));
		must(copy != NULL);
		must(LLVMFuzzerTestOneInput(copy, len) == 0);
		free(copy);
	}
	mipo_buf_release(&buf);
}

int
main(int argc, char **argv)
{
	const char *top = getenv("srcdir"), *name = strrchr(argv[0], '-');
	char dir[512], path[1024];
	struct dirent *entry;
	int files = 0;
	DIR *d;

	(void)argc;
	must(name != NULL);
	(void)snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s",
	    top == NULL ? "." : top, name + 1);
	d = opendir(dir);
	if (d == NULL) {
		fprintf(stderr, "no %s (set srcdir)\n", dir);
		return 1;
	}
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%.500s/%.500s", dir,
		    entry->d_name);
		replay(path);
		files++;
	}
	(void)closedir(d);
	printf("%d files in %d forms\n", files, VARIANTS);
	return files == 0;
}
