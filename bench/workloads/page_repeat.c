/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_repeat.c - LLFree's repeat: half of the memory is held, and each worker allocates and
 * frees a block of order= again and again, which is the same one where lists are per CPU. After
 * repeat() of llfree-rs, eval/src/bin/bench.rs (441c8d1); the one of their kernel module
 * (linux-alloc-bench, alloc.c, 3788f9b) holds nothing beside it, as page-pair.
 */
#include "blocks.h"

static const struct workload_param params[] = {BLOCKS_ORDER_PARAM, {0}};

static int setup(struct bench_arm *arm)
{
	return blocks_keep_half(arm, bench_value(arm, BLOCKS_PAIR_ORDER));
}

const struct workload workload_page_repeat = {
	.name = "page-repeat",
	.about = "with memory half full, allocate and free one block again and again",
	.origin = "LLFree, bench repeat",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.counts = blocks_counts,
	.setup = setup,
	.generate = blocks_pair_generate,
	.work = blocks_pair_work,
	.teardown = blocks_teardown,
};
