/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * drive.h - operations that most allocator workloads are made of, and the one work() that
 * executes them: allocate into a slot, free a slot, for any family of calls. So that such a
 * workload is a generator and a descriptor.
 *
 * What is asked for is size (bytes), of SUBJECT_PAGES order; SUBJECT_CACHE takes its cache, the
 * arm's state[0]. Whose slot it is says the field that is left: order, of SUBJECT_PAGES size: a
 * worker's number, not one's own alone. To free needs neither size nor order, so not for virtual
 * areas, whose munmap() does. Everything live stays so into the next slice.
 *
 * An operation, where they are counted, is one of the first four kinds, of a burst each: a call of
 * the subject, but where a slot is empty.
 */
#ifndef BENCH_DRIVE_H
#define BENCH_DRIVE_H

#include "hold.h"

enum drive_kind {
	DRIVE_ALLOC, /* into an empty slot */
	DRIVE_FREE,  /* of an empty slot: nothing */
	/* As DRIVE_FREE, of what a lower worker allocates in this slice: wait for it. */
	DRIVE_TAKE,
	DRIVE_TOGGLE, /* DRIVE_FREE, if there is something to free, else DRIVE_ALLOC */
	/* One's own slot for slot number size of that worker, at once: nobody need wait. */
	DRIVE_SWAP,
	DRIVE_WRITE, /* size stores to what is in one's own slot, over its first order bytes */
	DRIVE_MEET,  /* wait for all workers, each of which has as many of these in a slice */
	DRIVE_REST,  /* nothing, of a worker that only stands by */

	/* Beside the first four. Write a byte of each page allocated, of one before it is freed: */
	DRIVE_TOUCH = 0x40,
	DRIVE_BURST = 0x80, /* this slot and those after it, as many as the arm's state[1] says */
	DRIVE_KIND = 0x3f,
};

/* What is timed beside METRIC_ALLOC and METRIC_FREE: one DRIVE_WRITE. */
enum { DRIVE_METRIC_WRITE = 2 };

/* work() of all these. */
void drive_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

/* setup() of a workload of SUBJECT_CACHE whose first parameter is the size of objects. */
int drive_cache_setup(struct bench_arm *arm);
/* setup() of a workload whose second parameter is how many objects a burst has. */
int drive_burst_setup(struct bench_arm *arm);
/* exact_ops() of one whose n operations are n whole rounds: one round. */
unsigned long drive_once(const struct bench_arm *arm);
/* teardown(): frees whatever lives, and the cache of drive_cache_setup(). */
void drive_teardown(struct bench_arm *arm);
/* hold() of a workload whose first parameter is the size (of SUBJECT_PAGES: order) of all. */
void drive_hold(struct bench_arm *arm, struct bench_hold *out);

#endif /* BENCH_DRIVE_H */
