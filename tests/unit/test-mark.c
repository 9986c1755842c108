/*
 * What servers say. The first of each were had from the daemons of Debian
 * 12 that their comments name; the others are written from the protocol.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "net/mark.h"

static struct mipo_err err;

struct sample {
	const char *service; /* NULL: none */
	enum mipo_ask asked;
	const char *bytes;
	size_t len;
	const char *line;
};

#define SAY(s) s, sizeof(s) - 1

static const struct sample samples[] = {
#include "mark-samples.h"
};

/* On the heap and exact, so that a read behind it is found. */
static uint8_t *
copy_of(const struct sample *sample)
{
	uint8_t *copy = malloc(sample->len == 0 ? 1 : sample->len);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, sample->bytes, sample->len);
	return copy;
}

static void
check_shown(struct mipo_piece piece, const char *want)
{
	struct mipo_buf text;

	mipo_buf_init(&text, 2048);
	mipo_mark_show(&text, piece.p, piece.len);
	ck_assert_str_eq(mipo_buf_str(&text, &err), want);
	mipo_buf_release(&text);
}

START_TEST(each_is_known)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const struct sample *sample = &samples[i];
		uint8_t *copy = copy_of(sample);
		const struct mipo_mark *mark =
		    mipo_mark_find(sample->asked, copy, sample->len);

		ck_assert_msg((mark == NULL) == (sample->service == NULL),
		    "sample %zu", i);
		if (mark != NULL)
			ck_assert_str_eq(mark->service, sample->service);
		check_shown(mipo_mark_line(mark, copy, sample->len),
		    sample->line);
		free(copy);
	}
}
END_TEST

/* Every row has bytes that only it, or one of its name, knows. */
START_TEST(every_service_has_a_sample)
{
	static const char *const names[] = {"ssh", "http", "rtsp", "smtp",
	    "ftp", "pop3", "imap", "nntp", "irc", "vnc", "rsync", "svn",
	    "telnet", "mysql", "redis", "memcached", "postgresql", "smb",
	    "rdp", "ldap", "dns", "mqtt", "amqp", "tls"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = 0;

		for (size_t j = 0; j < sizeof(samples) / sizeof(*samples); j++)
			n += samples[j].service != NULL &&
			    strcmp(samples[j].service, names[i]) == 0;
		ck_assert_msg(n > 0, "%s", names[i]);
	}
}
END_TEST

/* A piece of an answer is never taken for another service. */
START_TEST(pieces_say_no_other)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct sample cut = samples[i];

		for (cut.len = 0; cut.len < samples[i].len; cut.len++) {
			uint8_t *copy = copy_of(&cut);
			const struct mipo_mark *mark =
			    mipo_mark_find(cut.asked, copy, cut.len);

			if (mark != NULL && samples[i].service != NULL)
				ck_assert_str_eq(
				    mark->service, samples[i].service);
			free(copy);
		}
	}
}
END_TEST

START_TEST(http_names_its_server)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nServer: \tnginx/1.22\r\n"
				   "\r\nServer: no\r\n";
	static const char none[] = "HTTP/1.1 200 OK\r\n\r\nServer: no\r\n";
	const uint8_t *p = (const uint8_t *)text;

	check_shown(mipo_mark_server(p, sizeof(text) - 1), "nginx/1.22");
	check_shown(mipo_mark_server((const uint8_t *)none, sizeof(none) - 1),
	    "");
	ck_assert(!mipo_mark_is_bad_request(p, sizeof(text) - 1));
	ck_assert(mipo_mark_is_bad_request(
	    (const uint8_t *)"HTTP/1.1 400 Bad", 16));
	ck_assert(mipo_mark_waits(mipo_mark_find(MIPO_ASK_HTTP, p, 20), p, 20));
	ck_assert(!mipo_mark_waits(mipo_mark_find(MIPO_ASK_HTTP, p,
		sizeof(text) - 1), p, sizeof(text) - 1));
}
END_TEST

START_TEST(hostile_bytes_are_said)
{
	static const uint8_t bytes[] = "\x1b]0;x\a\\ \xff\xe2\x80\xae!\n more";

	check_shown(mipo_mark_line(NULL, bytes, sizeof(bytes) - 1),
	    "\\x1b]0;x\\x07\\\\ \\xff\\xe2\\x80\\xae!");
}
END_TEST

START_TEST(lines_are_cut)
{
	uint8_t bytes[2 * MIPO_BANNER_MAX];

	memset(bytes, 'a', sizeof(bytes));
	bytes[0] = '\r';
	bytes[1] = '\n';
	ck_assert_uint_eq(mipo_mark_line(NULL, bytes, sizeof(bytes)).len,
	    MIPO_BANNER_MAX);
	ck_assert_uint_eq(mipo_mark_line(NULL, bytes, 2).len, 0);
	ck_assert_uint_eq(mipo_mark_line(NULL, bytes, 0).len, 0);
}
END_TEST

START_TEST(ports_are_hints)
{
	ck_assert_int_eq(mipo_hint_of(443), MIPO_ASK_TLS);
	ck_assert_int_eq(mipo_hint_of(6379), MIPO_ASK_REDIS);
	ck_assert_int_eq(mipo_hint_of(22), MIPO_ASK_NOTHING);
	for (int i = MIPO_ASK_HTTP; i < MIPO_ASK_N; i++)
		ck_assert_ptr_nonnull(mipo_questions[i].name);
}
END_TEST

UNIT_MAIN("mark", each_is_known, every_service_has_a_sample,
    pieces_say_no_other, http_names_its_server, hostile_bytes_are_said,
    lines_are_cut, ports_are_hints);
