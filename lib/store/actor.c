#include "store/actor.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "store/door.h"
#include "trust/hash.h"
#include "trust/key.h"

#define NO_UID UINT32_MAX /* what the kernel says for "never logged in" */

/* The login's uid, which survives su and sudo and cannot be forged. */
static uint32_t
login_uid(void)
{
	char text[32];
	uint64_t uid;
	ssize_t n;
	int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NO_UID;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n <= 0)
		return NO_UID;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (mipo_text_u64(text, 0, UINT32_MAX, &uid, NULL) != 0)
		return NO_UID;
	return (uint32_t)uid;
}

/* Believed from root alone: nobody else was put there by sudo. */
static uint32_t
sudo_uid(void)
{
	const char *text = getenv("SUDO_UID");
	uint64_t uid;

	if (geteuid() != 0 || text == NULL ||
	    mipo_text_u64(text, 0, UINT32_MAX - 1, &uid, NULL) != 0)
		return NO_UID;
	return (uint32_t)uid;
}

static void
set(struct mipo_actor *actor, const char *kind, uint32_t uid,
    const char *known_by)
{
	memset(actor, 0, sizeof(*actor));
	(void)snprintf(actor->kind, sizeof(actor->kind), "%s", kind);
	(void)snprintf(actor->id, sizeof(actor->id), "uid:%lu",
	    (unsigned long)uid);
	(void)snprintf(
	    actor->known_by, sizeof(actor->known_by), "%s", known_by);
}

void
mipo_actor_find(struct mipo_actor *ret_actor)
{
	uint32_t uid = login_uid();

	if (uid != NO_UID) {
		set(ret_actor, "person", uid, "loginuid");
		return;
	}
	uid = sudo_uid();
	if (uid != NO_UID)
		set(ret_actor, "person", uid, "sudo-env");
	else
		set(ret_actor, "system", getuid(), "none");
}

static void
put_text(struct mipo_rec *rec, const char *key, const char *s)
{
	if (s != NULL && *s != '\0' && strlen(s) < 256 &&
	    mipo_text_is_utf8(s, strlen(s)))
		mipo_rec_put_str(rec, key, s);
}

/* What helps a person's memory, and must be able to go again. */
static void
describe(struct mipo_rec *rec, const struct mipo_actor *actor)
{
	char host[256] = "", tty[256] = "";
	const struct passwd *pw = NULL;
	uint64_t uid;

	if (strncmp(actor->id, "uid:", 4) == 0 &&
	    mipo_text_u64(actor->id + 4, 0, UINT32_MAX, &uid, NULL) == 0)
		pw = getpwuid((uid_t)uid);
	(void)gethostname(host, sizeof(host) - 1);
	if (ttyname_r(STDERR_FILENO, tty, sizeof(tty)) != 0)
		tty[0] = '\0';
	put_text(rec, "name", pw == NULL ? NULL : pw->pw_name);
	put_text(rec, "host", host);
	put_text(rec, "tty", tty);
	put_text(rec, "ssh", getenv("SSH_CONNECTION"));
	mipo_rec_put_int(rec, "uid", (int64_t)getuid());
	mipo_rec_put_int(rec, "euid", (int64_t)geteuid());
}

int
mipo_actor_side(const struct mipo_actor *actor, struct mipo_buf *ret_body,
    uint8_t ret_digest[32], struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_new(err);
	uint8_t salt[32];
	int r;

	if (rec == NULL)
		return -1;
	mipo_random(salt, sizeof(salt));
	mipo_rec_put_hex(rec, "salt", salt, sizeof(salt));
	mipo_rec_put_str(rec, "id", actor->id);
	describe(rec, actor);
	r = mipo_rec_canon(rec, ret_body, err);
	mipo_rec_free(rec);
	if (r == 0)
		mipo_hash(ret_body->data, ret_body->len, ret_digest);
	return r;
}
