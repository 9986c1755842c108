/* A conversation by hand: what is asked when, and what is made of it. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/talk.h"

#define MS UINT64_C(1000000)

static struct mipo_talk talk;
static uint64_t now;

/* A connection is wanted, and made at once. */
static void
connects(void)
{
	ck_assert_int_eq(talk.next, MIPO_TALK_CONNECT);
	mipo_talk_dialled(&talk, now);
	mipo_talk_connected(&talk, now);
}

static void
starts(uint16_t port)
{
	now = 1000 * MS;
	mipo_talk_init(&talk, port, NULL, NULL);
	connects();
}

static void
hears(const char *text)
{
	mipo_talk_hear(&talk, (const uint8_t *)text, strlen(text), now);
}

static void
passes(uint64_t ms)
{
	now += ms * MS;
	mipo_talk_tick(&talk, now);
}

static void
asks(enum mipo_ask ask)
{
	const struct mipo_question *question = &mipo_questions[ask];

	ck_assert_uint_eq(talk.out_len - talk.out_at, question->len);
	ck_assert_mem_eq(
	    talk.out + talk.out_at, question->bytes, question->len);
	talk.out_at = talk.out_len;
}

static void
ends(enum mipo_result result, const char *service, const char *line)
{
	ck_assert_int_eq(talk.next, MIPO_TALK_DONE);
	ck_assert_str_eq(mipo_result_name(talk.found.result),
	    mipo_result_name(result));
	if (service == NULL)
		ck_assert_ptr_null(talk.found.service);
	else
		ck_assert_str_eq(talk.found.service, service);
	ck_assert_uint_eq(talk.found.line_len, strlen(line));
	ck_assert_mem_eq(talk.found.line, line, strlen(line));
	mipo_talk_release(&talk);
}

START_TEST(who_speaks_first_is_heard)
{
	starts(22);
	ck_assert_uint_eq(talk.out_len, 0);
	hears("SSH-2.0-Op");
	ck_assert_int_eq(talk.next, MIPO_TALK_ON);
	hears("enSSH_9.2\r\nmore");
	ends(MIPO_IDENTIFIED, "ssh", "SSH-2.0-OpenSSH_9.2");
	ck_assert_int_eq(talk.found.asked, MIPO_ASK_NOTHING);
}
END_TEST

START_TEST(who_waits_is_asked)
{
	starts(12345);
	passes(900);
	ck_assert_uint_eq(talk.out_len, 0);
	passes(200);
	asks(MIPO_ASK_HTTP);
	hears("HTTP/1.0 200 OK\r\nServer: x\r\n");
	ck_assert_int_eq(talk.next, MIPO_TALK_ON);
	hears("\r\n");
	ends(MIPO_IDENTIFIED, "http", "HTTP/1.0 200 OK");
	ck_assert_uint_eq(talk.found.server_len, 1);
}
END_TEST

/* What is sent there comes out as paper. */
START_TEST(printers_are_only_heard)
{
	struct mipo_tls_room *room = NULL;
	struct mipo_err err = {0};

	ck_ok(mipo_tls_open(&room, &err));
	for (uint16_t port = 9100; port <= 9107; port++) {
		now = 1000 * MS;
		mipo_talk_init(&talk, port, room, NULL);
		connects();
		passes(1100);
		ck_assert_uint_eq(talk.out_len, 0);
		ends(MIPO_MUTE, NULL, "");
		mipo_talk_init(&talk, port, room, NULL);
		connects();
		hears("\x15\3\1\1\2\2\x46");
		passes(400);
		ck_assert_uint_eq(talk.out_len, 0);
		ends(MIPO_IDENTIFIED, "tls", "");
	}
	mipo_tls_close(room);
}
END_TEST

/* The port is a hint: it decides what is asked, not what it is. */
START_TEST(the_answer_decides)
{
	starts(6379);
	asks(MIPO_ASK_REDIS);
	hears("+PONG\r\n");
	ends(MIPO_IDENTIFIED, "redis", "+PONG");
	starts(80);
	asks(MIPO_ASK_HTTP);
	hears("SSH-2.0-x\r\n");
	ends(MIPO_IDENTIFIED, "ssh", "SSH-2.0-x");
	starts(6379);
	mipo_talk_closed(&talk);
	connects();
	asks(MIPO_ASK_HTTP);
	hears("HTTP/1.1 404 Not Found\r\n\r\n");
	ends(MIPO_IDENTIFIED, "http", "HTTP/1.1 404 Not Found");
	ck_assert_uint_eq(talk.connections, 2);
}
END_TEST

START_TEST(silence_has_an_end)
{
	starts(9999);
	passes(1100);
	passes(1900);
	ck_assert_int_eq(talk.next, MIPO_TALK_ON);
	passes(200);
	ends(MIPO_MUTE, NULL, "");
	/* As a hint asks, and then what else it may be; no third time. */
	starts(5432);
	asks(MIPO_ASK_POSTGRESQL);
	passes(2100);
	connects();
	asks(MIPO_ASK_HTTP);
	passes(2100);
	ends(MIPO_MUTE, NULL, "");
}
END_TEST

START_TEST(who_hangs_up_is_not_silent)
{
	starts(9999);
	mipo_talk_closed(&talk);
	ends(MIPO_HUNG_UP, NULL, "");
	ck_assert_uint_eq(talk.connections, 1);
	/* Silence in the second connection takes nothing back. */
	starts(5432);
	hears("what?\n");
	mipo_talk_closed(&talk);
	connects();
	passes(2100);
	ends(MIPO_UNKNOWN, NULL, "what?");
	/* Nor does one that fails at once. */
	starts(5432);
	hears("what?\n");
	mipo_talk_closed(&talk);
	ck_assert_int_eq(talk.next, MIPO_TALK_CONNECT);
	mipo_talk_unreached(&talk);
	ends(MIPO_UNKNOWN, NULL, "what?");
	ck_assert_uint_eq(talk.connections, 2);
}
END_TEST

START_TEST(nobody_is_there)
{
	now = MS;
	mipo_talk_init(&talk, 80, NULL, NULL);
	mipo_talk_dialled(&talk, now);
	passes(2900);
	ck_assert_int_eq(talk.next, MIPO_TALK_ON);
	passes(200);
	ends(MIPO_UNREACHED, NULL, "");
	mipo_talk_init(&talk, 80, NULL, NULL);
	mipo_talk_unreached(&talk);
	ends(MIPO_UNREACHED, NULL, "");
}
END_TEST

START_TEST(a_flood_is_cut)
{
	static uint8_t bytes[1000];

	memset(bytes, 'x', sizeof(bytes));
	starts(9999);
	for (int i = 0; i < 4; i++)
		mipo_talk_hear(&talk, bytes, sizeof(bytes), now);
	ck_assert_int_eq(talk.next, MIPO_TALK_ON);
	mipo_talk_hear(&talk, bytes, sizeof(bytes), now);
	ck_assert_int_eq(talk.next, MIPO_TALK_DONE);
	ck_assert_uint_eq(talk.found.line_len, MIPO_BANNER_MAX);
	ck_assert_int_eq(talk.found.result, MIPO_UNKNOWN);
}
END_TEST

/* A byte now and then keeps nobody longer than the rest of a line may. */
START_TEST(a_drip_is_cut)
{
	starts(9999);
	for (int i = 0; i < 100 && talk.next == MIPO_TALK_ON; i++) {
		hears("x");
		passes(50);
	}
	ends(MIPO_UNKNOWN, NULL, "xxxxxx");
}
END_TEST

/* What is no TLS may be told by what it answers; here nothing else can. */
START_TEST(tls_is_told_by_its_alert)
{
	starts(443);
	asks(MIPO_ASK_HTTP);
	mipo_talk_hear(
	    &talk, (const uint8_t *)"\x15\3\1\0\2\2\x46", 7, now);
	ends(MIPO_IDENTIFIED, "tls", "");
	ck_assert_str_eq(talk.found.tls.version, "");
}
END_TEST

/* The first bytes of a ClientHello wait to be sent. */
static void
asks_tls(void)
{
	ck_assert_uint_gt(talk.out_len - talk.out_at, 5);
	ck_assert_mem_eq(talk.out + talk.out_at, "\x16\3", 2);
	talk.out_at = talk.out_len;
}

/* Who wants TLS is given it, by the second connection. */
START_TEST(tls_is_asked_for_where_it_is_wanted)
{
	static const char *const wants[] = {
	    "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\n\r\n",
	    "\x15\3\1\1\2\2\x46"};
	static const char *const services[] = {"http", "tls"};
	struct mipo_tls_room *room = NULL;
	struct mipo_err err = {0};

	ck_ok(mipo_tls_open(&room, &err));
	for (int i = 0; i < 2 && room != NULL; i++) {
		mipo_talk_init(&talk, 80, room, NULL);
		connects();
		asks(MIPO_ASK_HTTP);
		hears(wants[i]);
		connects();
		asks_tls();
		mipo_talk_closed(&talk);
		ck_assert_int_eq(talk.next, MIPO_TALK_DONE);
		ck_assert_str_eq(talk.found.service, services[i]);
		ck_assert_int_eq(talk.found.asked, MIPO_ASK_HTTP);
		mipo_talk_release(&talk);
	}
	mipo_tls_close(room);
}
END_TEST

/* What answers a ClientHello with something else is known by that. */
START_TEST(tls_is_not_what_all_speak)
{
	static uint8_t flood[MIPO_TALK_KEEP] = {0x16, 3, 3, 0x40, 0, 2, 0,
	    0xff, 0xff};
	struct mipo_tls_room *room = NULL;
	struct mipo_err err = {0};
	int i;

	ck_ok(mipo_tls_open(&room, &err));
	if (room == NULL)
		return;
	mipo_talk_init(&talk, 443, room, NULL);
	connects();
	asks_tls();
	hears("SSH-2.0-x\r\n");
	ends(MIPO_IDENTIFIED, "ssh", "SSH-2.0-x");
	ck_assert_uint_eq(talk.connections, 1);
	/* A silent one is asked in HTTP, too. */
	mipo_talk_init(&talk, 443, room, NULL);
	connects();
	asks_tls();
	passes(2100);
	connects();
	asks(MIPO_ASK_HTTP);
	passes(2100);
	ends(MIPO_MUTE, NULL, "");
	/* A handshake without end has one. */
	mipo_talk_init(&talk, 443, room, NULL);
	connects();
	asks_tls();
	for (i = 0; talk.next == MIPO_TALK_ON && i < 100; i++)
		mipo_talk_hear(&talk, flood, sizeof(flood), now);
	ck_assert_int_le(i, MIPO_TALK_MOST / MIPO_TALK_KEEP);
	ends(MIPO_IDENTIFIED, "tls", "");
	mipo_tls_close(room);
}
END_TEST

UNIT_MAIN("talk", who_speaks_first_is_heard, who_waits_is_asked,
    printers_are_only_heard, the_answer_decides, silence_has_an_end,
    who_hangs_up_is_not_silent, nobody_is_there, a_flood_is_cut,
    a_drip_is_cut, tls_is_told_by_its_alert,
    tls_is_asked_for_where_it_is_wanted, tls_is_not_what_all_speak);
