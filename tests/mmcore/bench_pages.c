/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_pages.c - what page allocations cost, each against something in the same run: slices of
 * two arms in alternating order, the median of the ratios of pairs.
 *
 * - pair: one frame allocated and freed, against an uncontended spinlock taken and dropped.
 * - bulk: a frame out of 128 at once, both ways, against one of 128 single calls.
 * - outstanding: a frame when so many are allocated and then freed, against one alone.
 * - threads: a frame on each of two CPUs at once, against one CPU alone.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "model_platform.h"

#define FRAMES	(256UL << 10) /* 1 GiB and two CPUs: lists may grow to 16,384 */
#define PAIRS	401
#define SLICE	8192 /* frames allocated and freed */
#define BULK	128
#define DEEPEST 8192

static struct tri_core *core;
static plat_spinlock_t lock;
static unsigned long pfn[DEEPEST];
static unsigned long depth;

static uint64_t spinlocks(void)
{
	uint64_t began = plat_ticks();

	for (int i = 0; i < SLICE; i++) {
		plat_spin_lock(&lock);
		__asm__ volatile("" ::: "memory");
		plat_spin_unlock(&lock);
	}
	return plat_ticks() - began;
}

static uint64_t one_by_one(void)
{
	uint64_t began = plat_ticks();

	for (int i = 0; i < SLICE; i++)
		tri_free_pages(tri_alloc_pages(TRI_GFP_KERNEL, 0), 0);
	return plat_ticks() - began;
}

/* @depth of them allocated, then freed. */
static uint64_t singles(void)
{
	uint64_t began = plat_ticks();

	for (unsigned long n = 0; n < SLICE; n += depth) {
		for (unsigned long i = 0; i < depth; i++)
			pfn[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
		for (unsigned long i = 0; i < depth; i++)
			tri_free_pages(pfn[i], 0);
	}
	return plat_ticks() - began;
}

static uint64_t shallow(void)
{
	unsigned long deep = depth;
	uint64_t ticks;

	depth = 1;
	ticks = singles();
	depth = deep;
	return ticks;
}

static uint64_t bulk(void)
{
	static unsigned long many[BULK];
	uint64_t began;

	memset(many, 0xff, sizeof(many));
	began = plat_ticks();
	for (unsigned long n = 0; n < SLICE; n += BULK) {
		tri_alloc_pages_bulk(TRI_GFP_KERNEL, BULK, many);
		tri_free_pages_bulk(BULK, many);
	}
	return plat_ticks() - began;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Ticks per frame of @arm over those of @base; of the first PAIRS / 8 pairs nothing is kept. */
static double compare(const char *name, uint64_t (*base)(void), uint64_t (*arm)(void))
{
	static double ratio[PAIRS], ticks[PAIRS];
	int warm = PAIRS / 8;

	for (int pair = -warm; pair < PAIRS; pair++) {
		double first = (double)(pair & 1 ? arm : base)();
		double second = (double)(pair & 1 ? base : arm)();

		if (pair < 0)
			continue;
		ratio[pair] = pair & 1 ? first / second : second / first;
		ticks[pair] = (pair & 1 ? first : second) / SLICE;
	}
	qsort(ratio, PAIRS, sizeof(*ratio), ascending);
	qsort(ticks, PAIRS, sizeof(*ticks), ascending);
	printf("%-28s %6.2f ticks a frame, %.2f times the base (quartiles %.2f to %.2f of %d "
	       "pairs)\n",
	       name, ticks[PAIRS / 2], ratio[PAIRS / 2], ratio[PAIRS / 4], ratio[PAIRS * 3 / 4],
	       PAIRS);
	return ratio[PAIRS / 2];
}

/* --- Two CPUs. --- */

static struct {
	pthread_barrier_t begin, end;
	bool alone, done;
	unsigned long depth;
} team;

static void churn(void)
{
	unsigned long mine[64];

	for (unsigned long n = 0; n < 64UL * SLICE; n += team.depth) {
		for (unsigned long i = 0; i < team.depth; i++)
			mine[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
		for (unsigned long i = 0; i < team.depth; i++)
			tri_free_pages(mine[i], 0);
	}
}

static void *second_cpu(void *unused)
{
	(void)unused;
	plat_slot = 1;
	plat_set_core(core);
	for (;;) {
		pthread_barrier_wait(&team.begin);
		if (team.done)
			return NULL;
		if (!team.alone)
			churn();
		pthread_barrier_wait(&team.end);
	}
}

static uint64_t round_of(bool alone)
{
	uint64_t began;

	team.alone = alone;
	pthread_barrier_wait(&team.begin);
	began = plat_ticks();
	churn();
	pthread_barrier_wait(&team.end);
	return plat_ticks() - began;
}

/* Throughput of two CPUs over that of one. */
static double throughput(unsigned long frames)
{
	static double ratio[PAIRS / 4];
	int pairs = PAIRS / 4;
	pthread_t thread;

	team.done = false;
	team.depth = frames;
	pthread_barrier_init(&team.begin, NULL, 2);
	pthread_barrier_init(&team.end, NULL, 2);
	pthread_create(&thread, NULL, second_cpu, NULL);
	for (int pair = 0; pair < pairs; pair++) {
		double first = (double)round_of(pair & 1), second = (double)round_of(!(pair & 1));

		ratio[pair] = 2 * (pair & 1 ? first / second : second / first);
	}
	team.done = true;
	pthread_barrier_wait(&team.begin);
	pthread_join(thread, NULL);
	qsort(ratio, (size_t)pairs, sizeof(*ratio), ascending);
	printf("two CPUs, %2lu frames at a time: %.2f times the throughput of one (quartiles %.2f "
	       "to "
	       "%.2f of %d pairs)\n",
	       frames, ratio[pairs / 2], ratio[pairs / 4], ratio[pairs * 3 / 4], pairs);
	return ratio[pairs / 2];
}

int main(void)
{
	struct tri_config config;
	bool met = true;
	char name[40];

	model_config(&config, 2, FRAMES, 4UL << 20);
	core = model_start(&config);
	memset(pfn, 0xff, sizeof(pfn));
	met &= compare("pair, against a spinlock", spinlocks, one_by_one) <= 1.0;
	depth = BULK;
	met &= compare("bulk of 128, against singles", singles, bulk) <= 0.5;
	for (depth = 1; depth <= DEEPEST; depth *= 8) {
		snprintf(name, sizeof(name), "%lu outstanding, against 1", depth);
		met &= compare(name, shallow, singles) <= 2.0;
		if (depth == 4096)
			depth = DEEPEST / 8;
	}
	met &= throughput(1) >= 1.8;
	met &= throughput(64) >= 1.8;
	model_stop(core);
	return !met;
}
