/* SPDX-License-Identifier: GPL-2.0-only */
/* case.c - one case from its words to its records; see case.h for the order of things. */
#include "case.h"
#include "traced.h"

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

const char *case_means_missing(const struct workload *workload)
{
	for (unsigned int i = 0; i < HOST_MEANS_COUNT; i++)
		if (workload->needs & 1U << i && host_lacks(i))
			return host_lacks(i);
	return NULL;
}

/* Why this target can't run the workload with these parameters, or NULL. */
static const char *host_obstacle(const struct bench_case *bench)
{
	const unsigned int interrupts = 1U << HOST_IPI | 1U << HOST_IPI_ONE | 1U << HOST_HALT;
	const struct workload *workload = bench->config->workload;
	const char *why = case_means_missing(workload);

	if (why)
		return why;
	if (workload->needs & interrupts &&
	    bench->config->param[BENCH_PARAM_cpus] > bench->host.cpus)
		return "needs a CPU for each worker, to interrupt it: lower cpus=";
	return workload->obstacle ? workload->obstacle(bench->config) : NULL;
}

const char *case_concept_missing(const struct case_config *config, const struct subject *subject)
{
	const struct workload *workload = config->workload;
	const struct subject_api *api = subject->api[case_family(config)];

	if (!api)
		return subject_lacks(subject, case_family(config));
	for (unsigned int i = 0; workload->drives && i < SUBJECT_FAMILIES; i++)
		if (!subject->api[i] && workload->drives(config, i))
			return subject_lacks(subject, i);
	if (workload->needs_bulk && !api->free_bulk)
		return "this impl= has no bulk calls for it";
	if (workload->needs_realloc && !api->realloc)
		return "this impl= has no call that resizes such memory";
	if (workload->needs_core && !subject->core)
		return "needs memory of a known size: impl=mmcore";
	return NULL;
}

/* Why this arm can't be run here, though its subject has what it takes; or NULL. */
static const char *obstacle(const struct bench_case *bench, const struct arm_config *arm)
{
	const struct case_config *config = bench->config;
	const char *why = host_obstacle(bench);

	if (config->param[BENCH_PARAM_cpus] < config->workload->min_cpus)
		return "needs at least 2 CPUs: one works, the others are watched";
	if (why)
		return why;
	return arm->subject->obstacle ? arm->subject->obstacle(arm->subject) : NULL;
}

/* Which arms can run, and why the others can't. */
static void sort_out(struct bench_case *bench, unsigned int *runnable)
{
	const struct case_config *config = bench->config;

	for (unsigned int i = 0; i < config->nr_arms; i++) {
		const char *status = "not_applicable";
		const char *why = case_concept_missing(config, config->arm[i].subject);

		if (!why) {
			status = "skipped";
			why = obstacle(bench, &config->arm[i]);
		}
		/* What another build offers is known once it is loaded. */
		if (!why && config->arm[i].build[0]) {
			status = "not_applicable";
			why = case_concept_missing(config, config->arm[i].subject);
		}
		if (!why) {
			runnable[bench->nr_arms++] = i;
			continue;
		}
		bench->skipped[bench->nr_skipped].number = i;
		bench->skipped[bench->nr_skipped].status = status;
		bench->skipped[bench->nr_skipped++].why = why;
	}
}

/* The null workload on the null subject; others have barriers, which self.c can't serve. */
static bool is_self_measurement(const struct case_config *config)
{
	return config->arm[0].subject == &subject_null && !strcmp(config->workload->name, "null");
}

static int prepare(struct bench_case *bench)
{
	const struct case_config *config = bench->config;
	unsigned int runnable[BENCH_ARMS_MAX];

	sort_out(bench, runnable);

	bench->cpus = config->param[BENCH_PARAM_cpus];
	if (!config->exact_only)
		bench->blocks_wanted =
			config->param[BENCH_PARAM_blocks] ?: case_blocks(CASE_BLOCKS_SHORT);
	bench->traced = host_tracer() && !config->exact_only && !is_self_measurement(config);
	bench->team.size = bench->cpus;
	bench->ps_per_tick_20 = (1000000000000UL << 20) / bench->host.tick_hz;
	bench->json = case_scratch(bench, sizeof(*bench->json));
	bench->ops = case_scratch(bench, bench->cpus * sizeof(*bench->ops));
	bench->arms = case_scratch(bench, (bench->nr_arms ?: 1) * sizeof(*bench->arms));
	if (!bench->json || !bench->ops || !bench->arms)
		return -ENOMEM;
	if (bench->traced)
		bench->unsampled =
			case_scratch(bench, HOST_FLUSH_CLASSES * sizeof(*bench->unsampled));
	if (bench->traced && !bench->unsampled)
		return -ENOMEM;
	for (unsigned int i = 0; i < bench->cpus; i++) {
		bench->ops[i] = case_scratch(bench, BENCH_OPS_MAX * sizeof(struct bench_op));
		if (!bench->ops[i])
			return -ENOMEM;
	}
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		struct arm_state *arm = &bench->arms[i];

		arm->number = runnable[i];
		if (arm_alloc(bench, arm, &config->arm[arm->number]))
			return -ENOMEM;
		arm->digest = arm_digest(bench, arm);
	}
	return 0;
}

static void lead(struct bench_case *bench)
{
	int error = exact_phase(bench);

	if (!error && !host_stopping() && !bench->config->exact_only)
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
	const struct workload *workload = bench->config->workload;
	const char *remark = workload->remark ? workload->remark(bench->config) : NULL;

	if (remark)
		records_note(bench, "warn", remark);
	if (host_extras_remark() && !bench->config->exact_only)
		records_note(bench, "info", host_extras_remark());
	if (bench->defers && bench->purges_min < CASE_PURGES)
		records_note(bench, "warn",
			     "a block holds fewer than 8 purges: deferred work weighs unevenly; "
			     "raise warmup= or lower lazy_max_pages=");
	if (bench->cpus > bench->host.cpus && !bench->config->exact_only)
		records_note(bench, "warn",
			     "more workers than CPUs: a waiting worker takes no shootdown, and "
			     "times include the scheduler");
}

struct bench_case *case_prepare(const struct case_config *config)
{
	struct bench_case *bench = host_scratch_alloc(sizeof(*bench));

	if (!bench) {
		host_error("out of memory for the harness's own bookkeeping");
		return NULL;
	}
	bench->config = config;
	host_info_read(&bench->host);
	if (!prepare(bench))
		return bench;
	host_error("%s", bench->why);
	case_free(bench);
	return NULL;
}

void case_free(struct bench_case *bench)
{
	while (bench->nr_scratches) {
		struct case_scratch *last = &bench->scratch[--bench->nr_scratches];

		host_scratch_free(last->memory, last->bytes);
	}
	host_scratch_free(bench, sizeof(*bench));
}

int case_run(const struct case_config *config)
{
	struct bench_case *bench = case_prepare(config);
	const char *status = "ok";
	int code = 0;

	if (!bench)
		return 1;
	if (!bench->nr_arms) {
		records_emit(bench, NULL);
		code = 77;
		goto out;
	}
	if (host_run(bench->cpus, enter, bench) && !bench->why)
		bench->why = "the workers could not be started";
	if (bench->why) {
		host_error("%s: %s", config->workload->name, bench->why);
		status = "failed";
		code = 1;
	} else if (!bench->exact_done || bench->blocks < bench->blocks_wanted) {
		status = "partial";
		bench->why = "stopped by the user";
		code = 1;
	}
	records_emit(bench, status);
	traced_emit(bench);
	if (is_self_measurement(config) && !config->exact_only)
		self_emit(bench);
	remarks(bench);
out:
	case_free(bench);
	return code;
}
