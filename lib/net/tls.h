/*
 * TLS as a client that only wants to see: it verifies nothing, and speaks
 * old versions and weak ciphers, too. Bytes go in and come out by hand: no
 * descriptor is touched, and no file after mipo_tls_open.
 */
#ifndef MIPO_NET_TLS_H
#define MIPO_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_tls;
struct mipo_tls_room;

#define MIPO_TLS_NAME_MAX 256

/* "OpenSSL 3.0.22"; NULL where it is not built in. */
const char *mipo_tls_library(void);

/*
 * What all sessions share; *ret_room is NULL where TLS is not built in. The
 * library's configuration is not read: call it before whatever else of
 * libcrypto would, and before confinement.
 */
int mipo_tls_open(struct mipo_tls_room **ret_room, struct mipo_err *err);
void mipo_tls_close(struct mipo_tls_room *room);

/*
 * NULL where memory is out. name: the host name that is asked for; NULL: none
 * is.
 */
struct mipo_tls *mipo_tls_new(struct mipo_tls_room *room, const char *name);
void mipo_tls_free(struct mipo_tls *tls);

enum mipo_tls_step {
	MIPO_TLS_GOES_ON,
	MIPO_TLS_STANDS, /* application bytes may go both ways */
	MIPO_TLS_FAILED
};

/* Takes bytes that the peer sent, which may be none, as far as they go. */
enum mipo_tls_step mipo_tls_feed(
    struct mipo_tls *tls, const uint8_t *bytes, size_t len);

/* Moves what is to be sent to the peer, cap bytes at most, to p. */
size_t mipo_tls_take(struct mipo_tls *tls, uint8_t *p, size_t cap);

/* Application bytes that came, cap at most, to p; 0: none so far. */
size_t mipo_tls_read(struct mipo_tls *tls, uint8_t *p, size_t cap);

/* Application bytes to the peer: take them then. False: it failed. */
bool mipo_tls_write(struct mipo_tls *tls, const uint8_t *p, size_t len);

/* What was agreed on and shown. */
struct mipo_tls_facts {
	char version[12]; /* "TLSv1.3"; empty: none was agreed on */
	bool has_cert, has_end;
	uint8_t cert_sha256[32]; /* of its DER */
	int64_t not_after_ms;	 /* has_end */
	uint8_t cn[MIPO_TLS_NAME_MAX]; /* the subject's last, UTF-8 if honest */
	size_t cn_len;
};

/* At any time, also when it failed: as far as it came. */
void mipo_tls_facts(
    const struct mipo_tls *tls, struct mipo_tls_facts *ret_facts);

#endif
