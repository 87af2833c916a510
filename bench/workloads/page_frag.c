/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_frag.c - LLFree's frag: memory is filled to fill= per cent with blocks of order=, half of
 * them, chosen at random, given back; then, iteration by iteration, realloc= per cent of the others
 * are given back at random and as many allocated. Does free memory come together again? After
 * linux-alloc-bench, alloc.c (3788f9b): all workers free, meet, allocate. One operation is a block
 * given back and another one allocated; the exact phase is 100 iterations.
 *
 * What is followed: 2 MiB blocks that could be had; pages of the workload's that would have to
 * move for as many as the free memory has room for, from where they are fewest; and Linux's two
 * indices for an order of 9, in thousandths (mm/vmstat.c): of free memory, how much lies in
 * smaller blocks; and, -1000 while there is such a block, else how far its lack is fragmentation's
 * fault (1000) and not too little memory's (0).
 */
#include "blocks.h"

enum { FILL, ORDER, REALLOC };

#define HUGE_ORDER  9U
#define HUGE_FRAMES (1UL << HUGE_ORDER)
#define ITERATIONS  100

static const struct workload_param params[] = {
	{"fill", "%", "of memory, before half of that is given back at random", 90, 10, 95},
	{"order", "", "blocks of 2^order pages", 0, 0, HUGE_ORDER - 1},
	{"realloc", "%", "of the blocks, given back and allocated anew in an iteration", 10, 1,
	 100},
	{0},
};

enum { FREE_2M = TRI_PAGE_SLOW + 1, TO_MOVE, UNUSABLE };
static const struct workload_count counts[] = {
	LEVEL_COUNTS,
	[FREE_2M] = {"free_2M_end", "blocks", TRI_BETTER_HIGHER},
	[TO_MOVE] = {"to_move_end", "pages", TRI_BETTER_LOWER},
	[UNUSABLE] = {"unusable_2M_end", "per mille", TRI_BETTER_LOWER},
	{0},
};

static const struct workload_count series[] = {
	{"free_2M", "blocks", TRI_BETTER_HIGHER},
	{"to_move", "pages", TRI_BETTER_LOWER},
	{"unusable_2M", "per mille", TRI_BETTER_LOWER},
	{"extfrag_2M", "per mille", TRI_BETTER_LOWER},
	{0},
};

static int setup(struct bench_arm *arm)
{
	unsigned int order = bench_value(arm, ORDER);
	unsigned long each, n;
	struct bench_random random;
	struct tri_status status;
	int error;

	arm->calls->status_read(arm->core, &status);
	each = (status.frames * bench_value(arm, FILL) / 100 / arm->cpus >> order) ?: 1;
	n = each * arm->cpus;
	error = blocks_take(arm, order, each);
	if (!error)
		error = blocks_fill_all(arm);
	if (error)
		return error;
	bench_random_seed(&random, arm->config->param[BENCH_PARAM_seed], TRI_MAX_CPUS);
	blocks_shuffle(&random, blocks_table(arm), n, n);
	arm->state[BLOCKS_COUNT] = (each + 1) / 2;
	for (unsigned long i = arm->state[BLOCKS_COUNT] * arm->cpus; i < n; i++) {
		arm->api->free(blocks_table(arm)[i], order);
		blocks_table(arm)[i] = NULL;
	}
	return 0;
}

/* A worker's blocks in an iteration. */
static unsigned int some(const struct bench_arm *arm)
{
	return arm->state[BLOCKS_COUNT] * bench_value(arm, REALLOC) / 100 ?: 1;
}

/* An iteration each; size is where its choice of blocks begins. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	n = n / some(worker->arm) ?: 1;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.order = bench_value(worker->arm, ORDER),
					   .size = bench_random(&worker->random)};
	return n;
}

/* The 2 MiB that a block of the table lies in. */
static unsigned long area_of(const void *block)
{
	return plat_ptr_to_pfn(block) / HUGE_FRAMES;
}

/*
 * Pages to move: free memory has room for so many 2 MiB blocks, made of those where the workload
 * holds least. @areas: first how many hold 0, 1 ... 512 of its pages, then what each holds.
 */
static unsigned long count_moves(struct bench_arm *arm, const struct tri_status *status,
				 uint32_t *areas, unsigned long lowest)
{
	unsigned long n = arm->state[BLOCKS_COUNT] * arm->cpus, moves = 0;
	unsigned long want = status->frames_free / HUGE_FRAMES;
	uint32_t *of = areas + HUGE_FRAMES + 1 - lowest;

	areas[0] = status->frames / HUGE_FRAMES;
	for (unsigned long i = 0; i < n; i++) {
		uint32_t *held = &of[area_of(blocks_table(arm)[i])];

		areas[*held]--;
		*held += 1U << arm->state[BLOCKS_SIZE];
		areas[*held]++;
	}
	for (unsigned long pages = 0; pages <= HUGE_FRAMES && want; pages++) {
		unsigned long taken = areas[pages] < want ? areas[pages] : want;

		moves += taken * pages;
		want -= taken;
	}
	return moves;
}

static unsigned long pages_to_move(struct bench_arm *arm)
{
	unsigned long n = arm->state[BLOCKS_COUNT] * arm->cpus, lowest = ~0UL, highest = 0;
	struct tri_status status;
	unsigned long moves;
	size_t bytes;
	uint32_t *areas;

	for (unsigned long i = 0; i < n; i++) {
		unsigned long area = area_of(blocks_table(arm)[i]);

		lowest = area < lowest ? area : lowest;
		highest = area > highest ? area : highest;
	}
	bytes = (HUGE_FRAMES + 1 + highest - lowest + 1) * sizeof(*areas);
	areas = host_scratch_alloc(bytes);
	if (!areas)
		return 0;
	arm->calls->status_read(arm->core, &status);
	moves = count_moves(arm, &status, areas, lowest);
	host_scratch_free(areas, bytes);
	return moves;
}

/* As mm/vmstat.c computes them; see the head. */
static void read_indices(const struct bench_arm *arm, int64_t *huge, int64_t *unusable,
			 int64_t *index)
{
	unsigned long count[TRI_MAX_ORDER + 1], blocks = 0, pages = 0, large = 0;

	arm->calls->free_blocks_read(arm->core, count);
	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++) {
		blocks += count[order];
		pages += count[order] << order;
		if (order >= HUGE_ORDER)
			large += count[order] << (order - HUGE_ORDER);
	}
	*huge = large;
	*unusable = pages ? (pages - large * HUGE_FRAMES) * 1000 / pages : 1000;
	if (large || !blocks)
		*index = large ? -1000 : 0;
	else
		*index = 1000 - (int64_t)((1000 + pages * 1000 / HUGE_FRAMES) / blocks);
}

static void follow(struct bench_worker *worker)
{
	struct bench_arm *arm = worker->arm;
	int64_t values[WORKLOAD_SERIES_MAX];

	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_CLOSE);
	read_indices(arm, &values[0], &values[2], &values[3]);
	values[1] = pages_to_move(arm);
	bench_point(arm, values);
	for (unsigned int i = FREE_2M; i <= UNUSABLE; i++)
		worker->count[i] = values[i - FREE_2M];
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_OPEN);
}

/* On slot 0, with nobody else at work. */
static void follow_if_exact(struct bench_worker *worker)
{
	if (!worker->exact)
		return;
	bench_barrier(worker);
	if (!worker->slot)
		follow(worker);
	bench_barrier(worker);
}

static void iterate(struct bench_worker *worker, const struct bench_op *op)
{
	struct bench_arm *arm = worker->arm;
	unsigned long own = arm->state[BLOCKS_COUNT], n = some(arm);
	void **blocks = blocks_table(arm) + worker->slot * own;
	uint64_t start = plat_ticks();
	struct bench_random random;

	bench_random_seed(&random, op->size, worker->slot);
	blocks_shuffle(&random, blocks, own, n);
	worker->excluded += plat_ticks() - start;
	blocks_free(worker, blocks, n, worker->timed);
	bench_barrier(worker);
	blocks_alloc(worker, blocks, n, worker->timed);
	follow_if_exact(worker);
}

static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	if (!worker->arm->points)
		follow_if_exact(worker);
	for (unsigned int i = 0; i < n; i++)
		iterate(worker, &ops[i]);
	worker->ops = n * some(worker->arm);
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	return ITERATIONS * some(arm);
}

const struct workload workload_page_frag = {
	.name = "page-frag",
	.about = "memory half full at random, a tenth replaced again and again: do 2 MiB blocks "
		 "come back?",
	.origin = "LLFree, bench frag",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.needs_core = true,
	.metrics = bench_metrics_alloc_free,
	.counts = counts,
	.series = series,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = blocks_teardown,
};
