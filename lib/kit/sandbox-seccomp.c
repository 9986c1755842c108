#include "config.h"

#include <errno.h>
#include <stddef.h>

#include "base/err.h"
#include "kit/sandbox-part.h"

#ifdef HAVE_SECCOMP
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#define CALL(name) SCMP_SYS(name)

/* Descriptors that are open, memory, time, itself: nothing that makes new. */
static const int always[] = {CALL(read), CALL(readv), CALL(pread64),
    CALL(write), CALL(writev), CALL(pwrite64), CALL(recvfrom), CALL(recvmsg),
    CALL(recvmmsg), CALL(sendto), CALL(sendmsg), CALL(sendmmsg), CALL(close),
    CALL(fstat), CALL(newfstatat), CALL(lseek), CALL(fsync), CALL(fdatasync),
    CALL(ftruncate), CALL(fcntl), CALL(poll), CALL(ppoll), CALL(select),
    CALL(pselect6), CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_wait),
    CALL(epoll_pwait), CALL(timerfd_settime), CALL(setitimer),
    CALL(getsockopt), CALL(setsockopt), CALL(getsockname), CALL(getpeername),
    CALL(shutdown), CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise),
    CALL(futex), CALL(sched_yield), CALL(sched_getaffinity),
    CALL(clock_gettime), CALL(clock_getres), CALL(clock_nanosleep),
    CALL(nanosleep), CALL(gettimeofday), CALL(time), CALL(getrandom),
    CALL(getpid), CALL(gettid), CALL(getppid), CALL(getuid), CALL(geteuid),
    CALL(getgid), CALL(getegid), CALL(getrusage), CALL(uname),
    CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn),
    CALL(sigaltstack), CALL(restart_syscall), CALL(wait4), CALL(rseq),
    CALL(membarrier), CALL(exit), CALL(exit_group)};

/* Files; which of them is Landlock's to say. */
static const int files[] = {CALL(open), CALL(openat), CALL(stat), CALL(lstat),
    CALL(statx), CALL(access), CALL(faccessat), CALL(faccessat2),
    CALL(readlink), CALL(readlinkat), CALL(getdents64), CALL(getcwd),
    CALL(unlink), CALL(unlinkat), CALL(rename), CALL(renameat),
    CALL(renameat2), CALL(link), CALL(linkat), CALL(mkdir), CALL(mkdirat),
    CALL(fchmod), CALL(fchmodat), CALL(fallocate), CALL(flock),
    CALL(copy_file_range), CALL(sendfile), CALL(fadvise64)};

static const unsigned long ioctls[] = {TCGETS, TIOCGWINSZ, FIONREAD};

/* libseccomp gives negative numbers to calls that an architecture lacks. */
static int
allow_all(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	return r;
}

/* Memory, but none that is executed. */
static int
allow_memory(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp no_exec =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(mmap), 1, no_exec);

	if (r == 0)
		r = seccomp_rule_add(
		    ctx, SCMP_ACT_ALLOW, CALL(mprotect), 1, no_exec);
	return r;
}

/* raise() and abort(), but no other process; a few questions to terminals. */
static int
allow_self(scmp_filter_ctx ctx)
{
	const size_t n = sizeof(ioctls) / sizeof(*ioctls);
	int r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(tgkill), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));

	for (size_t i = 0; i < n && r == 0; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(ioctl), 1,
		    SCMP_A1(SCMP_CMP_EQ, ioctls[i], 0));
	return r;
}

/* libnet asks before each packet that it writes to a link. */
static int
allow_links(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(ioctl), 1,
	    SCMP_A1(SCMP_CMP_EQ, SIOCGIFINDEX, 0));
}

static int
allow_connect(scmp_filter_ctx ctx)
{
	static const int families[] = {AF_INET, AF_INET6};
	const scmp_datum_t mask = ~(scmp_datum_t)(SOCK_CLOEXEC | SOCK_NONBLOCK);
	int r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(connect), 0);

	for (int i = 0; i < 2 && r == 0; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(socket), 2,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0),
		    SCMP_A1(SCMP_CMP_MASKED_EQ, mask & 0xffffffffU,
			SOCK_STREAM));
	return r;
}

/*
 * glibc tries clone3 first, whose flags lie in memory that a filter cannot
 * see; ENOSYS makes it use clone.
 */
static int
allow_threads(scmp_filter_ctx ctx)
{
	static const int more[] = {CALL(set_robust_list),
	    CALL(sched_setaffinity)};
	/* A thread's name, and its stack's (2.39 and later). */
	static const scmp_datum_t names[] = {PR_SET_NAME, 0x53564d41};
	int r = seccomp_rule_add(
	    ctx, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);

	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	if (r == 0)
		r = allow_all(ctx, more, sizeof(more) / sizeof(*more));
	for (size_t i = 0; r == 0 && i < 2; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(prctl), 1,
		    SCMP_A0(SCMP_CMP_EQ, names[i], 0));
	return r;
}

static int
fill(scmp_filter_ctx ctx, const struct mipo_sandbox_plan *plan)
{
	int r = allow_all(ctx, always, sizeof(always) / sizeof(*always));

	if (r == 0)
		r = allow_memory(ctx);
	if (r == 0)
		r = allow_self(ctx);
	if (r == 0 && plan->opens)
		r = allow_all(ctx, files, sizeof(files) / sizeof(*files));
	if (r == 0 && plan->connect)
		r = allow_connect(ctx);
	if (r == 0 && plan->threads)
		r = allow_threads(ctx);
	if (r == 0 && plan->links)
		r = allow_links(ctx);
	return r;
}

bool
mipo_sandbox_has_seccomp(void)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int
mipo_sandbox_seccomp(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err)
{
	scmp_filter_ctx ctx;
	int r;

	if (!mipo_sandbox_has_seccomp())
		return 0;
	ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (ctx == NULL)
		return mipo_err_nomem(err);
	r = fill(ctx, plan);
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	if (r != 0)
		return mipo_err_sys(err, -r, "system call filter");
	mipo_sandbox_say(sandbox, "seccomp");
	return 0;
}

#else

bool
mipo_sandbox_has_seccomp(void)
{
	return false;
}

int
mipo_sandbox_seccomp(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *sandbox, struct mipo_err *err)
{
	(void)plan;
	(void)sandbox;
	(void)err;
	return 0;
}

#endif
