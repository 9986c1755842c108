/*
 * What is said to one open port, and what comes back: which question, how
 * long an answer is waited for, when it is enough. It touches no socket:
 * the caller connects, carries the bytes and tells the time.
 */
#ifndef MIPO_NET_TALK_H
#define MIPO_NET_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/mark.h"
#include "net/tls.h"

#define MIPO_TALK_KEEP	  4096	/* bytes of an answer that are looked at */
#define MIPO_TALK_MOST	  65536 /* and that are taken in, with TLS */
#define MIPO_TALK_CONNECTIONS 2

/* What came of it; the higher, the more is known. */
enum mipo_result {
	MIPO_UNREACHED, /* no connection was made */
	MIPO_HUNG_UP,	/* made, and closed without a byte */
	MIPO_MUTE,	/* made, and nothing came */
	MIPO_UNKNOWN,	/* bytes came that no row knows */
	MIPO_IDENTIFIED,
	MIPO_RESULT_N
};

/* "unreached", "closed", "silent", "unknown", "identified". */
const char *mipo_result_name(enum mipo_result result);

struct mipo_found {
	enum mipo_result result;
	const char *service; /* IDENTIFIED */
	enum mipo_ask asked; /* before what came */
	uint8_t line[MIPO_BANNER_MAX], server[MIPO_BANNER_MAX];
	size_t line_len, server_len; /* 0: there was none */
	struct mipo_tls_facts tls;   /* version empty: no TLS */
};

enum mipo_talk_next {
	MIPO_TALK_CONNECT, /* a connection is to be made */
	MIPO_TALK_ON,	   /* bytes are to be carried */
	MIPO_TALK_DONE
};

/* For reading, but that out_at is how much of out the caller has sent. */
struct mipo_talk {
	enum mipo_talk_next next;
	struct mipo_found found; /* the best so far */
	uint8_t out[MIPO_TALK_KEEP];
	size_t out_len, out_at;
	unsigned connections; /* that were begun */

	/* its own */
	uint16_t port;
	const char *name;
	struct mipo_tls_room *room; /* NULL: no TLS here */
	struct mipo_tls *tls;
	bool stands; /* and it does */
	int stage;
	enum mipo_ask asks, asked;
	uint64_t until_ns, end_ns;
	uint8_t in[MIPO_TALK_KEEP];
	size_t in_len, taken;
};

/*
 * Wants a connection. room is borrowed, and so is name: the host name that
 * TLS is asked for; NULL: none is.
 */
void mipo_talk_init(struct mipo_talk *talk, uint16_t port,
    struct mipo_tls_room *room, const char *name);

/* Begins anew, by TLS and with another name. */
void mipo_talk_rename(struct mipo_talk *talk, const char *name);

void mipo_talk_release(struct mipo_talk *talk);

/*
 * A connection was begun; it was made; it could not be made, or not even be
 * begun.
 */
void mipo_talk_dialled(struct mipo_talk *talk, uint64_t now_ns);
void mipo_talk_connected(struct mipo_talk *talk, uint64_t now_ns);
void mipo_talk_unreached(struct mipo_talk *talk);

/* Bytes came; the other side closed; time passed. */
void mipo_talk_hear(struct mipo_talk *talk, const uint8_t *bytes, size_t len,
    uint64_t now_ns);
void mipo_talk_closed(struct mipo_talk *talk);
void mipo_talk_tick(struct mipo_talk *talk, uint64_t now_ns);

#endif
