/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf.h - perf events of workers (host.h's extra counters): set by perf= and perf_scope=, open on
 * each slot while it is inside host_run(). With perf=off there are none, and nothing is done.
 */
#ifndef USER_PERF_H
#define USER_PERF_H

#include <stdbool.h>

/* perf=; 0, or -EFAULT after one line that says which name is wrong. */
int perf_choose(const char *text);
/* perf_scope=cpu: all that runs on the workers' CPUs; else their threads. */
void perf_choose_scope(bool cpu);

/* On each slot, as it enters and leaves. */
void perf_enter(unsigned int slot);
void perf_leave(unsigned int slot);

/* `trimm-user perf`: what can be counted here, a line each; an exit code. */
int perf_about(void);

#endif /* USER_PERF_H */
