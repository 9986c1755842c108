#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "kit/sandbox-part.h"

/*
 * The kernel's numbers (include/uapi/linux/landlock.h of 6.15, ABI 7), ours
 * because Debian 12's header stops at ABI 2. Newer ABIs give what we know.
 */
#define KNOWN_ABI 7

#define FS_EXECUTE    (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE  (UINT64_C(1) << 2)
#define FS_READ_DIR   (UINT64_C(1) << 3)
#define FS_ABI1	      ((UINT64_C(1) << 13) - 1)
#define FS_REFER      (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE   (UINT64_C(1) << 14) /* ABI 3 */
#define FS_IOCTL_DEV  (UINT64_C(1) << 15) /* ABI 5 */
#define NET_BIND_TCP  (UINT64_C(1) << 0)  /* ABI 4 */
#define NET_CONNECT   (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT (UINT64_C(1) << 0) /* ABI 6 */
#define SCOPE_SIGNAL  (UINT64_C(1) << 1)
/* What may be granted on a file that is no directory. */
#define FS_OF_FILE \
	(FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

#define RULE_PATH_BENEATH 1
#define GET_VERSION	  1U

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule	    445
#define SYS_landlock_restrict_self  446
#endif

struct ruleset {
	uint64_t fs;
	uint64_t net;	 /* ABI 4 */
	uint64_t scoped; /* ABI 6 */
};

struct path_beneath {
	uint64_t access;
	int32_t parent;
} __attribute__((packed));

int
mipo_sandbox_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, GET_VERSION);

	if (abi <= 0)
		return 0;
	return abi > KNOWN_ABI ? KNOWN_ABI : (int)abi;
}

/* Everything that this ABI can refuse is handled: what no rule grants goes. */
static void
handle(const struct mipo_sandbox_plan *plan, int abi, struct ruleset *set,
    size_t *ret_size)
{
	set->fs = FS_ABI1;
	if (abi >= 2)
		set->fs |= FS_REFER;
	if (abi >= 3)
		set->fs |= FS_TRUNCATE;
	if (abi >= 5)
		set->fs |= FS_IOCTL_DEV;
	set->net = plan->connect ? NET_BIND_TCP : NET_BIND_TCP | NET_CONNECT;
	set->scoped = SCOPE_ABSTRACT | SCOPE_SIGNAL;
	*ret_size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

static int
grant(int fd, const char *path, uint64_t access, struct mipo_err *err)
{
	struct path_beneath rule = {.access = access};
	struct stat st;
	int r = 0;

	rule.parent = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0 || fstat(rule.parent, &st) != 0) {
		r = mipo_err_sys(err, errno, "%s", path);
		goto out;
	}
	if (!S_ISDIR(st.st_mode))
		rule.access &= FS_OF_FILE;
	if (syscall(SYS_landlock_add_rule, fd, RULE_PATH_BENEATH, &rule, 0) !=
	    0)
		r = mipo_err_sys(err, errno, "Landlock rule for %s", path);
out:
	if (rule.parent >= 0)
		(void)close(rule.parent);
	return r;
}

static int
grant_all(int fd, const struct mipo_sandbox_plan *plan, uint64_t handled,
    struct mipo_err *err)
{
	const char *const *path;

	for (path = plan->read; path != NULL && *path != NULL; path++)
		if (grant(fd, *path, FS_READ_FILE | FS_READ_DIR, err) != 0)
			return -1;
	for (path = plan->write; path != NULL && *path != NULL; path++)
		if (grant(fd, *path, handled & ~(FS_EXECUTE | FS_IOCTL_DEV),
			err) != 0)
			return -1;
	return 0;
}

int
mipo_sandbox_landlock(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err)
{
	int abi = mipo_sandbox_landlock_abi(), fd, r = -1;
	struct ruleset set;
	size_t size;

	if (abi == 0)
		return 0;
	handle(plan, abi, &set, &size);
	fd = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	if (fd < 0)
		return mipo_err_sys(err, errno, "Landlock rule set");
	if (grant_all(fd, plan, set.fs, err) != 0)
		goto out;
	if (syscall(SYS_landlock_restrict_self, fd, 0) != 0) {
		mipo_err_sys(err, errno, "Landlock");
		goto out;
	}
	mipo_sandbox_say(sandbox, "landlock:%d", abi);
	r = 0;
out:
	(void)close(fd);
	return r;
}
