/*
 * A set of ports, and the catalogs of services, one a protocol, that name
 * them and rank those of TCP. They are tables of our own (share/catalog is
 * their source; they are compiled in).
 */
#ifndef MIPO_DATA_PORTS_H
#define MIPO_DATA_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

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

/* The same with another protocol's names; above they are those of TCP. */
int mipo_ports_add_proto(struct mipo_ports *ports, enum mipo_proto proto,
    const char *spec, struct mipo_err *err);

/* Adds the n highest ranked ports of TCP's catalog (1..its length). */
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
	unsigned rank;	    /* 1 is the most likely found open; 0: none */
	const char *reason; /* why this rank, class and risk */
};

/* The row for a port, or NULL. */
const struct mipo_service *mipo_service_of(
    enum mipo_proto proto, uint16_t port);

/* The row of that name, or NULL. */
const struct mipo_service *mipo_service_find(
    enum mipo_proto proto, const char *name);

/* Rows in ascending order of port; *ret_n of them. */
const struct mipo_service *mipo_service_table(
    enum mipo_proto proto, size_t *ret_n);

#endif
