/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_cross.c - blocks of pages allocated on one CPU, freed on another, through a ring; see
 * ring.h. After page_bench05_cross_cpu of prototype-kernel (J. D. Brouer), whose baseline, the ring
 * alone, is the arm impl=null.
 */
#include "blocks.h"
#include "ring.h"

static const struct workload_param params[] = {BLOCKS_ORDER_PARAM, RING_PLACES_PARAM, {0}};

const struct workload workload_page_cross = {
	.name = "page-cross",
	.about = "one CPU allocates pages, another frees them; impl=null: the ring alone",
	.origin = "prototype-kernel, mm/bench/page_bench05_cross_cpu.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_PAGES,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.counts = blocks_counts,
	.generate = ring_generate,
	.work = ring_work,
};
