/* The host: privileges, sandbox, clock, and who is asking. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "bin/mipo/doctor.h"
#include "kit/sandbox.h"
#include "store/door.h"

static bool
can_open(int family, int type, int proto)
{
	int fd = socket(family, type | SOCK_CLOEXEC, proto);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

bool
doctor_raw(void)
{
	return can_open(AF_PACKET, SOCK_RAW, 0) &&
	    can_open(AF_INET, SOCK_RAW, IPPROTO_TCP);
}

void
doctor_privileges(struct doctor *doctor)
{
	bool v6 = can_open(AF_INET6, SOCK_RAW, IPPROTO_TCP);

	if (!doctor_raw()) {
		doctor_say(doctor, DOCTOR_LIMITED,
		    "run mipo-scan as root, or once as root: setcap "
		    "cap_net_raw+ep mipo-scan",
		    "raw sockets are refused (uid %u): the connect method "
		    "works, syn does not", (unsigned)geteuid());
		return;
	}
	doctor_say(doctor, v6 ? DOCTOR_OK : DOCTOR_LIMITED,
	    v6 ? NULL : "enable IPv6 if it is to be scanned",
	    "raw sockets can be opened (uid %u): the syn method works%s",
	    (unsigned)geteuid(), v6 ? "" : ", for IPv4");
}

/* Confines a child as mipo-scan confines itself; what it says is in text. */
static int
try_sandbox(struct mipo_sandbox *ret, struct mipo_err *err)
{
	static const struct mipo_sandbox_plan plan;
	int pair[2], status = -1;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) != 0)
		return mipo_err_sys(err, errno, "pipe");
	pid = fork();
	if (pid == 0) {
		int r = mipo_sandbox_enter(&plan, ret, err);

		(void)!write(pair[1], r == 0 ? (void *)ret : (void *)err,
		    r == 0 ? sizeof(*ret) : sizeof(*err));
		_exit(r == 0 ? 0 : 1);
	}
	(void)close(pair[1]);
	if (pid > 0)
		(void)waitpid(pid, &status, 0);
	if (status == 0 && read(pair[0], ret, sizeof(*ret)) != sizeof(*ret))
		status = -1;
	if (status != 0 && read(pair[0], err, sizeof(*err)) != sizeof(*err))
		(void)mipo_err_set(
		    err, MIPO_E_INTERNAL, "the confined child died");
	(void)close(pair[0]);
	return status == 0 ? 0 : -1;
}

void
doctor_sandbox(struct doctor *doctor)
{
	struct mipo_err err = {0};
	struct mipo_sandbox got;
	char list[256] = "";
	bool landlock = false, filter = false;

	if (try_sandbox(&got, &err) != 0) {
		doctor_say(doctor, DOCTOR_BROKEN,
		    "mipo-scan will refuse to run; please report this",
		    "confining fails: %s", err.text);
		return;
	}
	for (size_t i = 0; i < got.n; i++) {
		size_t len = strlen(list);

		(void)snprintf(list + len, sizeof(list) - len, "%s%s",
		    i == 0 ? "" : ", ", got.text[i]);
		landlock |= strncmp(got.text[i], "landlock:", 9) == 0;
		filter |= strcmp(got.text[i], "seccomp") == 0;
	}
	doctor_say(doctor, landlock && filter ? DOCTOR_OK : DOCTOR_LIMITED,
	    !landlock	? "boot with landlock in lsm= for file and network "
			  "rules"
		: !filter ? "build with libseccomp for a system call filter"
			  : NULL,
	    "confining works: %s", list);
}

void
doctor_actor(struct doctor *doctor)
{
	struct mipo_actor actor;

	mipo_actor_find(&actor);
	if (strcmp(actor.kind, "person") == 0)
		doctor_say(doctor, DOCTOR_OK, NULL,
		    "entries of the log will name %s (known by %s)", actor.id,
		    actor.known_by);
	else
		doctor_say(doctor, DOCTOR_LIMITED,
		    "log in through PAM (pam_loginuid) or use sudo, where a "
		    "person is to be named",
		    "nothing tells which person this is: entries of the log "
		    "will name the system, %s", actor.id);
}

void
doctor_clock(struct doctor *doctor)
{
	struct timex tx = {.modes = 0};
	char now[MIPO_TIME_LEN], boot[33];
	int state = adjtimex(&tx);

	mipo_text_time(mipo_clock_wall_ms(), now);
	mipo_clock_boot_id(boot);
	if (strspn(boot, "0") == 32)
		doctor_say(doctor, DOCTOR_LIMITED, "mount /proc",
		    "the kernel's boot id cannot be read: log entries will "
		    "not tell restarts apart");
	if (state < 0)
		doctor_say(doctor, DOCTOR_LIMITED, NULL,
		    "%s; whether it is synchronised, the kernel does not say "
		    "here", now);
	else if (state == TIME_ERROR || (tx.status & STA_UNSYNC) != 0)
		doctor_say(doctor, DOCTOR_LIMITED,
		    "start an NTP client (systemd-timesyncd, chrony)",
		    "%s, not synchronised: times in evidence are this "
		    "machine's word alone", now);
	else
		doctor_say(doctor, DOCTOR_OK, NULL,
		    "%s, synchronised, at most %ld ms off", now,
		    tx.maxerror / 1000);
}
