/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * remote_free.c - objects of size= bytes, allocated on one CPU, freed on another; see ring.h.
 * size is in bytes.
 */
#include "hold.h"
#include "ring.h"

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 1UL << 20},
	RING_PLACES_PARAM,
	{0},
};

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, RING_WHAT), bench_value(arm, RING_WHAT), out);
}

const struct workload workload_remote_free = {
	.name = "remote-free",
	.about = "one CPU allocates, another frees, through a bounded ring",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = ring_generate,
	.work = ring_work,
	.hold = hold,
};
