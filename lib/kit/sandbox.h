/*
 * Giving up what is no longer needed, in steps, and saying what is in
 * force: capabilities (libcap-ng), no_new_privs, Landlock, seccomp.
 */
#ifndef MIPO_KIT_SANDBOX_H
#define MIPO_KIT_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct mipo_err;

/* What the program still does after confinement; all else is refused. */
struct mipo_sandbox_plan {
	const char *const *read;  /* paths below which it reads, or NULL */
	const char *const *write; /* paths below which it writes, or NULL */
	bool connect;		  /* makes TCP connections (connect method) */
	bool opens;		  /* opens files at all (else openat is cut) */
	bool threads;		  /* starts threads */
	bool links;		  /* asks for the numbers of interfaces */
	bool keep_uid;		  /* stay who we are (state owner) */
};

/* What came of it: names such as "caps", "nnp", "landlock:7", "seccomp". */
struct mipo_sandbox {
	char text[12][24];
	size_t n;
};

/*
 * As root: leaves for the user nobody (65534) with no groups unless
 * keep_uid, or where a user namespace does not know nobody; drops all
 * capabilities from every set; no_new_privs, not dumpable; Landlock by the
 * running ABI; seccomp last, refusing with EPERM (a compiled-out or missing
 * mechanism is left out of the result, never an error; a mechanism that is
 * there and fails is one). There is no way back. Call it while the process
 * has one thread: more is an error, since the others would stay free.
 *
 * Afterwards nothing is executed, no process is made or signalled, and no
 * socket is opened (TCP sockets with connect); what is already open, sockets
 * too, works on.
 */
int mipo_sandbox_enter(const struct mipo_sandbox_plan *plan,
    struct mipo_sandbox *ret_in_force, struct mipo_err *err);

/* What this kernel and build could do, without doing it (--version). */
void mipo_sandbox_probe(struct mipo_sandbox *ret_possible);

#endif
