/* What a look covers: targets less exclusions, times ports of a protocol. */
#ifndef MIPO_STORE_SCOPE_H
#define MIPO_STORE_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_addr;
struct mipo_cover;
struct mipo_err;
struct mipo_ports;
struct mipo_rec;
struct mipo_targets;

struct mipo_scope {
	struct mipo_cover *cover;
	const struct mipo_targets *targets; /* the cover's, as the ports */
	const struct mipo_ports *ports;
	uint8_t proto; /* its number in an IP header, as the tables have it */
};

/* From a scan.start. Release it also after a failure. */
int mipo_scope_init(struct mipo_scope *scope, const struct mipo_rec *start,
    struct mipo_err *err);
void mipo_scope_release(struct mipo_scope *scope);

/* From a scan.start as the table of scans keeps it: whole, one record. */
int mipo_scope_load(struct mipo_scope *scope, const void *start, size_t len,
    struct mipo_err *err);

/*
 * A pair as one number that sorts as the pair does: the address's index
 * among the targets in the upper 48 bits, the port in the lower 16. False
 * when the scope does not hold it.
 */
bool mipo_scope_key(const struct mipo_scope *scope,
    const struct mipo_addr *ip, uint16_t port, uint64_t *ret_key);

/* An address as the index's tables have it: family, then its bytes. */
struct mipo_ipkey {
	uint8_t b[17];
	uint8_t len; /* 5 or 17 */
};
void mipo_ipkey_set(struct mipo_ipkey *ret_key, const struct mipo_addr *ip);
bool mipo_ipkey_get(const void *p, size_t len, struct mipo_addr *ret_ip);

#endif
