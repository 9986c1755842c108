/*
 * The observation, our hot record: a flat struct, a canonical emitter and a
 * fast reader for canonical lines. Both are proven equal to rec.h by a
 * differential test. No allocation a line.
 */
#ifndef MIPO_DATA_OBS_H
#define MIPO_DATA_OBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_buf;
struct mipo_err;
struct mipo_rec;

/* The order is precedence: of two states seen, the lower one stands. */
enum mipo_pstate {
	MIPO_OPEN = 1,
	MIPO_CLOSED,
	MIPO_FILTERED,
	MIPO_OPEN_FILTERED,
	MIPO_UNREACHABLE,
	MIPO_STATE_N
};

/* "open", "closed", "filtered", "open|filtered", "unreachable"; or NULL. */
const char *mipo_pstate_name(enum mipo_pstate state);
/* 0 when s (len bytes) is none of them. */
enum mipo_pstate mipo_pstate_find(const char *s, size_t len);

/* The transport; 0 is TCP. Of ICMP there are hosts, and no ports. */
enum mipo_proto {
	MIPO_TCP,
	MIPO_UDP,
	MIPO_PROTO_N, /* those with ports */
	MIPO_ICMP = MIPO_PROTO_N
};

/*
 * "tcp" and back (MIPO_PROTO_N: none with ports); its number in an IP
 * header, and back.
 */
const char *mipo_proto_name(enum mipo_proto proto);
enum mipo_proto mipo_proto_find(const char *name);
uint8_t mipo_proto_number(enum mipo_proto proto);
enum mipo_proto mipo_proto_of(int64_t number);

/* Why that state; the text is the wire form. */
enum mipo_reason {
	MIPO_R_SYN_ACK = 1, /* "syn-ack" */
	MIPO_R_RST,	    /* "rst" */
	MIPO_R_ICMP,	    /* "icmp": with icmp_type, icmp_code, responder */
	MIPO_R_NO_ANSWER,   /* "no-answer" */
	MIPO_R_NO_NEIGHBOR, /* "no-neighbor": ARP or ND had no answer */
	MIPO_R_CONNECTED,   /* "connected": connect(2) succeeded */
	MIPO_R_REFUSED,	    /* "refused": connect(2) said ECONNREFUSED */
	MIPO_R_ERROR,	    /* "error": connect(2) said something else */
	MIPO_R_UDP_REPLY,   /* "udp-reply": a datagram came back */
	MIPO_REASON_N,
	/* Of hosts alone, and of no obs record. */
	MIPO_R_ARP = MIPO_REASON_N,
	MIPO_R_ND,
	MIPO_R_ECHO
};

/* "syn-ack" and back; NULL and 0 for what is unknown. */
const char *mipo_reason_name(enum mipo_reason reason);
enum mipo_reason mipo_reason_find(const char *s, size_t len);

/* Numbers that are -1 are absent from the record. */
struct mipo_obs {
	int64_t ts_ms; /* when the reply came; for silence, when given up */
	char scan[33]; /* 32 hex digits */
	struct mipo_addr ip;
	uint16_t port;
	uint8_t state;	/* enum mipo_pstate */
	uint8_t reason; /* enum mipo_reason */
	uint8_t proto;	/* enum mipo_proto */
	int16_t ttl;
	int32_t rtt_us;
	int32_t window;
	int16_t pass;
	int16_t icmp_type, icmp_code;
	bool has_responder;
	struct mipo_addr responder; /* who sent the ICMP error */
};

/* Appends the canonical line, no LF. */
void mipo_obs_emit(struct mipo_buf *buf, const struct mipo_obs *obs);

/*
 * 1 when the line is a canonical obs with only the keys above, in any
 * values that the schema allows, and *ret_obs is filled; 0 when it must be
 * read by mipo_obs_from_rec instead (it may still be good).
 */
int mipo_obs_parse_fast(
    const char *line, size_t len, struct mipo_obs *ret_obs);

/* Of a line that it left: 1: it is an obs; 0: it is not; -1: no memory. */
int mipo_obs_is(const char *line, size_t len, struct mipo_err *err);

/* Any obs line: fast where it can be, else by rec.h. 0 or -1. */
int mipo_obs_parse(const char *line, size_t len, struct mipo_obs *ret_obs,
    struct mipo_err *err);

/* The observation in a record of type obs; unknown keys are left out. */
int mipo_obs_from_rec(const struct mipo_rec *rec, struct mipo_obs *ret_obs,
    struct mipo_err *err);

/*
 * Cheap look at a line: the value of its top-level "type" key when the line
 * is canonical, as (*ret_type, *ret_len) into line; false otherwise.
 */
bool mipo_line_type(const char *line, size_t len, const char **ret_type,
    size_t *ret_len);

#endif
