/* SPDX-License-Identifier: GPL-2.0-only */
/* blocks.c - see blocks.h. */
#include "blocks.h"

const struct workload_count blocks_counts[] = {LEVEL_COUNTS, {0}};

/* A worker's share of half the memory in blocks of @order; 1 at least. */
static unsigned long half(unsigned int order, unsigned int workers)
{
	struct host_info host;

	host_info_read(&host);
	return (host.memory / TRI_PAGE_SIZE / 2 / workers >> order) ?: 1;
}

int blocks_take(struct bench_arm *arm, unsigned int order, unsigned long each)
{
	unsigned long bytes = each * arm->cpus * sizeof(void *);
	void *memory = host_scratch_alloc(bytes);

	arm->state[BLOCKS_AT] = (uintptr_t)memory;
	arm->state[BLOCKS_COUNT] = each;
	arm->state[BLOCKS_SIZE] = order;
	arm->state[BLOCKS_BYTES] = bytes;
	return memory ? 0 : -ENOMEM;
}

const char *blocks_obstacle(const struct case_config *config)
{
	unsigned long bytes = config->workload_param[BLOCKS_EACH] * TRI_PAGE_SIZE
			      << config->workload_param[BLOCKS_ORDER];
	struct host_info host;

	host_info_read(&host);
	if (bytes * config->param[BENCH_PARAM_cpus] <= host.memory / 16 * 15)
		return NULL;
	return "needs more memory than there is for so many blocks at once: raise memory=";
}

int blocks_setup(struct bench_arm *arm)
{
	unsigned long each = bench_value(arm, BLOCKS_EACH);
	unsigned int order = bench_value(arm, BLOCKS_ORDER);

	return blocks_take(arm, order, each ?: half(order, arm->cpus));
}

int blocks_fill_all(struct bench_arm *arm)
{
	void **table = blocks_table(arm), **end = table + arm->state[BLOCKS_COUNT] * arm->cpus;

	for (; table < end; table++) {
		*table = arm->api->alloc(arm->state[BLOCKS_SIZE]);
		if (!*table)
			return -ENOMEM;
	}
	return 0;
}

int blocks_keep_half(struct bench_arm *arm, unsigned int order)
{
	int error = blocks_take(arm, order, half(order, arm->cpus));

	return error ? error : blocks_fill_all(arm);
}

void blocks_teardown(struct bench_arm *arm)
{
	unsigned long bytes = arm->state[BLOCKS_BYTES];
	void **table = blocks_table(arm);

	for (unsigned long i = 0; table && i < bytes / sizeof(void *); i++)
		if (table[i])
			arm->api->free(table[i], arm->state[BLOCKS_SIZE]);
	if (table)
		host_scratch_free(table, bytes);
	arm->state[BLOCKS_AT] = 0;
}

/* Before there is an arm to have a table, for the digest, a life is any number of blocks. */
unsigned int blocks_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n,
			     unsigned int kind)
{
	struct bench_op each = {.kind = kind,
				.order = bench_value(worker->arm, BLOCKS_ORDER),
				.size = bench_value(worker->arm, BLOCKS_EACH)};

	n = n / (worker->arm->state[BLOCKS_COUNT] ?: 1) ?: 1;
	for (unsigned int i = 0; i < n; i++) {
		ops[i] = each;
		/* The same on every worker: they mix one table. */
		if (kind & BLOCKS_SHUFFLE)
			ops[i].slot = worker->state[0]++;
	}
	return n;
}

void blocks_shuffle(struct bench_random *random, void **blocks, unsigned long n,
		    unsigned long first)
{
	for (unsigned long i = 0; i < first && i + 1 < n; i++) {
		void **other = &blocks[i + bench_random_below(random, n - i)], *memory = *other;

		*other = blocks[i];
		blocks[i] = memory;
	}
}

/* By worker 0 for all, as LLFree does; none of it is the work's. */
static void shuffle(struct bench_worker *worker, unsigned int round)
{
	const struct bench_arm *arm = worker->arm;
	unsigned long n = arm->state[BLOCKS_COUNT] * arm->cpus;
	uint64_t start = plat_ticks();
	struct bench_random random;

	bench_random_seed(&random, arm->config->param[BENCH_PARAM_seed], TRI_MAX_CPUS + round);
	blocks_shuffle(&random, blocks_table(arm), n, n);
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
void blocks_alloc(struct bench_worker *worker, void **blocks, unsigned int n,
		  enum bench_timing apart)
{
	unsigned int order = worker->arm->state[BLOCKS_SIZE];
	uint64_t start = bench_run_begin(apart);

	if (worker->timed == BENCH_MARKED)
		fill_as(worker, blocks, order, n, BENCH_MARKED, true);
	else if (worker->exact)
		fill_as(worker, blocks, order, n, BENCH_UNTIMED, true);
	else if (worker->timed)
		fill_as(worker, blocks, order, n, BENCH_TIMED, false);
	else
		fill_as(worker, blocks, order, n, BENCH_UNTIMED, false);
	bench_run_end(worker, METRIC_ALLOC, start, n, apart);
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

void blocks_free(struct bench_worker *worker, void **blocks, unsigned int n,
		 enum bench_timing apart)
{
	unsigned int order = worker->arm->state[BLOCKS_SIZE];
	uint64_t start = bench_run_begin(apart);

	if (worker->timed == BENCH_MARKED)
		drain_as(worker, blocks, order, n, BENCH_MARKED);
	else if (worker->timed)
		drain_as(worker, blocks, order, n, BENCH_TIMED);
	else
		drain_as(worker, blocks, order, n, BENCH_UNTIMED);
	bench_run_end(worker, METRIC_FREE, start, n, apart);
}

static void live(struct bench_worker *worker, const struct bench_op *op)
{
	enum bench_timing apart = op->kind & BLOCKS_APART ? worker->timed : BENCH_TIMED;
	unsigned int each = worker->arm->state[BLOCKS_COUNT];
	void **blocks = blocks_table(worker->arm) + (unsigned long)worker->slot * each;

	if (op->kind & BLOCKS_MEET)
		bench_barrier(worker);
	blocks_alloc(worker, blocks, each, apart);
	if (op->kind & BLOCKS_MEET)
		bench_barrier(worker);
	if (op->kind & BLOCKS_SHUFFLE)
		mix(worker, op->slot);
	blocks_free(worker, blocks, each, apart);
}

void blocks_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		live(worker, &ops[i]);
	worker->ops = n * worker->arm->state[BLOCKS_COUNT];
}

unsigned long blocks_exact_ops(const struct bench_arm *arm)
{
	unsigned long each = arm->state[BLOCKS_COUNT];

	return (BENCH_OPS_MAX + each - 1) / each * each;
}

void blocks_hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, BLOCKS_ORDER), bench_value(arm, BLOCKS_ORDER), out);
}
