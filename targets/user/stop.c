/* SPDX-License-Identifier: GPL-2.0-only */
/* stop.c - the one flag that ends a run between two blocks, and the signals that set it. */
#include "stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "host.h"

/* Lock-free, hence fit for a handler and for every thread. */
static atomic_int stopping;

void stop_request(void)
{
	atomic_store(&stopping, 1);
}

bool host_stopping(void)
{
	return atomic_load_explicit(&stopping, memory_order_relaxed);
}

static void stop_handler(int signal)
{
	if (atomic_exchange(&stopping, 1) && signal == SIGINT)
		_exit(EXIT_FAILURE);
}

void stop_on_signals(void)
{
	/* RESTART: a half-written record must not be lost to the signal. */
	struct sigaction stop = {.sa_handler = stop_handler, .sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	pid_t parent = getppid();

	sigemptyset(&stop.sa_mask);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		stop_request();
}
