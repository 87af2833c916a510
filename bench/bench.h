/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench.h - what a workload works with: its arm, its worker, and timed calls.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "histogram.h"
#include "mark.h"
#include "random.h"
#include "subject.h"
#include "team.h"
#include "words.h"

#define BENCH_METRICS_MAX 4
#define BENCH_OBJECTS	  65536 /* objects a worker can hold: a slot is 16 bits */

/*
 * What is done around each operation: nothing; two clock reads and a histogram; marks for the
 * plugin of an emulator. A constant wherever it is asked, so that each has a loop of its own.
 */
enum bench_timing { BENCH_UNTIMED, BENCH_TIMED, BENCH_MARKED };

/* One CPU's share of an arm. Written by that CPU only, but for slots others touch. */
struct bench_worker {
	struct bench_arm *arm;
	struct team *team;
	unsigned int slot;
	enum bench_timing timed;
	bool exact;  /* this slice is the exact phase's */
	bool writes; /* the subject's memory is real: touch it */
	void *(*alloc)(uintptr_t what);
	void (*free)(void *memory, uintptr_t what);
	struct bench_random random;
	uint64_t state[4];	/* the generator's own, zeroed with the stream */
	void **objects;		/* [BENCH_OBJECTS] */
	void *own;		/* workload->own_bytes, the workload's to use */
	uint64_t excluded;	/* ticks of this slice that are not the work's */
	uint64_t first_touches; /* pages touched first, each one fault where faults map */
	uint64_t failed;	/* allocations that returned NULL */
	const char *why;	/* what else went wrong, for which the case fails; NULL: nothing */
	uint64_t *count;	/* [WORKLOAD_COUNTS_MAX], as workload->counts says */
	uint64_t ops;		/* operations of this slice; 0 for a worker that only stands by */
	uint64_t start, end;	/* of the slice, in ticks */
	struct histogram *slice[BENCH_METRICS_MAX]; /* this slice's operations */
	/* Of this block's runs, where these are timed: see bench_run_end(). */
	uint64_t run_ticks[BENCH_METRICS_MAX], run_ops[BENCH_METRICS_MAX];
} __attribute__((aligned(TEAM_LINE)));

/* Bytes asked for, and bytes that may be used at what was returned. */
struct bench_hold {
	uint64_t requested, usable;
};

/* An object that outlives its operation, and what it was asked for by. */
struct bench_kept {
	void *memory;
	uintptr_t what;
};

struct bench_arm {
	const struct workload *workload;
	const struct case_config *config;
	const struct arm_config *arm;
	struct tri_core *core;		/* NULL unless the subject has one */
	const struct core_calls *calls; /* its; NULL as well */
	const unsigned long *tunable;	/* [TRI_TUNABLE_COUNT], of the core, in force */
	const struct subject_api *api;	/* the subject's, of the workload's family */
	unsigned int cpus;
	struct bench_worker *workers; /* [cpus] */
	struct bench_kept *kept;      /* [BENCH_OBJECTS], setup's own objects */
	unsigned long nr_kept;
	int64_t (*point)[WORKLOAD_SERIES_MAX]; /* [WORKLOAD_POINTS_MAX], of the last exact repeat */
	unsigned int points;
	uint64_t state[4]; /* shared by the arm's workers, the workload's to use */
};

/* Value of a workload parameter, by its place in the workload's list. */
static inline unsigned long bench_value(const struct bench_arm *arm, unsigned int which)
{
	return arm->config->workload_param[which];
}

#define BENCH_INLINE static inline __attribute__((always_inline))

/* A mark's number is part of its instruction. */
BENCH_INLINE void bench_mark_op(unsigned int metric)
{
	switch (metric) {
	case 0:
		PLAT_MARK(MARK_OP);
		break;
	case 1:
		PLAT_MARK(MARK_OP + 1);
		break;
	case 2:
		PLAT_MARK(MARK_OP + 2);
		break;
	default:
		PLAT_MARK(MARK_OP_LAST);
	}
}

/* Around an operation of @metric; what the first returns is for the second. */
BENCH_INLINE uint64_t bench_begin(unsigned int metric, const enum bench_timing timed)
{
	if (timed == BENCH_MARKED)
		bench_mark_op(metric);
	return timed == BENCH_TIMED ? plat_ticks() : 0;
}

BENCH_INLINE void bench_end(struct bench_worker *worker, unsigned int metric, uint64_t start,
			    const enum bench_timing timed)
{
	if (timed == BENCH_TIMED)
		histogram_add(worker->slice[metric], plat_ticks() - start);
	if (timed == BENCH_MARKED)
		PLAT_MARK(MARK_OP_DONE);
}

BENCH_INLINE void *bench_alloc(struct bench_worker *worker, unsigned int metric, uintptr_t what,
			       const enum bench_timing timed)
{
	uint64_t start = bench_begin(metric, timed);
	void *memory = worker->alloc(what);

	bench_end(worker, metric, start, timed);
	return memory;
}

BENCH_INLINE void bench_free(struct bench_worker *worker, unsigned int metric, void *memory,
			     uintptr_t what, const enum bench_timing timed)
{
	uint64_t start = bench_begin(metric, timed);

	worker->free(memory, what);
	bench_end(worker, metric, start, timed);
}

/*
 * Around a run of @n operations of @metric, each with bench_begin() and bench_end() of its own:
 * where those are not timed the run is, as a whole, so that metrics are told apart all the same.
 * Two clock reads a run.
 */
BENCH_INLINE uint64_t bench_run_begin(const enum bench_timing timed)
{
	return timed == BENCH_UNTIMED ? plat_ticks() : 0;
}

BENCH_INLINE void bench_run_end(struct bench_worker *worker, unsigned int metric, uint64_t start,
				unsigned int n, const enum bench_timing timed)
{
	if (timed != BENCH_UNTIMED)
		return;
	worker->run_ticks[metric] += plat_ticks() - start;
	worker->run_ops[metric] += n;
}

/*
 * Touches are stores: a read fault would map up to 16 neighbouring pages at once (fault-
 * around), and then faults and pages could no longer be counted against each other.
 */
static inline void bench_touch(void *memory, unsigned long pages)
{
	char *byte = memory;

	for (unsigned long i = 0; i < pages; i++, byte += TRI_PAGE_SIZE)
		__atomic_store_n(byte, 1, __ATOMIC_RELAXED);
}

/* The owner's first: one fault a page where faults map. */
static inline void bench_touch_first(struct bench_worker *worker, void *memory, unsigned long pages)
{
	bench_touch(memory, pages);
	worker->first_touches += pages;
}

/*
 * The moment's values, as workload->series names them; by slot 0 while no other works, in the
 * exact phase only. Beyond WORKLOAD_POINTS_MAX they are dropped.
 */
void bench_point(struct bench_arm *arm, const int64_t values[WORKLOAD_SERIES_MAX]);

/* Free what was kept beyond the first @down_to objects. */
void bench_free_kept(struct bench_arm *arm, unsigned long down_to);

/* Waiting is no work: it is not counted. */
void bench_barrier(struct bench_worker *worker);

/*
 * Defines work() from an inline run(worker, ops, n, timed), so that the question whether
 * to time is asked once a slice.
 */
#define BENCH_WORK(run)                                                                           \
	static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n) \
	{                                                                                         \
		if (worker->timed == BENCH_TIMED)                                                 \
			run(worker, ops, n, BENCH_TIMED);                                         \
		else if (worker->timed == BENCH_MARKED)                                           \
			run(worker, ops, n, BENCH_MARKED);                                        \
		else                                                                              \
			run(worker, ops, n, BENCH_UNTIMED);                                       \
	}

/* {"alloc", "free", NULL}, what most workloads time. */
enum { METRIC_ALLOC, METRIC_FREE };
extern const char *const bench_metrics_alloc_free[];

#endif /* BENCH_BENCH_H */
