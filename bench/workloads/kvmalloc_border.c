/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvmalloc_border.c - allocate kib= KiB by kvmalloc, write a byte, free: below a border memory
 * comes in one piece from kmalloc, above it page by page from vmalloc. In fresh memory the border
 * is 4 MiB, the largest block; where memory is fragmented (fill=) it lies wherever the last free
 * block of the size was found. by_kmalloc and by_vmalloc say which side served, so kib=4..16384
 * with fill=0,90 shows where the border is and what crossing it costs. size is in bytes.
 */
#include "fragmented.h"
#include "plain.h"

enum { KIB, FILL };
enum { BY_KMALLOC, BY_VMALLOC };

static const struct workload_param params[] = {
	{"kib", "KiB", "size of each request", 4096, 4, 16384},
	{"fill", "%", "of memory, before half of that is given back at random", 0, 0, 95},
	{0},
};

static const struct workload_count counts[] = {
	{"by_kmalloc", "requests", TRI_BETTER_HIGHER},
	{"by_vmalloc", "requests", TRI_BETTER_LOWER},
	{0},
};

static int setup(struct bench_arm *arm)
{
	return fragmented_setup(arm, bench_value(arm, FILL));
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = bench_value(worker->arm, KIB) << 10};
	return n;
}

static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		void *memory = plain_alloc(worker, METRIC_ALLOC, ops[i].size);

		if (worker->exact && memory)
			worker->count[worker->arm->calls->is_area(memory) ? BY_VMALLOC
									  : BY_KMALLOC]++;
		plain_touch_first(worker, memory, 1);
		plain_free(worker, METRIC_FREE, memory, ops[i].size);
	}
}

/* The largest are 4,097 pages each. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 128;
}

const struct workload workload_kvmalloc_border = {
	.name = "kvmalloc-border",
	.about = "kvmalloc and kvfree: which side serves a size, at what price?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KVMALLOC,
	.needs_core = true,
	.metrics = bench_metrics_alloc_free,
	.counts = counts,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = fragmented_teardown,
};
