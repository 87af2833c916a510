/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workers.c - worker slots: one thread each, pinned before it starts, all let go at once.
 *
 * Threads live as long as one host_run(): making them is untimed, and nothing of a run
 * leaks into the next. Slot 0 is the caller, which gets its affinity back afterwards.
 */
#include "workers.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "fault.h"
#include "host.h"
#include "perf.h"

/*
 * Turns of a wait loop between two yields. More: a waiter keeps its CPU from the worker it
 * waits for; less: the wait becomes system calls, which wake idle CPUs.
 */
#define RELAX_YIELD 64

/* 8,192 CPUs: what Linux supports at most. */
#define AFFINITY_SETS 8

enum start { START_WAIT, START_GO, START_CANCEL };

/* One call of host_run(). */
struct run {
	void (*fn)(void *arg, unsigned int slot);
	void *arg;
	atomic_uint arrived;
	_Atomic enum start start;
};

struct worker {
	struct run *run;
	pthread_t thread;
	unsigned int slot;
};

static pthread_once_t cpus_once = PTHREAD_ONCE_INIT;
static unsigned int nr_cpus, host_cpu[TRI_MAX_CPUS];
static cpu_set_t allowed[AFFINITY_SETS];
static atomic_bool oversubscribed;
/* Bit i: slot i is inside fn. */
static _Atomic uint64_t running;

_Static_assert(TRI_MAX_CPUS <= 64, "a bit of `running` for each slot");

static void cpus_read(void)
{
	if (!sched_getaffinity(0, sizeof(allowed), allowed))
		for (size_t i = 0; i < 8 * sizeof(allowed) && nr_cpus < TRI_MAX_CPUS; i++)
			if (CPU_ISSET_S(i, sizeof(allowed), allowed))
				host_cpu[nr_cpus++] = (unsigned int)i;
	/* A sandbox may refuse the question; one CPU there is. */
	if (!nr_cpus)
		nr_cpus = 1;
}

unsigned int workers_cpus(void)
{
	pthread_once(&cpus_once, cpus_read);
	return nr_cpus;
}

unsigned int workers_host_cpu(unsigned int index)
{
	return host_cpu[index % workers_cpus()];
}

unsigned int workers_elsewhere(void)
{
	unsigned int cpus = workers_cpus();
	uint64_t each = cpus < 64 ? (1ULL << cpus) - 1 : ~0ULL;
	uint64_t slots = atomic_load_explicit(&running, memory_order_relaxed), busy = 0;

	/* Slots that share a CPU fall on one bit. */
	for (; slots; slots = cpus < 64 ? slots >> cpus : 0)
		busy |= slots & each;
	return (unsigned int)__builtin_popcountll(busy & ~(1ULL << plat_cpu() % cpus));
}

void host_relax(unsigned long spins)
{
	__builtin_ia32_pause();
	if (spins % RELAX_YIELD == RELAX_YIELD - 1 &&
	    atomic_load_explicit(&oversubscribed, memory_order_relaxed))
		sched_yield();
}

void host_turn_begin(void)
{
}

/* What every slot does, slot 0 included. */
static void work(struct run *run, unsigned int slot)
{
	unsigned long spins = 0;

	perf_enter(slot);
	atomic_fetch_add(&run->arrived, 1);
	while (atomic_load(&run->start) == START_WAIT)
		host_relax(spins++);
	if (atomic_load(&run->start) == START_GO) {
		atomic_fetch_or(&running, 1ULL << slot);
		run->fn(run->arg, slot);
		atomic_fetch_and(&running, ~(1ULL << slot));
	}
	perf_leave(slot);
}

static void *thread_main(void *arg)
{
	struct worker *worker = arg;

	plat_slot = worker->slot;
	fault_use_stack();
	work(worker->run, worker->slot);
	return NULL;
}

static void one_cpu(cpu_set_t *set, unsigned int slot)
{
	CPU_ZERO_S(sizeof(allowed), set);
	CPU_SET_S(workers_host_cpu(slot), sizeof(allowed), set);
}

static int worker_start(struct worker *worker, struct run *run, unsigned int slot)
{
	cpu_set_t set[AFFINITY_SETS];
	pthread_attr_t attributes;
	int error;

	*worker = (struct worker){.run = run, .slot = slot};
	one_cpu(set, slot);
	error = pthread_attr_init(&attributes);
	if (error)
		return -error;
	error = pthread_attr_setaffinity_np(&attributes, sizeof(set), set);
	if (!error)
		error = pthread_create(&worker->thread, &attributes, thread_main, worker);
	pthread_attr_destroy(&attributes);
	return -error;
}

int host_run(unsigned int n, void (*fn)(void *arg, unsigned int slot), void *arg)
{
	struct worker workers[TRI_MAX_CPUS];
	struct run run = {.fn = fn, .arg = arg};
	cpu_set_t mine[AFFINITY_SETS], before[AFFINITY_SETS];
	unsigned int started = 1, spins = 0;
	int error = 0;

	if (!n || n > TRI_MAX_CPUS)
		return -EINVAL;
	oversubscribed = n > workers_cpus();
	one_cpu(mine, 0);
	if (sched_getaffinity(0, sizeof(before), before) ||
	    sched_setaffinity(0, sizeof(mine), mine))
		return -errno;
	for (; started < n && !error; started += !error)
		error = worker_start(&workers[started], &run, started);
	while (!error && atomic_load(&run.arrived) < n - 1)
		host_relax(spins++);
	run.start = error ? START_CANCEL : START_GO;
	work(&run, 0);
	while (started-- > 1)
		pthread_join(workers[started].thread, NULL);
	oversubscribed = false;
	sched_setaffinity(0, sizeof(before), before);
	return error;
}
