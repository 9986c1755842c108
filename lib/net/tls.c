#include "config.h"

#include "net/tls.h"

#include <string.h>

#include "base/err.h"

#ifdef HAVE_SSL
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "trust/hash.h"

#define CERTS_MAX 65536 /* bytes of a peer's chain */
#define LAST_MS	  INT64_C(253402300799000) /* of the year 9999 */

struct mipo_tls_room {
	SSL_CTX *ctx;
};

struct mipo_tls {
	SSL *ssl;
};

const char *
mipo_tls_library(void)
{
	static char text[40];

	(void)snprintf(text, sizeof(text), "OpenSSL %s",
	    OpenSSL_version(OPENSSL_VERSION_STRING));
	return text;
}

/*
 * Level 0 and "ALL" are what it takes to see TLS 1.0 and what else a server
 * should not speak any more.
 */
static SSL_CTX *
new_ctx(void)
{
	SSL_CTX *ctx;

	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return NULL;
	ctx = SSL_CTX_new(TLS_client_method());
	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_max_cert_list(ctx, CERTS_MAX);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION |
	    SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
	    SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) == 1 &&
	    SSL_CTX_set_max_proto_version(ctx, 0) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0") == 1)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

int
mipo_tls_open(struct mipo_tls_room **ret_room, struct mipo_err *err)
{
	struct mipo_tls_room *room = mipo_calloc(1, sizeof(*room), err);

	if (room == NULL)
		return -1;
	room->ctx = new_ctx();
	if (room->ctx == NULL) {
		free(room);
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "OpenSSL has no TLS for us");
	}
	*ret_room = room;
	return 0;
}

void
mipo_tls_close(struct mipo_tls_room *room)
{
	if (room == NULL)
		return;
	SSL_CTX_free(room->ctx);
	free(room);
}

struct mipo_tls *
mipo_tls_new(struct mipo_tls_room *room, const char *name)
{
	struct mipo_tls *tls = mipo_calloc(1, sizeof(*tls), NULL);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (tls != NULL)
		tls->ssl = SSL_new(room->ctx);
	if (in == NULL || out == NULL || tls == NULL || tls->ssl == NULL) {
		BIO_free(in);
		BIO_free(out);
		mipo_tls_free(tls);
		return NULL;
	}
	(void)BIO_set_mem_eof_return(in, -1);
	SSL_set_bio(tls->ssl, in, out);
	SSL_set_connect_state(tls->ssl);
	if (name != NULL && SSL_set_tlsext_host_name(tls->ssl, name) != 1) {
		mipo_tls_free(tls);
		return NULL;
	}
	return tls;
}

void
mipo_tls_free(struct mipo_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_free(tls->ssl);
	free(tls);
}

enum mipo_tls_step
mipo_tls_feed(struct mipo_tls *tls, const uint8_t *bytes, size_t len)
{
	int r;

	if (len > 0 &&
	    BIO_write(SSL_get_rbio(tls->ssl), bytes, (int)len) != (int)len)
		return MIPO_TLS_FAILED;
	ERR_clear_error();
	r = SSL_do_handshake(tls->ssl);
	if (r == 1)
		return MIPO_TLS_STANDS;
	r = SSL_get_error(tls->ssl, r);
	return r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE
	    ? MIPO_TLS_GOES_ON
	    : MIPO_TLS_FAILED;
}

size_t
mipo_tls_take(struct mipo_tls *tls, uint8_t *p, size_t cap)
{
	int n = BIO_read(SSL_get_wbio(tls->ssl), p, (int)cap);

	return n > 0 ? (size_t)n : 0;
}

size_t
mipo_tls_read(struct mipo_tls *tls, uint8_t *p, size_t cap)
{
	int n = SSL_read(tls->ssl, p, (int)cap);

	return n > 0 ? (size_t)n : 0;
}

bool
mipo_tls_write(struct mipo_tls *tls, const uint8_t *p, size_t len)
{
	return SSL_write(tls->ssl, p, (int)len) == (int)len;
}

static void
take_name(X509 *cert, struct mipo_tls_facts *facts)
{
	X509_NAME *subject = X509_get_subject_name(cert);
	unsigned char *utf8 = NULL;
	int at = -1, next, n;

	while ((next = X509_NAME_get_index_by_NID(
		    subject, NID_commonName, at)) >= 0)
		at = next;
	if (at < 0)
		return;
	n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(
		X509_NAME_get_entry(subject, at)));
	if (n > MIPO_TLS_NAME_MAX)
		n = MIPO_TLS_NAME_MAX;
	if (n > 0) {
		memcpy(facts->cn, utf8, (size_t)n);
		facts->cn_len = (size_t)n;
	}
	OPENSSL_free(utf8);
}

static void
take_end(X509 *cert, struct mipo_tls_facts *facts)
{
	struct tm tm;
	int64_t ms;

	memset(&tm, 0, sizeof(tm));
	if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return;
	ms = (int64_t)timegm(&tm) * 1000;
	if (ms < 0 || ms > LAST_MS)
		return;
	facts->has_end = true;
	facts->not_after_ms = ms;
}

void
mipo_tls_facts(const struct mipo_tls *tls, struct mipo_tls_facts *ret_facts)
{
	X509 *cert = SSL_get1_peer_certificate(tls->ssl);
	unsigned char *der = NULL;
	int n;

	memset(ret_facts, 0, sizeof(*ret_facts));
	/* The server has chosen: before, the version is our own highest. */
	if (SSL_get_pending_cipher(tls->ssl) != NULL)
		(void)snprintf(ret_facts->version,
		    sizeof(ret_facts->version), "%s",
		    SSL_get_version(tls->ssl));
	if (cert == NULL)
		return;
	n = i2d_X509(cert, &der);
	if (n > 0) {
		ret_facts->has_cert = true;
		mipo_hash(der, (size_t)n, ret_facts->cert_sha256);
		take_end(cert, ret_facts);
		take_name(cert, ret_facts);
	}
	OPENSSL_free(der);
	X509_free(cert);
}

#else

const char *
mipo_tls_library(void)
{
	return NULL;
}

int
mipo_tls_open(struct mipo_tls_room **ret_room, struct mipo_err *err)
{
	(void)err;
	*ret_room = NULL;
	return 0;
}

void
mipo_tls_close(struct mipo_tls_room *room)
{
	(void)room;
}

struct mipo_tls *
mipo_tls_new(struct mipo_tls_room *room, const char *name)
{
	(void)room;
	(void)name;
	return NULL;
}

void
mipo_tls_free(struct mipo_tls *tls)
{
	(void)tls;
}

enum mipo_tls_step
mipo_tls_feed(struct mipo_tls *tls, const uint8_t *bytes, size_t len)
{
	(void)tls;
	(void)bytes;
	(void)len;
	return MIPO_TLS_FAILED;
}

size_t
mipo_tls_take(struct mipo_tls *tls, uint8_t *p, size_t cap)
{
	(void)tls;
	(void)p;
	(void)cap;
	return 0;
}

size_t
mipo_tls_read(struct mipo_tls *tls, uint8_t *p, size_t cap)
{
	return mipo_tls_take(tls, p, cap);
}

bool
mipo_tls_write(struct mipo_tls *tls, const uint8_t *p, size_t len)
{
	(void)tls;
	(void)p;
	(void)len;
	return false;
}

void
mipo_tls_facts(const struct mipo_tls *tls, struct mipo_tls_facts *ret_facts)
{
	(void)tls;
	memset(ret_facts, 0, sizeof(*ret_facts));
}

#endif
