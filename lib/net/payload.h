/*
 * What UDP probes carry: a row a protocol, by port, of bytes that a server
 * of it answers; nothing for other ports. Where the protocol has a field
 * that answers repeat, it holds a keyed value, so that an answer proves
 * itself.
 */
#ifndef MIPO_NET_PAYLOAD_H
#define MIPO_NET_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_payloads;

#define MIPO_PAYLOAD_MAX 1200 /* bytes */
#define MIPO_ANYWHERE	 (-1)

/* One row. Rows of one port take turns, pass after pass. */
struct mipo_payload {
	const char *protocol; /* "DNS" */
	uint16_t port;	      /* 0: all others */
	uint16_t len;
	const uint8_t *bytes;
	uint16_t at, width; /* the field that is repeated; width 0: none */
	int16_t reply_at;   /* where it is in answers, or MIPO_ANYWHERE */
	bool hex;	    /* it is text: 8 hex digits */
	bool moves;	    /* answers come from a port of their own, */
	uint8_t opcodes;    /* and begin with one of these: bits; 0: any */
};

/* In ascending order of port, the one for all others first. */
extern const struct mipo_payload mipo_payload_rows[];
extern const size_t mipo_payload_n;

/* A row, and the 16-bit words of it without the field, as they lie. */
struct mipo_load {
	const struct mipo_payload *row;
	uint32_t sum;
};

/* All rows, to be found by port. */
int mipo_payloads_new(
    struct mipo_payloads **ret_payloads, struct mipo_err *err);
void mipo_payloads_free(struct mipo_payloads *payloads);

/* What goes to the port in that pass; never NULL. */
const struct mipo_load *mipo_payloads_find(
    const struct mipo_payloads *payloads, uint16_t port, unsigned pass);

/* Whether passes differ in what they send to the port. */
bool mipo_payloads_vary(const struct mipo_payloads *payloads, uint16_t port);

/* Writes the payload of that key to p; the sum of its words. */
uint32_t mipo_load_put(
    const struct mipo_load *load, uint32_t key, uint8_t *p);

/* Whether len bytes are an answer to the payload of that key. */
bool mipo_load_answers(const struct mipo_load *load, uint32_t key,
    const uint8_t *p, size_t len);

#endif
