/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_bitmap.c - what a bitmap of 4 GiB of frames costs, how it scales to two CPUs, and how
 * much of memory pages=bitmap and pages=buddy leave in huge frames.
 *
 * Patterns are those of LLFree's benchmark. bulk: get all frames, then put all in the same
 * order. random: put them shuffled. pair: put what was just got.
 *
 * Times are of short slices, the median of all; in CPU time, so that what a thread loses to
 * neighbours does not count. For two CPUs, slices of one and of two alternate; a slice in which
 * the two ran at the same time for less than nine tenths of it is dropped: there was nobody to
 * collide with. Mixed is the worst case: each CPU puts what either got, so that both write the
 * same lines all the time. Beside it are the two atomic instructions alone that a put can't do
 * without, on as many lines: what is lost is lost to them.
 *
 * Fragmentation is a seeded trace, so its figures are exact: fill 90 % of memory, free at
 * random down to 50 %, then replace a tenth of the frames in use at random, again and again.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model_platform.h"

#include "bitmap.h"

#define FRAMES (1UL << 20)
#define CPUS   2
#define SLICE  8192UL  /* operations at most */
#define CYCLES 32768UL /* gets and as many puts, at least */

static struct bitmap bitmap;
static unsigned long *held[CPUS];

static double now(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *value, unsigned long n)
{
	qsort(value, n, sizeof(*value), ascending);
	return value[n / 2];
}

enum work { GET, PUT, PAIR, CYCLE, BARE };

/* A row of bits and a count, of a bitmap of the same size. */
static void bare_put(unsigned long index)
{
	static uint64_t row[FRAMES / 64] __attribute__((aligned(128)));
	static uint16_t count[FRAMES / 512] __attribute__((aligned(128)));

	__atomic_fetch_and(&row[index / 64], ~(1UL << index % 64), __ATOMIC_ACQ_REL);
	__atomic_fetch_add(&count[index / 512], 1, __ATOMIC_SEQ_CST);
}

/* @n operations on held[cpu][at...]. */
static void work(enum work what, unsigned int cpu, unsigned int order, unsigned long at,
		 unsigned long n)
{
	unsigned long *index = held[cpu] + at;

	if (what == CYCLE) {
		for (unsigned long done = 0; done < CYCLES; done += n) {
			work(GET, cpu, order, at, n);
			work(PUT, cpu, order, at, n);
		}
		return;
	}
	if (what == BARE) {
		for (unsigned long i = 0; i < n; i++)
			bare_put(index[i]);
		return;
	}
	for (unsigned long i = 0; i < n; i++) {
		if (what != PUT)
			index[i] = bitmap_get(&bitmap, cpu, order, 0);
		if (what != GET && bitmap_put(&bitmap, cpu, index[i], order))
			abort();
	}
}

static void shuffle(unsigned long *index, unsigned long n, uint64_t *random)
{
	for (unsigned long i = n; i-- > 1;) {
		unsigned long j = test_below(random, i + 1), swap = index[i];

		index[i] = index[j];
		index[j] = swap;
	}
}

static void start(void)
{
	size_t bytes = bitmap_bytes(FRAMES, CPUS);
	void *memory = aligned_alloc(128, bytes);

	memset(memory, 0, bytes);
	bitmap_init(&bitmap, memory, FRAMES, CPUS);
	bitmap_add(&bitmap, 0, FRAMES);
}

static void stop(void)
{
	if (bitmap_free_count(&bitmap) != FRAMES || bitmap_check(&bitmap))
		abort();
	free(bitmap.cpu);
}

/* ns per operation of one CPU, over all of memory. */
static double alone(enum work what, unsigned int order)
{
	unsigned long n = FRAMES >> order, slice = n / 16 < SLICE ? n / 16 : SLICE, slices = 0;
	static double ns[FRAMES / SLICE];

	for (unsigned long at = 0; at + slice <= n; at += slice) {
		double began = now(CLOCK_THREAD_CPUTIME_ID);

		work(what, 0, order, at, slice);
		ns[slices++] = (now(CLOCK_THREAD_CPUTIME_ID) - began) / (double)slice;
	}
	return median(ns, slices);
}

static void one_cpu(unsigned int order)
{
	enum { ROUNDS = 5 };
	double ns[5][ROUNDS];
	uint64_t random = 1;

	for (int round = 0; round < ROUNDS; round++) {
		start();
		ns[0][round] = alone(GET, order);
		ns[1][round] = alone(PUT, order);
		work(GET, 0, order, 0, FRAMES >> order);
		shuffle(held[0], FRAMES >> order, &random);
		ns[2][round] = alone(PUT, order);
		ns[3][round] = alone(GET, order);
		work(PUT, 0, order, 0, FRAMES >> order);
		ns[4][round] = alone(PAIR, order);
		stop();
	}
	printf("order %2u: bulk get %5.1f put %5.1f ns, random put %5.1f, then get %5.1f; pair "
	       "%5.1f ns\n",
	       order, median(ns[0], ROUNDS), median(ns[1], ROUNDS), median(ns[2], ROUNDS),
	       median(ns[3], ROUNDS), median(ns[4], ROUNDS));
}

/* One thread's part of a slice. */
struct job {
	pthread_t thread;
	unsigned int cpu, cpus, order;
	enum work what;
	unsigned long n;
	double cpu_ns, began, ended;
};

static unsigned int ready;

static void *run_job(void *arg)
{
	struct job *job = arg;

	/* Sleepers would not wake at the same time. */
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	for (unsigned long spins = 0; __atomic_load_n(&ready, __ATOMIC_SEQ_CST) < job->cpus;)
		plat_relax(spins++);
	job->began = now(CLOCK_MONOTONIC);
	job->cpu_ns = -now(CLOCK_THREAD_CPUTIME_ID);
	work(job->what, job->cpu, job->order, 0, job->n);
	job->cpu_ns += now(CLOCK_THREAD_CPUTIME_ID);
	job->ended = now(CLOCK_MONOTONIC);
	return NULL;
}

/* A slice by @cpus CPUs: ns per operation; 0 if they did not run at the same time. */
static double together(struct job *job, unsigned int cpus)
{
	double ns = 0, began, ended;

	ready = 0;
	for (unsigned int i = 0; i < cpus; i++)
		pthread_create(&job[i].thread, NULL, run_job, &job[i]);
	for (unsigned int i = 0; i < cpus; i++)
		pthread_join(job[i].thread, NULL);
	began = job[0].began > job[cpus - 1].began ? job[0].began : job[cpus - 1].began;
	ended = job[0].ended < job[cpus - 1].ended ? job[0].ended : job[cpus - 1].ended;
	for (unsigned int i = 0; i < cpus; i++) {
		double wall = job[i].ended - job[i].began;

		if (ended - began < 0.9 * wall || job[i].cpu_ns < 0.9 * wall)
			return 0;
		ns += job[i].cpu_ns / (double)job[i].n / cpus;
	}
	return ns;
}

/* Half of what each CPU holds becomes the other's. */
static void mix(unsigned long n, uint64_t *random)
{
	shuffle(held[0], n, random);
	shuffle(held[1], n, random);
	for (unsigned long i = 0; i < n; i += 2) {
		unsigned long swap = held[0][i];

		held[0][i] = held[1][i];
		held[1][i] = swap;
	}
}

static double slice(enum work what, unsigned int order, unsigned long n, unsigned int cpus)
{
	struct job job[CPUS];

	for (unsigned int i = 0; i < CPUS; i++)
		job[i] = (struct job){.cpu = i, .cpus = cpus, .order = order, .what = what, .n = n};
	return together(job, cpus);
}

/* Throughput of two CPUs against one, a quarter of memory each at most. */
static void two_cpus(const char *name, enum work what, unsigned int order, bool mixed)
{
	enum { ROUNDS = 300 };
	static double ratio[ROUNDS], cost[CPUS + 1][ROUNDS];
	unsigned long n = order ? FRAMES / 4 >> order : 4 * SLICE, used = 0;
	uint64_t random = 1;

	start();
	for (int round = 0; round < ROUNDS; round++) {
		double ns[CPUS + 1];

		for (unsigned int cpus = 1; cpus <= CPUS; cpus++) {
			for (unsigned int i = 0; mixed && i < CPUS; i++)
				work(GET, i, order, 0, n);
			if (mixed)
				mix(n, &random);
			ns[cpus] = slice(what, order, n, cpus);
			/* What is still held. */
			for (unsigned int i = what == BARE ? 0 : cpus; mixed && i < CPUS; i++)
				work(PUT, i, order, 0, n);
		}
		if (ns[1] > 0 && ns[2] > 0) {
			ratio[used] = 2 * ns[1] / ns[2];
			cost[1][used] = ns[1] / (what == CYCLE ? (double)(CYCLES / n) : 1);
			cost[2][used++] = ns[2] / (what == CYCLE ? (double)(CYCLES / n) : 1);
		}
	}
	if (used)
		printf("order %u %s: two CPUs do %.2f times what one does, %.1f and %.1f ns each "
		       "(%lu rounds)\n",
		       order, name, median(ratio, used), median(cost[2], used),
		       median(cost[1], used), used);
	stop();
}

/* The page allocator before it: a frame alone, and one of 128, both ways. */
static void through_core(void)
{
	enum { BULK = 128, SLICES = 201 };
	static double pair[SLICES], bulk[SLICES];
	static unsigned long pfn[BULK];
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, CPUS, FRAMES, 4UL << 20);
	if (tri_config_set(&config, "pages", "bitmap"))
		abort();
	core = model_start(&config);
	memset(pfn, 0xff, sizeof(pfn));
	for (int i = 0; i < SLICES; i++) {
		double began = now(CLOCK_THREAD_CPUTIME_ID), middle;

		for (unsigned long n = 0; n < SLICE; n++)
			tri_free_pages(tri_alloc_pages(TRI_GFP_KERNEL, 0), 0);
		middle = now(CLOCK_THREAD_CPUTIME_ID);
		for (unsigned long n = 0; n < SLICE; n += BULK) {
			tri_alloc_pages_bulk(TRI_GFP_KERNEL, BULK, pfn);
			tri_free_pages_bulk(BULK, pfn);
		}
		pair[i] = (middle - began) / SLICE;
		bulk[i] = (now(CLOCK_THREAD_CPUTIME_ID) - middle) / SLICE;
	}
	printf("pages=bitmap, order 0: pair %.1f ns; in bulk of %d, %.1f ns a frame\n",
	       median(pair, SLICES), BULK, median(bulk, SLICES));
	model_stop(core);
}

/* Huge frames free in one piece, with nothing held back by CPUs. */
static unsigned long huge_frames(struct tri_core *core)
{
	struct zone *zone = &core->zones.zone[ZONE_NORMAL];
	unsigned long n = 0;

	pcp_drain_all(core);
	if (core->policy[TRI_QUESTION_pages] == TRI_POLICY_pages_bitmap) {
		bitmap_drain(&zone->bitmap, 0);
		return bitmap_free_huge(&zone->bitmap);
	}
	for (int type = 0; type < MIGRATE_TYPES; type++)
		n += zone->buddy.free[type][9].count + 2 * zone->buddy.free[type][10].count;
	return n;
}

static struct {
	unsigned long pfn[FRAMES];
	uint8_t order[FRAMES];
	unsigned long blocks, frames;
	uint64_t random;
} trace;

static void trace_free(unsigned long goal)
{
	while (trace.frames > goal) {
		unsigned long i = test_below(&trace.random, trace.blocks);

		tri_free_pages(trace.pfn[i], trace.order[i]);
		trace.frames -= 1UL << trace.order[i];
		trace.blocks--;
		trace.pfn[i] = trace.pfn[trace.blocks];
		trace.order[i] = trace.order[trace.blocks];
	}
}

static void trace_alloc(unsigned long goal, unsigned int max_order)
{
	while (trace.frames < goal) {
		unsigned int order = test_below(&trace.random, max_order + 1);
		unsigned long pfn = tri_alloc_pages(TRI_GFP_KERNEL, order);

		if (pfn == TRI_PFN_NONE)
			abort();
		trace.pfn[trace.blocks] = pfn;
		trace.order[trace.blocks++] = (uint8_t)order;
		trace.frames += 1UL << order;
	}
}

static void fragment(const char *pages, unsigned int max_order, unsigned long huge[3])
{
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 1, FRAMES, 4UL << 20);
	if (tri_config_set(&config, "pages", pages))
		abort();
	core = model_start(&config);
	memset(&trace, 0, sizeof(trace));
	trace.random = 12345;
	trace_alloc(FRAMES / 10 * 9, max_order);
	trace_free(FRAMES / 2);
	huge[0] = huge_frames(core);
	for (int round = 1; round <= 100; round++) {
		trace_free(FRAMES / 20 * 9);
		trace_alloc(FRAMES / 2, max_order);
		if (round == 30)
			huge[1] = huge_frames(core);
	}
	huge[2] = huge_frames(core);
	trace_free(0);
	model_stop(core);
}

static void fragmentation(unsigned int max_order)
{
	unsigned long buddy[3], in_bitmap[3];

	fragment("buddy", max_order, buddy);
	fragment("bitmap", max_order, in_bitmap);
	printf("orders 0 to %u: free huge frames of %lu with half of memory in use, after 0, 30 "
	       "and 100 rounds: buddy %lu, %lu, %lu; bitmap %lu, %lu, %lu\n",
	       max_order, FRAMES / 512, buddy[0], buddy[1], buddy[2], in_bitmap[0], in_bitmap[1],
	       in_bitmap[2]);
}

int main(void)
{
	for (int i = 0; i < CPUS; i++) {
		held[i] = malloc(FRAMES * sizeof(**held));
		memset(held[i], 0, FRAMES * sizeof(**held));
	}
	one_cpu(0);
	one_cpu(3);
	one_cpu(6);
	one_cpu(8);
	one_cpu(9);
	one_cpu(10);
	through_core();
	two_cpus("get all, put all", CYCLE, 0, false);
	two_cpus("pair", PAIR, 0, false);
	two_cpus("put mixed", PUT, 0, true);
	two_cpus("put mixed, bare", BARE, 0, true);
	two_cpus("get all, put all", CYCLE, 9, false);
	fragmentation(0);
	fragmentation(3);
	return 0;
}
