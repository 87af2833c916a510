/* SPDX-License-Identifier: GPL-2.0-only */
/* interrupt.c - see interrupt.h. */
#include "interrupt.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int signal_fd = -1;
static unsigned int count;
static bool typed;

int interrupt_open(void)
{
	sigset_t set;

	if (signal_fd >= 0)
		return signal_fd;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signal_fd;
}

unsigned int interrupt_count(void)
{
	struct signalfd_siginfo info;

	while (signal_fd >= 0 && read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		count++;
		typed = info.ssi_code == SI_KERNEL;
	}
	return count;
}

bool interrupt_typed(void)
{
	return typed;
}

void interrupt_forget(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGXFSZ, SIG_DFL);
}
