/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_bulk.c - batch= single pages in one call, and back in one: what the bulk interface saves
 * over batch=1. After page_bench04_bulk of prototype-kernel (J. D. Brouer).
 */
#include "blocks.h"
#include "bulk.h"

static const struct workload_param params[] = {
	BULK_BATCH_PARAM,
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return bulk_generate(worker, ops, n, (struct bench_op){.order = 0});
}

const struct workload workload_page_bulk = {
	.name = "page-bulk",
	.about = "allocate and free single pages, many in one call",
	.origin = "prototype-kernel, mm/bench/page_bench04_bulk.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.needs_bulk = true,
	.metrics = bench_metrics_alloc_free,
	.counts = blocks_counts,
	.generate = generate,
	.work = bulk_work,
	.exact_ops = bulk_exact_ops,
};
