#include "bin/mipo-audit/common.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "data/line.h"
#include "data/rec.h"
#include "kit/table.h"
#include "store/scans.h"
#include "store/state.h"
#include "trust/key.h"
#include "trust/seal.h"

struct opts {
	struct mipo_common common;
	bool vkey, minisign, pem;
};

static const struct mipo_opt rows[] = {
    {.name = "vkey", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct opts, vkey),
	.help = "the log's key as verifier key of signed notes"},
    {.name = "minisign", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct opts, minisign),
	.help = "the same key as minisign's public key file"},
    {.name = "public", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct opts, pem),
	.help = "the same key as PEM, for openssl pkeyutl"},
    {.name = NULL}};

/* RFC 8410: SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes. */
static const uint8_t spki[] = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

static void
put_pem(const struct mipo_pub *pub, struct mipo_buf *buf)
{
	uint8_t der[sizeof(spki) + MIPO_PK_LEN];

	for (size_t i = 0; i < sizeof(spki); i++)
		der[i] = spki[i];
	for (size_t i = 0; i < MIPO_PK_LEN; i++)
		der[sizeof(spki) + i] = pub->pk[i];
	mipo_buf_puts(buf, "-----BEGIN PUBLIC KEY-----\n");
	mipo_b64(buf, der, sizeof(der));
	mipo_buf_puts(buf, "\n-----END PUBLIC KEY-----\n");
}

static int
print_one(const struct opts *opts, const struct mipo_genesis *genesis,
    struct mipo_err *err)
{
	const struct mipo_pub *pub = &genesis->log_vkey.pub;
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, 4096);
	if (opts->pem)
		put_pem(pub, &buf);
	else if (opts->minisign)
		mipo_pub_minisign(pub, &buf);
	else {
		mipo_vkey_format(&genesis->log_vkey, &buf);
		mipo_buf_putc(&buf, '\n');
	}
	r = mipo_buf_ok(&buf, err);
	if (r == 0)
		r = mipo_file_write_all(
		    STDOUT_FILENO, buf.data, buf.len, err);
	mipo_buf_release(&buf);
	return r;
}

struct sink {
	struct mipo_table *table;
	struct mipo_out *out;
	bool people;
	struct mipo_err *err;
};

/* One key: what it is for, its id, and what else is known. */
static int
put_key(struct sink *sink, const char *role, const char *id, const char *what)
{
	struct mipo_rec *rec;

	if (sink->people) {
		mipo_table_text(sink->table, role);
		mipo_table_text(sink->table, id);
		mipo_table_text(sink->table, what);
		return 0;
	}
	rec = mipo_rec_start("key", sink->err);
	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "role", role);
	mipo_rec_put_str(rec, "key", id);
	mipo_rec_put_str(rec, "about", what);
	return bin_put_take(sink->out, rec, sink->err);
}

static int
put_scanner(void *arg, const struct mipo_scanner *scanner)
{
	return put_key(arg, "scanner", scanner->pub.id, scanner->name);
}

static int
list(struct mipo_state *state, const struct mipo_genesis *genesis,
    const struct opts *opts, struct mipo_err *err)
{
	static const char *const heads[] = {"ROLE", "KEY", "ABOUT", NULL};
	struct sink sink = {
	    .people = bin_table(&opts->common), .err = err};
	int r = -1;

	sink.table = mipo_table_new(heads, err);
	sink.out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	if (sink.table != NULL && sink.out != NULL &&
	    put_key(&sink, "log", genesis->log_vkey.pub.id,
		genesis->origin) == 0 &&
	    put_key(&sink, "recovery", genesis->recovery.id, "offline") == 0)
		r = mipo_scanners_each(state, put_scanner, &sink, err);
	if (r == 0 && err->code == MIPO_E_NONE)
		r = sink.people
		    ? mipo_table_print(sink.table, STDOUT_FILENO, err)
		    : mipo_out_flush(sink.out, err);
	mipo_table_free(sink.table);
	mipo_out_free(sink.out);
	return err->code == MIPO_E_NONE ? r : -1;
}

static int
print(struct mipo_state *state, const void *arg, int *ret_status,
    struct mipo_err *err)
{
	const struct opts *opts = arg;
	struct mipo_genesis genesis;

	(void)ret_status;
	if (opts->vkey + opts->minisign + opts->pem > 1)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--vkey, --minisign and --public: only one");
	if (audit_genesis(state, &genesis, err) != 0)
		return -1;
	if (opts->vkey || opts->minisign || opts->pem)
		return print_one(opts, &genesis, err);
	return list(state, &genesis, opts, err);
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;

	(void)argc;
	(void)argv;
	return bin_with_state(
	    &opts->common, false, "keys", print, opts);
}

const struct mipo_sub audit_keys = {
    .name = "keys",
    .operands = "",
    .summary = "print the log's key, or list the ids of all keys",
    .opts = rows,
    .size = sizeof(struct opts),
    .run = run,
    .formats = "table|ndjson",
};
