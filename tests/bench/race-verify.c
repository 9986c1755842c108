/*
 * race-verify ENTRIES PER-COMMIT: makes a log of entries of about 300
 * bytes, and a bundle of it, in memory. Prints the time to verify it
 * against the time for leaf hashes, node hashes and seal signatures alone,
 * on one core and on all, and for the SHA-256 of the same bytes; the same
 * in processor time, which tells also on a busy machine; and the memory
 * that verifying took.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "out/bundle-read.h"
#include "out/bundle.h"
#include "trust/chain.h"

#define SIDE                                                            \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct mipo_err err;

static void
must(int ok)
{
	if (ok)
		return;
	fprintf(stderr, "race-verify: %s\n", err.text);
	exit(2);
}

/* The log: entries one behind the other, and what a verifier needs. */
struct log {
	struct mipo_buf bytes;
	size_t *at;
	size_t n;
	struct mipo_chain chain;
	struct mipo_genesis genesis;
	struct mipo_key *key;
	struct mipo_buf note;
};

static const struct mipo_who who = {"system", "uid:0", "none", SIDE};
static struct mipo_stamp stamp = {
    1795262400000, "0123456789abcdef0123456789abcdef", 1000};

static void
took(struct log *log)
{
	log->at[++log->n] = log->bytes.len;
}

static void
add_seal(struct log *log, struct mipo_key **ratchet)
{
	struct mipo_key *next = mipo_key_new(&err);

	must(next != NULL);
	must(mipo_chain_seal(&log->chain, *ratchet, mipo_key_pub(next), NULL,
		 NULL, &log->bytes, &err) == 0);
	mipo_key_free(*ratchet);
	*ratchet = next;
	took(log);
}

static void
make_log(struct log *log, size_t entries, size_t per_commit)
{
	struct mipo_key *ratchet = mipo_key_new(&err);
	struct mipo_rec *rec = mipo_rec_start("note.b", &err);

	log->key = mipo_key_new(&err);
	log->at = mipo_calloc(2 * entries + 3, sizeof(*log->at), &err);
	must(ratchet != NULL && rec != NULL && log->key != NULL &&
	    log->at != NULL);
	mipo_buf_init(&log->bytes, SIZE_MAX / 4);
	mipo_buf_init(&log->note, 65536);
	must(mipo_genesis_set(&log->genesis, "bench", mipo_key_pub(log->key),
		 mipo_key_pub(ratchet), mipo_key_pub(log->key), &err) == 0);
	must(mipo_chain_genesis(&log->chain, &log->genesis, &stamp, &who,
		 NULL, NULL, &log->bytes, &err) == 0);
	took(log);
	for (size_t i = 0; i < entries; i++) {
		must(mipo_chain_add(&log->chain, rec, &stamp, &who, NULL,
			 NULL, &log->bytes, &err) == 0);
		took(log);
		if (i % per_commit == per_commit - 1 || i == entries - 1)
			add_seal(log, &ratchet);
	}
	must(mipo_chain_checkpoint(
		 &log->chain, log->key, &log->note, &err) == 0);
	mipo_key_free(ratchet);
	mipo_rec_free(rec);
}

static int
make_bundle(const struct log *log)
{
	int fd = memfd_create("bundle", 0);
	struct mipo_bundle *bundle;

	must(mipo_bundle_new(fd, log->note.data, log->note.len, log->key,
		 &bundle, &err) == 0);
	for (size_t i = 0; i < log->n; i++)
		must(mipo_bundle_entry(bundle, log->bytes.data + log->at[i],
			 log->at[i + 1] - log->at[i], &err) == 0);
	must(mipo_bundle_finish(bundle, &err) == 0);
	mipo_bundle_free(bundle);
	return fd;
}

/* A thread's share of the bare work. */
struct share {
	const struct log *log;
	size_t from, to;
	pthread_t thread;
};

static void *
bare_work(void *arg)
{
	const struct share *share = arg;
	const struct log *log = share->log;
	struct mipo_tree tree;
	uint8_t leaf[MIPO_HASH_LEN];
	struct mipo_entry entry;
	struct mipo_seal seal;

	mipo_tree_init(&tree);
	for (size_t i = share->from; i < share->to; i++) {
		const char *p = log->bytes.data + log->at[i];
		size_t len = log->at[i + 1] - log->at[i];

		mipo_leaf_hash(p, len, leaf);
		mipo_tree_append(&tree, leaf, NULL, NULL);
		/* seals are the entries with a seal's data: cheap to tell */
		if (memmem(p, len, "\"kind\":\"seal\"", 13) == NULL)
			continue;
		must(mipo_entry_parse(p, len, &entry, &err) == 0 &&
		    mipo_seal_parse(entry.data, &seal, &err) == 0);
		/* by any key: a check that fails takes as long */
		(void)mipo_seal_check(&seal, log->genesis.origin,
		    &log->genesis.ratchet, NULL);
	}
	return NULL;
}

static double
now(void)
{
	return (double)mipo_clock_mono_ns() / 1e9;
}

static double
worked(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double
time_bare(const struct log *log, size_t n)
{
	struct share *share = mipo_calloc(n, sizeof(*share), &err);
	double from = now();

	must(share != NULL);
	for (size_t i = 0; i < n; i++) {
		share[i] = (struct share){.log = log,
		    .from = log->n * i / n,
		    .to = log->n * (i + 1) / n};
		must(pthread_create(&share[i].thread, NULL, bare_work,
			 &share[i]) == 0);
	}
	for (size_t i = 0; i < n; i++)
		must(pthread_join(share[i].thread, NULL) == 0);
	free(share);
	return now() - from;
}

static double
time_sha(int fd)
{
	static uint8_t block[1 << 16];
	struct mipo_hash *hash = mipo_hash_new(&err);
	double from = now();
	uint8_t digest[32];
	ssize_t n;

	must(hash != NULL && lseek(fd, 0, SEEK_SET) == 0);
	while ((n = read(fd, block, sizeof(block))) > 0)
		mipo_hash_add(hash, block, (size_t)n);
	mipo_hash_final(hash, digest);
	mipo_hash_free(hash);
	return now() - from;
}

static double
time_verify(const struct log *log, int fd)
{
	struct mipo_logcheck_opts opts = {.key = mipo_key_pub(log->key)};
	const struct mipo_logfacts *facts;
	static struct mipo_report report;
	struct mipo_logcheck *check;
	struct mipo_buf note;
	double from = now(), end;

	mipo_buf_init(&note, MIPO_NOTE_MAX);
	report.n = 0;
	must(lseek(fd, 0, SEEK_SET) == 0 &&
	    mipo_bundle_check(fd, &opts, &report, &note, &check, &facts,
		&err) == 0);
	end = now();
	must(!mipo_report_has(&report, MIPO_FAIL) &&
	    facts->entries == log->n);
	mipo_logcheck_free(check);
	mipo_buf_release(&note);
	return end - from;
}

static long
peak_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
keep_least(double *least, double t)
{
	*least = t < *least ? t : *least;
}

/* The least processor time of one core's bare work, and of verifying. */
static void
keep_work(const struct log *log, int fd, double *bare, double *verify)
{
	double from = worked(), between;

	(void)time_bare(log, 1);
	between = worked();
	keep_least(bare, between - from);
	(void)time_verify(log, fd);
	keep_least(verify, worked() - between);
}

static void
race(size_t entries, size_t per_commit)
{
	size_t cores = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	double one = 1e9, all = 1e9, sha = 1e9, verify = 1e9;
	double bare_work = 1e9, work = 1e9;
	static struct log log;
	long before, after;
	int fd;

	make_log(&log, entries, per_commit);
	fd = make_bundle(&log);
	before = peak_kib();
	for (int i = 0; i < 3; i++) {
		keep_least(&one, time_bare(&log, 1));
		keep_least(&all, time_bare(&log, cores));
		keep_least(&sha, time_sha(fd));
		keep_least(&verify, time_verify(&log, fd));
		keep_work(&log, fd, &bare_work, &work);
	}
	after = peak_kib();
	printf("verify of %zu entries, %zu a commit: %.2f s\n"
	       "  hashes and seals alone on one core: %.2f s, ratio %.2f\n"
	       "  hashes and seals alone on %zu cores: %.2f s, ratio %.2f\n"
	       "  SHA-256 of the same bytes: %.2f s, ratio %.2f\n"
	       "  processor time: %.2f s, of it hashes and seals: ratio %.2f\n"
	       "  memory beyond the log's own: %ld MiB\n",
	    log.n, per_commit, verify, one, one / verify, cores, all,
	    all / verify, sha, sha / verify, work, bare_work / work,
	    (after - before) / 1024);
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: race-verify ENTRIES PER-COMMIT\n");
		return 2;
	}
	must(mipo_trust_init(&err) == 0);
	race(strtoul(argv[1], NULL, 10), strtoul(argv[2], NULL, 10));
	return 0;
}
