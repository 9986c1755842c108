#include "bin/mipo-audit/log-words.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "trust/entry.h"

#define SHOWN 400 /* bytes of what an entry says */

#define FIELDS 4

/* The fields of a kind that say what it is about; those that it has. */
static const struct {
	const char *kind; /* one that ends in a dot is a family */
	const char *fields[FIELDS];
} words[] = {
    {"genesis", {"origin"}},
    {"seal", {"n", "size", "root"}},
    {"note.", {"text"}},
    {"scan.end", {"verdict", "scan"}},
    {"alarm", {"event", "severity", "summary", "reason"}},
    {"rule", {"id", "severity", "title"}},
    {"heartbeat", {"scanner"}},
    {"config.version", {"config_sha256", "finder"}},
    {"access.owner", {"subject"}},
    {"access.scanner", {"name", "network", "vantage", "key"}},
    {"evidence.baseline", {"reason", "scan"}},
    {"evidence.challenge", {"nonce"}},
};

static const char *const *
find_fields(struct mipo_span kind)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *want = words[i].kind;
		size_t len = strlen(want);

		if (mipo_span_is(kind, want) ||
		    (want[len - 1] == '.' && kind.len > len &&
			memcmp(kind.p, want, len) == 0))
			return words[i].fields;
	}
	return NULL;
}

/* As much of it as is shown, and no half of a character. */
static void
show(struct mipo_buf *buf, const char *s, size_t len)
{
	size_t shown = len < SHOWN ? len : SHOWN;

	while (shown < len && ((unsigned char)s[shown] & 0xc0) == 0x80)
		shown--;
	mipo_text_show(buf, s, shown);
	if (shown < len)
		mipo_buf_puts(buf, " ...");
}

/* A text as it is, a number after its name; false: it has none of both. */
static bool
put_field(struct mipo_buf *buf, const struct mipo_rec *rec,
    const char *field, const char *before)
{
	const char *text = mipo_rec_str(rec, field);
	int64_t n;

	if (text != NULL) {
		mipo_buf_puts(buf, before);
		show(buf, text, strlen(text));
		return true;
	}
	if (!mipo_rec_int(rec, field, &n))
		return false;
	mipo_buf_putf(buf, "%s%s %lld", before, field, (long long)n);
	return true;
}

int
audit_words(struct mipo_buf *buf, const struct mipo_entry *entry,
    struct mipo_err *err)
{
	const char *const *fields = find_fields(entry->kind);
	struct mipo_rec *rec = NULL;
	bool said = false;

	if (fields != NULL && mipo_entry_rec(entry->data, &rec, err) != 0)
		return -1;
	for (int i = 0; rec != NULL && i < FIELDS && fields[i] != NULL; i++)
		if (put_field(buf, rec, fields[i], said ? "  " : ""))
			said = true;
	mipo_rec_free(rec);
	if (!said)
		show(buf, entry->data.p, entry->data.len);
	return 0;
}
