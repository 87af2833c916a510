/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb_flush3.c - pages of a 128 MiB area unmapped and mapped anew, while their frames stay: of a
 * file mapped shared. See remap.h; its frames are few and mapped many times over, so caches meet
 * less of them than of a file.
 */
#include "remap.h"

static const struct workload_param params[] = {
	REMAP_PARAMS(128),
	{0},
};

const struct workload workload_tlb_flush3 = {
	.name = "tlb_flush3",
	.about = "unmap and map pages that stay in use anew, in a large area",
	.origin = "will-it-scale",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMAP,
	.metrics = bench_metrics_alloc_free,
	.setup = remap_setup,
	.generate = remap_generate,
	.work = remap_work,
	.exact_ops = round_exact_ops,
	.teardown = remap_teardown,
};
