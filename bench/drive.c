/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * drive.c - see drive.h.
 *
 * A slot holds an object, NULL, or LOST: an object that could not be had, so that who waits for it
 * does not do so for ever. Other workers may free what is in a slot, so it is read and written
 * atomically; that costs nothing on x86-64, but for DRIVE_SWAP.
 */
#include "drive.h"

#define LOST ((void *)1)

/*
 * Where the fields of an operation, as one word, are: what is asked for, and whose slot. Blocks of
 * pages do not know their order: it is kept in the low bits of what is in the slot.
 */
struct fields {
	unsigned int what_shift, whose_shift;
	uintptr_t what_mask, what_or, tag;
};
_Static_assert(offsetof(struct bench_op, order) == 1 && offsetof(struct bench_op, size) == 4,
	       "as fields_of() says");

static inline struct fields fields_of(const struct bench_arm *arm)
{
	switch (arm->workload->family) {
	case SUBJECT_CACHE:
		return (struct fields){.whose_shift = 8, .what_or = arm->state[0]};
	case SUBJECT_PAGES:
		return (struct fields){
			.what_shift = 8, .whose_shift = 32, .what_mask = 0xff, .tag = 15};
	default:
		return (struct fields){.what_shift = 32, .whose_shift = 8, .what_mask = 0xffffffff};
	}
}

BENCH_INLINE void *slot_read(void **slot)
{
	return __atomic_load_n(slot, __ATOMIC_ACQUIRE);
}

static unsigned long pages_of(const struct bench_arm *arm, uintptr_t what)
{
	switch (arm->workload->family) {
	case SUBJECT_PAGES:
		return 1UL << what;
	case SUBJECT_CACHE:
		return 1;
	default:
		return (what + TRI_PAGE_SIZE - 1) / TRI_PAGE_SIZE;
	}
}

BENCH_INLINE void one_alloc(struct bench_worker *worker, void **slot, uintptr_t what, uintptr_t tag,
			    bool touch, const enum bench_timing timed)
{
	void *memory = bench_alloc(worker, METRIC_ALLOC, what, timed);

	worker->failed += !memory;
	if (touch && memory && worker->writes)
		bench_touch(memory, pages_of(worker->arm, what));
	memory = memory ? (void *)((uintptr_t)memory | (what & tag)) : LOST;
	__atomic_store_n(slot, memory, __ATOMIC_RELEASE);
}

BENCH_INLINE void one_free(struct bench_worker *worker, void **slot, uintptr_t what, uintptr_t tag,
			   bool touch, const enum bench_timing timed)
{
	uintptr_t there = (uintptr_t)slot_read(slot);

	__atomic_store_n(slot, NULL, __ATOMIC_RELAXED);
	if (there <= (uintptr_t)LOST)
		return;
	if (touch && worker->writes)
		bench_touch((void *)(there & ~tag), 1);
	bench_free(worker, METRIC_FREE, (void *)(there & ~tag), (there & tag) | (what & ~tag),
		   timed);
}

BENCH_INLINE void await(void **slot, const enum bench_timing timed)
{
	if (slot_read(slot))
		return;
	if (timed == BENCH_MARKED)
		PLAT_MARK(MARK_CLOSE);
	for (unsigned long spins = 0; !slot_read(slot); spins++)
		host_relax(spins);
	if (timed == BENCH_MARKED)
		PLAT_MARK(MARK_OPEN);
}

/* One or a burst; how many, were none of the slots empty: the same in each arm. */
BENCH_INLINE unsigned int drive_calls(struct bench_worker *worker, const struct fields *fields,
				      const struct bench_op *op, const enum bench_timing timed)
{
	unsigned int kind = op->kind & DRIVE_KIND;
	unsigned int n = op->kind & DRIVE_BURST ? worker->arm->state[1] : 1;
	uint64_t word = *(const uint64_t *)op;
	uintptr_t what = (word >> fields->what_shift & fields->what_mask) | fields->what_or;
	void **slot = &worker->arm->workers[word >> fields->whose_shift & 0xff].objects[op->slot];
	bool touch = op->kind & DRIVE_TOUCH;

	for (void **end = slot + n; slot < end; slot++) {
		if (kind == DRIVE_TAKE)
			await(slot, timed);
		if (kind == DRIVE_ALLOC || (kind == DRIVE_TOGGLE && !slot_read(slot)))
			one_alloc(worker, slot, what, fields->tag, touch, timed);
		else
			one_free(worker, slot, what, fields->tag, touch, timed);
	}
	return n;
}

/* volatile: an optimiser must not make one store of many. */
static void write_over(struct bench_worker *worker, const struct bench_op *op)
{
	volatile char *bytes = worker->objects[op->slot];

	if ((uintptr_t)bytes <= (uintptr_t)LOST || !worker->writes)
		return;
	for (uint32_t i = 0, at = 0; i < op->size; i++) {
		bytes[at] = bytes[at] + 1;
		at = at + 1 == op->order ? 0 : at + 1;
	}
}

static void swap_slots(struct bench_worker *worker, const struct bench_op *op)
{
	void **own = &worker->objects[op->slot];
	void **other = &worker->arm->workers[op->order].objects[op->size];

	*own = __atomic_exchange_n(other, *own, __ATOMIC_ACQ_REL);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	const struct fields fields = fields_of(worker->arm);
	unsigned int calls = 0;
	uint64_t start;

	for (const struct bench_op *op = ops; op < ops + n; op++) {
		switch (op->kind) {
		case DRIVE_SWAP:
			swap_slots(worker, op);
			break;
		case DRIVE_WRITE:
			start = bench_begin(DRIVE_METRIC_WRITE, timed);
			write_over(worker, op);
			bench_end(worker, DRIVE_METRIC_WRITE, start, timed);
			break;
		case DRIVE_MEET:
			bench_barrier(worker);
			break;
		case DRIVE_REST:
			break;
		default:
			calls += drive_calls(worker, &fields, op, timed);
		}
	}
	worker->ops = calls;
}
BENCH_WORK(run)

void drive_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	work(worker, ops, n);
}

int drive_cache_setup(struct bench_arm *arm)
{
	arm->state[0] = arm->arm->subject->cache_create(bench_value(arm, 0));
	return arm->state[0] ? 0 : -ENOMEM;
}

void drive_teardown(struct bench_arm *arm)
{
	const struct fields fields = fields_of(arm);

	for (unsigned int i = 0; i < arm->cpus; i++) {
		for (unsigned int k = 0; k < BENCH_OBJECTS; k++)
			one_free(&arm->workers[i], &arm->workers[i].objects[k], fields.what_or,
				 fields.tag, false, BENCH_UNTIMED);
	}
	if (arm->workload->family == SUBJECT_CACHE && arm->state[0])
		arm->arm->subject->cache_destroy(arm->state[0]);
}

int drive_burst_setup(struct bench_arm *arm)
{
	arm->state[1] = bench_value(arm, 1);
	return 0;
}

unsigned long drive_once(const struct bench_arm *arm)
{
	(void)arm;
	return 1;
}

void drive_hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, 0), bench_value(arm, 0), out);
}
