/*
 * How many observations a second of processor time are emitted and read,
 * fast and by the general way, one object a line: bench-obs [SECONDS each].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/obs.h"
#include "data/rec.h"

#define LINES 10000

static struct mipo_obs rows[LINES];
static struct mipo_buf text;
static size_t at[LINES + 1];

static void
fill(uint8_t family)
{
	for (unsigned i = 0; i < LINES; i++) {
		struct mipo_obs *o = &rows[i];

		memset(o, 0, sizeof(*o));
		o->ts_ms = 1795341600000 + i * 7;
		memcpy(o->scan, "00112233445566778899aabbccddeeff", 33);
		o->ip = (struct mipo_addr){family, {0x20, 1, 0xd, 0xb8}};
		o->ip.b[family == 4 ? 2 : 14] = (uint8_t)(i >> 8);
		o->ip.b[family == 4 ? 3 : 15] = (uint8_t)i;
		o->port = (uint16_t)(1 + i * 31 % 65535);
		o->state = (uint8_t)(1 + i % 2);
		o->reason = (uint8_t)(1 + i % 2);
		o->ttl = 64;
		o->rtt_us = (int32_t)(100 + i);
		o->window = 64240;
		o->pass = 0;
		o->icmp_type = o->icmp_code = -1;
	}
}

static void
emit(void)
{
	mipo_buf_clear(&text);
	for (unsigned i = 0; i < LINES; i++) {
		at[i] = text.len;
		mipo_obs_emit(&text, &rows[i]);
	}
	at[LINES] = text.len;
}

static void
read_fast(void)
{
	struct mipo_obs obs;

	for (unsigned i = 0; i < LINES; i++)
		if (mipo_obs_parse_fast(text.data + at[i], at[i + 1] - at[i],
			&obs) != 1 ||
		    obs.port != rows[i].port)
			abort();
}

static void
read_general(void)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	struct mipo_obs obs;

	for (unsigned i = 0; i < LINES; i++) {
		if (mipo_rec_parse(text.data + at[i], at[i + 1] - at[i], &rec,
			&err) != 0 ||
		    mipo_obs_from_rec(rec, &obs, &err) != 0)
			abort();
		mipo_rec_free(rec);
	}
}

static void
is_canon(void)
{
	for (unsigned i = 0; i < LINES; i++)
		if (!mipo_rec_is_canon(text.data + at[i], at[i + 1] - at[i]))
			abort();
}

static double
cpu_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The best of many short rounds: neighbours on the machine slow the rest. */
static void
measure(const char *what, int family, void (*work)(void), double seconds)
{
	double end = cpu_seconds() + seconds, began, now, best = 1e9;

	do {
		began = cpu_seconds();
		work();
		now = cpu_seconds();
		if (now - began < best)
			best = now - began;
	} while (now < end);
	printf("{\"family\":%d,\"per_second\":%.0f,\"work\":\"%s\"}\n", family,
	    LINES / best, what);
}

int
main(int argc, char **argv)
{
	static const int families[] = {4, 6};
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 0.5;

	mipo_buf_init(&text, 1U << 24);
	for (unsigned i = 0; i < 2; i++) {
		fill((uint8_t)families[i]);
		measure("emit", families[i], emit, seconds);
		measure("read", families[i], read_fast, seconds);
		measure("is_canon", families[i], is_canon, seconds);
		measure("read_general", families[i], read_general, seconds);
	}
	mipo_buf_release(&text);
	return 0;
}
