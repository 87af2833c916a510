/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_executors.c - what the executors that workloads share (drive.h, bulk.h, ring.h, blocks.h)
 * do, call by call: a subject of our own sees what is asked for, that it comes back as it was had,
 * and refuses when it is told to. Workers are called one after the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "blocks.h"
#include "bulk.h"
#include "drive.h"
#include "ring.h"

#define WORKERS 4
#define PAGE	TRI_PAGE_SIZE

/* --- The subject --- */

static struct workload workload;
static struct {
	void *memory;
	uintptr_t what;
} live[8192];
static unsigned int nr_live, allocs, frees, bulk_allocs, bulk_frees, fail_at, destroyed;
static void *freed[16384];	 /* in order */
static unsigned char first_byte; /* of what was freed last */

static void *double_alloc(uintptr_t what)
{
	size_t bytes =
		workload.family == SUBJECT_PAGES ? PAGE << what : (what + PAGE - 1) / PAGE * PAGE;
	void *memory;

	if (fail_at && !--fail_at)
		return NULL;
	memory = aligned_alloc(PAGE, bytes);
	assert_non_null(memory);
	memset(memory, 0, bytes);
	assert_true(nr_live < sizeof(live) / sizeof(*live));
	live[nr_live].memory = memory;
	live[nr_live++].what = what;
	allocs++;
	return memory;
}

static void double_free(void *memory, uintptr_t what)
{
	unsigned int i = 0;

	while (i < nr_live && live[i].memory != memory)
		i++;
	if (i == nr_live)
		fail_msg("what is freed is not live");
	/* Who frees what is left at the end knows no sizes; kfree() needs none. */
	if (what || workload.family != SUBJECT_KMALLOC)
		assert_int_equal(live[i].what, what);
	live[i] = live[--nr_live];
	first_byte = *(unsigned char *)memory;
	freed[frees++ % 16384] = memory;
	free(memory);
}

static unsigned long double_alloc_bulk(uintptr_t what, unsigned long n, void **objects)
{
	bulk_allocs++;
	if (fail_at)
		return fail_at = 0;
	for (unsigned long i = 0; i < n; i++)
		objects[i] = double_alloc(what);
	return n;
}

static void double_free_bulk(uintptr_t what, unsigned long n, void **objects)
{
	bulk_frees++;
	for (unsigned long i = 0; i < n; i++)
		double_free(objects[i], what);
}

static uintptr_t double_cache_create(unsigned int size)
{
	return size;
}

static void double_cache_destroy(uintptr_t cache)
{
	assert_int_equal(nr_live, 0);
	assert_int_equal(cache, 96);
	destroyed++;
}

static const struct subject_api api = {
	.alloc = double_alloc,
	.free = double_free,
	.alloc_bulk = double_alloc_bulk,
	.free_bulk = double_free_bulk,
};
static const struct subject subject = {
	.name = "double",
	.has_memory = true,
	.cache_create = double_cache_create,
	.cache_destroy = double_cache_destroy,
};

/* --- An arm and its workers --- */

static struct case_config config;
static struct bench_arm arm;
static struct bench_worker *workers;
static struct team team;

/* With these as the workload's first two parameters. */
static void begin(enum subject_family family, unsigned int cpus, unsigned long first,
		  unsigned long second)
{
	workload = (struct workload){.name = "double", .family = family};
	memset(&config, 0, sizeof(config));
	config.workload = &workload;
	config.workload_param[0] = first;
	config.workload_param[1] = second;
	config.arm[0].subject = &subject;
	workers = aligned_alloc(TEAM_LINE, WORKERS * sizeof(*workers));
	assert_non_null(workers);
	memset(workers, 0, WORKERS * sizeof(*workers));
	team = (struct team){.size = 1};
	arm = (struct bench_arm){
		.workload = &workload,
		.config = &config,
		.arm = &config.arm[0],
		.api = &api,
		.cpus = cpus,
		.workers = workers,
	};
	for (unsigned int i = 0; i < cpus; i++) {
		workers[i].arm = &arm;
		workers[i].team = &team;
		workers[i].slot = i;
		workers[i].alloc = double_alloc;
		workers[i].free = double_free;
		workers[i].writes = true;
		workers[i].objects = calloc(BENCH_OBJECTS, sizeof(void *));
		for (unsigned int m = 0; m < BENCH_METRICS_MAX; m++)
			workers[i].slice[m] = calloc(1, sizeof(struct histogram));
	}
	nr_live = allocs = frees = bulk_allocs = bulk_frees = fail_at = destroyed = 0;
}

static void end(void)
{
	assert_int_equal(nr_live, 0);
	assert_int_equal(allocs, frees);
	for (unsigned int i = 0; i < arm.cpus; i++) {
		free(workers[i].objects);
		for (unsigned int m = 0; m < BENCH_METRICS_MAX; m++)
			free(workers[i].slice[m]);
	}
	free(workers);
}

static unsigned long timed(unsigned int worker, unsigned int metric)
{
	return workers[worker].slice[metric]->n;
}

/* --- drive --- */

static void drive(unsigned int worker, unsigned int kind, unsigned int slot, unsigned int order,
		  uint32_t size)
{
	const struct bench_op op = {.kind = kind, .order = order, .slot = slot, .size = size};

	drive_work(&workers[worker], &op, 1);
}

/* A byte of each page, the last part of one included; and before the free, one. */
static void drive_touches_when_told(void **state)
{
	unsigned char *memory;

	(void)state;
	begin(SUBJECT_KMALLOC, 1, 0, 0);
	drive(0, DRIVE_ALLOC | DRIVE_TOUCH, 7, 0, 3 * PAGE + 1);
	memory = workers[0].objects[7];
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(memory[i * PAGE], 1);
	memory[0] = 0;
	drive(0, DRIVE_FREE | DRIVE_TOUCH, 7, 0, 3 * PAGE + 1);
	assert_int_equal(first_byte, 1);
	end();

	/* Not unasked, and not what is not there to be written to. */
	begin(SUBJECT_KMALLOC, 1, 0, 0);
	for (unsigned int touch = 0; touch <= DRIVE_TOUCH; touch += DRIVE_TOUCH) {
		drive(0, DRIVE_ALLOC | touch, 7, 0, PAGE);
		assert_int_equal(*(unsigned char *)workers[0].objects[7], 0);
		drive(0, DRIVE_FREE | touch, 7, 0, PAGE);
		assert_int_equal(first_byte, 0);
		workers[0].writes = false;
	}
	end();
}

/* What is asked for, whose slot it is, and that a free is told what the allocation was. */
static void drive_knows_each_familys_fields(void **state)
{
	(void)state;
	begin(SUBJECT_KMALLOC, 3, 0, 0);
	drive(0, DRIVE_ALLOC, 9, 2, 100);
	assert_non_null(workers[2].objects[9]);
	assert_int_equal(live[0].what, 100);
	/* Whoever frees it; an empty slot is nothing. */
	drive(1, DRIVE_FREE, 9, 2, 100);
	assert_null(workers[2].objects[9]);
	drive(1, DRIVE_FREE, 9, 2, 100);
	assert_int_equal(frees, 1);
	assert_int_equal(workers[1].ops, 1);
	end();

	begin(SUBJECT_PAGES, 3, 0, 0);
	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++) {
		drive(0, DRIVE_ALLOC | DRIVE_TOUCH, order, order, 1);
		assert_int_equal(live[order].what, order);
	}
	/* A block's order is its slot's to know. */
	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++)
		drive(0, DRIVE_FREE | DRIVE_TOUCH, order, 0, 1);
	assert_int_equal(frees, TRI_MAX_ORDER + 1);
	end();

	begin(SUBJECT_CACHE, 2, 96, 0);
	assert_int_equal(drive_cache_setup(&arm), 0);
	drive(0, DRIVE_ALLOC | DRIVE_TOUCH, 3, 1, 0);
	assert_int_equal(live[0].what, 96);
	drive(1, DRIVE_FREE, 3, 1, 0);
	drive_teardown(&arm);
	assert_int_equal(destroyed, 1);
	end();
}

/* An object that could not be had is counted, is waited for by nobody, and is no object. */
static void drive_goes_on_without(void **state)
{
	(void)state;
	begin(SUBJECT_KMALLOC, 2, 0, 0);
	fail_at = 1;
	drive(0, DRIVE_ALLOC | DRIVE_TOUCH, 5, 0, 64);
	assert_int_equal(workers[0].failed, 1);
	assert_int_equal(workers[0].ops, 1);
	drive(0, DRIVE_WRITE, 5, 4, 10);
	drive(1, DRIVE_TAKE | DRIVE_TOUCH, 5, 0, 64);
	assert_null(workers[0].objects[5]);
	assert_int_equal(frees, 0);
	drive(0, DRIVE_TOGGLE, 5, 0, 64);
	assert_int_equal(allocs, 1);
	drive(0, DRIVE_TOGGLE, 5, 0, 64);
	assert_int_equal(frees, 1);
	assert_int_equal(workers[0].failed, 1);
	end();
}

/* Operations are calls, those of a burst each; nothing else is one. */
static void drive_counts_calls(void **state)
{
	const struct bench_op ops[] = {
		{.kind = DRIVE_ALLOC | DRIVE_BURST, .slot = 10, .size = 64},
		{.kind = DRIVE_ALLOC, .slot = 20, .size = 64},
		{.kind = DRIVE_REST},
		{.kind = DRIVE_WRITE, .slot = 20, .order = 4, .size = 10},
		{.kind = DRIVE_SWAP, .slot = 20, .order = 1, .size = 30},
		{.kind = DRIVE_MEET},
	};

	(void)state;
	begin(SUBJECT_KMALLOC, 2, 0, 5);
	assert_int_equal(drive_burst_setup(&arm), 0);
	workers[0].timed = BENCH_TIMED;
	drive_work(&workers[0], ops, sizeof(ops) / sizeof(*ops));
	assert_int_equal(workers[0].ops, 6);
	assert_int_equal(allocs, 6);
	assert_int_equal(team.generation, 1);
	assert_int_equal(timed(0, METRIC_ALLOC), 6);
	assert_int_equal(timed(0, METRIC_FREE), 0);
	assert_int_equal(timed(0, DRIVE_METRIC_WRITE), 1);
	for (unsigned int i = 10; i < 15; i++)
		assert_non_null(workers[0].objects[i]);
	assert_null(workers[0].objects[15]);
	drive(0, DRIVE_FREE | DRIVE_BURST, 10, 0, 64);
	assert_int_equal(workers[0].ops, 5);
	assert_int_equal(timed(0, METRIC_FREE), 5);
	drive_teardown(&arm);
	end();
}

static void drive_writes_over_and_swaps(void **state)
{
	void *one, *other;

	(void)state;
	begin(SUBJECT_KMALLOC, 2, 0, 0);
	drive(0, DRIVE_ALLOC, 1, 0, 64);
	drive(1, DRIVE_ALLOC, 2, 1, 64);
	one = workers[0].objects[1];
	other = workers[1].objects[2];
	/* Ten stores over four bytes, on top of what is there. */
	drive(0, DRIVE_WRITE, 1, 4, 10);
	drive(0, DRIVE_WRITE, 1, 4, 1);
	assert_memory_equal(one, "\4\3\2\2\0", 5);
	drive(0, DRIVE_SWAP, 1, 1, 2);
	assert_ptr_equal(workers[0].objects[1], other);
	assert_ptr_equal(workers[1].objects[2], one);
	drive_teardown(&arm);
	end();
}

/* Whatever lives, up to the last slot of the last worker. */
static void drive_teardown_frees_all(void **state)
{
	(void)state;
	begin(SUBJECT_KMALLOC, 3, 0, 0);
	for (unsigned int i = 0; i < 3; i++) {
		drive(0, DRIVE_ALLOC, 0, i, 64);
		drive(0, DRIVE_ALLOC, BENCH_OBJECTS - 1, i, 64);
	}
	drive_teardown(&arm);
	assert_int_equal(frees, 6);
	end();
}

/* --- bulk --- */

static void bulk(unsigned int kind, unsigned int n)
{
	struct bench_op *ops = calloc(n, sizeof(*ops));

	for (unsigned int i = 0; i < n; i++)
		ops[i].kind = kind;
	arm.state[BULK_WHAT] = 64;
	bulk_work(&workers[0], ops, n);
	free(ops);
}

/* A whole batch a call, or one by one; timed as one. */
static void bulk_calls_are_whole_batches(void **state)
{
	(void)state;
	for (unsigned int kind = 0; kind < 4; kind++) {
		begin(SUBJECT_CACHE, 1, 8, 0);
		workers[0].timed = BENCH_TIMED;
		bulk(kind, 24);
		assert_int_equal(allocs, 24);
		assert_int_equal(bulk_allocs, kind & BULK_ALLOC_ONE ? 0 : 3);
		assert_int_equal(bulk_frees, kind & BULK_FREE_ONE ? 0 : 3);
		assert_int_equal(timed(0, METRIC_ALLOC), 3);
		assert_int_equal(timed(0, METRIC_FREE), 3);
		end();
		/* Of one: by the calls for one, unless it is to be done as a batch is. */
		begin(SUBJECT_CACHE, 1, 1, 0);
		workers[0].timed = BENCH_TIMED;
		bulk(kind, 24);
		assert_int_equal(allocs, 24);
		assert_int_equal(bulk_allocs, kind == BULK_FREE_ONE ? 24 : 0);
		assert_int_equal(bulk_frees, kind == BULK_ALLOC_ONE ? 24 : 0);
		assert_int_equal(timed(0, METRIC_FREE), 24);
		end();
	}
}

/* All of a batch, or none of it: what was had is given back, and all of it counts as failed. */
static void bulk_fails_by_batches(void **state)
{
	(void)state;
	for (unsigned int kind = 0; kind < 4; kind++) {
		begin(SUBJECT_CACHE, 1, 8, 0);
		fail_at = 5;
		bulk(kind, 24);
		assert_int_equal(workers[0].failed, 8);
		assert_int_equal(allocs, kind & BULK_ALLOC_ONE ? 4 + 16 : 16);
		end();
	}
	begin(SUBJECT_CACHE, 1, 1, 0);
	fail_at = 5;
	bulk(0, 24);
	assert_int_equal(workers[0].failed, 1);
	assert_int_equal(allocs, 23);
	end();
}

static unsigned long page_of(const void *object)
{
	return (uintptr_t)object / PAGE;
}

/* @nmatch 1: all of one page; 0: no two that follow each other; 4: each fourth with the first. */
static void bulk_scatters_over_pages(void **state)
{
	static void *seen[BULK_MOST];
	static bool there[65 * 64];
	const unsigned int batch = 32;
	/* Addresses are all that counts: 64 pages of 64 objects. */
	const uintptr_t base = 0x100000000;

	(void)state;
	for (unsigned int nmatch = 0; nmatch <= 4; nmatch += nmatch ? 3 : 1) {
		unsigned int objects = 0;

		begin(SUBJECT_CACHE, 1, batch, 0);
		for (unsigned int i = 0; i < 64 * 64; i++)
			bulk_pool_put(&workers[0], (void *)(base + i % 64 * PAGE + i / 64 * 64));
		for (unsigned int i = 0; i < batch; i++)
			workers[0].objects[i] = (void *)(base + 64 * PAGE + i * 64);
		bulk_scatter(&workers[0], batch, nmatch);
		assert_true(workers[0].excluded > 0);
		memcpy(seen, workers[0].objects, batch * sizeof(*seen));
		for (unsigned int i = 1; i < batch; i++) {
			if (nmatch == 1)
				assert_int_equal(page_of(seen[i]), page_of(seen[0]));
			else
				assert_int_not_equal(page_of(seen[i]), page_of(seen[i - 1]));
			if (nmatch && i % nmatch == 0)
				assert_int_equal(page_of(seen[i]), page_of(seen[0]));
		}
		/* None is lost, and none is there twice. */
		memset(there, 0, sizeof(there));
		for (unsigned int i = 0; i < batch; i++)
			bulk_pool_put(&workers[0], seen[i]);
		for (void *object; (object = bulk_pool_take(&workers[0], objects)); objects++) {
			unsigned long at = ((uintptr_t)object - base) / 64;

			assert_true(at < sizeof(there) && !there[at]);
			there[at] = true;
		}
		assert_int_equal(objects, 64 * 64 + batch);
		end();
	}
}

/* What is freed comes from the pool, and mixing it is no work. */
static void bulk_mixes_its_batches(void **state)
{
	void *object;

	(void)state;
	begin(SUBJECT_CACHE, 1, 8, 0);
	for (unsigned int i = 0; i < 64; i++)
		bulk_pool_put(&workers[0], double_alloc(64));
	bulk(BULK_SCATTER, 24);
	assert_true(workers[0].excluded > 0);
	assert_int_equal(frees, 24);
	assert_int_equal(nr_live, 64);
	while ((object = bulk_pool_take(&workers[0], 0)))
		double_free(object, 64);
	end();
}

/* More of one page than its stack holds. */
static void bulk_pool_flows_over(void **state)
{
	/* 16 pages of 3,875 objects: of 64,000 places nearly all, wherever pages' stacks are. */
	static bool back[62000];
	const uintptr_t base = 0x100000000;

	(void)state;
	begin(SUBJECT_CACHE, 1, 1, 0);
	for (uintptr_t i = 0; i < 62000; i++)
		bulk_pool_put(&workers[0], (void *)(base + i / 3875 * PAGE + i % 3875));
	for (unsigned int n = 0; n < 62000; n++) {
		uintptr_t at = (uintptr_t)bulk_pool_take(&workers[0], 15) - base;

		at = at / PAGE * 3875 + at % PAGE;
		assert_true(at < 62000 && !back[at]);
		back[at] = true;
	}
	assert_null(bulk_pool_take(&workers[0], 0));
	end();
}

/* --- ring --- */

static void ring(unsigned int worker, unsigned int n)
{
	struct bench_op *ops = calloc(n, sizeof(*ops));

	assert_int_equal(ring_generate(&workers[worker], ops, n), n);
	for (unsigned int i = 0; i < n; i++)
		assert_int_equal(ops[i].kind, worker % 2);
	/* As the harness counts, where work() does not say otherwise. */
	workers[worker].ops = n;
	ring_work(&workers[worker], ops, n);
	free(ops);
}

/* Pairs of workers, each with its ring; who is left over stands by. */
static void rings_pass_each_object_once(void **state)
{
	(void)state;
	begin(SUBJECT_KMALLOC, 4, 80, 300);
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int pair = 0; pair < 4; pair += 2) {
			/* Of 300 places the first power of two below. */
			ring(pair, 256);
			assert_int_equal(workers[pair].ops, 256);
			assert_null(workers[pair].objects[256]);
			assert_int_equal(nr_live, 256);
			ring(pair + 1, 256);
			assert_int_equal(workers[pair + 1].ops, 0);
			assert_int_equal(nr_live, 0);
		}
	}
	end();
	begin(SUBJECT_KMALLOC, 3, 80, 4);
	ring(2, 10);
	assert_int_equal(allocs, 0);
	assert_int_equal(workers[2].ops, 0);
	/* What could not be had is passed on as nothing. */
	fail_at = 2;
	ring(0, 4);
	assert_int_equal(workers[0].failed, 1);
	ring(1, 4);
	assert_int_equal(frees, 3);
	end();
	/* In turns a ring is filled, and no more than there is to do. */
	begin(SUBJECT_KMALLOC, 2, 80, 256);
	team.turns = true;
	ring(0, 100);
	assert_int_equal(allocs, 100);
	team.turns = false;
	ring(1, 100);
	end();
}

/* --- blocks --- */

static void live_once(unsigned int kind, unsigned int lives)
{
	struct bench_op ops[4];

	assert_int_equal(blocks_generate(&workers[0], ops, lives * 6 + 5, kind), lives);
	for (unsigned int i = 1; i < lives; i++)
		assert_int_equal(ops[i].slot - ops[0].slot, kind & BLOCKS_SHUFFLE ? i : 0);
	blocks_work(&workers[0], ops, lives);
	assert_int_equal(workers[0].ops, lives * 6);
}

static void blocks_live_and_are_freed(void **state)
{
	(void)state;
	begin(SUBJECT_PAGES, 1, 6, 2);
	assert_int_equal(blocks_setup(&arm), 0);
	assert_int_equal(blocks_exact_ops(&arm) % 6, 0);
	assert_in_range(blocks_exact_ops(&arm), BENCH_OPS_MAX, BENCH_OPS_MAX + 5);
	/* Timed as a run, with the number of its blocks. */
	live_once(BLOCKS_APART, 2);
	assert_int_equal(allocs, 12);
	assert_int_equal(frees, 12);
	assert_int_equal(workers[0].run_ops[METRIC_ALLOC], 12);
	assert_int_equal(workers[0].run_ops[METRIC_FREE], 12);
	live_once(0, 1);
	assert_int_equal(workers[0].run_ops[METRIC_ALLOC], 12);
	/* Each life is mixed anew. */
	live_once(BLOCKS_SHUFFLE, 2);
	/* Or each. */
	workers[0].timed = BENCH_TIMED;
	live_once(BLOCKS_APART, 1);
	assert_int_equal(workers[0].run_ops[METRIC_ALLOC], 12);
	assert_int_equal(timed(0, METRIC_ALLOC), 6);
	assert_int_equal(timed(0, METRIC_FREE), 6);
	/* Meeting before each half; and one that could not be had. */
	fail_at = 3;
	live_once(BLOCKS_MEET, 1);
	assert_int_equal(workers[0].failed, 1);
	assert_int_equal(team.generation, 2 + 2);
	blocks_teardown(&arm);
	assert_int_equal(frees, 12 + 6 + 12 + 6 + 5);
	end();
}

/* Each worker's are its own, until one of them mixes all. */
static void blocks_of_workers_are_apart(void **state)
{
	struct bench_op op = {0};

	(void)state;
	begin(SUBJECT_PAGES, 2, 6, 2);
	assert_int_equal(blocks_setup(&arm), 0);
	assert_int_equal(blocks_fill_all(&arm), 0);
	assert_int_equal(allocs, 12);
	memset(blocks_table(&arm), 0, 6 * sizeof(void *));
	for (unsigned int i = 0; i < 6; i++)
		free(live[i].memory), frees++;
	memmove(live, live + 6, 6 * sizeof(*live));
	nr_live = 6;
	/* The first worker's again: the other's stay. */
	blocks_work(&workers[0], &op, 1);
	assert_int_equal(nr_live, 6);
	/* What teardown finds in the table it frees; a table that could not be filled, too. */
	blocks_teardown(&arm);
	end();
	begin(SUBJECT_PAGES, 2, 6, 2);
	assert_int_equal(blocks_setup(&arm), 0);
	fail_at = 9;
	assert_int_equal(blocks_fill_all(&arm), -ENOMEM);
	assert_int_equal(allocs, 8);
	blocks_teardown(&arm);
	end();
}

/* In another order each time, by the first worker alone, and no time of the work's. */
static void blocks_are_mixed(void **state)
{
	void *order[4][64];

	(void)state;
	begin(SUBJECT_PAGES, 1, 64, 0);
	assert_int_equal(blocks_setup(&arm), 0);
	for (unsigned int round = 0; round < 4; round++) {
		struct bench_op op = {.kind = BLOCKS_SHUFFLE, .slot = round & 1};

		workers[0].excluded = 0;
		workers[0].slot = round == 3;
		arm.state[BLOCKS_COUNT] = round == 3 ? 0 : 64;
		blocks_work(&workers[0], &op, 1);
		assert_int_equal(workers[0].excluded > 0, round < 3);
		assert_int_equal(team.generation, round + 1);
	}
	workers[0].slot = 0;
	arm.state[BLOCKS_COUNT] = 64;
	blocks_teardown(&arm);
	end();

	/* The same numbers by the same seed; no place keeps its own more often than by chance. */
	for (unsigned int seed = 0; seed < 4; seed++) {
		struct bench_random random;
		unsigned int kept = 0;
		uint64_t all = 0;

		for (uintptr_t i = 0; i < 64; i++)
			order[seed][i] = (void *)i;
		bench_random_seed(&random, 1 + seed % 2, 0);
		blocks_shuffle(&random, order[seed], 64, 64);
		for (uintptr_t i = 0; i < 64; i++) {
			kept += order[seed][i] == (void *)i;
			all |= 1UL << (uintptr_t)order[seed][i];
		}
		assert_true(kept < 8);
		assert_true(all == ~0UL);
	}
	assert_memory_equal(order[0], order[2], sizeof(order[0]));
	assert_memory_not_equal(order[0], order[1], sizeof(order[0]));
}

/* All workers' blocks together. */
static void blocks_say_what_is_too_much(void **state)
{
	struct host_info host;

	(void)state;
	host_info_read(&host);
	begin(SUBJECT_PAGES, 1, host.memory / 16 * 10 / PAGE, 0);
	for (unsigned int cpus = 1; cpus <= 2; cpus++) {
		config.param[BENCH_PARAM_cpus] = cpus;
		assert_int_equal(!blocks_obstacle(&config), cpus == 1);
	}
	end();
}

static void pairs_count_what_fails(void **state)
{
	struct bench_op ops[10];

	(void)state;
	begin(SUBJECT_PAGES, 1, 3, 0);
	assert_int_equal(blocks_pair_generate(&workers[0], ops, 10), 10);
	workers[0].timed = BENCH_TIMED;
	fail_at = 10;
	blocks_pair_work(&workers[0], ops, 10);
	assert_int_equal(workers[0].failed, 1);
	assert_int_equal(allocs, 9);
	assert_int_equal(timed(0, METRIC_ALLOC), 10);
	assert_int_equal(timed(0, METRIC_FREE), 9);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drive_touches_when_told),
		cmocka_unit_test(drive_knows_each_familys_fields),
		cmocka_unit_test(drive_goes_on_without),
		cmocka_unit_test(drive_counts_calls),
		cmocka_unit_test(drive_writes_over_and_swaps),
		cmocka_unit_test(drive_teardown_frees_all),
		cmocka_unit_test(bulk_calls_are_whole_batches),
		cmocka_unit_test(bulk_fails_by_batches),
		cmocka_unit_test(bulk_scatters_over_pages),
		cmocka_unit_test(bulk_mixes_its_batches),
		cmocka_unit_test(bulk_pool_flows_over),
		cmocka_unit_test(rings_pass_each_object_once),
		cmocka_unit_test(blocks_live_and_are_freed),
		cmocka_unit_test(blocks_of_workers_are_apart),
		cmocka_unit_test(blocks_are_mixed),
		cmocka_unit_test(blocks_say_what_is_too_much),
		cmocka_unit_test(pairs_count_what_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
