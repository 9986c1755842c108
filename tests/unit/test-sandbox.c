#include "config.h"

#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/sandbox-part.h"

/*
 * Every attempt is made in a child, once free and once confined: what a
 * free child cannot do proves nothing when a confined one cannot either.
 */
enum attempt {
	RAW_SOCKET = 1,
	UDP_SOCKET = 2,
	TCP_SOCKET = 4,
	READ_FILE = 8,
	WRITE_FILE = 16,
	EXEC = 32,
	FORK = 64,
	BE_ROOT = 128,
	KILL = 256,
	EXEC_MEMORY = 512,
	THREAD = 1024,
	READ_INSIDE = 2048,
	WRITE_INSIDE = 4096,
	CONNECT = 8192,
	USE_HELD = 16384,
	PACKET_SOCKET = 32768,
	ASK_LINK = 65536,
	BE_DUMPED = 131072
};

#define ALL 0x3ffff

static char dir[64];
static char inside[80], outside[80];
static int held[2], listener;
static struct sockaddr_in there;
static struct mipo_sandbox in_force;

static bool
opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static bool
sockets(int family, int type, int proto)
{
	int fd = socket(family, type | SOCK_CLOEXEC, proto);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static bool
connects(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), r;

	if (fd < 0)
		return false;
	r = connect(fd, (struct sockaddr *)&there, sizeof(there));
	r = r == 0 || errno == EINPROGRESS;
	(void)close(fd);
	return r;
}

static bool
forks(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	return pid > 0;
}

static void *
thread(void *arg)
{
	return arg;
}

static bool
threads(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, thread, NULL) == 0 &&
	    pthread_join(t, NULL) == 0;
}

static bool
holds(void)
{
	char c;

	return write(held[1], "x", 1) == 1 && read(held[0], &c, 1) == 1;
}

/* Executing replaces the child, so it is tried in a process made before. */
static bool
execs(void)
{
	char name[] = "true", *const argv[] = {name, NULL};
	char *const envp[] = {NULL};

	if (fcntl(listener, F_GETFD) < 0)
		return false;
	(void)execve("/bin/true", argv, envp);
	return false;
}

static bool
asks_link(void)
{
	struct ifreq req = {.ifr_name = "lo"};

	return ioctl(listener, SIOCGIFINDEX, &req) == 0;
}

static unsigned
attempts(void)
{
	unsigned did = 0;

	did |= sockets(AF_INET, SOCK_RAW, IPPROTO_TCP) ? RAW_SOCKET : 0;
	did |= sockets(AF_PACKET, SOCK_RAW, 0) ? PACKET_SOCKET : 0;
	did |= sockets(AF_INET, SOCK_DGRAM, 0) ? UDP_SOCKET : 0;
	did |= sockets(AF_INET, SOCK_STREAM, 0) ? TCP_SOCKET : 0;
	did |= connects() ? CONNECT : 0;
	did |= opens("/etc/passwd", O_RDONLY) ? READ_FILE : 0;
	did |= opens(outside, O_WRONLY | O_CREAT) ? WRITE_FILE : 0;
	did |= opens(dir, O_RDONLY | O_DIRECTORY) ? READ_INSIDE : 0;
	did |= opens(inside, O_WRONLY | O_CREAT) ? WRITE_INSIDE : 0;
	did |= threads() ? THREAD : 0;
	did |= forks() ? FORK : 0;
	did |= prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0 ? BE_DUMPED : 0;
	did |= kill(getppid(), 0) == 0 ? KILL : 0;
	did |= holds() ? USE_HELD : 0;
	did |= asks_link() ? ASK_LINK : 0;
	did |= setuid(0) == 0 ? BE_ROOT : 0;
	did |= mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED
	    ? EXEC_MEMORY
	    : 0;
	return did;
}

typedef int layer_fn(const struct mipo_sandbox_plan *, struct mipo_sandbox *,
    struct mipo_err *);

/* What a child under this layer can still do; EXEC told by its status. */
static unsigned
under(layer_fn *layer, const struct mipo_sandbox_plan *plan)
{
	struct mipo_err err = {0};
	unsigned did = 0;
	int report[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(report), 0);
	pid = fork();
	if (pid == 0) {
		memset(&in_force, 0, sizeof(in_force));
		if (layer != NULL && layer(plan, &in_force, &err) != 0) {
			(void)fprintf(stderr, "%s\n", err.text);
			_exit(99);
		}
		did = attempts();
		(void)!write(report[1], &did, sizeof(did));
		(void)!write(report[1], &in_force, sizeof(in_force));
		(void)execs();
		_exit(7);
	}
	(void)close(report[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "died of %d", WTERMSIG(status));
	ck_assert_int_ne(WEXITSTATUS(status), 99);
	ck_assert_int_eq(read(report[0], &did, sizeof(did)), sizeof(did));
	ck_assert_int_gt(read(report[0], &in_force, sizeof(in_force)), 0);
	(void)close(report[0]);
	(void)unlink(inside);
	(void)unlink(outside);
	return did | (WEXITSTATUS(status) == 0 ? EXEC : 0);
}

static void
prepare(void)
{
	socklen_t len = sizeof(there);

	(void)chmod(unit_dir, 0777);
	(void)snprintf(dir, sizeof(dir), "%s/sandbox", unit_dir);
	ck_assert_int_eq(mkdir(dir, 0700), 0);
	(void)chmod(dir, 0777);
	(void)snprintf(inside, sizeof(inside), "%s/f", dir);
	(void)snprintf(outside, sizeof(outside), "%s/outside", unit_dir);
	ck_assert_int_eq(pipe(held), 0);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	there.sin_family = AF_INET;
	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(
	    bind(listener, (struct sockaddr *)&there, sizeof(there)), 0);
	ck_assert_int_eq(listen(listener, 5), 0);
	ck_assert_int_eq(
	    getsockname(listener, (struct sockaddr *)&there, &len), 0);
}

static void
finish(void)
{
	(void)close(listener);
	(void)rmdir(dir);
}

#define ck_did(did, can, cannot)                                        \
	do {                                                            \
		unsigned ck_d = (did);                                  \
		unsigned ck_can = (unsigned)(can);                      \
		unsigned ck_cannot = (unsigned)(cannot);                \
                                                                        \
		ck_assert_msg((ck_d & ck_can) == ck_can, "cannot %x",   \
		    ck_can & ~ck_d);                                    \
		ck_assert_msg((ck_d & ck_cannot) == 0, "still can %x",  \
		    ck_cannot & ck_d);                                  \
	} while (0)

#define FREE_FOR_ALL                                                    \
	(UDP_SOCKET | TCP_SOCKET | READ_FILE | WRITE_FILE | EXEC | FORK | \
	    KILL | EXEC_MEMORY | THREAD | READ_INSIDE | WRITE_INSIDE |  \
	    CONNECT | USE_HELD | ASK_LINK)

static const struct mipo_sandbox_plan closed;

START_TEST(free_child_can_do_all)
{
	prepare();
	ck_did(under(NULL, &closed), FREE_FOR_ALL, 0);
	finish();
}
END_TEST

START_TEST(whole_sandbox_refuses)
{
	prepare();
	ck_did(under(mipo_sandbox_enter, &closed), USE_HELD,
	    RAW_SOCKET | PACKET_SOCKET | BE_ROOT);
#ifdef HAVE_SECCOMP
	ck_did(under(mipo_sandbox_enter, &closed), USE_HELD, ~USE_HELD & ALL);
#endif
	finish();
}
END_TEST

START_TEST(what_is_in_force_is_said)
{
	struct mipo_sandbox possible;
	size_t n = 0;

	prepare();
	mipo_sandbox_probe(&possible);
	(void)under(mipo_sandbox_enter, &closed);
	ck_assert_uint_eq(in_force.n, possible.n);
	for (; n < possible.n; n++)
		ck_assert_str_eq(in_force.text[n], possible.text[n]);
	ck_assert_uint_ge(n, 2); /* caps, nnp */
	finish();
}
END_TEST

START_TEST(caps_alone)
{
	unsigned could, did;

	prepare();
	could = under(NULL, &closed);
	did = under(mipo_sandbox_caps, &closed);
	ck_did(did, FREE_FOR_ALL & ~KILL, RAW_SOCKET | PACKET_SOCKET);
	if (in_force.text[0][0] == 'u') /* root that could leave, left */
		ck_did(did, FREE_FOR_ALL & ~KILL, BE_ROOT);
	if ((could & RAW_SOCKET) == 0)
		(void)puts("caps_alone: no CAP_NET_RAW here to lose");
	finish();
}
END_TEST

START_TEST(keep_uid_keeps_it)
{
	const struct mipo_sandbox_plan plan = {.keep_uid = true};
	unsigned did;

	prepare();
	did = under(mipo_sandbox_caps, &plan);
	ck_did(did, FREE_FOR_ALL, RAW_SOCKET | PACKET_SOCKET);
	ck_assert((did & BE_ROOT) == (geteuid() == 0 ? BE_ROOT : 0));
	finish();
}
END_TEST

static int
landlock(const struct mipo_sandbox_plan *plan, struct mipo_sandbox *sandbox,
    struct mipo_err *err)
{
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return mipo_sandbox_landlock(plan, sandbox, err);
}

START_TEST(landlock_alone)
{
	const char *const paths[] = {dir, NULL};
	const struct mipo_sandbox_plan reader = {.read = paths},
				       writer = {.write = paths},
				       caller = {.connect = true};
	int abi = mipo_sandbox_landlock_abi();

	if (abi == 0) {
		(void)puts("landlock_alone: this kernel has no Landlock");
		return;
	}
	prepare();
	ck_did(under(landlock, &closed), UDP_SOCKET | FORK | USE_HELD,
	    READ_FILE | WRITE_FILE | READ_INSIDE | WRITE_INSIDE | EXEC);
	ck_did(under(landlock, &reader), READ_INSIDE | USE_HELD,
	    READ_FILE | WRITE_FILE | WRITE_INSIDE | EXEC);
	ck_did(under(landlock, &writer), READ_INSIDE | WRITE_INSIDE,
	    READ_FILE | WRITE_FILE | EXEC);
	ck_did(under(landlock, &caller), CONNECT, READ_FILE);
	if (abi >= 4)
		ck_did(under(landlock, &closed), USE_HELD, CONNECT);
	if (abi >= 6)
		ck_did(under(landlock, &closed), USE_HELD, KILL);
	finish();
}
END_TEST

START_TEST(seccomp_alone)
{
	const struct mipo_sandbox_plan caller = {.connect = true},
				       opener = {.opens = true},
				       worker = {.threads = true},
				       asker = {.links = true};

	if (!mipo_sandbox_has_seccomp()) {
		(void)puts("seccomp_alone: no system call filter here");
		return;
	}
	prepare();
	ck_did(under(mipo_sandbox_seccomp, &closed), USE_HELD, ~USE_HELD & ALL);
	ck_did(under(mipo_sandbox_seccomp, &caller), TCP_SOCKET | CONNECT,
	    ~(USE_HELD | TCP_SOCKET | CONNECT) & ALL);
	ck_did(under(mipo_sandbox_seccomp, &opener),
	    READ_FILE | WRITE_FILE | READ_INSIDE | WRITE_INSIDE,
	    RAW_SOCKET | UDP_SOCKET | TCP_SOCKET | EXEC | FORK | THREAD);
	ck_did(under(mipo_sandbox_seccomp, &worker), THREAD | USE_HELD,
	    ~(THREAD | USE_HELD) & ALL);
	ck_did(under(mipo_sandbox_seccomp, &asker), ASK_LINK | USE_HELD,
	    ~(ASK_LINK | USE_HELD) & ALL);
	finish();
}
END_TEST

static void *
waits(void *arg)
{
	char c;

	(void)!read(held[0], &c, 1);
	return arg;
}

START_TEST(threads_are_refused)
{
	struct mipo_err err = {0};
	struct mipo_sandbox sandbox;
	pthread_t t;

	ck_assert_int_eq(pipe(held), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, waits, NULL), 0);
	ck_fails(mipo_sandbox_enter(&closed, &sandbox, &err),
	    MIPO_E_INTERNAL);
	(void)!write(held[1], "x", 1);
	(void)pthread_join(t, NULL);
}
END_TEST

UNIT_MAIN("sandbox", free_child_can_do_all, whole_sandbox_refuses,
    what_is_in_force_is_said, caps_alone, keep_uid_keeps_it, landlock_alone,
    seccomp_alone, threads_are_refused);
