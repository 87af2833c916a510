/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workload.h - what a workload is: one file in workloads/, one line in workloads.def.
 *
 * Freestanding: no libc, no floating point, all randomness from bench_random() of the
 * worker, so that every target performs the same operations. Operations are generated
 * and digested before the timed slice; the slice only executes them.
 *
 * Life of a case: for each arm setup(); then slices of all arms in alternating order, in
 * each slice generate() and then work() on every worker at once; then teardown().
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "subject.h"

struct bench_arm;
struct bench_hold;
struct bench_worker;
struct case_config;

/* One operation; its meaning is the workload's. Folded into ops_digest as it stands. */
struct bench_op {
	uint8_t kind; /* workload's own: allocate, free, touch ... */
	uint8_t order;
	uint16_t slot; /* which of the worker's objects */
	uint32_t size; /* pages or bytes, as the workload's header says */
};
#define BENCH_OPS_MAX 8192 /* per worker and slice: 64 KiB */

struct workload_param {
	const char *name, *unit, *about;
	unsigned long def, min, max;
};

/* What a workload itself counts in the exact phase; all workers' are added up. */
struct workload_count {
	const char *name, *unit;
	enum tri_better better;
};
#define WORKLOAD_COUNTS_MAX 24
/* What it follows over time in the exact phase: so many values, of so many moments. */
#define WORKLOAD_SERIES_MAX 4
#define WORKLOAD_POINTS_MAX 128

struct workload {
	const char *name;    /* "unmap-storm" */
	const char *about;   /* one line, for lists and titles */
	const char *origin;  /* where people know it from: "Linux lib/test_vmalloc.c", "trimm" */
	const char *version; /* hash of the workload's source: another version is not comparable */
	const struct workload_param *params; /* ended by a NULL name; may be NULL */
	unsigned int min_cpus;		     /* fewer: skipped, with the reason */
	enum subject_family family; /* a subject without it: not_applicable, with the reason */
	/* The family with these parameters, where they decide; NULL: the above. */
	enum subject_family (*family_of)(const struct case_config *config);
	/*
	 * Allocations that fail are a result, and no reason to fail the case. Its first count is
	 * theirs: the harness adds it up.
	 */
	bool may_fail;
	/*
	 * Operations of some ns, which two clock reads each would drown: timing=none unless the
	 * user says, and time per operation is that of whole slices.
	 */
	bool slices;
	bool needs_bulk; /* the family's bulk calls as well: of SUBJECT_KMALLOC only free_bulk */
	bool needs_realloc;
	bool needs_core; /* memory of a known size, counted by the core */
	/* Of the target: 1 << HOST_IPI ...; one that lacks any skips it, with the reason. */
	unsigned int needs;
	/* More that these parameters need: why they can't be had, or NULL; may be NULL. */
	const char *(*obstacle)(const struct case_config *config);
	/*
	 * Are these parameters possible at all, as far as they are not numbers in a range? 0, or
	 * -EINVAL after one line of host_error(): the case is refused, as for a bad word. May be
	 * NULL.
	 */
	int (*check)(const struct case_config *config);
	/* Does this case drive @family, too? A subject without it does not apply. May be NULL. */
	bool (*drives)(const struct case_config *config, enum subject_family family);
	/* What a reader of the results must know about this case, or NULL; may be NULL. */
	const char *(*remark)(const struct case_config *config);
	size_t own_bytes; /* of each worker: its ->own, zeroed when the case begins */
	/* What an operation's histogram is called: [0] alloc, [1] free, ...; NULL ends. */
	const char *const *metrics;
	const struct workload_count *counts; /* ended by a NULL name; may be NULL */
	const struct workload_count *series; /* as counts; points by bench_point() */
	bool by_worker;			     /* report the metrics worker by worker as well */
	/*
	 * Operations per worker in the exact phase: enough for some purges, whatever the
	 * parameters, and the same each time. NULL: 4,096.
	 */
	unsigned long (*exact_ops)(const struct bench_arm *arm);

	/* Untimed, on slot 0; may be NULL. 0 or -errno: the case fails, saying so. */
	int (*setup)(struct bench_arm *arm);
	/* Untimed: fill ops[0..n); returns how many it made (a batch stays whole). */
	unsigned int (*generate)(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
	/* Timed, on every worker at once. */
	void (*work)(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);
	/*
	 * Untimed, on slot 0, in the exact phase after the operations: be where most is held, add
	 * it up in *out. What is kept then is freed before teardown(). NULL: nothing to tell.
	 */
	void (*hold)(struct bench_arm *arm, struct bench_hold *out);
	/* Untimed, on slot 0: everything is free again afterwards; may be NULL. */
	void (*teardown)(struct bench_arm *arm);
};

#endif /* BENCH_WORKLOAD_H */
