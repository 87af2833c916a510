/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fragment.c - memory filled to fill= per cent, half of that, chosen at random, given back:
 * which sizes can still be had? Every operation asks for TRIES objects of one size, by kmalloc,
 * which needs each in one piece, or by kvmalloc, which does not, and gives them back. Failing
 * is no failure here but what is counted. size is in bytes.
 */
#include "fragmented.h"

enum { FILL };
enum { BY_KMALLOC, BY_KVMALLOC, WAYS };

#define TRIES	 16
#define SMALLEST (2 * TRI_PAGE_SIZE) /* the first that needs neighbours */
#define SIZES	 10		     /* doubling, to 4 MiB */

static const char *const metrics[] = {"kmalloc", "kvmalloc", NULL};

static const struct workload_param params[] = {
	{"fill", "%", "of memory, before half of that is given back at random", 90, 10, 95},
	{0},
};

/* In the order of operations: way by way within a size. */
#define COUNTS(size)                                            \
	{"kmalloc_" #size, "objects", TRI_BETTER_HIGHER},       \
	{                                                       \
		"kvmalloc_" #size, "objects", TRI_BETTER_HIGHER \
	}
static const struct workload_count counts[] = {
	COUNTS(8K),   COUNTS(16K), COUNTS(32K), COUNTS(64K), COUNTS(128K), COUNTS(256K),
	COUNTS(512K), COUNTS(1M),  COUNTS(2M),	COUNTS(4M),  {0},
};
_Static_assert(sizeof(counts) / sizeof(counts[0]) == WAYS * SIZES + 1, "a name for each");

static int setup(struct bench_arm *arm)
{
	return fragmented_setup(arm, bench_value(arm, FILL));
}

/* All ways and sizes in turn; state[0] is where the stream stands. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		unsigned int which = worker->state[0]++ % (WAYS * SIZES);

		ops[i] = (struct bench_op){
			.kind = which % WAYS, .slot = which, .size = SMALLEST << which / WAYS};
	}
	return n;
}

BENCH_INLINE void try_one(struct bench_worker *worker, const struct bench_op *op,
			  const enum bench_timing timed)
{
	const struct subject *subject = worker->arm->arm->subject;
	const struct subject_api *api =
		subject->api[op->kind == BY_KMALLOC ? SUBJECT_KMALLOC : SUBJECT_KVMALLOC];
	unsigned int n = 0;

	while (n < TRIES) {
		uint64_t start = bench_begin(op->kind, timed);
		void *memory = api->alloc(op->size);

		bench_end(worker, op->kind, start, timed);
		if (!memory)
			break;
		worker->objects[n++] = memory;
	}
	worker->count[op->slot] += n;
	while (n)
		api->free(worker->objects[--n], op->size);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++)
		try_one(worker, &ops[i], timed);
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return WAYS * SIZES;
}

const struct workload workload_fragment = {
	.name = "fragment",
	.about = "memory full of random holes: which sizes can kmalloc and kvmalloc still get?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.needs_core = true,
	.metrics = metrics,
	.counts = counts,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = fragmented_teardown,
};
