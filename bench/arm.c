/* SPDX-License-Identifier: GPL-2.0-only */
/* arm.c - one arm of a case: its bookkeeping, its core, its operation streams. */
#include "case.h"
#include "extras.h"

static unsigned int count_metrics(const struct workload *workload)
{
	unsigned int n = 0;

	while (workload->metrics[n])
		n++;
	return n;
}

static int alloc_samples(struct bench_case *bench, struct arm_state *arm)
{
	unsigned int traced = bench->traced ? 4 : 0;
	unsigned int rows = 5 + arm->nr_metrics * (CASE_QUANTILES + 1) + traced;
	size_t bytes = bench->blocks_wanted * sizeof(uint64_t);
	uint64_t *next = bytes ? case_scratch(bench, rows * bytes) : NULL;

	if (!bytes)
		return 0;
	if (!next)
		return -ENOMEM;
	arm->samples.total = next;
	arm->samples.even = next += bench->blocks_wanted;
	arm->samples.odd = next += bench->blocks_wanted;
	arm->samples.finish = next += bench->blocks_wanted;
	arm->samples.order = next += bench->blocks_wanted;
	for (unsigned int m = 0; m < arm->nr_metrics; m++) {
		for (unsigned int q = 0; q < CASE_QUANTILES; q++)
			arm->samples.quantile[m][q] = next += bench->blocks_wanted;
		arm->samples.mean[m] = next += bench->blocks_wanted;
	}
	if (!traced)
		return 0;
	arm->samples.traced = next += bench->blocks_wanted;
	arm->samples.traced_order = next += bench->blocks_wanted;
	arm->samples.op = next += bench->blocks_wanted;
	arm->samples.traced_op = next += bench->blocks_wanted;
	return 0;
}

static int alloc_histograms(struct bench_case *bench, struct arm_state *arm)
{
	unsigned int n = arm->nr_metrics, cpus = bench->cpus;
	bool by_worker = bench->config->workload->by_worker;
	struct histogram *next =
		case_scratch(bench, (2 + cpus + (by_worker ? cpus : 0)) * n * sizeof(*next));

	if (!next)
		return -ENOMEM;
	for (unsigned int m = 0; m < n; m++) {
		arm->block[m] = next++;
		arm->total[m] = next++;
		for (unsigned int i = 0; i < cpus; i++)
			arm->bench.workers[i].slice[m] = next++;
	}
	arm->by_worker = by_worker ? case_scratch(bench, cpus * n * sizeof(next)) : NULL;
	for (unsigned int i = 0; arm->by_worker && i < cpus * n; i++)
		arm->by_worker[i] = next++;
	return by_worker && !arm->by_worker ? -ENOMEM : 0;
}

int arm_alloc(struct bench_case *bench, struct arm_state *arm, const struct arm_config *config)
{
	unsigned int cpus = bench->cpus;

	arm->nr_metrics = count_metrics(bench->config->workload);
	arm->bench = (struct bench_arm){
		.workload = bench->config->workload,
		.config = bench->config,
		.arm = config,
		.calls = config->subject->core,
		.tunable = arm->tunable,
		.api = config->subject->api[case_family(bench->config)],
		.cpus = cpus,
		.workers = case_scratch(bench, cpus * sizeof(struct bench_worker)),
		.kept = case_scratch(bench, BENCH_OBJECTS * sizeof(struct bench_kept)),
	};
	if (bench->config->workload->series) {
		arm->bench.point =
			case_scratch(bench, WORKLOAD_POINTS_MAX * sizeof(*arm->bench.point));
		if (!arm->bench.point)
			return -ENOMEM;
	}
	arm->heat = case_scratch(bench, sizeof(*arm->heat));
	arm->shootdown = case_scratch(bench, HOST_FLUSH_CLASSES * sizeof(*arm->shootdown));
	if (!arm->bench.workers || !arm->bench.kept || !arm->heat || !arm->shootdown)
		return -ENOMEM;
	for (unsigned int i = 0; i < cpus; i++) {
		struct bench_worker *worker = &arm->bench.workers[i];

		worker->arm = &arm->bench;
		worker->team = &bench->team;
		worker->slot = i;
		worker->alloc = arm->bench.api->alloc;
		worker->free = arm->bench.api->free;
		worker->writes = config->subject->has_memory;
		worker->objects = case_scratch(bench, BENCH_OBJECTS * sizeof(void *));
		worker->count = case_scratch(bench, WORKLOAD_COUNTS_MAX * sizeof(uint64_t));
		if (!worker->objects || !worker->count)
			return -ENOMEM;
		if (bench->config->workload->own_bytes) {
			worker->own = case_scratch(bench, bench->config->workload->own_bytes);
			if (!worker->own)
				return -ENOMEM;
		}
	}
	if (alloc_samples(bench, arm) || alloc_histograms(bench, arm) || extras_alloc(bench, arm))
		return -ENOMEM;
	return 0;
}

void arm_streams_reset(struct arm_state *arm, uint64_t seed)
{
	for (unsigned int i = 0; i < arm->bench.cpus; i++) {
		struct bench_worker *worker = &arm->bench.workers[i];

		bench_random_seed(&worker->random, seed, i);
		memset(worker->state, 0, sizeof(worker->state));
	}
}

/* FNV-1a over 64-bit words: order matters, timing and outcome never enter. */
static uint64_t fold(uint64_t digest, uint64_t word)
{
	digest = (digest ^ word) * 0x100000001b3;
	return digest ^ digest >> 29;
}

uint64_t arm_digest(struct bench_case *bench, struct arm_state *arm)
{
	uint64_t all = 0xcbf29ce484222325;

	arm_streams_reset(arm, bench->config->param[BENCH_PARAM_seed]);
	for (unsigned int i = 0; i < bench->cpus; i++) {
		struct bench_op *ops = bench->ops[i];
		uint64_t digest = 0xcbf29ce484222325;
		unsigned int folded = 0;

		while (folded < CASE_DIGEST_OPS) {
			unsigned int n = bench->config->workload->generate(&arm->bench.workers[i],
									   ops, CASE_DIGEST_OPS);

			for (unsigned int k = 0; k < n && folded < CASE_DIGEST_OPS; k++, folded++)
				digest = fold(digest, (uint64_t)ops[k].kind |
							      (uint64_t)ops[k].order << 8 |
							      (uint64_t)ops[k].slot << 16 |
							      (uint64_t)ops[k].size << 32);
		}
		all = fold(all, digest);
	}
	arm_streams_reset(arm, bench->config->param[BENCH_PARAM_seed]);
	return all;
}

void bench_point(struct bench_arm *arm, const int64_t values[WORKLOAD_SERIES_MAX])
{
	if (arm->points < WORKLOAD_POINTS_MAX)
		memcpy(arm->point[arm->points++], values, sizeof(arm->point[0]));
}

void arm_finish(struct arm_state *arm)
{
	plat_set_core(arm->bench.core);
	if (arm->bench.api->finish)
		arm->bench.api->finish();
	if (arm->bench.arm->subject->finish)
		arm->bench.arm->subject->finish();
}

void arm_judge(struct bench_case *bench, const struct arm_state *arm)
{
	for (unsigned int i = 0; i < arm->bench.cpus; i++) {
		if (arm->bench.workers[i].failed && !arm->bench.workload->may_fail)
			bench->why = "allocations failed: raise memory= or window=";
		if (arm->bench.workers[i].why)
			bench->why = arm->bench.workers[i].why;
	}
}

int arm_open(struct bench_case *bench, struct arm_state *arm)
{
	const struct workload *workload = bench->config->workload;
	struct tri_config config = arm->bench.arm->core;
	int error = 0;

	arm->bench.core = NULL;
	arm->bench.nr_kept = 0;
	memset(arm->bench.state, 0, sizeof(arm->bench.state));
	arm_streams_reset(arm, bench->config->param[BENCH_PARAM_seed]);
	if (arm->bench.arm->subject->core) {
		config.cpus = bench->cpus;
		/* What a clock starts is no part of the work, where the clock is not exact too. */
		if (bench->config->exact_only && !bench->host.in_step)
			config.tunable[TRI_TUNABLE_slab_reap_ticks] = 0;
		arm->bench.core = host_core_create(arm->bench.calls, &config);
		if (!arm->bench.core) {
			bench->why =
				"no memory or address space for the core; stderr names the setting";
			return -ENOMEM;
		}
		for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++)
			arm->tunable[i] = arm->bench.calls->tunable_get(arm->bench.core, i);
	}
	plat_set_core(arm->bench.core);
	arm->held_before = arm->bench.arm->subject->held ? arm->bench.arm->subject->held() : -1;
	if (workload->setup)
		error = workload->setup(&arm->bench);
	if (error)
		bench->why = "setup failed: out of frames or window; raise memory= or window=";
	arm_finish(arm);
	return error;
}

void arm_close(struct bench_case *bench, struct arm_state *arm)
{
	const struct workload *workload = bench->config->workload;
	unsigned long left;

	/* There was no core to open the arm with, so there is nothing to undo. */
	if (arm->bench.arm->subject->core && !arm->bench.core)
		return;
	plat_set_core(arm->bench.core);
	if (workload->teardown)
		workload->teardown(&arm->bench);
	arm_finish(arm);
	if (arm->bench.core) {
		if (arm->bench.calls->check(arm->bench.core))
			bench->why = "tri_check() found faults after the work; stderr lists them";
		left = host_core_destroy(arm->bench.core);
		if (left)
			bench->why = "frames were still in use at the end";
	}
	arm->bench.core = NULL;
	plat_set_core(NULL);
}
