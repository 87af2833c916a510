/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm_map_ram_test.c - map nr_pages= frames by the calls for mappings that are short-lived, write
 * one byte, unmap; after the case of that name in Linux 6.12 lib/test_vmalloc.c. size is in
 * pages.
 */
#include "mapped.h"

static const struct workload_param params[] = {
	MAPPED_PAGES_PARAM(1),
	{0},
};

const struct workload workload_vm_map_ram_test = {
	.name = "vm_map_ram_test",
	.about = "map frames for a short time, write a byte, unmap",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VM_MAP_RAM,
	.metrics = bench_metrics_alloc_free,
	.setup = mapped_setup,
	.generate = mapped_generate,
	.work = mapped_work,
	.exact_ops = mapped_exact_ops,
	.teardown = mapped_teardown,
};
