/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_pair.c - allocate a block of order= and free it at once. After page_bench01 of
 * prototype-kernel (J. D. Brouer). cpus=1,2 shows how far it scales.
 */
#include "blocks.h"

static const struct workload_param params[] = {BLOCKS_ORDER_PARAM, {0}};

const struct workload workload_page_pair = {
	.name = "page-pair",
	.about = "allocate and free one block of pages at once, again and again",
	.origin = "prototype-kernel, mm/bench/page_bench01.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.counts = blocks_counts,
	.generate = blocks_pair_generate,
	.work = blocks_pair_work,
	.hold = blocks_pair_hold,
};
