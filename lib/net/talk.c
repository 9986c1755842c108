#include "net/talk.h"

#include <string.h>

#define MS	   UINT64_C(1000000)
#define CONNECT_NS (3000 * MS)
#define LISTEN_NS  (1000 * MS) /* to one that may speak first */
#define ANSWER_NS  (2000 * MS)
#define REST_NS	   (300 * MS) /* for the rest of a line */
#define ALL_NS	   (6000 * MS) /* of one connection */

enum stage { CONNECTING, LISTENING, SHAKING, ASKED, RESTING };

const char *
mipo_result_name(enum mipo_result result)
{
	static const char *const names[MIPO_RESULT_N] = {"unreached",
	    "closed", "silent", "unknown", "identified"};

	return names[result];
}

static void
wait_for(struct mipo_talk *talk, enum stage stage, uint64_t until_ns)
{
	talk->stage = (int)stage;
	talk->until_ns = until_ns;
}

void
mipo_talk_init(struct mipo_talk *talk, uint16_t port,
    struct mipo_tls_room *room, const char *name)
{
	memset(talk, 0, sizeof(*talk));
	talk->port = port;
	talk->room = room;
	talk->name = name;
	talk->asks = mipo_hint_of(port);
	if (talk->asks == MIPO_ASK_TLS && room == NULL)
		talk->asks = MIPO_ASK_HTTP;
}

void
mipo_talk_rename(struct mipo_talk *talk, const char *name)
{
	struct mipo_tls_room *room = talk->room;

	mipo_talk_release(talk);
	mipo_talk_init(talk, talk->port, room, name);
	talk->asks = room == NULL ? MIPO_ASK_HTTP : MIPO_ASK_TLS;
}

static void
end_tls(struct mipo_talk *talk)
{
	mipo_tls_free(talk->tls);
	talk->tls = NULL;
	talk->stands = false;
}

void
mipo_talk_release(struct mipo_talk *talk)
{
	end_tls(talk);
}

void
mipo_talk_dialled(struct mipo_talk *talk, uint64_t now)
{
	end_tls(talk);
	talk->connections++;
	talk->next = MIPO_TALK_ON;
	talk->asked = MIPO_ASK_NOTHING;
	talk->in_len = talk->taken = talk->out_len = talk->out_at = 0;
	talk->end_ns = now + ALL_NS;
	wait_for(talk, CONNECTING, now + CONNECT_NS);
}

/* What the TLS library wants sent goes behind what waits. */
static void
take_out(struct mipo_talk *talk)
{
	if (talk->out_at == talk->out_len)
		talk->out_at = talk->out_len = 0;
	talk->out_len += mipo_tls_take(talk->tls, talk->out + talk->out_len,
	    sizeof(talk->out) - talk->out_len);
}

static void
put_out(struct mipo_talk *talk, const uint8_t *p, size_t len)
{
	if (talk->tls != NULL) {
		(void)mipo_tls_write(talk->tls, p, len);
		take_out(talk);
		return;
	}
	memcpy(talk->out, p, len);
	talk->out_len = len;
	talk->out_at = 0;
}

/* The next connection asks the other question, if this was the first. */
static void
go_on(struct mipo_talk *talk)
{
	talk->next = MIPO_TALK_DONE;
	if (talk->connections >= MIPO_TALK_CONNECTIONS)
		return;
	if (talk->asked == MIPO_ASK_TLS)
		talk->asks = MIPO_ASK_HTTP;
	else if (talk->room != NULL)
		talk->asks = MIPO_ASK_TLS;
	else if (talk->asked != MIPO_ASK_HTTP)
		talk->asks = MIPO_ASK_HTTP;
	else
		return;
	talk->next = MIPO_TALK_CONNECT;
}

static void
keep_piece(struct mipo_piece piece, uint8_t *into, size_t *ret_len)
{
	if (piece.len > 0)
		memcpy(into, piece.p, piece.len);
	*ret_len = piece.len;
}

/* What this connection showed, as found. */
static void
sum_up(const struct mipo_talk *talk, const struct mipo_mark *mark,
    struct mipo_found *found)
{
	memset(found, 0, sizeof(*found));
	found->asked = talk->asked;
	found->result = talk->stage == CONNECTING ? MIPO_UNREACHED : MIPO_MUTE;
	if (talk->tls != NULL)
		mipo_tls_facts(talk->tls, &found->tls);
	if (talk->in_len > 0)
		found->result = MIPO_UNKNOWN;
	keep_piece(mipo_mark_line(mark, talk->in, talk->in_len), found->line,
	    &found->line_len);
	if (mark != NULL)
		found->service = mark->service;
	else if (found->tls.version[0] != '\0')
		found->service = "tls";
	if (found->service != NULL && talk->in_len == 0)
		found->asked = MIPO_ASK_TLS;
	if (found->service != NULL)
		found->result = MIPO_IDENTIFIED;
	if (mark != NULL && strcmp(mark->service, "http") == 0)
		keep_piece(mipo_mark_server(talk->in, talk->in_len),
		    found->server, &found->server_len);
}

/*
 * Whether another question may tell more: there was none that fits, or the
 * answer is that of a server that wants TLS.
 */
static bool
may_tell_more(const struct mipo_talk *talk, const struct mipo_found *found)
{
	if (talk->stands || found->tls.version[0] != '\0' ||
	    talk->asks == MIPO_ASK_LISTEN)
		return false;
	if (found->result == MIPO_IDENTIFIED)
		return talk->room != NULL && talk->asked != MIPO_ASK_TLS &&
		    (strcmp(found->service, "tls") == 0 ||
			(talk->asked == MIPO_ASK_HTTP &&
			    mipo_mark_is_bad_request(
				talk->in, talk->in_len)));
	/* Who speaks first would say the same again. */
	return talk->asked != MIPO_ASK_NOTHING;
}

/* This connection is over. */
static void
conclude(struct mipo_talk *talk, bool hung_up)
{
	struct mipo_found found;
	const struct mipo_mark *mark =
	    mipo_mark_find(talk->asked, talk->in, talk->in_len);
	bool more;

	sum_up(talk, mark, &found);
	if (hung_up && found.result == MIPO_MUTE)
		found.result = MIPO_HUNG_UP;
	more = may_tell_more(talk, &found);
	if (talk->connections == 1 || found.result > talk->found.result ||
	    found.tls.version[0] != '\0')
		talk->found = found;
	end_tls(talk);
	if (more)
		go_on(talk);
	else
		talk->next = MIPO_TALK_DONE;
}

void
mipo_talk_unreached(struct mipo_talk *talk)
{
	if (talk->next == MIPO_TALK_CONNECT)
		mipo_talk_dialled(talk, 0);
	talk->stage = (int)CONNECTING;
	talk->asked = MIPO_ASK_NOTHING;
	talk->in_len = 0;
	conclude(talk, false);
	talk->next = MIPO_TALK_DONE;
}

static void
shake(struct mipo_talk *talk, const uint8_t *bytes, size_t len, uint64_t now);

/* Asks what is to be asked now. */
static void
ask(struct mipo_talk *talk, uint64_t now)
{
	const struct mipo_question *question;

	if (talk->asks == MIPO_ASK_LISTEN) {
		conclude(talk, false);
		return;
	}
	if (talk->stands || talk->asks == MIPO_ASK_NOTHING)
		talk->asks = MIPO_ASK_HTTP;
	talk->asked = talk->asks;
	wait_for(talk, ASKED, now + ANSWER_NS);
	if (talk->asks != MIPO_ASK_TLS) {
		question = &mipo_questions[talk->asks];
		put_out(talk, question->bytes, question->len);
		return;
	}
	talk->tls = mipo_tls_new(talk->room, talk->name);
	if (talk->tls == NULL) {
		conclude(talk, false);
		return;
	}
	wait_for(talk, SHAKING, now + ANSWER_NS);
	shake(talk, NULL, 0, now);
}

/*
 * Whom nobody greets on its usual port is asked at once, and so is who was
 * listened to before.
 */
static void
begin(struct mipo_talk *talk, uint64_t now)
{
	if (talk->asks != MIPO_ASK_NOTHING && talk->asks != MIPO_ASK_LISTEN)
		ask(talk, now);
	else
		wait_for(talk, LISTENING, now + LISTEN_NS);
}

void
mipo_talk_connected(struct mipo_talk *talk, uint64_t now)
{
	if (talk->next == MIPO_TALK_ON && talk->stage == CONNECTING)
		begin(talk, now);
}

/* What came so far is looked at; it may be enough. */
static void
judge(struct mipo_talk *talk, uint64_t now)
{
	const struct mipo_mark *mark =
	    mipo_mark_find(talk->asked, talk->in, talk->in_len);

	if (talk->in_len == sizeof(talk->in) ||
	    !mipo_mark_waits(mark, talk->in, talk->in_len))
		conclude(talk, false);
	else if (talk->stage != RESTING)
		wait_for(talk, RESTING, now + REST_NS);
}

/* Bytes beyond what is looked at are dropped. */
static void
keep(struct mipo_talk *talk, const uint8_t *bytes, size_t len)
{
	size_t room = sizeof(talk->in) - talk->in_len;

	if (len > room)
		len = room;
	if (len > 0)
		memcpy(talk->in + talk->in_len, bytes, len);
	talk->in_len += len;
}

/* Within TLS: application bytes that have come. */
static void
read_inside(struct mipo_talk *talk, uint64_t now)
{
	size_t before = talk->in_len;

	talk->in_len += mipo_tls_read(talk->tls, talk->in + before,
	    sizeof(talk->in) - before);
	take_out(talk);
	if (talk->in_len > before)
		judge(talk, now);
}

/* Inside of TLS, on ports of old, those of mail and files greet first. */
static bool
is_mail(const struct mipo_talk *talk)
{
	return talk->connections == 1 && talk->port < 1024 &&
	    talk->port != 443;
}

/*
 * Until TLS stands, its bytes are kept as they come: what is no TLS at all
 * may say what else it is.
 */
static void
shake(struct mipo_talk *talk, const uint8_t *bytes, size_t len, uint64_t now)
{
	enum mipo_tls_step step = mipo_tls_feed(talk->tls, bytes, len);
	struct mipo_tls_facts facts;

	keep(talk, bytes, len);
	if (step == MIPO_TLS_STANDS) {
		talk->stands = true;
		talk->in_len = 0;
		take_out(talk);
		if (is_mail(talk))
			wait_for(talk, LISTENING, now + LISTEN_NS);
		else
			ask(talk, now);
		read_inside(talk, now);
		return;
	}
	if (step == MIPO_TLS_GOES_ON) {
		take_out(talk);
		return;
	}
	mipo_tls_facts(talk->tls, &facts);
	if (facts.version[0] != '\0') {
		talk->in_len = 0;
		conclude(talk, false);
		return;
	}
	end_tls(talk);
	judge(talk, now);
}

void
mipo_talk_hear(struct mipo_talk *talk, const uint8_t *bytes, size_t len,
    uint64_t now)
{
	if (talk->next != MIPO_TALK_ON || len == 0)
		return;
	talk->taken += len;
	if (talk->stage == SHAKING) {
		shake(talk, bytes, len, now);
	} else if (talk->tls != NULL) {
		(void)mipo_tls_feed(talk->tls, bytes, len);
		read_inside(talk, now);
	} else {
		keep(talk, bytes, len);
		judge(talk, now);
	}
	if (talk->next == MIPO_TALK_ON && talk->taken >= MIPO_TALK_MOST)
		conclude(talk, false);
}

void
mipo_talk_closed(struct mipo_talk *talk)
{
	if (talk->next == MIPO_TALK_ON)
		conclude(talk, true);
}

void
mipo_talk_tick(struct mipo_talk *talk, uint64_t now)
{
	if (talk->next != MIPO_TALK_ON)
		return;
	if (now >= talk->end_ns)
		conclude(talk, false);
	else if (now >= talk->until_ns && talk->stage == LISTENING)
		ask(talk, now);
	else if (now >= talk->until_ns)
		conclude(talk, false);
}
