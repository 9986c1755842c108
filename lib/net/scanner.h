/*
 * A scan: opened with privileges, run without. The caller confines the
 * process between mipo_scanner_open and mipo_scanner_run; no byte from the
 * network is read before.
 */
#ifndef MIPO_NET_SCANNER_H
#define MIPO_NET_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_err;
struct mipo_journal;
struct mipo_ports;
struct mipo_rec;
struct mipo_scanner;
struct mipo_targets;

enum mipo_method {
	MIPO_METHOD_SYN,     /* raw sockets, our own packets */
	MIPO_METHOD_CONNECT, /* connect(2), no privilege */
	MIPO_METHOD_UDP,     /* raw sockets, datagrams */
	MIPO_METHOD_DISCOVER /* who is there: ARP, ND, echo requests */
};

/* "syn", "udp" ...; the protocol; what silence is taken for. */
const char *mipo_method_name(enum mipo_method method);
enum mipo_proto mipo_method_proto(enum mipo_method method);
enum mipo_pstate mipo_method_silent(enum mipo_method method);

struct mipo_scanner_config {
	enum mipo_method method;
	char scan[33];	     /* 32 hex digits */
	uint64_t rate;	     /* probes a second; 0: no limit */
	bool rate_auto;	     /* the scan chooses it; rate is then 0 */
	unsigned retries;    /* passes over silent pairs after the first */
	uint64_t wait_ms;    /* for answers after the last probe */
	const char *send;    /* path of --send; "auto": the scan's choice */
	uint64_t seed;
	uint16_t vlan;	     /* tag of our frames (syn, udp); 0: none */
	uint64_t shard, shards; /* which part, from 1, of how many; 0: all */
	uint64_t max_probes; /* that the kernel may take; 0: any number */
	uint64_t memory;     /* bytes, at most */
	uint8_t scope[32];   /* digest of the scope: keys depend on it */
	unsigned states;     /* bits 1 << enum mipo_pstate: those listed */
	bool list_silent;    /* silent pairs too */
	bool identify;	     /* then connect to what is open */
	struct mipo_journal *journal; /* begun; the caller's; or NULL */
};

struct mipo_scanner_progress {
	unsigned pass, passes;
	uint64_t done, total; /* of the pass, pairs */
	uint64_t probes;      /* that the kernel took so far */
	uint64_t open, outstanding;
	const char *phase;    /* "neighbours", "probing", "waiting" */
};

/* Each gets arg first. Called from mipo_scanner_run, in its thread. */
struct mipo_scanner_hooks {
	void (*obs)(void *arg, const struct mipo_obs *obs);
	/* Often. Not 0 ends the scan as interrupted. */
	int (*tick)(void *arg, const struct mipo_scanner_progress *progress);
	void *arg;
	/* A record of its own: service, host. May be NULL. */
	void (*rec)(void *arg, const struct mipo_rec *rec);
};

/* Copies config; targets (already without exclusions) and ports are read. */
int mipo_scanner_new(const struct mipo_scanner_config *config,
    const struct mipo_scanner_hooks *hooks, const struct mipo_targets *targets,
    const struct mipo_ports *ports, struct mipo_scanner **ret_scan,
    struct mipo_err *err);
void mipo_scanner_free(struct mipo_scanner *scan);

/* The link address that answered for addr, while it runs; else false. */
bool mipo_scanner_mac(const struct mipo_scanner *scan,
    const struct mipo_addr *addr, uint8_t ret_mac[6]);

/* Bits of its longest probe on the wire; 0: the packets are not ours. */
uint64_t mipo_probe_bits(const struct mipo_scanner_config *config,
    const struct mipo_targets *targets, const struct mipo_ports *ports);

/* Pairs that it is to look at: those in scope, or of these in its shard. */
uint64_t mipo_scanner_planned(const struct mipo_scanner *scan);

/* Routes, sockets, captures, memory: all that needs rights. */
int mipo_scanner_open(struct mipo_scanner *scan, struct mipo_err *err);

/*
 * Scans. -1 only when it could not go on; a scan that lost something ends
 * with 0 and says so in its report.
 */
int mipo_scanner_run(struct mipo_scanner *scan, struct mipo_err *err);

/*
 * Puts what the scan did into rec, a scan.end: all fields from started to
 * reasons, and state_sha256. Returns 0 or -1; *ret_complete tells whether
 * the verdict is complete.
 */
int mipo_scanner_report(struct mipo_scanner *scan, const char *const *sandbox,
    struct mipo_rec *rec, bool *ret_complete, struct mipo_err *err);

/*
 * Whether probes go a way that asks for an interface's number, by ioctl, for
 * each of them. Known once it is open.
 */
bool mipo_scanner_asks(const struct mipo_scanner *scan);

/* Whether pairs are left to probe, that a scan by its journal would. */
bool mipo_scanner_can_go_on(const struct mipo_scanner *scan);

/* Whether this process may use the method. */
bool mipo_method_may(enum mipo_method method);

#endif
