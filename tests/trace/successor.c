/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * successor.c - a case that goes away and another that comes before the collector has looked: it is
 * stopped meanwhile, as a busy machine may do to it.
 */
#include <signal.h>
#include <time.h>

#include "window.h"

int main(void)
{
	const pid_t collector = getppid();
	const struct timespec a_while = {.tv_nsec = 300000000};
	struct window window;

	window_open(&window);
	kill(collector, SIGSTOP);
	close(window.socket);
	if (!fork()) {
		nanosleep(&a_while, NULL);
		kill(collector, SIGCONT);
		_exit(0);
	}
	window_open(&window);
	window_close(&window);
	return 0;
}
