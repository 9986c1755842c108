/* IP addresses: one type for both families, numeric order, RFC 5952 text. */
#ifndef MIPO_DATA_ADDR_H
#define MIPO_DATA_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;

/* family 4: the first four bytes of b, the rest zero. Network order. */
struct mipo_addr {
	uint8_t family; /* 4 or 6 */
	uint8_t b[16];
};

/* Longest text and a NUL. */
#define MIPO_ADDR_LEN 46

/*
 * A literal address. IPv4 in four plain decimals (010 is refused), IPv6 as
 * RFC 4291 with no zone. An IPv4-mapped IPv6 address stays IPv6.
 */
int mipo_addr_parse(
    const char *s, struct mipo_addr *ret_addr, struct mipo_err *err);

/* The same for len bytes that need no NUL; 0 or -1, no error text. */
int mipo_addr_parse_n(
    const char *s, size_t len, struct mipo_addr *ret_addr);

/* RFC 5952 text and a NUL. Returns its length. */
size_t mipo_addr_format(
    const struct mipo_addr *addr, char ret_s[MIPO_ADDR_LEN]);

/* <0, 0, >0: IPv4 before IPv6, then numerically. */
int mipo_addr_cmp(const struct mipo_addr *a, const struct mipo_addr *b);

/* 4 or 16. */
size_t mipo_addr_size(const struct mipo_addr *addr);

/* addr + n within its family; false (addr untouched) on overflow. */
bool mipo_addr_add(struct mipo_addr *addr, uint64_t n);

/* b - a where both are of one family and a <= b; UINT64_MAX if larger. */
uint64_t mipo_addr_distance(
    const struct mipo_addr *a, const struct mipo_addr *b);

/* First and last address of the network of bits (0..32 or 128) around addr. */
void mipo_addr_network(const struct mipo_addr *addr, unsigned bits,
    struct mipo_addr *ret_first, struct mipo_addr *ret_last);

/*
 * "ADDR/BITS" to its first and last address. Host bits that are set are an
 * error that names the network meant.
 */
int mipo_addr_parse_cidr(const char *s, struct mipo_addr *ret_first,
    struct mipo_addr *ret_last, struct mipo_err *err);

#endif
