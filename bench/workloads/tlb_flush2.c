/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb_flush2.c - the same as tlb_flush1 in 1 MiB, which TLBs hold: of anonymous memory. See
 * remap.h.
 */
#include "remap.h"

static const struct workload_param params[] = {
	REMAP_PARAMS(1),
	{0},
};

const struct workload workload_tlb_flush2 = {
	.name = "tlb_flush2",
	.about = "unmap and map the pages of a small area anew",
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
