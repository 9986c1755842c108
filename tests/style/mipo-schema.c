/*
 * The table of record types for people and for other programs:
 *
 *   mipo-schema man     man/mipo-record.5
 *   mipo-schema json    share/schema/mipo-record.schema.json
 *   mipo-schema check FILE    "N good" or "N bad" for each line
 *
 * What is committed is compared with what this prints by a test.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "data/schema.h"

/* ---- words in lines: mdoc wants each sentence to begin one */

static int column;

static void
end_line(void)
{
	if (column > 0)
		putchar('\n');
	column = 0;
}

static void
put_word(const char *s, size_t len)
{
	if (column > 0 && column + 1 + (int)len > 72)
		end_line();
	if (column > 0) {
		putchar(' ');
		column++;
	}
	printf("%.*s", (int)len, s);
	column += (int)len;
}

static void
put_text(const char *s)
{
	while (*s != '\0') {
		size_t len = strcspn(s, " ");

		put_word(s, len);
		if (len > 0 && s[len - 1] == '.')
			end_line();
		s += len + (s[len] == ' ');
	}
}

/* "One of a, b or c.", words of values; a blank first: or empty. */
static void
put_values(const char *lead, const char *values)
{
	bool first = true;
	char word[64];

	put_text(lead);
	if (*values == ' ')
		values++;
	while (*values != '\0') {
		size_t len = strcspn(values, " ");
		const char *next = values + len;

		if (!first && *next == '\0')
			put_text("or");
		(void)snprintf(word, sizeof(word), "%.*s%s", (int)len, values,
		    *next == '\0' || strchr(next + 1, ' ') == NULL ? "" : ",");
		put_word(word, strlen(word));
		first = false;
		values = next + (*next == ' ');
	}
}

/* ---- the manual page */

static const char *
form(const struct mipo_field *f)
{
	static const char *const forms[] = {[MIPO_F_STR] = "Text",
	    [MIPO_F_ENUM] = "One of", [MIPO_F_INT] = "Integer",
	    [MIPO_F_BOOL] = "Boolean", [MIPO_F_TIME] = "Time",
	    [MIPO_F_HEX] = "hex digits",
	    [MIPO_F_KEY] = "16 hex digits or none", [MIPO_F_IP] = "Address",
	    [MIPO_F_OBJ] = "Object", [MIPO_F_STRS] = "List of text",
	    [MIPO_F_INTS] = "List of integers",
	    [MIPO_F_PAIRS] = "List of [first,last]",
	    [MIPO_F_OBJS] = "List of objects"};

	return forms[f->ftype];
}

static void
man_form(const struct mipo_field *f)
{
	bool bounded = f->ftype == MIPO_F_INT || f->ftype == MIPO_F_INTS;
	char text[128];

	if (f->ftype == MIPO_F_ENUM) {
		put_values(strchr(f->values, ' ') == NULL ? "Always" : form(f),
		    f->values);
		if (*f->values == ' ')
			put_text("(or empty)");
	} else if (f->values != NULL) {
		put_values("List of any of", f->values);
	} else if (f->ftype == MIPO_F_HEX) {
		(void)snprintf(
		    text, sizeof(text), "%lld %s", f->max, form(f));
		put_text(text);
	} else if (bounded && f->max == 9007199254740991) {
		(void)snprintf(text, sizeof(text), "%s, at least %lld",
		    form(f), f->min);
		put_text(text);
	} else if (bounded && f->min == f->max) {
		(void)snprintf(
		    text, sizeof(text), "The %s %lld", "integer", f->min);
		put_text(text);
	} else if (bounded) {
		(void)snprintf(text, sizeof(text), "%s from %lld to %lld",
		    form(f), f->min, f->max);
		put_text(text);
	} else {
		put_text(form(f));
	}
	printf("%s\n", f->need == MIPO_OPTIONAL ? "; optional." : ".");
	column = 0;
}

static void
man_fields(const struct mipo_field *f)
{
	printf(".Bl -tag -width Ds\n");
	for (; f->name != NULL; f++) {
		printf(".It Cm %s\n", f->name);
		put_text(f->text);
		end_line();
		man_form(f);
		if (f->need == MIPO_MEASURED) {
			put_text("Absent where origin is there.");
			end_line();
		}
		if (f->sub != NULL)
			man_fields(f->sub);
	}
	printf(".El\n");
}

static const char man_head[] =
    ".\\\" Made from the table of record types: tests/style/mipo-schema.c.\n"
    ".Dd November 22, 2026\n"
    ".Dt MIPO-RECORD 5\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm mipo-record\n"
    ".Nd the records that the programs of mipo exchange\n"
    ".Sh DESCRIPTION\n"
    "A record is a JSON object on a line of its own.\n"
    "Programs write records to standard output and read them from standard\n"
    "input, so that any of them, and any other tool for lines of JSON, can\n"
    "stand next to any other.\n"
    ".Pp\n"
    "A stream opens with a record whose type ends in\n"
    ".Cm .start\n"
    "and closes with one whose type ends in\n"
    ".Cm .end ,\n"
    "which counts and digests what stands before it.\n"
    "A stream without its end was cut: its reader says that it is\n"
    "inconclusive, ends with status 3, and concludes nothing from it.\n"
    "Records of unknown type and fields of unknown name are passed on as\n"
    "they are.\n"
    ".Sh FORM\n"
    "The text is UTF-8, and each line ends with a line feed.\n"
    "A line has at most 65,536 bytes when it is written, and may have\n"
    "1,048,576 when it is read.\n"
    "Keys match\n"
    ".Ql [a-z][a-z0-9_]{0,63}\n"
    "and are unique in their object, which has at most 512 of them;\n"
    "lists and objects nest 8 deep at most.\n"
    "Numbers are integers from -9007199254740991 to 9007199254740991; there\n"
    "is no other form of number.\n"
    "No text contains the character NUL.\n"
    ".Pp\n"
    "What mipo writes is in the canonical form of RFC 8785, so that the\n"
    "bytes on the wire are the bytes that are hashed and signed: no blanks,\n"
    "keys in the order of their bytes, no escape that is not needed.\n"
    ".Pp\n"
    "A field that is not known is absent.\n"
    "Absence is never a value: a port that is not listed is not closed,\n"
    "unless the stream declares it\n"
    ".Pq Cm silent_as .\n"
    ".Pp\n"
    "Times are in UTC, in the form 2026-11-22T10:00:00.000Z, with three to\n"
    "nine digits of a second.\n"
    "Addresses are written as RFC 5952 says.\n"
    "Hex digits are in lower case.\n"
    ".Sh FIELDS OF EVERY RECORD\n";

static const char man_tail[] =
    ".Sh FILES\n"
    ".Bl -tag -width Ds\n"
    ".It Pa share/mipo/schema/mipo-record.schema.json\n"
    "The same as JSON Schema, below the prefix of the installation.\n"
    "What a schema cannot say, such as order and digests of a stream, the\n"
    "programs check in addition.\n"
    ".El\n"
    ".Sh EXAMPLES\n"
    "An observation:\n"
    ".Bd -literal -offset indent\n"
    "{\"ip\":\"198.18.0.7\",\"pass\":0,\"port\":22,\"proto\":\"tcp\",\n"
    "\"reason\":\"syn-ack\",\"rtt_us\":212,\n"
    "\"scan\":\"00112233445566778899aabbccddeeff\",\"state\":\"open\",\n"
    "\"ts\":\"2026-11-22T10:00:00.000Z\",\"ttl\":64,\"type\":\"obs\",\"v\":1,\n"
    "\"window\":64240}\n"
    ".Ed\n"
    ".Pp\n"
    "It is one line; the breaks are the manual's.\n"
    ".Pp\n"
    "Open ports of a scan as words, by\n"
    ".Xr jq 1 :\n"
    ".Bd -literal -offset indent\n"
    "jq -r 'select(.type==\"obs\" and .state==\"open\") |\n"
    "    \"\\e(.ip) \\e(.port)\"'\n"
    ".Ed\n"
    ".Sh SEE ALSO\n"
    ".Xr jq 1 ,\n"
    ".Xr mipo 1 ,\n"
    ".Xr mipo-diff 1 ,\n"
    ".Xr mipo-scan 1 ,\n"
    ".Xr mipo-store 1 ,\n"
    ".Xr mipo 7\n"
    ".Sh STANDARDS\n"
    "RFC 3339 (times), RFC 5952 (addresses), RFC 8259 (JSON), RFC 8785\n"
    "(canonical JSON).\n"
    ".Sh SECURITY CONSIDERATIONS\n"
    "Records from elsewhere are foreign input.\n"
    "A digest in a stream shows that it is whole, not who made it; only a\n"
    "signature that is checked against a key from another source does.\n"
    "Text in records may come from hosts that were scanned: escape it before\n"
    "it reaches a terminal, a page or a shell.\n";

static int
man(void)
{
	fputs(man_head, stdout);
	man_fields(mipo_common_fields);
	printf(".Sh TYPES\n");
	for (const struct mipo_type *t = mipo_types; t->name != NULL; t++) {
		bool family = t->name[strlen(t->name) - 1] == '.';

		printf(".Ss %s%s\n", t->name, family ? "*" : "");
		put_text(t->text);
		end_line();
		man_fields(t->fields);
	}
	fputs(man_tail, stdout);
	return 0;
}

/* ---- the JSON Schema */

static int depth;
static bool first_inside;

static void
json_key(const char *key)
{
	printf("%s\n%*s", first_inside ? "" : ",", 2 * depth, "");
	first_inside = false;
	if (key != NULL)
		printf("\"%s\": ", key);
}

static void
json_open(const char *key, char bracket)
{
	if (depth > 0)
		json_key(key);
	putchar(bracket);
	depth++;
	first_inside = true;
}

static void
json_close(char bracket)
{
	depth--;
	printf("\n%*s%c", 2 * depth, "", bracket);
	first_inside = false;
}

static void
json_str(const char *key, const char *s)
{
	json_key(key);
	putchar('"');
	for (; *s != '\0'; s++)
		printf(*s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	putchar('"');
}

static void
json_int(const char *key, long long n)
{
	json_key(key);
	printf("%lld", n);
}

static void
json_enum(const char *values)
{
	char word[64];

	json_open("enum", '[');
	for (;;) {
		size_t len = strcspn(values, " ");

		(void)snprintf(word, sizeof(word), "%.*s", (int)len, values);
		json_str(NULL, word);
		if (values[len] == '\0')
			break;
		values += len + 1;
	}
	json_close(']');
}

static void
json_bounds(const struct mipo_field *f)
{
	json_str("type", "integer");
	json_int("minimum", f->min);
	json_int("maximum", f->max);
}

static void json_object(const struct mipo_field *f);

static void
json_items(const struct mipo_field *f)
{
	json_str("type", "array");
	json_open("items", '{');
	if (f->ftype == MIPO_F_INTS) {
		json_bounds(f);
	} else if (f->ftype == MIPO_F_OBJS) {
		json_object(f->sub);
	} else if (f->ftype == MIPO_F_PAIRS) {
		json_str("type", "array");
		json_int("minItems", 2);
		json_int("maxItems", 2);
		json_open("items", '{');
		json_str("type", "integer");
		json_int("minimum", 0);
		json_close('}');
	} else if (f->values != NULL) {
		json_enum(f->values);
	} else {
		json_str("type", "string");
	}
	json_close('}');
}

static void
json_text(const struct mipo_field *f)
{
	static const char time[] =
	    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
	    "\\.[0-9]{3,9}Z$";
	char pattern[64];

	json_str("type", "string");
	if (f->ftype == MIPO_F_TIME)
		json_str("pattern", time);
	if (f->ftype == MIPO_F_KEY)
		json_str("pattern", "^([0-9a-f]{16}|none)$");
	if (f->ftype == MIPO_F_IP)
		json_str("pattern", "^[0-9a-f:.]{2,45}$");
	if (f->ftype == MIPO_F_HEX) {
		(void)snprintf(pattern, sizeof(pattern), "^[0-9a-f]{%lld}$",
		    f->max);
		json_str("pattern", pattern);
	}
	if (f->ftype == MIPO_F_STR && f->min > 0)
		json_int("minLength", f->min);
	if (f->ftype == MIPO_F_STR && f->max > 0)
		json_int("maxLength", f->max);
}

static void
json_field(const struct mipo_field *f)
{
	json_open(f->name, '{');
	json_str("description", f->text);
	switch (f->ftype) {
	case MIPO_F_ENUM:
		json_enum(f->values);
		break;
	case MIPO_F_INT:
		json_bounds(f);
		break;
	case MIPO_F_BOOL:
		json_str("type", "boolean");
		break;
	case MIPO_F_OBJ:
		if (f->sub != NULL)
			json_object(f->sub);
		else
			json_str("type", "object");
		break;
	case MIPO_F_STRS:
	case MIPO_F_INTS:
	case MIPO_F_PAIRS:
	case MIPO_F_OBJS:
		json_items(f);
		break;
	default:
		json_text(f);
	}
	json_close('}');
}

static void
json_required(const struct mipo_field *f, enum mipo_need need)
{
	json_open("required", '[');
	for (; f->name != NULL; f++)
		if (f->need == need)
			json_str(NULL, f->name);
	json_close(']');
}

/* The members of a schema for an object with these fields. */
static void
json_object(const struct mipo_field *fields)
{
	bool measured = false;

	json_str("type", "object");
	json_required(fields, MIPO_REQUIRED);
	json_open("properties", '{');
	for (const struct mipo_field *f = fields; f->name != NULL; f++) {
		json_field(f);
		measured = measured || f->need == MIPO_MEASURED;
	}
	json_close('}');
	if (!measured)
		return;
	json_open("if", '{');
	json_open("required", '[');
	json_str(NULL, "origin");
	json_close(']');
	json_close('}');
	json_open("else", '{');
	json_required(fields, MIPO_MEASURED);
	json_close('}');
}

/* If the type is this one, then its definition. */
static void
json_choice(const struct mipo_type *t)
{
	bool family = t->name[strlen(t->name) - 1] == '.';
	char text[96];

	json_open(NULL, '{');
	json_open("if", '{');
	json_open("properties", '{');
	json_open("type", '{');
	(void)snprintf(text, sizeof(text), "^%.*s\\..",
	    (int)strlen(t->name) - 1, t->name);
	if (family)
		json_str("pattern", text);
	else
		json_str("const", t->name);
	json_close('}');
	json_close('}');
	json_close('}');
	json_open("then", '{');
	(void)snprintf(text, sizeof(text), "#/$defs/%s", t->name);
	json_str("$ref", text);
	json_close('}');
	json_close('}');
}

static int
json(void)
{
	json_open(NULL, '{');
	json_str("$schema", "https://json-schema.org/draft/2020-12/schema");
	json_str("$id", "urn:mipo:record:v1");
	json_str("title", "A record of mipo, mipo-record(5)");
	json_open("propertyNames", '{');
	json_str("pattern", "^[a-z][a-z0-9_]{0,63}$");
	json_close('}');
	json_object(mipo_common_fields);
	json_open("allOf", '[');
	for (const struct mipo_type *t = mipo_types; t->name != NULL; t++)
		json_choice(t);
	json_close(']');
	json_open("$defs", '{');
	for (const struct mipo_type *t = mipo_types; t->name != NULL; t++) {
		json_open(t->name, '{');
		json_str("description", t->text);
		json_object(t->fields);
		json_close('}');
	}
	json_close('}');
	json_close('}');
	putchar('\n');
	return 0;
}

/* ---- our own judgment, to be compared with the schema's */

static bool
is_good(const char *line, size_t len)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	int r;

	if (mipo_rec_parse(line, len, &rec, &err) != 0)
		return false;
	r = mipo_rec_check(rec, &err);
	mipo_rec_free(rec);
	return r == 0;
}

static int
check(const char *path)
{
	struct mipo_err err = {0};
	struct mipo_lines *lines;
	const char *line;
	size_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	lines = fd < 0 ? NULL : mipo_lines_new(fd, path, &err);
	if (lines == NULL) {
		fprintf(stderr, "mipo-schema: cannot read %s\n", path);
		return 2;
	}
	while ((r = mipo_lines_next(lines, &line, &len, &err)) == 1)
		printf("%llu %s\n",
		    (unsigned long long)mipo_lines_number(lines),
		    is_good(line, len) ? "good" : "bad");
	mipo_lines_free(lines);
	(void)close(fd);
	return r == 0 ? 0 : 2;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "man") == 0)
		return man();
	if (argc == 2 && strcmp(argv[1], "json") == 0)
		return json();
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv[2]);
	fputs("usage: mipo-schema man | json | check FILE\n", stderr);
	return 2;
}
