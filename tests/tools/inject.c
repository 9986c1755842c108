/*
 * inject PID CALL...: makes a running process do system calls that it never
 * would, and prints how each ended, "socket EPERM" or "socket ok". By ptrace
 * (so as root, or on a child of one's own kind), one stop for all calls; the
 * process goes on afterwards as if nothing had been, unless it was let to
 * execute something. Exits 77 where the processor is not one we know.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

/* A call and its arguments; a string argument is put on the stack. */
static const struct call {
	const char *name;
	long nr;
	const char *path; /* takes the place of the argument -1 */
	long arg[4];
} calls[] = {{"getpid", SYS_getpid, NULL, {0}},
    {"socket", SYS_socket, NULL, {AF_INET, SOCK_DGRAM, 0}},
    {"tcp", SYS_socket, NULL, {AF_INET, SOCK_STREAM, 0}},
    {"raw", SYS_socket, NULL, {AF_INET, SOCK_RAW, 6}},
    {"packet", SYS_socket, NULL, {AF_PACKET, SOCK_RAW, 0}},
    {"openat", SYS_openat, "/etc/passwd", {AT_FDCWD, -1, O_RDONLY}},
    {"create", SYS_openat, "/tmp/mipo-injected",
	{AT_FDCWD, -1, O_WRONLY | O_CREAT, 0600}},
    {"execve", SYS_execve, "/bin/true", {-1, 0, 0}},
    {"fork", SYS_fork, NULL, {0}},
    {"setuid", SYS_setuid, NULL, {0}},
    {"kill", SYS_kill, NULL, {1, 0}}};

static const struct call *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	(void)fprintf(stderr, "inject: no call %s\n", name);
	exit(2);
}

static void
check(long r, const char *what)
{
	if (r != -1)
		return;
	(void)fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void
wait_stop(pid_t pid)
{
	int status;

	check(waitpid(pid, &status, __WALL), "wait");
	if (!WIFSTOPPED(status)) {
		(void)fprintf(stderr, "inject: the process is gone\n");
		exit(2);
	}
}

/* Writes s below the stack's red zone; its address in the process. */
static unsigned long
poke(pid_t pid, unsigned long sp, const char *s)
{
	unsigned long at = (sp - 4096) & ~15UL;
	struct iovec from = {(void *)(uintptr_t)s, strlen(s) + 1};
	struct iovec to = {(void *)at, strlen(s) + 1};

	check(process_vm_writev(pid, &from, 1, &to, 1, 0), "write");
	return at;
}

/*
 * Runs one call at the instruction "syscall" before the program counter,
 * where a process that waits in the kernel stands.
 */
static long
inject(pid_t pid, const struct user_regs_struct *saved, const struct call *call)
{
	struct user_regs_struct regs = *saved;
	unsigned long arg[4];

	for (int i = 0; i < 4; i++)
		arg[i] = call->arg[i] == -1 && call->path != NULL
		    ? poke(pid, regs.rsp, call->path)
		    : (unsigned long)call->arg[i];
	regs.rax = (unsigned long)call->nr;
	regs.orig_rax = (unsigned long)-1;
	regs.rdi = arg[0];
	regs.rsi = arg[1];
	regs.rdx = arg[2];
	regs.r10 = arg[3];
	regs.rip -= 2;
	check(ptrace(PTRACE_SETREGS, pid, NULL, &regs), "set registers");
	check(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), "step");
	wait_stop(pid);
	check(ptrace(PTRACE_GETREGS, pid, NULL, &regs), "get registers");
	/* the twin goes on where the process stood, for as long as it would */
	if (call->nr == SYS_fork && (long)regs.rax > 0)
		(void)kill((pid_t)regs.rax, SIGKILL);
	return (long)regs.rax;
}

static void
say(const struct call *call, long r)
{
	if (r < 0 && r > -4096)
		(void)printf("%s %s\n", call->name, strerrorname_np((int)-r));
	else
		(void)printf("%s ok\n", call->name);
	(void)fflush(stdout);
}

int
main(int argc, char **argv)
{
	pid_t pid = argc > 2 ? (pid_t)strtol(argv[1], NULL, 10) : 0;
	struct user_regs_struct saved;
	uint16_t code = 0;

	if (pid <= 0) {
		(void)fprintf(stderr, "usage: inject PID CALL...\n");
		return 2;
	}
	check(ptrace(PTRACE_SEIZE, pid, NULL, NULL), "seize");
	check(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), "interrupt");
	wait_stop(pid);
	check(ptrace(PTRACE_GETREGS, pid, NULL, &saved), "get registers");
	code = (uint16_t)ptrace(PTRACE_PEEKTEXT, pid, saved.rip - 2, NULL);
	if (code != 0x050f) {
		(void)fprintf(stderr, "inject: not in a system call\n");
		return 3; /* the caller tries again */
	}
	for (int i = 2; i < argc; i++) {
		const struct call *call = find(argv[i]);

		say(call, inject(pid, &saved, call));
	}
	check(ptrace(PTRACE_SETREGS, pid, NULL, &saved), "set registers");
	check(ptrace(PTRACE_DETACH, pid, NULL, NULL), "detach");
	return 0;
}

#else

int
main(void)
{
	(void)puts("skip: the injector knows x86-64 only");
	return 77;
}

#endif
