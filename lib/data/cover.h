/*
 * Coverage: what a look says that it looked at, from its scan.start. The
 * pairs (address, port) are targets without exclusions times ports, of one
 * protocol, and of another one they are other pairs. Whoever
 * reads a look reads it here, so that all agree on what can be read.
 */
#ifndef MIPO_DATA_COVER_H
#define MIPO_DATA_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_err;
struct mipo_ports;
struct mipo_rec;
struct mipo_targets;

struct mipo_cover;

#define MIPO_COVER_MAX ((UINT64_C(1) << 53) - 1) /* pairs */

/*
 * What is known of a pair: an enum mipo_pstate, or one of these two. They
 * are values like the others, and they prove nothing.
 */
#define MIPO_UNKNOWN	 0	      /* looked at, and not told */
#define MIPO_NOT_COVERED MIPO_STATE_N /* outside the scope */
#define MIPO_KNOWN_N	 (MIPO_STATE_N + 1)

/* "open" ..., "unknown", "not_covered". */
const char *mipo_known_name(unsigned known);

/* Whether it is a state at all. */
bool mipo_is_known(unsigned known);

/*
 * start is whole: with what scan.scope brought. E_INPUT where protocol,
 * targets, exclusions, ports, states or silent_as are not what they must be,
 * also where there are more pairs than MIPO_COVER_MAX, or silence would be
 * open.
 */
int mipo_cover_new(const struct mipo_rec *start,
    struct mipo_cover **ret_cover, struct mipo_err *err);
void mipo_cover_free(struct mipo_cover *cover);

/*
 * start's targets and ports for people: "198.18.0.0/24 and 2 more, ports
 * 22,80", or "udp ports 53", cut to size with a NUL.
 */
void mipo_cover_words(
    const struct mipo_rec *start, char *ret_words, size_t size);

/* What the ports are of. */
enum mipo_proto mipo_cover_proto(const struct mipo_cover *cover);

/* Membership of address and port, and how many ports there are. */
bool mipo_cover_ip(
    const struct mipo_cover *cover, const struct mipo_addr *ip);
bool mipo_cover_port(const struct mipo_cover *cover, uint16_t port);
size_t mipo_cover_ports(const struct mipo_cover *cover);

/* The addresses without exclusions, and the ports; the cover's. */
const struct mipo_targets *mipo_cover_targets(
    const struct mipo_cover *cover);
const struct mipo_ports *mipo_cover_portset(const struct mipo_cover *cover);

/*
 * The number of a pair in numeric order of address and port, which a look's
 * order of probes is over; false when it is not covered.
 */
bool mipo_cover_pair(const struct mipo_cover *cover,
    const struct mipo_addr *ip, uint16_t port, uint64_t *ret_pair);

/* Whether the look lists every covered pair that is in this state. */
bool mipo_cover_lists(const struct mipo_cover *cover, enum mipo_pstate state);

/*
 * Whether the look, being complete, tells of every covered pair if it is
 * open: it lists those, and silence is not taken for open|filtered, nor left
 * untold by UDP.
 */
bool mipo_cover_tells_open(const struct mipo_cover *cover);

/*
 * The declared state of covered pairs that are not listed, MIPO_UNKNOWN
 * where none was declared. Holds for complete looks only.
 */
unsigned mipo_cover_silent(const struct mipo_cover *cover);

/* Pairs of the scope, and pairs that both scopes have: of one protocol. */
uint64_t mipo_cover_pairs(const struct mipo_cover *cover);
uint64_t mipo_cover_common(
    const struct mipo_cover *a, const struct mipo_cover *b);

#endif
