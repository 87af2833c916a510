/* SPDX-License-Identifier: GPL-2.0-only */
/* case.c - one case from its words to its records; see case.h for the order of things. */
#include "case.h"

void *case_scratch(struct bench_case *bench, size_t bytes)
{
	void *memory = NULL;

	if (bench->nr_scratches < CASE_SCRATCHES)
		memory = host_scratch_alloc(bytes);
	if (!memory) {
		bench->why = "out of memory for the harness's own bookkeeping";
		return NULL;
	}
	bench->scratch[bench->nr_scratches++] = (struct case_scratch){memory, bytes};
	return memory;
}

static int prepare(struct bench_case *bench)
{
	const struct case_config *config = bench->config;

	bench->nr_arms = config->nr_arms;
	bench->cpus = config->param[BENCH_PARAM_cpus];
	bench->blocks_wanted = config->param[BENCH_PARAM_blocks] ? config->param[BENCH_PARAM_blocks]
								 : CASE_BLOCKS_SHORT;
	bench->team.size = bench->cpus;
	bench->ps_per_tick_20 = (1000000000000UL << 20) / bench->host.tick_hz;
	bench->json = case_scratch(bench, sizeof(*bench->json));
	bench->ops = case_scratch(bench, bench->cpus * sizeof(*bench->ops));
	bench->arms = case_scratch(bench, bench->nr_arms * sizeof(*bench->arms));
	if (!bench->json || !bench->ops || !bench->arms)
		return -ENOMEM;
	for (unsigned int i = 0; i < bench->cpus; i++) {
		bench->ops[i] = case_scratch(bench, BENCH_OPS_MAX * sizeof(struct bench_op));
		if (!bench->ops[i])
			return -ENOMEM;
	}
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		struct arm_state *arm = &bench->arms[i];

		if (arm_alloc(bench, arm, &config->arm[i]))
			return -ENOMEM;
		arm->digest = arm_digest(bench, arm);
	}
	return 0;
}

static void lead(struct bench_case *bench)
{
	int error = exact_phase(bench);

	if (!error && !host_stopping())
		measure_phase(bench);
	slice_stop(bench);
}

static void enter(void *arg, unsigned int slot)
{
	if (slot)
		slice_follow(arg, slot);
	else
		lead(arg);
}

static void remarks(struct bench_case *bench)
{
	if (bench->defers && bench->purges_min < CASE_PURGES)
		records_note(bench, "warn",
			     "a block holds fewer than 8 purges: deferred work weighs unevenly; "
			     "raise warmup= or lower lazy_max_pages=");
	if (bench->cpus > bench->host.cpus)
		records_note(bench, "warn",
			     "more workers than CPUs: a waiting worker takes no shootdown, and "
			     "times include the scheduler");
}

/* Why this case can't be run here, or NULL. */
static const char *obstacle(const struct case_config *config)
{
	if (config->param[BENCH_PARAM_cpus] < config->workload->min_cpus)
		return "needs at least 2 CPUs: one works, the others are watched";
	return NULL;
}

/* The null workload on the null subject; others have barriers, which self.c can't serve. */
static bool is_self_measurement(const struct case_config *config)
{
	return config->arm[0].subject == &subject_null && !strcmp(config->workload->name, "null");
}

int case_run(const struct case_config *config)
{
	struct bench_case *bench = host_scratch_alloc(sizeof(*bench));
	const char *status = "ok", *skip = obstacle(config);
	int code = 0;

	if (!bench) {
		host_error("out of memory for the harness's own bookkeeping");
		return 1;
	}
	bench->config = config;
	host_info_read(&bench->host);
	if (prepare(bench)) {
		host_error("%s", bench->why);
		code = 1;
		goto out;
	}
	if (skip) {
		bench->why = skip;
		records_emit(bench, "skipped");
		code = 77;
		goto out;
	}
	if (host_run(bench->cpus, enter, bench) && !bench->why)
		bench->why = "the workers could not be started";
	if (bench->why) {
		host_error("%s: %s", config->workload->name, bench->why);
		status = "failed";
		code = 1;
	} else if (bench->blocks < bench->blocks_wanted) {
		status = "partial";
		bench->why = "stopped by the user";
		code = 1;
	}
	records_emit(bench, status);
	if (is_self_measurement(config))
		self_emit(bench);
	remarks(bench);
out:
	while (bench->nr_scratches) {
		struct case_scratch *last = &bench->scratch[--bench->nr_scratches];

		host_scratch_free(last->memory, last->bytes);
	}
	host_scratch_free(bench, sizeof(*bench));
	return code;
}
