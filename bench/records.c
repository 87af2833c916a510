/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records.c - a finished case as lines of format trimm/1; results/README.md has the fields.
 * The bench line is here; counters and latencies have files of their own.
 */
#include "records.h"

void records_begin(struct bench_case *bench, const struct arm_state *arm, const char *type)
{
	json_begin(bench->json);
	json_put_string(bench->json, "t", type);
	json_put_unsigned(bench->json, "bench", case_number(bench, arm));
}

/* Of a core of another build: what was said. What was not is that build's own affair. */
static void emit_said(struct json *json, const struct tri_config *said)
{
	for (unsigned int i = 0; i < TRI_QUESTION_COUNT; i++)
		if (said->policy[i] != WORDS_UNSAID_POLICY)
			json_put_string(json, tri_question_info[i].name,
					tri_policy_info[said->policy[i]].answer);
	for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++)
		if (said->tunable[i] != WORDS_UNSAID_TUNABLE)
			json_put_unsigned(json, tri_tunable_info[i].name, said->tunable[i]);
}

static void emit_settings(struct json *json, const struct arm_state *arm)
{
	const char *previous = "";

	for (unsigned int i = 0; i < TRI_POLICY_COUNT; i++) {
		const char *question = tri_policy_info[i].question;

		if (strcmp(question, previous))
			json_put_string(json, question,
					tri_config_policy(&arm->bench.arm->core, question));
		previous = question;
	}
	for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++)
		json_put_unsigned(json, tri_tunable_info[i].name, arm->tunable[i]);
}

static void emit_params(struct bench_case *bench, const struct arm_state *arm)
{
	const struct arm_config *config = arm->bench.arm;
	const struct workload_param *param = bench->config->workload->params;
	struct json *json = bench->json;

	json_open(json, "params", '{');
	json_put_unsigned(json, "cpus", bench->cpus);
	json_put_string(json, "impl", config->subject->name);
	json_put_string(json, "timing", config->timed ? "op" : "none");
	if (config->build[0])
		json_put_string(json, "core", config->build);
	if (config->label[0])
		json_put_string(json, "label", config->label);
	if (config->era[0])
		json_put_string(json, "era", config->era);
	json_put_unsigned(json, "inject", config->inject);
	json_put_string(json, "mode", bench->config->exact_only ? "exact" : "timed");
	if (bench->config->exact_only && bench->host.models_tlb)
		json_put_string(json, "tlb", bench->config->tlb);
	for (unsigned int i = 0; param && param[i].name; i++)
		json_put_unsigned(json, param[i].name, bench->config->workload_param[i]);
	if (config->subject->core) {
		if (config->build[0])
			emit_said(json, &config->said);
		else
			emit_settings(json, arm);
		for (const struct host_param *host = host_params; host->name; host++)
			if (!host->optional || strcmp(host_param_get(host->name), host->def))
				json_put_string(json, host->name, host_param_get(host->name));
	}
	json_close(json, '}');
}

/* Which build of mmcore it was, where it is not this one, and how that is set. */
static void emit_build(struct json *json, const struct arm_state *arm)
{
	const struct subject *subject = arm->bench.arm->subject;
	const char *name, *answer;
	unsigned long number;

	if (!subject->revision)
		return;
	json_open(json, "build", '{');
	json_put_string(json, "revision", subject->revision);
	json_put_string(json, "id", subject->build_id);
	json_open(json, "settings", '{');
	/* It ran. */
	for (unsigned int i = 0;
	     arm->nr_metrics && subject->core->setting(i, &name, &answer, &number); i++) {
		if (answer)
			json_put_string(json, name, answer);
		else
			json_put_unsigned(json, name, number);
	}
	json_close(json, '}');
	json_close(json, '}');
}

static void emit_caps(struct json *json)
{
	static const char *const name[] = {"hw_pagetable", "hw_tlb", "hw_irq", "real_time"};

	json_open(json, "caps", '[');
	for (unsigned int i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (plat_caps() & 1U << i)
			json_put_string(json, NULL, name[i]);
	json_close(json, ']');
}

/* The higher one: a core that is checked is slower, and so is who checks it. */
static unsigned int check_level(const struct subject *subject)
{
	return subject->core && subject->core->check_level > TRI_CHECK_LEVEL
		       ? subject->core->check_level
		       : TRI_CHECK_LEVEL;
}

static void emit_bench(struct bench_case *bench, const struct arm_state *arm, const char *status,
		       const char *why)
{
	const struct workload *workload = bench->config->workload;
	const struct subject *subject = arm->bench.arm->subject;
	struct json *json = bench->json;

	records_begin(bench, arm, "bench");
	json_put_unsigned(json, "case", bench->config->param[BENCH_PARAM_case]);
	json_put_string(json, "arm", arm->bench.arm->text);
	json_put_unsigned(json, "arms", bench->config->nr_arms);
	if (bench->config->numbered)
		json_put_unsigned(json, "process", bench->config->param[BENCH_PARAM_process]);
	json_put_string(json, "workload", workload->name);
	json_put_string(json, "version", workload->version);
	if (subject->version && arm->nr_metrics) /* it ran */
		json_put_string(json, "impl_version", subject->version());
	json_put_string(json, "target", bench->host.target);
	if (bench->host.kernel_release)
		json_put_string(json, "kernel_release", bench->host.kernel_release);
	emit_caps(json);
	json_open(json, "timebase", '{');
	json_put_string(json, "id", bench->host.timebase);
	json_put_unsigned(json, "hz", bench->host.tick_hz);
	if (!bench->config->exact_only)
		json_thousandths(json, "clock_read_ns", bench->clock_read_ps);
	json_close(json, '}');
	emit_params(bench, arm);
	emit_build(json, arm);
	json_decimal_string(json, "seed", bench->config->param[BENCH_PARAM_seed]);
	json_put_unsigned(json, "check_level", check_level(subject));
	json_put_bool(json, "oversubscribed", bench->cpus > bench->host.cpus);
	json_put_unsigned(json, "blocks", bench->blocks);
	json_put_unsigned(json, "rounds", bench->rounds);
	json_put_unsigned(json, "slice_ops", bench->slice_ops);
	json_put_unsigned(json, "ops", arm->ops);
	json_hex(json, "ops_digest", arm->digest);
	json_put_string(json, "status", status);
	if (why)
		json_put_string(json, "why", why);
	json_end(json);
}

/* The next of the arms that did not run, if it is written before @number. */
static void emit_skipped(struct bench_case *bench, unsigned int *next, unsigned int number)
{
	while (*next < bench->nr_skipped && bench->skipped[*next].number < number) {
		static struct arm_state arm; /* 3 KiB, of which kernels' stacks have few */

		memset(&arm, 0, sizeof(arm));
		arm.number = bench->skipped[*next].number;
		arm.bench.arm = &bench->config->arm[arm.number];
		emit_bench(bench, &arm, bench->skipped[*next].status, bench->skipped[*next].why);
		++*next;
	}
}

/* Where the plugin's rows for this arm are; launch/launch.h makes counters of them. */
static void emit_model(struct bench_case *bench, const struct arm_state *arm)
{
	struct json *json = bench->json;

	records_begin(bench, arm, "model");
	json_put_unsigned(json, "first", arm->first_row);
	json_put_unsigned(json, "rows", arm->exact_runs);
	json_put_unsigned(json, "ops", arm->exact_ops);
	json_open(json, "metrics", '[');
	for (unsigned int m = 0; m < arm->nr_metrics; m++)
		json_put_string(json, NULL, arm->bench.workload->metrics[m]);
	json_close(json, ']');
	json_end(json);
}

void records_emit(struct bench_case *bench, const char *status)
{
	unsigned int skipped = 0;

	if (!bench->config->exact_only)
		self_measure(bench);
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		const struct arm_state *arm = &bench->arms[i];

		emit_skipped(bench, &skipped, arm->number);
		emit_bench(bench, arm, status, bench->why);
		records_counters(bench, arm);
		if (bench->host.modelled && arm->exact_runs)
			emit_model(bench, arm);
		if (bench->blocks)
			records_latency(bench, arm);
	}
	emit_skipped(bench, &skipped, bench->config->nr_arms);
}

void records_progress(struct bench_case *bench, unsigned long done, unsigned long all,
		      const char *text)
{
	json_begin(bench->json);
	json_put_string(bench->json, "t", "progress");
	json_thousandths(bench->json, "done", done * 1000 / all);
	json_put_string(bench->json, "text", text);
	json_end(bench->json);
}

void records_note(struct bench_case *bench, const char *level, const char *text)
{
	records_begin(bench, &bench->arms[0], "note");
	json_put_string(bench->json, "level", level);
	json_put_string(bench->json, "text", text);
	json_end(bench->json);
}
