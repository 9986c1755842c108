#include "out/bundle-text.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"
#include "out/boundary.h"
#include "trust/note.h"

static const char by_hand[] =
    "# the log's key, from its owner and not out of the bundle, as minisign\n"
    "# and openssl have it; a prefix of 12 bytes says which kind it is\n"
    "cut -d + -f 3- auditor.vkey | base64 -d | tail -c 32 > key\n"
    "{ echo 'untrusted comment: from auditor.vkey'\n"
    "  { printf Ed; openssl dgst -sha256 -binary key | head -c 8\n"
    "    cat key; } | base64 -w 0; echo; } > log.pub\n"
    "{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'\n"
    "  cat key; } | openssl pkey -pubin -inform DER -out log.pem\n"
    "# the files are those of the manifest\n"
    "tar xf BUNDLE && sha256sum -c MANIFEST\n"
    "# the manifest is signed by the log's key\n"
    "minisign -V -p log.pub -m MANIFEST\n"
    "# the checkpoint is signed by the same key: its text, its signature\n"
    "sed '/^$/,$d' checkpoint > text\n"
    "tail -n 1 checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > sig\n"
    "openssl pkeyutl -verify -pubin -inkey log.pem -rawin -in text \\\n"
    "    -sigfile sig\n"
    "# the entries, one a line: a length of two bytes stands before each\n"
    "sed -n 's/^SHA256 (\\(tile.entries.*\\)) = .*/\\1/p' MANIFEST |\n"
    "while read -r f; do at=0; size=$(wc -c < $f)\n"
    "  while [ $at -lt $size ]; do\n"
    "    set -- $(tail -c +$((at + 1)) $f | head -c 2 | od -An -tu1)\n"
    "    tail -c +$((at + 3)) $f | head -c $(($1 * 256 + $2)); echo\n"
    "    at=$((at + 2 + $1 * 256 + $2)); done; done > log.ndjson\n"
    "# a scan's stream is named by its digest, as its entry names it\n"
    "test ! -d objects || sha256sum objects/*\n";

void
mipo_bundle_by_hand(struct mipo_buf *buf)
{
	mipo_buf_puts(buf, by_hand);
}

static void
put_head(const struct mipo_checkpoint *cp, struct mipo_buf *buf)
{
	mipo_buf_puts(buf, "An evidence bundle of the log\n\n    ");
	mipo_buf_puts(buf, cp->origin);
	mipo_buf_puts(buf, "\n\nwith ");
	mipo_buf_put_u64(buf, cp->size);
	mipo_buf_puts(buf, " entries and the root (RFC 6962, SHA-256)\n\n    ");
	mipo_buf_put_hex(buf, cp->root, sizeof(cp->root));
	mipo_buf_puts(buf, "\n\n");
}

void
mipo_bundle_readme(const struct mipo_checkpoint *cp, struct mipo_buf *buf)
{
	put_head(cp, buf);
	mipo_boundary_put(buf, 72);
	mipo_buf_puts(buf,
	    "\nHow to check it\n\n"
	    "Get the log's key by another road than this file: a key that\n"
	    "comes with the evidence proves nothing. Its id is the last part\n"
	    "of the name above. Then, offline:\n\n"
	    "    mipo-audit verify --key KEY BUNDLE\n\n"
	    "What this file alone cannot show is that later records do not\n"
	    "exist. For that, ask for a bundle that answers a challenge of\n"
	    "yours, and give the same to verify --challenge; or keep the\n"
	    "checkpoint, and give it to verify --since next time.\n\n"
	    "By hand, without mipo:\n\n");
	mipo_bundle_by_hand(buf);
	mipo_buf_puts(buf,
	    "\nEntries are in tile/entries as two bytes of length, most\n"
	    "significant first, and the entry. SHA-256 of a zero byte and an\n"
	    "entry is its leaf hash, which is prev in the entry after it and\n"
	    "stands in tile/0 (C2SP tlog-tiles).\n");
}

void
mipo_bundle_trusted(
    const struct mipo_checkpoint *cp, char ret_text[MIPO_MSIG_COMMENT])
{
	char root[2 * MIPO_HASH_LEN + 1];

	mipo_text_hex(cp->root, sizeof(cp->root), root);
	(void)snprintf(ret_text, MIPO_MSIG_COMMENT, "%s size %llu root %s",
	    cp->origin, (unsigned long long)cp->size, root);
}
