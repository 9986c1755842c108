#include "kit/sandbox.h"

#include <cap-ng.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "kit/sandbox-part.h"

#define NOBODY 65534

static bool confined;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_LSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(WITH_LSAN)
/* The leak checker stops threads by ptrace; a confined program may not. */
int __lsan_is_turned_off(void);
int
__lsan_is_turned_off(void)
{
	return confined;
}
#endif

void
mipo_sandbox_say(struct mipo_sandbox *sandbox, const char *fmt, ...)
{
	const size_t max = sizeof(sandbox->text) / sizeof(*sandbox->text);
	va_list ap;

	if (sandbox->n == max)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(sandbox->text[sandbox->n++],
	    sizeof(sandbox->text[0]), fmt, ap);
	va_end(ap);
}

/*
 * Whether this user namespace has the user nobody, by the lines "inside
 * outside count" of its map. True where the map cannot be read.
 */
static bool
knows_nobody(void)
{
	struct mipo_buf map;
	const char *p;
	bool found = false;

	mipo_buf_init(&map, 65536);
	if (mipo_file_read("/proc/self/uid_map", &map, NULL) != 0)
		found = true;
	for (p = mipo_buf_str(&map, NULL); !found && p != NULL && *p;) {
		char *end;
		unsigned long inside = strtoul(p, &end, 10), count;

		(void)strtoul(end, &end, 10);
		count = strtoul(end, &end, 10);
		found = inside <= NOBODY && NOBODY - inside < count;
		p = end + strcspn(end, "\n");
		p += *p == '\n';
	}
	mipo_buf_release(&map);
	return found;
}

static bool
may(unsigned capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability) == 1;
}

/* Root that may not change its user (a lean container) stays as it is. */
static bool
may_leave(const struct mipo_sandbox_plan *plan)
{
	return geteuid() == 0 && !plan->keep_uid && knows_nobody() &&
	    may(CAP_SETUID) && may(CAP_SETGID);
}

static int
change_id(struct mipo_sandbox *sandbox, struct mipo_err *err)
{
	unsigned flags = CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_AMBIENT;
	int r;

	if (may(CAP_SETPCAP))
		flags |= CAPNG_CLEAR_BOUNDING;
	capng_clear(CAPNG_SELECT_BOTH);
	r = capng_change_id(NOBODY, NOBODY, (capng_flags_t)flags);
	if (r != 0)
		return mipo_err_set(err, MIPO_E_PERM,
		    "cannot become the user nobody (step %d)", r);
	if (setuid(0) == 0 || getuid() != NOBODY || geteuid() != NOBODY ||
	    getegid() != NOBODY || getgroups(0, NULL) != 0)
		return mipo_err_set(
		    err, MIPO_E_PERM, "root could be had again");
	mipo_sandbox_say(sandbox, "uid:%d", NOBODY);
	return 0;
}

/* Whoever may not change the bounding set gains nothing by it: no exec. */
static int
drop_caps(struct mipo_err *err)
{
	bool bounds = may(CAP_SETPCAP);

	capng_clear(CAPNG_SELECT_ALL);
	if (bounds && capng_apply(CAPNG_SELECT_BOUNDS) != 0)
		return mipo_err_sys(err, errno, "capability bounding set");
	if (capng_apply(CAPNG_SELECT_AMBIENT) != 0 ||
	    capng_apply(CAPNG_SELECT_CAPS) != 0)
		return mipo_err_sys(err, errno, "capabilities");
	return 0;
}

int
mipo_sandbox_caps(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err)
{
	int r;

	if (capng_get_caps_process() != 0)
		return mipo_err_set(
		    err, MIPO_E_IO, "cannot read the capabilities");
	r = may_leave(plan) ? change_id(sandbox, err) : drop_caps(err);
	if (r != 0)
		return -1;
	if (capng_get_caps_process() != 0 ||
	    capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return mipo_err_set(
		    err, MIPO_E_PERM, "capabilities are still there");
	mipo_sandbox_say(sandbox, "caps");
	return 0;
}

/* Number of threads; 1 where /proc does not tell. */
static int
count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	int n = 0;

	if (dir == NULL)
		return 1;
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	(void)closedir(dir);
	return n;
}

int
mipo_sandbox_enter(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *ret_in_force, struct mipo_err *err)
{
	struct mipo_sandbox sandbox = {.n = 0};

	if (count_threads() != 1) {
		mipo_err_set(err, MIPO_E_INTERNAL,
		    "there are threads already");
		goto fail;
	}
	if (mipo_sandbox_caps(plan, &sandbox, err) != 0)
		goto fail;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		mipo_err_sys(err, errno, "no_new_privs");
		goto fail;
	}
	mipo_sandbox_say(&sandbox, "nnp");
	if (mipo_sandbox_landlock(plan, &sandbox, err) != 0 ||
	    mipo_sandbox_seccomp(plan, &sandbox, err) != 0)
		goto fail;
	confined = true;
	*ret_in_force = sandbox;
	return 0;
fail:
	return mipo_err_prefix(err, "sandbox");
}

void
mipo_sandbox_probe(struct mipo_sandbox *ret_possible)
{
	static const struct mipo_sandbox_plan any;
	struct mipo_sandbox sandbox = {.n = 0};
	int abi = mipo_sandbox_landlock_abi();

	if (capng_get_caps_process() == 0 && may_leave(&any))
		mipo_sandbox_say(&sandbox, "uid:%d", NOBODY);
	mipo_sandbox_say(&sandbox, "caps");
	mipo_sandbox_say(&sandbox, "nnp");
	if (abi > 0)
		mipo_sandbox_say(&sandbox, "landlock:%d", abi);
	if (mipo_sandbox_has_seccomp())
		mipo_sandbox_say(&sandbox, "seccomp");
	*ret_possible = sandbox;
}
