/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost.c - one thing done over and over, in blocks with probes and without, as a case has them: the
 * collector says what an event costs.
 *
 * usage: cost rename|page|membarrier|nap CALLS PAIRS
 *
 * rename: passes task:task_rename. page: touches a page and gives it back: a fault, a flush.
 * membarrier: an interrupt to another CPU, where a thread of ours runs. nap: sleeps, and is woken.
 */
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#include "window.h"

static volatile char *page;

static void rename_self(void)
{
	prctl(PR_SET_NAME, "cost");
}

static void touch(void)
{
	*page = 1;
	madvise((void *)page, 4096, MADV_DONTNEED);
}

static void interrupt_other(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1}, NULL);
}

static const struct {
	const char *name;
	void (*call)(void);
} things[] = {
	{"rename", rename_self}, {"page", touch}, {"membarrier", interrupt_other}, {"nap", nap}};

static volatile bool stop;

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *spin(void *arg)
{
	(void)arg;
	pin(1);
	while (!stop)
		;
	return NULL;
}

static double block(void (*call)(void), long calls)
{
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (long i = 0; i < calls; i++)
		call();
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
	       (double)calls;
}

/* In as many messages as it takes. */
static void tell_blocks(const struct window *window, const char *which, long operations,
			const double *ns, int n)
{
	char text[TRACE_QUESTION_MAX];

	for (int i = 0; i < n;) {
		size_t length =
			(size_t)snprintf(text, sizeof(text), "blocks 0 %s %ld", which, operations);

		for (; i < n && length + 22 < sizeof(text); i++)
			length += (size_t)snprintf(text + length, sizeof(text) - length, " %.0f",
						   ns[i] * 1000);
		window_ask(window, text, NULL);
	}
}

int main(int argc, char **argv)
{
	const long calls = argc > 2 ? atol(argv[2]) : 1000;
	const int pairs = argc > 3 ? atoi(argv[3]) : 10;
	double *with = calloc((size_t)pairs, sizeof(*with));
	double *without = calloc((size_t)pairs, sizeof(*without));
	void (*call)(void) = NULL;
	struct window window;
	pthread_t other;

	for (size_t i = 0; argc > 1 && i < sizeof(things) / sizeof(*things); i++)
		if (!strcmp(argv[1], things[i].name))
			call = things[i].call;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!call || !with || !without || page == MAP_FAILED)
		window_fail("usage: cost rename|page|membarrier|nap CALLS PAIRS");
	pin(0);
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
	if (call == interrupt_other && pthread_create(&other, NULL, spin, NULL))
		window_fail("pthread_create");
	window_open(&window);
	block(call, calls);
	/* Out, in, in, out, ... as a case's. */
	for (int i = 0; i < pairs; i++) {
		for (int half = 0; half < 2; half++) {
			const bool in = half ^ (i & 1);

			window_ask(&window, in ? "on" : "off", NULL);
			window_count(&window, true);
			(in ? with : without)[i] = block(call, calls);
			window_count(&window, false);
		}
	}
	window_ask(&window, "off", NULL);
	tell_blocks(&window, "off", calls * pairs, without, pairs);
	tell_blocks(&window, "on", calls * pairs, with, pairs);
	stop = true;
	window_close(&window);
	return 0;
}
