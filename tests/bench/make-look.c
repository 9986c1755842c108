/*
 * A look for tests: a whole stream on stdout, the same bytes every time.
 *
 *	make-look [KEY=VALUE...] < PAIRS
 *	make-look [KEY=VALUE...] hosts=N seed=S change=PPM < /dev/null
 *
 * PAIRS are lines "IP PORT STATE". With hosts=N there are none: N addresses
 * from base on and all ports are listed in a scattered order, each in a
 * state that seed decides, but change in a million of them in another one.
 * Keys: scan network vantage targets exclude (words with blanks) ports
 * states silent verdict time end (no: the stream is cut) base key (a file:
 * who signs) proto (tcp, or udp by the method udp).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/schema.h"
#include "data/target.h"
#include "trust/digest.h"
#include "trust/hash.h"
#include "trust/key.h"
#include "trust/receipt.h"

static struct {
	const char *name, *value;
} keys[] = {{"scan", "00000000000000000000000000000001"},
    {"network", "lab"}, {"vantage", "here"}, {"targets", "198.18.0.0/24"},
    {"exclude", ""}, {"ports", "22,80,443"},
    {"states", "open closed unreachable"}, {"silent", "filtered"},
    {"verdict", "complete"}, {"time", "2024-11-22T10:00:00.000Z"},
    {"end", "yes"}, {"hosts", "0"}, {"seed", "1"}, {"change", "0"},
    {"base", "198.18.0.0"},  {"key", ""}, {"proto", "tcp"}};

static struct mipo_err err;
static struct mipo_targets *targets;
static struct mipo_ports *ports;
static struct mipo_hash *hash;
static struct mipo_key *signer;
static struct mipo_buf buf;
static uint64_t records, n_pairs;
static uint8_t *states; /* of each pair; 0: not listed */
static int64_t now;

static void
need(int r)
{
	if (r == 0)
		return;
	fprintf(stderr, "make-look: %s\n", err.text);
	exit(2);
}

static const char **
key(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strlen(keys[i].name) == len &&
		    memcmp(keys[i].name, name, len) == 0)
			return &keys[i].value;
	fprintf(stderr, "make-look: no key %s\n", name);
	exit(2);
}

static const char *
get(const char *name)
{
	return *key(name, strlen(name));
}

static enum mipo_proto
proto(void)
{
	return mipo_proto_find(get("proto"));
}

static uint64_t
number(const char *name)
{
	uint64_t n;

	need(mipo_text_u64(get(name), 0, UINT64_MAX, &n, &err));
	return n;
}

/* Writes what is in buf, and counts it in the digest. */
static void
put_line(void)
{
	mipo_buf_putc(&buf, '\n');
	need(mipo_buf_ok(&buf, &err));
	mipo_hash_add(hash, buf.data, buf.len);
	if (fwrite(buf.data, 1, buf.len, stdout) != buf.len)
		exit(2);
	mipo_buf_clear(&buf);
	records++;
}

static void
put_rec(struct mipo_rec *rec)
{
	need(mipo_rec_check(rec, &err));
	need(mipo_rec_canon(rec, &buf, &err));
	mipo_rec_free(rec);
	put_line();
}

static void
put_words(struct mipo_rec *rec, const char *name, const char *words)
{
	char word[64];

	mipo_rec_put_list(rec, name);
	for (words += strspn(words, " "); *words != '\0';
	     words += strspn(words, " ")) {
		size_t len = strcspn(words, " ");

		(void)snprintf(word, sizeof(word), "%.*s", (int)len, words);
		mipo_rec_add_str(rec, name, word);
		words += len;
	}
}

static void
read_targets(void)
{
	char *words = strdup(get("targets")), *save = NULL;

	targets = mipo_targets_new(&err);
	for (char *w = strtok_r(words, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		need(mipo_targets_add(targets, w, NULL, &err));
	free(words);
	ports = mipo_ports_new(&err);
	need(mipo_ports_add(ports, get("ports"), &err));
}

/* What is left of the targets, once they were written. */
static void
exclude(void)
{
	char *words = strdup(get("exclude")), *save = NULL;
	struct mipo_targets *out = mipo_targets_new(&err);

	for (char *w = strtok_r(words, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		need(mipo_targets_add(out, w, NULL, &err));
	need(mipo_targets_exclude(targets, out, &err));
	mipo_targets_free(out);
	free(words);
	n_pairs = mipo_targets_count(targets) * mipo_ports_count(ports);
	states = calloc(n_pairs + 1, 1);
	if (states == NULL)
		exit(2);
}

static void
put_scope(struct mipo_rec *rec)
{
	uint8_t digest[MIPO_HASH_LEN];

	need(mipo_targets_put(targets, rec, "targets", &err));
	put_words(rec, "exclusions", get("exclude"));
	exclude();
	need(mipo_scope_digest(proto(), targets, ports, digest, &err));
	mipo_rec_put_hex(rec, "scope_sha256", digest, sizeof(digest));
	mipo_rec_put_int(rec, "planned", (int64_t)n_pairs);
}

static void
put_start(void)
{
	struct mipo_rec *rec = mipo_rec_start("scan.start", &err);
	static const uint8_t zero[MIPO_HASH_LEN];

	mipo_rec_put_time(rec, "ts", now);
	mipo_rec_put_str(rec, "scan", get("scan"));
	mipo_rec_put_str(rec, "network", get("network"));
	mipo_rec_put_str(rec, "vantage", get("vantage"));
	mipo_rec_put_str(rec, "key",
	    signer == NULL ? "none" : mipo_key_pub(signer)->id);
	mipo_rec_put_str(
	    rec, "method", proto() == MIPO_UDP ? "udp" : "syn");
	mipo_rec_put_str(rec, "proto", get("proto"));
	mipo_ports_format(ports, &buf);
	mipo_rec_put_str(rec, "ports", mipo_buf_str(&buf, &err));
	mipo_buf_clear(&buf);
	mipo_rec_put_hex(rec, "seed", zero, 8);
	put_scope(rec);
	mipo_rec_put_hex(rec, "config_sha256", zero, sizeof(zero));
	put_words(rec, "states", get("states"));
	mipo_rec_put_str(rec, "silent_as", get("silent"));
	mipo_rec_put_str(rec, "tool", "make-look 1");
	put_rec(rec);
}

/* Of two states of a pair the lower stands. */
static void
note(const struct mipo_addr *ip, uint16_t port, uint8_t state)
{
	int k = mipo_ports_index(ports, port);
	uint64_t i;

	if (k < 0 || !mipo_targets_find(targets, ip, &i))
		return;
	i = i * mipo_ports_count(ports) + (uint64_t)k;
	if (states[i] == 0 || state < states[i])
		states[i] = state;
}

static void
put_obs(const struct mipo_addr *ip, uint16_t port, enum mipo_pstate state)
{
	static const uint8_t why[MIPO_STATE_N] = {0, MIPO_R_SYN_ACK,
	    MIPO_R_RST, MIPO_R_NO_ANSWER, MIPO_R_NO_ANSWER,
	    MIPO_R_NO_NEIGHBOR};
	struct mipo_obs obs = {.ts_ms = now, .ip = *ip, .port = port,
	    .state = (uint8_t)state, .reason = why[state], .ttl = -1,
	    .rtt_us = -1, .window = -1, .pass = 0, .icmp_type = -1,
	    .icmp_code = -1, .proto = (uint8_t)proto()};

	if (state == MIPO_OPEN && proto() == MIPO_UDP) {
		obs.reason = MIPO_R_UDP_REPLY;
	} else if (state <= MIPO_CLOSED) {
		obs.ttl = 64;
		obs.rtt_us = 200 + port;
		obs.window = 64240;
	}
	memcpy(obs.scan, get("scan"), sizeof(obs.scan));
	mipo_obs_emit(&buf, &obs);
	put_line();
	note(ip, port, (uint8_t)state);
}

static void
read_pairs(void)
{
	char line[256], *save = NULL, *ip, *port, *state;
	struct mipo_addr addr;
	uint64_t n;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		ip = strtok_r(line, " \n", &save);
		port = strtok_r(NULL, " \n", &save);
		state = strtok_r(NULL, " \n", &save);
		if (state == NULL)
			continue;
		need(mipo_addr_parse(ip, &addr, &err));
		need(mipo_text_u64(port, 1, 65535, &n, &err));
		put_obs(&addr, (uint16_t)n,
		    mipo_pstate_find(state, strlen(state)));
	}
}

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9;
	x ^= x >> 27;
	x *= 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static void
generate(uint64_t hosts)
{
	static const uint8_t pick[8] = {MIPO_OPEN, MIPO_CLOSED, MIPO_CLOSED,
	    MIPO_CLOSED, MIPO_CLOSED, MIPO_CLOSED, MIPO_CLOSED,
	    MIPO_UNREACHABLE};
	uint64_t n_ports = mipo_ports_count(ports), n = hosts * n_ports;
	uint64_t seed = number("seed"), change = number("change"), at, h;
	struct mipo_addr base, ip;

	need(mipo_addr_parse(get("base"), &base, &err));
	for (uint64_t i = 0; i < n; i++) {
		/* A prime larger than n steps through all of them. */
		at = (uint64_t)(((unsigned __int128)i * 18446744073709551557U) %
		    n);
		ip = base;
		(void)mipo_addr_add(&ip, at / n_ports);
		h = mix(at);
		if (mix(h ^ seed) % 1000000 < change)
			h = mix(h + seed);
		put_obs(&ip, mipo_ports_at(ports, (size_t)(at % n_ports)),
		    (enum mipo_pstate)pick[h >> 13 & 7]);
	}
}

static struct mipo_rec *
counted(uint8_t digest[MIPO_HASH_LEN], uint64_t *ret_listed)
{
	uint8_t silent = (uint8_t)mipo_pstate_find(
	    get("silent"), strlen(get("silent")));
	uint64_t counts[MIPO_STATE_N] = {0}, n = mipo_ports_count(ports);
	struct mipo_rec *rec = mipo_rec_new(&err);
	struct mipo_states sum;

	if (silent == 0)
		silent = MIPO_FILTERED;
	need(mipo_states_init(&sum, proto(), &err));
	for (uint64_t i = 0; i < n_pairs; i++) {
		uint8_t state = states[i] == 0 ? silent : states[i];
		struct mipo_addr ip;

		*ret_listed += states[i] != 0;
		counts[state]++;
		mipo_targets_at(targets, i / n, &ip);
		mipo_states_add(
		    &sum, &ip, mipo_ports_at(ports, i % n), state);
	}
	mipo_states_final(&sum, digest);
	mipo_states_release(&sum);

	mipo_rec_put_int(rec, "open", (int64_t)counts[MIPO_OPEN]);
	mipo_rec_put_int(rec, "closed", (int64_t)counts[MIPO_CLOSED]);
	mipo_rec_put_int(rec, "filtered", (int64_t)counts[MIPO_FILTERED]);
	mipo_rec_put_int(
	    rec, "open_filtered", (int64_t)counts[MIPO_OPEN_FILTERED]);
	mipo_rec_put_int(
	    rec, "unreachable", (int64_t)counts[MIPO_UNREACHABLE]);
	return rec;
}

static void
put_end(void)
{
	static const char *const zeros[] = {"send_pps", "capture_received",
	    "capture_drops"};
	static const char *const all[] = {"planned", "attempted", "accepted"};
	static const char *const lists[] = {
	    "send_errors", "canaries", "sandbox", "reasons"};
	struct mipo_rec *rec = mipo_rec_start("scan.end", &err), *sub;
	uint8_t digest[MIPO_HASH_LEN];
	uint64_t listed = 0;

	mipo_rec_put_time(rec, "ts", now);
	mipo_rec_put_time(rec, "started", now);
	mipo_rec_put_str(rec, "scan", get("scan"));
	for (size_t i = 0; i < sizeof(zeros) / sizeof(*zeros); i++)
		mipo_rec_put_int(rec, zeros[i], 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		mipo_rec_put_list(rec, lists[i]);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		mipo_rec_put_int(rec, all[i], (int64_t)n_pairs);
	mipo_rec_put_rec_take(rec, "counts", counted(digest, &listed));
	mipo_rec_put_hex(rec, "state_sha256", digest, sizeof(digest));
	mipo_rec_put_int(rec, "answered", (int64_t)listed);
	sub = mipo_rec_new(&err);
	mipo_rec_put_str(sub, "id", "none");
	mipo_rec_put_str(sub, "key", "");
	mipo_rec_put_rec_take(rec, "permutation", sub);
	sub = mipo_rec_new(&err);
	mipo_rec_put_int(sub, "pass", 0);
	mipo_rec_add_pair(sub, "intervals", 0, (int64_t)n_pairs - 1);
	mipo_rec_put_int(sub, "probes", (int64_t)n_pairs);
	mipo_rec_add_rec_take(rec, "passes", sub);
	mipo_rec_put_int(rec, "loss_ppm", -1);
	mipo_rec_put_str(rec, "verdict", get("verdict"));
	mipo_rec_put_int(rec, "records", (int64_t)records);
	mipo_hash_peek(hash, digest);
	mipo_rec_put_hex(rec, "stream_sha256", digest, sizeof(digest));
	need(mipo_receipt_sign(rec, signer, &err));
	put_rec(rec);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t len = strcspn(argv[i], "=");

		if (argv[i][len] == '=')
			*key(argv[i], len) = argv[i] + len + 1;
	}
	mipo_buf_init(&buf, MIPO_REC_MAX_READ);
	hash = mipo_hash_new(&err);
	need(mipo_trust_init(&err));
	if (*get("key") != '\0')
		need(mipo_key_load(get("key"), &signer, &err));
	need(mipo_text_untime(get("time"), &now, &err));
	read_targets();
	put_start();
	if (number("hosts") > 0)
		generate(number("hosts"));
	else
		read_pairs();
	if (strcmp(get("end"), "yes") == 0)
		put_end();
	free(states);
	mipo_targets_free(targets);
	mipo_ports_free(ports);
	mipo_hash_free(hash);
	mipo_key_free(signer);
	mipo_buf_release(&buf);
	return fflush(stdout) == 0 ? 0 : 2;
}
