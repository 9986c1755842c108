/* What the files of the method by raw sockets share. */
#ifndef MIPO_NET_SYN_H
#define MIPO_NET_SYN_H

#include "net/scanner-impl.h"

/* For a capture's filter: ICMP errors. */
#define MIPO_SYN_ERRORS4 \
	"icmp and (icmp[0] == 3 or icmp[0] == 11 or icmp[0] == 12)"
#define MIPO_SYN_ERRORS6 "icmp6 and ip6[40] >= 1 and ip6[40] <= 4"

/* syn.c: what needs rights; and all that follows. */
int mipo_syn_open(struct mipo_scanner *scan, struct mipo_err *err);
void mipo_syn_close(struct mipo_scanner *scan);
int mipo_syn_begin(struct mipo_scanner *scan, struct mipo_err *err);
int mipo_syn_run(struct mipo_scanner *scan, struct mipo_err *err);
int mipo_syn_end(struct mipo_scanner *scan, struct mipo_err *err);
/* Bytes that its captures share with the kernel. */
uint64_t mipo_syn_memory(const struct mipo_scanner *scan);

/* syn-send.c: one walk over the order; the source port of a probe. */
int mipo_syn_walk(
    struct mipo_scanner *scan, enum mipo_want want, struct mipo_err *err);
uint16_t mipo_syn_sport(
    const struct mipo_scanner *scan, uint64_t pair, unsigned pass);

/*
 * The address that the next hop to spot has on the link, where it has one;
 * else errno. For any thread.
 */
int mipo_syn_next_mac(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, uint8_t ret_mac[6]);

/* syn-rate.c: begins with the rate; what it becomes by what was seen. */
void mipo_syn_rate_start(struct mipo_scanner *scan);
int mipo_syn_rate_look(struct mipo_scanner *scan, struct mipo_err *err);

/* Whether the answer holds the number that only our probe had. */
bool mipo_syn_is_ours(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, const struct mipo_reply *reply);

/* syn-recv.c: takes in what has arrived, or the first thousands of it. */
int mipo_syn_receive(struct mipo_scanner *scan, struct mipo_err *err);
/* All that has arrived so far, however much: silence is then silence. */
int mipo_syn_catch_up(struct mipo_scanner *scan, struct mipo_err *err);
/* The same, then sleeps up to ns, or until more arrives. */
int mipo_syn_pause(
    struct mipo_scanner *scan, uint64_t ns, struct mipo_err *err);

/*
 * syn-sweep.c: asks for missing next hops in so many rounds. Where hosts
 * were found that may be begun with, it leaves the rest to mipo_syn_sweep,
 * which is to be called often; _end waits until all is asked and heard.
 */
int mipo_syn_ask(
    struct mipo_scanner *scan, unsigned rounds, struct mipo_err *err);
int mipo_syn_sweep(struct mipo_scanner *scan, struct mipo_err *err);
int mipo_syn_sweep_end(struct mipo_scanner *scan, struct mipo_err *err);

/* syn-neighbor.c: asks for next hops before the first probe. */
int mipo_syn_resolve(struct mipo_scanner *scan, struct mipo_err *err);
/* Pairs at hand of hosts that did not answer are absent. */
void mipo_syn_set_aside(struct mipo_scanner *scan);
/* After the first walk: *ret_more: pairs of hosts found late are to go. */
int mipo_syn_resolve_late(
    struct mipo_scanner *scan, bool *ret_more, struct mipo_err *err);
/* Asks for them again, before a later pass. */
int mipo_syn_resolve_again(struct mipo_scanner *scan, struct mipo_err *err);
/* Says what absent pairs at hand are; and, once, what it means. */
void mipo_syn_settle(struct mipo_scanner *scan);
void mipo_syn_judge(struct mipo_scanner *scan);
/* Asks a neighbour that is known, a path each: does the link still live? */
int mipo_syn_echo(struct mipo_scanner *scan, struct mipo_err *err);

/* syn-canary.c: listeners of our own on loopback. */
int mipo_canary_open(struct mipo_scanner *scan, struct mipo_err *err);
int mipo_canary_probe(struct mipo_scanner *scan, struct mipo_err *err);
/* Sends one to a canary of either kind; whether the kernel took it. */
bool mipo_canary_send(struct mipo_scanner *scan, size_t path,
    const struct mipo_probe *probe);
bool mipo_canary_reply(
    struct mipo_scanner *scan, const struct mipo_reply *reply);
void mipo_canary_close(struct mipo_scanner *scan);

#endif
