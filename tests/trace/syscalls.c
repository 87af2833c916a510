/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscalls.c - a known number of system calls, as quickly as they go, from as many threads; then
 * "CALLS SECONDS KIB": how many, how long it took, and the most memory that who traces us has had.
 *
 * usage: syscalls CALLS THREADS
 */
#include <pthread.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>

#include "window.h"

static long calls;
static volatile bool go, stop;
static volatile int ready, done;

/* Nothing but the calls themselves between the marks: waiting is not by system calls. */
static void *call(void *arg)
{
	(void)arg;
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (!go)
		;
	for (long i = 0; i < calls; i++)
		syscall(SYS_getppid);
	__atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
	while (!stop)
		;
	return NULL;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long most_memory(pid_t process)
{
	char name[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)process);
	file = fopen(name, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

int main(int argc, char **argv)
{
	const long total = argc > 1 ? atol(argv[1]) : 1000000;
	const int threads = argc > 2 ? atoi(argv[2]) : 1;
	struct window window;
	pthread_t thread;
	double start;

	calls = total / threads;
	window_open(&window);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread, NULL, call, NULL))
			window_fail("pthread_create");
	while (ready < threads)
		;
	start = now();
	window_count(&window, true);
	go = true;
	/* The clock is read without a system call (vDSO), but nothing is read in the window. */
	while (done < threads)
		;
	window_count(&window, false);
	start = now() - start;
	stop = true;
	window_close(&window);
	fprintf(stderr, "%ld %.3f %ld\n", calls * threads, start, most_memory(getppid()));
	return 0;
}
