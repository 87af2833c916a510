/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * floor.c - see floor.h.
 *
 * By tracepoint task:task_rename, which a thread passes as often as it likes with prctl(2), and
 * hardly anybody else: nobody is slowed down by our measuring. raw_syscalls would not do: with
 * a program on it all system calls take a longer way, of which the program is the lesser part.
 */
#include "floor.h"
#include "floor.skel.h"

#include <bpf/libbpf.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <time.h>

/* The least of so many blocks with and without, in turns: interruptions only make them longer. */
#define BLOCKS 12
#define CALLS  1000

static double block_ns(const char *name)
{
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < CALLS; i++)
		prctl(PR_SET_NAME, name);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
	       CALLS;
}

double floor_measure(void)
{
	struct floor *object = floor__open_and_load();
	double without = 1e9, with = 1e9, ns;
	char name[16];
	int err = object ? 0 : -1;

	prctl(PR_GET_NAME, name);
	for (int i = 0; !err && i < BLOCKS; i++) {
		ns = block_ns(name);
		without = ns < without ? ns : without;
		err = floor__attach(object);
		if (err)
			break;
		ns = block_ns(name);
		with = ns < with ? ns : with;
		floor__detach(object);
	}
	floor__destroy(object);
	if (err)
		return -1;
	return with > without ? with - without : 0;
}
