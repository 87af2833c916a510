/* SPDX-License-Identifier: GPL-2.0-only */
/* blocks.c - see blocks.h. */
#include "blocks.h"

/* In arm->state: the table, of each worker's part of it the length, and its blocks' order. */
enum { TABLE, EACH, ORDER };

const struct workload_count blocks_counts[] = {LEVEL_COUNTS, {0}};

static void **table(const struct bench_arm *arm)
{
	return (void **)(uintptr_t)arm->state[TABLE];
}

/* A worker's share of half the memory in blocks of @order; 1 at least. */
static unsigned long half(unsigned int order, unsigned int workers)
{
	struct host_info host;

	host_info_read(&host);
	return (host.memory / TRI_PAGE_SIZE / 2 / workers >> order) ?: 1;
}

static int table_take(struct bench_arm *arm, unsigned int order, unsigned long each)
{
	void *memory = host_scratch_alloc(each * arm->cpus * sizeof(void *));

	arm->state[TABLE] = (uintptr_t)memory;
	arm->state[EACH] = each;
	arm->state[ORDER] = order;
	return memory ? 0 : -ENOMEM;
}

int blocks_setup(struct bench_arm *arm)
{
	unsigned long each = bench_value(arm, BLOCKS_EACH);
	unsigned int order = bench_value(arm, BLOCKS_ORDER);

	return table_take(arm, order, each ?: half(order, arm->cpus));
}

int blocks_keep_half(struct bench_arm *arm, unsigned int order)
{
	unsigned long each = half(order, arm->cpus);
	int error = table_take(arm, order, each);

	for (unsigned long i = 0; !error && i < each * arm->cpus; i++) {
		table(arm)[i] = arm->api->alloc(order);
		if (!table(arm)[i])
			error = -ENOMEM;
	}
	return error;
}

void blocks_teardown(struct bench_arm *arm)
{
	unsigned long n = arm->state[EACH] * arm->cpus;

	for (unsigned long i = 0; table(arm) && i < n; i++)
		if (table(arm)[i])
			arm->api->free(table(arm)[i], arm->state[ORDER]);
	if (table(arm))
		host_scratch_free(table(arm), n * sizeof(void *));
	arm->state[TABLE] = 0;
}

/* Before there is an arm to have a table, for the digest, a life is any number of blocks. */
unsigned int blocks_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n,
			     unsigned int kind)
{
	struct bench_op each = {.kind = kind,
				.order = bench_value(worker->arm, BLOCKS_ORDER),
				.size = bench_value(worker->arm, BLOCKS_EACH)};

	n = n / (worker->arm->state[EACH] ?: 1) ?: 1;
	for (unsigned int i = 0; i < n; i++) {
		ops[i] = each;
		/* The same on every worker: they mix one table. */
		if (kind & BLOCKS_SHUFFLE)
			ops[i].slot = worker->state[0]++;
	}
	return n;
}

/* Fisher-Yates, by worker 0 for all, as LLFree does; none of it is the work's. */
static void shuffle(struct bench_worker *worker, unsigned int round)
{
	const struct bench_arm *arm = worker->arm;
	uint64_t start = plat_ticks();
	struct bench_random random;

	bench_random_seed(&random, arm->config->param[BENCH_PARAM_seed], TRI_MAX_CPUS + round);
	for (unsigned long i = arm->state[EACH] * arm->cpus; i > 1; i--) {
		void **one = &table(arm)[i - 1],
		     **other = table(arm) + bench_random_below(&random, i);
		void *memory = *one;

		*one = *other;
		*other = memory;
	}
	worker->excluded += plat_ticks() - start;
}

static void mix(struct bench_worker *worker, unsigned int round)
{
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_CLOSE);
	if (!worker->slot)
		shuffle(worker, round);
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_OPEN);
	bench_barrier(worker);
}

BENCH_INLINE void fill_as(struct bench_worker *worker, void **blocks, unsigned int order,
			  unsigned int n, const enum bench_timing timed, const bool exact)
{
	for (unsigned int i = 0; i < n; i++) {
		blocks[i] = bench_alloc(worker, METRIC_ALLOC, order, timed);
		worker->failed += !blocks[i];
		if (exact && blocks[i])
			levels_count(worker);
	}
}

/* How is asked once for all @n. */
static void fill(struct bench_worker *worker, void **blocks, unsigned int order, unsigned int n)
{
	if (worker->timed == BENCH_MARKED)
		fill_as(worker, blocks, order, n, BENCH_MARKED, true);
	else if (worker->exact)
		fill_as(worker, blocks, order, n, BENCH_UNTIMED, true);
	else if (worker->timed)
		fill_as(worker, blocks, order, n, BENCH_TIMED, false);
	else
		fill_as(worker, blocks, order, n, BENCH_UNTIMED, false);
}

BENCH_INLINE void drain_as(struct bench_worker *worker, void **blocks, unsigned int order,
			   unsigned int n, const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++) {
		if (blocks[i])
			bench_free(worker, METRIC_FREE, blocks[i], order, timed);
		blocks[i] = NULL;
	}
}

static void drain(struct bench_worker *worker, void **blocks, unsigned int order, unsigned int n)
{
	if (worker->timed == BENCH_MARKED)
		drain_as(worker, blocks, order, n, BENCH_MARKED);
	else if (worker->timed)
		drain_as(worker, blocks, order, n, BENCH_TIMED);
	else
		drain_as(worker, blocks, order, n, BENCH_UNTIMED);
}

static void live(struct bench_worker *worker, const struct bench_op *op)
{
	enum bench_timing timed = op->kind & BLOCKS_APART ? worker->timed : BENCH_TIMED;
	unsigned int each = worker->arm->state[EACH];
	void **blocks = table(worker->arm) + (unsigned long)worker->slot * each;
	uint64_t start;

	if (op->kind & BLOCKS_MEET)
		bench_barrier(worker);
	start = bench_run_begin(timed);
	fill(worker, blocks, op->order, each);
	bench_run_end(worker, METRIC_ALLOC, start, each, timed);
	if (op->kind & BLOCKS_MEET)
		bench_barrier(worker);
	if (op->kind & BLOCKS_SHUFFLE)
		mix(worker, op->slot);
	start = bench_run_begin(timed);
	drain(worker, blocks, op->order, each);
	bench_run_end(worker, METRIC_FREE, start, each, timed);
}

void blocks_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		live(worker, &ops[i]);
	worker->ops = n * worker->arm->state[EACH];
}

unsigned long blocks_exact_ops(const struct bench_arm *arm)
{
	unsigned long each = arm->state[EACH];

	return (BENCH_OPS_MAX + each - 1) / each * each;
}

void blocks_hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, BLOCKS_ORDER), bench_value(arm, BLOCKS_ORDER), out);
}
