#include "kit/stop.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define N_SIGNALS (sizeof(signals) / sizeof(*signals))

static volatile sig_atomic_t came, asked;
static bool caught[N_SIGNALS];

static void
note(int signo)
{
	came = signo;
}

static void
ask(int signo)
{
	asked = signo;
}

/* A handler, not SIG_IGN: programs that are run get the default again. */
static void
pass_over(int signo)
{
	(void)signo;
}

static void
on(int signo, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(signo, &action, NULL);
}

void
mipo_stop_catch(void)
{
	struct sigaction old;

	for (size_t i = 0; i < N_SIGNALS; i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN) {
			on(signals[i], note,
			    signals[i] == SIGINT ? (int)SA_RESETHAND : 0);
			caught[i] = true;
		}
	on(SIGUSR1, ask, SA_RESTART);
	on(SIGUSR2, pass_over, SA_RESTART);
	on(SIGPIPE, pass_over, SA_RESTART);
}

bool
mipo_stop_asked(void)
{
	const bool was = asked != 0;

	asked = 0;
	return was;
}

int
mipo_stop_signal(void)
{
	return (int)came;
}

static int
die_of(int status)
{
	static const struct rlimit none;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(status - 128, SIG_DFL);
	(void)raise(status - 128);
	return status;
}

int
mipo_stop_end(int status)
{
	/* Which comes later than this kills; what came earlier is in came. */
	for (size_t i = 0; i < N_SIGNALS; i++)
		if (caught[i])
			(void)signal(signals[i], SIG_DFL);
	if (came != 0 && status != 2 && status <= 128)
		status = 128 + (int)came;
	return status > 128 && status <= 128 + 64 ? die_of(status) : status;
}
