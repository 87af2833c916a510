/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmap_pair.c - map nr_pages= frames into an area of their own, write one byte, unmap. Beside
 * vm_map_ram_test, whose small mappings share areas; beside fix_size_alloc_test, which takes the
 * frames as well. size is in pages.
 */
#include "mapped.h"

static const struct workload_param params[] = {
	MAPPED_PAGES_PARAM(1),
	{0},
};

const struct workload workload_vmap_pair = {
	.name = "vmap-pair",
	.about = "map frames into an area of their own, write a byte, unmap",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMAP,
	.metrics = bench_metrics_alloc_free,
	.setup = mapped_setup,
	.generate = mapped_generate,
	.work = mapped_work,
	.exact_ops = mapped_exact_ops,
	.teardown = mapped_teardown,
};
