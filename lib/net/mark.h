/*
 * Which protocol bytes are of: rows of what its first bytes are, and the
 * questions that make those speak who wait to be spoken to. Pure: bytes in,
 * a row out. The bytes are a stranger's, and nothing but data.
 */
#ifndef MIPO_NET_MARK_H
#define MIPO_NET_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_buf;

#define MIPO_BANNER_MAX 256 /* bytes of a first line that are kept */

/* What was sent before the bytes came. */
enum mipo_ask {
	MIPO_ASK_NOTHING, /* the server spoke first */
	MIPO_ASK_HTTP,
	MIPO_ASK_TLS, /* by tls.h, and not from a row */
	MIPO_ASK_REDIS,
	MIPO_ASK_MEMCACHED,
	MIPO_ASK_POSTGRESQL,
	MIPO_ASK_LDAP,
	MIPO_ASK_SMB,
	MIPO_ASK_RDP,
	MIPO_ASK_DNS,
	MIPO_ASK_MQTT,
	MIPO_ASK_AMQP,
	MIPO_ASK_RTSP,
	MIPO_ASK_N,
	MIPO_ASK_LISTEN = MIPO_ASK_N /* a hint alone: send nothing there */
};

struct mipo_question {
	const char *name; /* "http"; NULL for nothing */
	const uint8_t *bytes;
	uint16_t len;
};

/* By enum mipo_ask. */
extern const struct mipo_question mipo_questions[MIPO_ASK_N];

/* A port's usual protocol: what to ask there first. A hint, no more. */
struct mipo_hint {
	uint16_t port;
	uint8_t ask; /* enum mipo_ask */
};

/* The hint for the port, or MIPO_ASK_NOTHING. */
enum mipo_ask mipo_hint_of(uint16_t port);

/* One row. */
struct mipo_mark {
	const char *service; /* "ssh" */
	uint8_t asked;	     /* enum mipo_ask; NOTHING: whatever was asked */
	uint8_t len;
	const char *is;	   /* the first bytes; '?' is any byte */
	const char *with;  /* text behind them, in letters of any case; NULL */
	int16_t text;	   /* where a first line begins; -1: there is none */
	bool whole;	   /* and nothing else */
};

/* The first row that the bytes match, or NULL. */
const struct mipo_mark *mipo_mark_find(
    enum mipo_ask asked, const uint8_t *bytes, size_t len);

/* Whether more bytes may still say more than these do. */
bool mipo_mark_waits(
    const struct mipo_mark *mark, const uint8_t *bytes, size_t len);

/* A piece of the bytes. */
struct mipo_piece {
	const uint8_t *p;
	size_t len;
};

/*
 * The first line that is not empty, from the mark's text on (NULL: from the
 * first byte), cut at MIPO_BANNER_MAX bytes. Its len may be 0.
 */
struct mipo_piece mipo_mark_line(
    const struct mipo_mark *mark, const uint8_t *bytes, size_t len);

/* The value of an HTTP answer's Server, cut in the same way. */
struct mipo_piece mipo_mark_server(const uint8_t *bytes, size_t len);

/* Whether it is HTTP that calls our request bad: TLS may be wanted. */
bool mipo_mark_is_bad_request(const uint8_t *bytes, size_t len);

/*
 * Appends the bytes as text that can be undone: printable ASCII as it is,
 * but '\' as "\\"; every other byte as \xNN. Four times as long at most.
 */
void mipo_mark_show(struct mipo_buf *buf, const uint8_t *p, size_t len);

#endif
