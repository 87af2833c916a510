/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * blocks.h - page workloads in which a worker allocates many blocks of pages, then frees them all:
 * in which order, how many at a time, and whether together with the others, is what tells them
 * apart. One operation is the life of one block. Unless every operation is timed alone, what all
 * allocations of a worker took is told apart from what all frees took: alloc.mean, free.mean.
 */
#ifndef BENCH_BLOCKS_H
#define BENCH_BLOCKS_H

#include "hold.h"
#include "levels.h"

/* The places of their first two parameters. */
enum { BLOCKS_EACH, BLOCKS_ORDER };
#define BLOCKS_ORDER_PARAM                                                  \
	{                                                                   \
		"order", "", "blocks of 2^order pages", 0, 0, TRI_MAX_ORDER \
	}
/* LLFree's relation, eval/src/bin/bench.rs: half of the memory, a CPU's share of it. */
#define BLOCKS_HALF_PARAM                                                                       \
	{                                                                                       \
		"each", "blocks", "blocks each worker holds; 0: its part of memory= / 2", 0, 0, \
			1UL << 24                                                               \
	}

/* Of an operation: what comes with the lives of blocks. */
enum {
	BLOCKS_APART = 1,   /* time allocations and frees apart */
	BLOCKS_MEET = 2,    /* all workers begin to allocate, and to free, together */
	BLOCKS_SHUFFLE = 4, /* free what others allocated, all mixed */
};

/* In arm->state: the table of blocks; each worker's part of it; the blocks' order; its length. */
enum { BLOCKS_AT, BLOCKS_COUNT, BLOCKS_SIZE, BLOCKS_BYTES };

static inline void **blocks_table(const struct bench_arm *arm)
{
	return (void **)(uintptr_t)arm->state[BLOCKS_AT];
}

/* The table, empty: @each blocks of @order for each worker; -ENOMEM. */
int blocks_take(struct bench_arm *arm, unsigned int order, unsigned long each);
/* On slot 0, untimed: all of its blocks; -ENOMEM, and what there is stays. */
int blocks_fill_all(struct bench_arm *arm);
/* Each of the @first among all @n equally likely, in each place (Fisher-Yates). */
void blocks_shuffle(struct bench_random *random, void **blocks, unsigned long n,
		    unsigned long first);
/*
 * Allocate @n of the table's blocks, free them, by worker->timed and counting levels; as a run if
 * @apart is BENCH_UNTIMED.
 */
void blocks_alloc(struct bench_worker *worker, void **blocks, unsigned int n,
		  enum bench_timing apart);
void blocks_free(struct bench_worker *worker, void **blocks, unsigned int n,
		 enum bench_timing apart);

/* More than memory= has, less what the core itself takes? Why that can't be run, or NULL. */
const char *blocks_obstacle(const struct case_config *config);

/* A table of the blocks, all workers'; -ENOMEM. teardown() frees what is in it, and it. */
int blocks_setup(struct bench_arm *arm);
/* Instead: half of the memory, in blocks of @order, held from setup() to teardown(). */
int blocks_keep_half(struct bench_arm *arm, unsigned int order);
void blocks_teardown(struct bench_arm *arm);

/* @kind: of the flags above. Whole lives of all of a worker's blocks. */
unsigned int blocks_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n,
			     unsigned int kind);
void blocks_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);
unsigned long blocks_exact_ops(const struct bench_arm *arm);
void blocks_hold(struct bench_arm *arm, struct bench_hold *out);
extern const struct workload_count blocks_counts[];

/*
 * blocks_pair.c: a block is freed as soon as it is allocated. The order is the first parameter,
 * and what blocks_pair_generate() makes alike.
 */
enum { BLOCKS_PAIR_ORDER };
unsigned int blocks_pair_generate(struct bench_worker *worker, struct bench_op *ops,
				  unsigned int n);
void blocks_pair_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);
void blocks_pair_hold(struct bench_arm *arm, struct bench_hold *out);

#endif /* BENCH_BLOCKS_H */
