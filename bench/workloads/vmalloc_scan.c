/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc_scan.c - mib= MiB allocated at once, by the call that may map 2 MiB by one entry
 * (Linux 5.13, 121e6f3258fe), and read page after page in rising order, round and round: with
 * huge=off each page is a translation of its own, with huge=on 512 of them are one. All CPUs read
 * the same. Each page is read at another cache line, or all would fall into one set of the cache.
 * One operation is one load; size is the page's number.
 */
#include "round.h"

enum { MIB };
enum { METRIC_LOAD };

#define MIB_PAGES (1UL << 20 >> TRI_PAGE_SHIFT)
#define LINE	  64

static const char *const metrics[] = {"load", NULL};

static const struct workload_param params[] = {
	{"mib", "MiB", "size of what is read", 64, 2, 1024},
	{0},
};

static unsigned long pages_of(const struct bench_arm *arm)
{
	return bench_value(arm, MIB) * MIB_PAGES;
}

static int setup(struct bench_arm *arm)
{
	return round_keep(arm, pages_of(arm));
}

/* state[0] is where the last slice ended. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned long pages = pages_of(worker->arm);

	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = worker->state[0]++ % pages};
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	const char *memory = worker->arm->kept[0].memory;

	for (unsigned int i = 0; i < n && worker->writes; i++) {
		uint64_t start = bench_begin(METRIC_LOAD, timed);

		(void)__atomic_load_n(memory + ops[i].size * TRI_PAGE_SIZE +
					      ops[i].size * LINE % TRI_PAGE_SIZE,
				      __ATOMIC_RELAXED);
		bench_end(worker, METRIC_LOAD, start, timed);
	}
}
BENCH_WORK(run)

/* Two rounds: each page is read again. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	return 2 * pages_of(arm);
}

const struct workload workload_vmalloc_scan = {
	.name = "vmalloc-scan",
	.about = "read page after page: what do 2 MiB mappings save?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC_HUGE,
	.slices = true,
	.metrics = metrics,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
