/*
 * A set of ports, and the catalog of TCP services that names and ranks
 * them. The catalog is a table of our own (share/catalog/ports.tsv is its
 * source; it is compiled in).
 */
#ifndef MIPO_DATA_PORTS_H
#define MIPO_DATA_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;

struct mipo_ports;

/* An empty set. */
struct mipo_ports *mipo_ports_new(struct mipo_err *err);
void mipo_ports_free(struct mipo_ports *ports);

/*
 * Adds "22,80,8000-8100,https": numbers 1..65535, ranges, catalog names.
 * A bad token is refused by name; on failure nothing was added.
 */
int mipo_ports_add(
    struct mipo_ports *ports, const char *spec, struct mipo_err *err);

/* The same with names of UDP services. */
int mipo_ports_add_udp(
    struct mipo_ports *ports, const char *spec, struct mipo_err *err);

/* Adds the n highest ranked ports of the catalog (1..its length). */
int mipo_ports_add_top(
    struct mipo_ports *ports, uint64_t n, struct mipo_err *err);

/* How many, the ith in ascending order, membership, rank (-1: absent). */
size_t mipo_ports_count(const struct mipo_ports *ports);
uint16_t mipo_ports_at(const struct mipo_ports *ports, size_t i);
bool mipo_ports_has(const struct mipo_ports *ports, uint16_t port);
int mipo_ports_index(const struct mipo_ports *ports, uint16_t port);

/* The canonical text: ascending, ranges folded ("22,80,8000-8100"). */
void mipo_ports_format(
    const struct mipo_ports *ports, struct mipo_buf *buf);

/* One row of the catalog. */
struct mipo_service {
	uint16_t port;
	const char *name;   /* "https" */
	const char *class_; /* "web", "remote-shell", "database" ... */
	bool risky;	    /* exposure alone is worth an alarm */
	unsigned rank;	    /* 1 is the most likely found open */
	const char *reason; /* why this rank, class and risk */
};

/* The row for a TCP port, or NULL. */
const struct mipo_service *mipo_service_of(uint16_t port);

/* The row of that name, or NULL. */
const struct mipo_service *mipo_service_find(const char *name);

/* The name of a UDP port's service, or NULL; and back, or 0. */
const char *mipo_udp_name(uint16_t port);
uint16_t mipo_udp_find(const char *name);

/* The nearest of these names, or NULL. */
const char *mipo_udp_nearest(const char *name);

/* Rows in ascending order of port; *ret_n of them. */
const struct mipo_service *mipo_service_table(size_t *ret_n);

#endif
