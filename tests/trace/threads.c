/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * threads.c - THREADS ROUNDS: as many threads at a time, each of which has a stack in the kernel,
 * an area of vmalloc's, so often.
 *
 * It waits for a line before and after, and prints how many threads there were.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "line.h"

static pthread_barrier_t all_there;

static void *stay(void *arg)
{
	pthread_barrier_wait(&all_there);
	return arg;
}

int main(int argc, char **argv)
{
	const unsigned long threads = argc > 2 ? strtoul(argv[1], NULL, 10) : 1;
	const unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	pthread_t *thread = calloc(threads, sizeof(*thread));
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	wait_for_a_line();
	for (unsigned long round = 0; round < rounds; round++) {
		pthread_barrier_init(&all_there, NULL, (unsigned int)threads);
		for (unsigned long i = 0; i < threads; i++)
			if (!thread || pthread_create(&thread[i], &small, stay, NULL))
				return 1;
		for (unsigned long i = 0; i < threads; i++)
			pthread_join(thread[i], NULL);
		pthread_barrier_destroy(&all_there);
	}
	dprintf(1, "%lu\n", threads * rounds);
	wait_for_a_line();
	return 0;
}
