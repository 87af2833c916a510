/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * yields.c - YIELDS NAPS: two threads on one CPU that give it up to each other so often by
 * sched_yield(2), and then sleep so often; nobody has to take it from them, but may.
 *
 * It waits for a line before and after, and prints how often they did.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "line.h"

static unsigned long yields, naps;
static pthread_barrier_t both;

static void *give_up(void *arg)
{
	pthread_barrier_wait(&both);
	for (unsigned long i = 0; i < yields; i++)
		sched_yield();
	for (unsigned long i = 0; i < naps; i++)
		nanosleep(&(struct timespec){.tv_nsec = 1}, NULL);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t other;
	cpu_set_t set;

	if (argc > 2) {
		yields = strtoul(argv[1], NULL, 10);
		naps = strtoul(argv[2], NULL, 10);
	}
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	pthread_barrier_init(&both, NULL, 2);
	wait_for_a_line();
	if (pthread_create(&other, NULL, give_up, NULL))
		return 1;
	give_up(NULL);
	pthread_join(other, NULL);
	dprintf(1, "%lu %lu\n", 2 * yields, 2 * naps);
	wait_for_a_line();
	return 0;
}
