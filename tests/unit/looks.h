/* Looks for unit tests, from a few words. */
#ifndef MIPO_TESTS_LOOKS_H
#define MIPO_TESTS_LOOKS_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "data/rec.h"
#include "judge/snap.h"

struct look {
	const char *scan, *network, *vantage, *scope; /* NULL: the usual */
	const char *targets, *exclude, *ports; /* words with blanks */
	const char *states, *silent;
	const char *verdict; /* NULL: complete; "": no end record */
	const char *pairs;   /* "198.18.0.1 22 open, ..." */
	int walked;	     /* places of the order that were probed */
	int refused;	     /* the first of these were refused; 0: none */
};

static inline const char *
look_or(const char *s, const char *other)
{
	return s == NULL ? other : s;
}

static inline void
look_words(struct mipo_rec *rec, const char *key, const char *words)
{
	char word[64];

	mipo_rec_put_list(rec, key);
	for (words += strspn(words, " "); *words != '\0';
	     words += strspn(words, " ")) {
		int len = (int)strcspn(words, " ");

		(void)snprintf(word, sizeof(word), "%.*s", len, words);
		mipo_rec_add_str(rec, key, word);
		words += len;
	}
}

static inline struct mipo_rec *
look_start(const struct look *look, struct mipo_err *err)
{
	static const char scope[] = "0123456789abcdef0123456789abcdef"
				    "0123456789abcdef0123456789abcdef";
	struct mipo_rec *rec = mipo_rec_start("scan.start", err);

	mipo_rec_put_str(rec, "scan",
	    look_or(look->scan, "00000000000000000000000000000001"));
	mipo_rec_put_str(rec, "network", look_or(look->network, "lab"));
	mipo_rec_put_str(rec, "vantage", look_or(look->vantage, "here"));
	mipo_rec_put_str(rec, "scope_sha256", look_or(look->scope, scope));
	mipo_rec_put_str(rec, "proto", "tcp");
	mipo_rec_put_str(rec, "ports", look_or(look->ports, "22,80,443"));
	mipo_rec_put_str(
	    rec, "silent_as", look_or(look->silent, "filtered"));
	look_words(rec, "targets", look_or(look->targets, "198.18.0.0/30"));
	look_words(rec, "exclusions", look_or(look->exclude, ""));
	look_words(
	    rec, "states", look_or(look->states, "open closed unreachable"));
	return rec;
}

static inline int
look_pairs(struct mipo_snap *snap, const char *pairs, struct mipo_err *err)
{
	struct mipo_obs obs = {.reason = MIPO_R_SYN_ACK};
	char ip[64], port[16], state[32];
	int used;

	while (*pairs != '\0') {
		used = 0;
		ck_assert_int_eq(sscanf(pairs, " %63[^ ] %15[^ ] %31[^ ,]%n",
				     ip, port, state, &used), 3);
		pairs += used;
		pairs += strspn(pairs, ", ");
		if (mipo_addr_parse(ip, &obs.ip, err) != 0)
			return -1;
		obs.port = (uint16_t)strtoul(port, NULL, 10);
		obs.state =
		    (uint8_t)mipo_pstate_find(state, strlen(state));
		ck_assert_msg(obs.state != 0, "%s", state);
		if (mipo_snap_add(snap, &obs, err) != 0)
			return -1;
	}
	return 0;
}

/* What a receipt tells of a scan that broke off. */
static inline void
look_walked(
    struct mipo_rec *end, const struct look *look, struct mipo_err *err)
{
	struct mipo_rec *order = mipo_rec_new(err);
	struct mipo_rec *pass = mipo_rec_new(err);
	struct mipo_rec *failed = mipo_rec_new(err);

	mipo_rec_put_str(order, "id", "feistel4-aes128-v1");
	mipo_rec_put_str(order, "key", "00112233445566778899aabbccddeeff");
	mipo_rec_add_pair(pass, "intervals", 0, look->walked - 1);
	mipo_rec_put_rec_take(end, "permutation", order);
	mipo_rec_add_rec_take(end, "passes", pass);
	mipo_rec_put_list(failed, "indices");
	if (look->refused > 0)
		mipo_rec_add_pair(failed, "indices", 0, look->refused - 1);
	mipo_rec_add_rec_take(end, "send_errors", failed);
}

/* The snapshot of what look says; 0 or -1. */
static inline int
look_snap(const struct look *look, struct mipo_snap **ret_snap,
    struct mipo_err *err)
{
	const char *verdict = look_or(look->verdict, "complete");
	struct mipo_rec *start = look_start(look, err);
	struct mipo_snap *snap = NULL;
	struct mipo_rec *end = NULL;
	int r = -1;

	if (*verdict != '\0') {
		end = mipo_rec_start("scan.end", err);
		mipo_rec_put_str(end, "verdict", verdict);
		if (look->walked > 0)
			look_walked(end, look, err);
	}
	if (mipo_rec_ok(start, err) == 0 &&
	    (end == NULL || mipo_rec_ok(end, err) == 0) &&
	    mipo_snap_new(start, &snap, err) == 0 &&
	    look_pairs(snap, look_or(look->pairs, ""), err) == 0)
		r = mipo_snap_finish(snap, end, err);
	mipo_rec_free(start);
	mipo_rec_free(end);
	if (r != 0)
		mipo_snap_free(snap);
	else
		*ret_snap = snap;
	return r;
}

#endif
