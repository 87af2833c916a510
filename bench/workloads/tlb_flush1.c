/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb_flush1.c - pages of a 128 MiB area unmapped, freed, and mapped anew: of a file mapped
 * private, where each write takes a page, which the drop gives back. What corresponds to what:
 * remap.h.
 */
#include "remap.h"

static const struct workload_param params[] = {
	REMAP_PARAMS(128),
	{0},
};

const struct workload workload_tlb_flush1 = {
	.name = "tlb_flush1",
	.about = "unmap and map the pages of a large area anew",
	.origin = "will-it-scale",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.metrics = bench_metrics_alloc_free,
	.setup = remap_setup,
	.generate = remap_generate,
	.work = remap_work,
	.exact_ops = round_exact_ops,
	.teardown = remap_teardown,
};
