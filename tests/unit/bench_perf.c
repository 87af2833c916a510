/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_perf.c - what counting costs a slice, outside of what it times: one reading of each group
 * of perf events, by RDPMC or by read(2), and what a case pays that has not asked for any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "extras.h"
#include "targets/user/perf_open.h"

#define SPANS  100
#define ROUNDS 200

/* The least time of a span, both readings together: what it costs undisturbed. */
static uint64_t least_span(void (*span)(void *arg), void *arg)
{
	uint64_t least = ~0UL;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t start = plat_ticks(), ticks;

		for (int i = 0; i < SPANS; i++)
			span(arg);
		ticks = plat_ticks() - start;
		least = ticks < least ? ticks : least;
	}
	return least;
}

static double ns(uint64_t ticks)
{
	struct host_info info;

	host_info_read(&info);
	return (double)ticks * 1e9 / (double)info.tick_hz / SPANS;
}

static struct host_extra_count counts[PERF_COUNTERS_MAX];

static void counted(void *arg)
{
	(void)arg;
	host_extras_begin();
	host_extras_end(counts);
}

/* As a slice has it: how many there are is read from memory, each time. */
static void not_asked(void *arg)
{
	struct bench_case *bench = arg;

	__asm__ volatile("" : : "r"(bench) : "memory");
	extras_begin(bench);
	extras_end(bench, NULL, 0);
}

static void nothing(void *arg)
{
	__asm__ volatile("" : : "r"(arg) : "memory");
}

static void measure(void *arg, unsigned int slot)
{
	const struct host_extra *table;
	unsigned int n = host_extras(&table), open = 0;
	double span = ns(least_span(counted, NULL));

	(void)slot;
	for (unsigned int i = 0; i < n; i++)
		open += !strcmp(table[i].avail, "ok");
	if (open)
		printf("  %-38s %2u counters, %7.0f ns a slice, %4.0f ns a reading of one\n",
		       (const char *)arg, open, span, span / open / 2);
	else
		printf("  %-38s %s: %s\n", (const char *)arg, table[0].avail, table[0].why);
}

/* A process each: what perf= says is found out once. */
static void measure_group(const char *perf)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		int error = host_param_set("perf", perf) || host_run(1, measure, (void *)perf);

		exit(error);
	}
	waitpid(child, NULL, 0);
}

int main(void)
{
	static struct bench_case none;
	static const char *const perf[] = {"core",     "dtlb",		"itlb",
					   "walks",    "llc",		"task_clock",
					   "software", "tlb:tlb_flush", "auto"};
	struct perf_answer answer;

	for (size_t i = 0; i < sizeof(perf) / sizeof(perf[0]); i++)
		measure_group(perf[i]);
	printf("  RDPMC: %s\n",
	       perf_has_rdpmc(&answer) ? "ok, hardware counters are read by it" : answer.why);
	printf("  perf=off: %.2f ns a slice, an empty call %.2f ns\n",
	       ns(least_span(not_asked, &none)), ns(least_span(nothing, NULL)));
	return 0;
}
