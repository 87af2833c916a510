/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_pages.c - what page allocations cost, each against something in the same run: slices of
 * two arms in alternating order, the median of the ratios of pairs.
 *
 * - pair: one frame allocated and freed, against an uncontended spinlock taken and dropped; and
 *   beside it what two calls cost that do nothing, or enter and leave and no more, or take and
 *   drop that spinlock, which is inlined in the base.
 * - bulk: a frame out of 128 at once, both ways, against one of 128 single calls.
 * - outstanding: a frame when so many are allocated and then freed, against one alone; with 4 GiB,
 *   1 GiB, and 256 MiB, where lists may not grow to the deepest.
 * - threads: a frame on each of two CPUs at once, against one CPU alone. In CPU time, so that
 *   what a thread loses to neighbours does not count; a round in which the two did not run at
 *   the same time for nine tenths of it is dropped: there was nobody to collide with.
 *
 * Says of each bound whether it was met, and exits with 1 if one was missed.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model_platform.h"

#define MIB(n)	((n) << 8) /* in frames */
#define PAIRS	401
#define SLICE	8192 /* frames allocated and freed */
#define BULK	128
#define DEEPEST 8192

static struct tri_core *core;
static plat_spinlock_t lock;
static unsigned long pfn[DEEPEST];
static unsigned long depth;
static bool missed;

static void judge(bool met, const char *bound)
{
	printf("%28s bound %s: %s\n", "", bound, met ? "met" : "missed");
	missed |= !met;
}

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

static __attribute__((noinline)) void nothing(void)
{
	__asm__ volatile("" ::: "memory");
}

static uint64_t calls(void)
{
	uint64_t began = plat_ticks();

	for (int i = 0; i < SLICE; i++) {
		nothing();
		nothing();
	}
	return plat_ticks() - began;
}

static __attribute__((noinline)) void take_lock(void)
{
	plat_spin_lock(&lock);
}

static __attribute__((noinline)) void drop_lock(void)
{
	plat_spin_unlock(&lock);
}

static uint64_t called_spinlocks(void)
{
	uint64_t began = plat_ticks();

	for (int i = 0; i < SLICE; i++) {
		take_lock();
		drop_lock();
	}
	return plat_ticks() - began;
}

static __attribute__((noinline)) void enter_and_leave(void)
{
	struct tri_cpu *cpu;
	unsigned long saved;

	if (tri_enter_fast(plat_core(), &cpu, &saved))
		tri_leave_fast(cpu, saved);
}

static uint64_t gates(void)
{
	uint64_t began = plat_ticks();

	for (int i = 0; i < SLICE; i++) {
		enter_and_leave();
		enter_and_leave();
	}
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

#define CHURN (16UL * SLICE)

struct churn {
	pthread_t thread;
	unsigned int cpu, cpus;
	unsigned long depth;
	double cpu_ns, began, ended;
};
static unsigned int ready;

static double now(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static void *churn(void *arg)
{
	struct churn *self = arg;
	unsigned long mine[64];

	plat_slot = self->cpu;
	plat_set_core(core);
	/* Sleepers would not wake at the same time. */
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	for (unsigned long spins = 0; __atomic_load_n(&ready, __ATOMIC_SEQ_CST) < self->cpus;)
		plat_relax(spins++);
	self->began = now(CLOCK_MONOTONIC);
	self->cpu_ns = -now(CLOCK_THREAD_CPUTIME_ID);
	for (unsigned long n = 0; n < CHURN; n += self->depth) {
		for (unsigned long i = 0; i < self->depth; i++)
			mine[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
		for (unsigned long i = 0; i < self->depth; i++)
			tri_free_pages(mine[i], 0);
	}
	self->cpu_ns += now(CLOCK_THREAD_CPUTIME_ID);
	self->ended = now(CLOCK_MONOTONIC);
	return NULL;
}

/* ns a frame on each of @cpus CPUs; 0 if they did not run, all of them at the same time. */
static double round_of(unsigned int cpus, unsigned long frames)
{
	struct churn self[2];
	double ns = 0, began, ended;

	ready = 0;
	for (unsigned int i = 0; i < cpus; i++) {
		self[i] = (struct churn){.cpu = i, .cpus = cpus, .depth = frames};
		pthread_create(&self[i].thread, NULL, churn, &self[i]);
	}
	for (unsigned int i = 0; i < cpus; i++)
		pthread_join(self[i].thread, NULL);
	began = self[0].began > self[cpus - 1].began ? self[0].began : self[cpus - 1].began;
	ended = self[0].ended < self[cpus - 1].ended ? self[0].ended : self[cpus - 1].ended;
	for (unsigned int i = 0; i < cpus; i++) {
		double wall = self[i].ended - self[i].began;

		if (ended - began < 0.9 * wall || self[i].cpu_ns < 0.9 * wall)
			return 0;
		ns += self[i].cpu_ns / (double)CHURN / cpus;
	}
	return ns;
}

/* Throughput of two CPUs over that of one. */
static void throughput(unsigned long frames)
{
	enum { ROUNDS = 400 };
	static double ratio[ROUNDS];
	unsigned long used = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double first = round_of(1 + (round & 1), frames);
		double second = round_of(2 - (round & 1), frames);

		if (first > 0 && second > 0)
			ratio[used++] = 2 * (round & 1 ? second / first : first / second);
	}
	printf("two CPUs, %2lu frames at a time: ", frames);
	if (!used) {
		printf("never ran at the same time in %d rounds\n", ROUNDS);
		return;
	}
	qsort(ratio, used, sizeof(*ratio), ascending);
	printf("%.2f times the throughput of one (quartiles %.2f to %.2f of %lu rounds, of %d, in "
	       "which both ran)\n",
	       ratio[used / 2], ratio[used / 4], ratio[used * 3 / 4], used, ROUNDS);
	judge(ratio[used / 2] >= 1.8, "1.8 at least");
}

static void start(unsigned long frames)
{
	struct tri_config config;

	model_config(&config, 2, frames, 4UL << 20);
	core = model_start(&config);
	memset(pfn, 0xff, sizeof(pfn));
	printf("%lu MiB, two CPUs:\n", frames >> 8);
}

static void outstanding(void)
{
	static const unsigned long depths[] = {1, 8, 64, 512, 4096, DEEPEST};
	char name[40];

	for (unsigned int i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		depth = depths[i];
		snprintf(name, sizeof(name), "%lu outstanding, against 1", depth);
		judge(compare(name, shallow, singles) <= 2.0, "2.0");
	}
}

int main(void)
{
	start(MIB(4096UL));
	compare("two empty calls", spinlocks, calls);
	compare("a spinlock by two calls", spinlocks, called_spinlocks);
	compare("two that enter and leave", spinlocks, gates);
	judge(compare("pair, against a spinlock", spinlocks, one_by_one) <= 1.0, "1.0");
	depth = BULK;
	judge(compare("bulk of 128, against singles", singles, bulk) <= 0.5, "0.5");
	outstanding();
	throughput(1);
	throughput(64);
	model_stop(core);
	start(MIB(1024UL));
	outstanding();
	model_stop(core);
	start(MIB(256UL));
	outstanding();
	model_stop(core);
	return missed;
}
