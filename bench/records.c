/* SPDX-License-Identifier: GPL-2.0-only */
/* records.c - a finished case as lines of format trimm/1; results/README.md has the fields. */
#include "case.h"

static const char *const better_name[] = {
	[TRI_BETTER_LOWER] = "lower",
	[TRI_BETTER_HIGHER] = "higher",
	[TRI_BETTER_NONE] = "none",
};

static unsigned int number(const struct bench_case *bench, const struct arm_state *arm)
{
	return bench->config->param[BENCH_PARAM_first_bench] + (unsigned int)(arm - bench->arms);
}

static void begin(struct bench_case *bench, const struct arm_state *arm, const char *type)
{
	json_begin(bench->json);
	json_put_string(bench->json, "t", type);
	json_put_unsigned(bench->json, "bench", number(bench, arm));
}

/* --- counters --- */

struct counter {
	const char *phase, *name, *unit, *class, *source;
	enum tri_better better;
	uint64_t ops;
};

static void counter_begin(struct bench_case *bench, const struct arm_state *arm,
			  const struct counter *counter)
{
	struct json *json = bench->json;

	begin(bench, arm, "counter");
	json_put_string(json, "phase", counter->phase);
	json_put_string(json, "name", counter->name);
	json_put_string(json, "unit", counter->unit);
	json_put_string(json, "better", better_name[counter->better]);
	json_put_string(json, "class", counter->class);
	json_put_string(json, "source", counter->source);
	if (counter->ops)
		json_put_unsigned(json, "ops", counter->ops);
}

static void counter_value(struct bench_case *bench, const struct arm_state *arm,
			  const struct counter *counter, uint64_t thousandths)
{
	counter_begin(bench, arm, counter);
	json_thousandths(bench->json, "value", thousandths);
	json_put_string(bench->json, "avail", "ok");
	json_end(bench->json);
}

static void counter_missing(struct bench_case *bench, const struct arm_state *arm,
			    const struct counter *counter, const char *avail, const char *why)
{
	counter_begin(bench, arm, counter);
	json_put_null(bench->json, "value");
	json_put_string(bench->json, "avail", avail);
	json_put_string(bench->json, "why", why);
	json_end(bench->json);
}

static bool is_time(const struct tri_event_info *event)
{
	return !strcmp(event->unit, "ticks");
}

static void emit_exact_events(struct bench_case *bench, const struct arm_state *arm)
{
	for (unsigned int i = 0; i < TRI_EVENT_COUNT; i++) {
		const struct tri_event_info *event = &tri_event_info[i];
		struct counter counter = {"exact",  event->name,   event->unit,	  "exact",
					  "mmcore", event->better, arm->exact_ops};
		bool stable = true;

		if (is_time(event))
			continue;
		for (unsigned int r = 1; r < CASE_EXACT_REPEATS; r++)
			stable &= arm->exact[r][i] == arm->exact[0][i];
		counter_begin(bench, arm, &counter);
		json_put_unsigned(bench->json, "value", arm->exact[0][i]);
		json_put_bool(bench->json, "stable", stable);
		json_put_string(bench->json, "avail", "ok");
		json_end(bench->json);
	}
}

static void emit_measured_events(struct bench_case *bench, const struct arm_state *arm)
{
	for (unsigned int i = 0; i < TRI_EVENT_COUNT; i++) {
		const struct tri_event_info *event = &tri_event_info[i];
		struct counter counter = {"measure", event->name,   event->unit, "noisy",
					  "mmcore",  event->better, arm->ops};
		uint64_t value = arm->events[i] * 1000;

		if (is_time(event)) {
			counter.unit = "ns";
			value = case_ps(bench, arm->events[i]);
		}
		if (event->kind == TRI_MAX)
			counter.ops = 0;
		counter_value(bench, arm, &counter, value);
	}
}

static void emit_host_counter(struct bench_case *bench, const struct arm_state *arm,
			      enum host_counter which, const struct counter *counter)
{
	const char *why = NULL, *avail = host_counter_avail(which, &why);

	if (strcmp(avail, "ok")) {
		counter_missing(bench, arm, counter, avail, why);
		return;
	}
	counter_begin(bench, arm, counter);
	json_put_unsigned(bench->json, "value", arm->counts.value[which]);
	if (which == HOST_COUNTER_host_tlb_shootdowns) {
		json_open(bench->json, "per_cpu", '[');
		for (unsigned int i = 0; i < bench->host.cpus; i++)
			json_put_unsigned(bench->json, NULL, arm->counts.tlb_by_cpu[i]);
		json_close(bench->json, ']');
	}
	json_put_string(bench->json, "avail", "ok");
	json_end(bench->json);
}

static void emit_host_counters(struct bench_case *bench, const struct arm_state *arm)
{
	static const struct {
		const char *name, *unit;
		enum tri_better better;
	} info[] = {
#define HOST_COUNTER(name, unit, better, about) {#name, unit, TRI_BETTER_##better},
#include "host_counters.def"
#undef HOST_COUNTER
	};

	for (unsigned int i = 0; i < HOST_COUNTER_COUNT; i++) {
		struct counter counter = {"measure", info[i].name,   info[i].unit, "noisy",
					  "host",    info[i].better, arm->ops};

		emit_host_counter(bench, arm, i, &counter);
	}
}

/* What faulted beyond first touches: live pages a merged flush took along. */
static void emit_refaults(struct bench_case *bench, const struct arm_state *arm)
{
	struct counter counter = {"measure", "host_refaults",  "faults", "noisy",
				  "harness", TRI_BETTER_LOWER, arm->ops};
	const char *why = NULL, *avail = host_counter_avail(HOST_COUNTER_host_minor_faults, &why);
	uint64_t faults = arm->counts.value[HOST_COUNTER_host_minor_faults];

	if (strcmp(avail, "ok"))
		counter_missing(bench, arm, &counter, avail, why);
	else if (!strcmp(host_param_get("host") ? host_param_get("host") : "", "exact"))
		counter_missing(bench, arm, &counter, "not_applicable",
				"host=exact keeps live mappings through a flush");
	else
		counter_value(bench, arm, &counter,
			      faults > arm->first_touches ? (faults - arm->first_touches) * 1000
							  : 0);
}

/* --- samples and histograms --- */

static void emit_samples(struct bench_case *bench, const struct arm_state *arm, const char *metric,
			 const char *better, uint64_t ops, const uint64_t *values)
{
	struct json *json = bench->json;

	begin(bench, arm, "samples");
	json_put_string(json, "metric", metric);
	json_put_string(json, "unit", "ns");
	json_put_string(json, "better", better);
	json_put_string(json, "class", "noisy");
	json_put_string(json, "per", "block");
	if (ops)
		json_put_unsigned(json, "ops", ops);
	json_open(json, "values", '[');
	for (unsigned long i = 0; i < bench->blocks; i++)
		json_thousandths(json, NULL, values[i]);
	json_close(json, ']');
	json_open(json, "order", '[');
	for (unsigned long i = 0; i < bench->blocks; i++)
		json_put_unsigned(json, NULL, arm->samples.order[i]);
	json_close(json, ']');
	json_end(json);
}

/* "free" + ".p99", in a buffer the next call overwrites. */
static const char *join(const char *metric, const char *quantile)
{
	static char text[64];
	unsigned int n = 0;

	for (; *metric && n < sizeof(text) - 8; metric++)
		text[n++] = *metric;
	text[n++] = '.';
	for (; *quantile && n < sizeof(text) - 1; quantile++)
		text[n++] = *quantile;
	text[n] = 0;
	return text;
}

static void emit_all_samples(struct bench_case *bench, const struct arm_state *arm)
{
	uint64_t ops = arm->ops / bench->blocks;

	emit_samples(bench, arm, "total", "lower", ops, arm->samples.total);
	emit_samples(bench, arm, "total.even", "none", ops / 2, arm->samples.even);
	emit_samples(bench, arm, "total.odd", "none", ops / 2, arm->samples.odd);
	if (bench->defers)
		emit_samples(bench, arm, "purge", "lower", 0, arm->samples.finish);
	for (unsigned int m = 0; m < arm->nr_metrics; m++) {
		if (!arm->total[m]->n)
			continue;
		for (unsigned int q = 0; q < CASE_QUANTILES; q++)
			emit_samples(bench, arm,
				     join(arm->bench.workload->metrics[m], case_quantile_name[q]),
				     "lower", 0, arm->samples.quantile[m][q]);
	}
}

static void emit_histogram(struct bench_case *bench, const struct arm_state *arm,
			   const char *metric, const struct histogram *histogram)
{
	struct json *json = bench->json;
	unsigned int last = histogram_index(histogram->max, HISTOGRAM_SUB_BITS);

	if (!histogram->n)
		return;
	begin(bench, arm, "hist");
	json_put_string(json, "metric", metric);
	json_put_string(json, "unit", "ticks");
	json_put_unsigned(json, "hz", bench->host.tick_hz);
	json_put_string(json, "scheme", "loglin");
	json_put_unsigned(json, "sub_bits", HISTOGRAM_SUB_BITS);
	json_put_unsigned(json, "n", histogram->n);
	json_put_unsigned(json, "min", histogram->min);
	json_put_unsigned(json, "max", histogram->max);
	json_decimal_string(json, "sum", histogram->sum);
	json_open(json, "buckets", '[');
	for (unsigned int i = histogram_index(histogram->min, HISTOGRAM_SUB_BITS); i <= last; i++) {
		if (!histogram->count[i])
			continue;
		json_open(json, NULL, '[');
		json_put_unsigned(json, NULL, histogram_low(i, HISTOGRAM_SUB_BITS));
		json_put_unsigned(json, NULL, histogram->count[i]);
		json_close(json, ']');
	}
	json_close(json, ']');
	json_put_unsigned(json, "lost", 0);
	json_end(json);
}

static void emit_histograms(struct bench_case *bench, const struct arm_state *arm)
{
	const char *const *metrics = arm->bench.workload->metrics;

	for (unsigned int m = 0; m < arm->nr_metrics; m++)
		emit_histogram(bench, arm, metrics[m], arm->total[m]);
	for (unsigned int i = 0; arm->by_worker && i < bench->cpus * arm->nr_metrics; i++) {
		char cpu[8] = "cpu0";
		unsigned int slot = i / arm->nr_metrics;

		if (slot < 10) {
			cpu[3] = '0' + slot;
		} else {
			cpu[3] = '0' + slot / 10;
			cpu[4] = '0' + slot % 10;
			cpu[5] = 0;
		}
		emit_histogram(bench, arm, join(metrics[i % arm->nr_metrics], cpu),
			       arm->by_worker[i]);
	}
}

static void emit_intervals(struct bench_case *bench, const struct arm_state *arm)
{
	struct json *json = bench->json;

	for (unsigned int c = 0; c < arm->heat->used; c++) {
		const struct heat_column *column = &arm->heat->column[c];

		if (!column->n)
			continue;
		begin(bench, arm, "interval");
		json_put_string(json, "metric",
				arm->bench.workload->metrics[case_heat_metric(arm)]);
		json_put_string(json, "unit", "ticks");
		json_put_unsigned(json, "hz", bench->host.tick_hz);
		json_thousandths(json, "start_ns", case_ps(bench, c * arm->heat->width));
		json_thousandths(json, "len_ns", case_ps(bench, arm->heat->width));
		json_put_string(json, "scheme", "loglin");
		json_put_unsigned(json, "sub_bits", HEAT_SUB_BITS);
		json_open(json, "buckets", '[');
		for (unsigned int i = 0; i < HEAT_ROWS; i++) {
			if (!column->count[i])
				continue;
			json_open(json, NULL, '[');
			json_put_unsigned(json, NULL, histogram_low(i, HEAT_SUB_BITS));
			json_put_unsigned(json, NULL, column->count[i]);
			json_close(json, ']');
		}
		json_close(json, ']');
		json_put_unsigned(json, "max", column->max);
		json_end(json);
	}
}

/* --- the bench line --- */

static void emit_params(struct bench_case *bench, const struct arm_state *arm)
{
	const struct arm_config *config = arm->bench.arm;
	const struct workload_param *param = bench->config->workload->params;
	struct json *json = bench->json;
	const char *previous = "";

	json_open(json, "params", '{');
	json_put_unsigned(json, "cpus", bench->cpus);
	json_put_string(json, "impl", config->subject->name);
	json_put_string(json, "timing", config->timed ? "op" : "none");
	if (config->label[0])
		json_put_string(json, "label", config->label);
	if (config->inject)
		json_put_unsigned(json, "inject", config->inject);
	for (unsigned int i = 0; param && param[i].name; i++)
		json_put_unsigned(json, param[i].name, bench->config->workload_param[i]);
	if (config->subject->has_core) {
		for (unsigned int i = 0; i < TRI_POLICY_COUNT; i++) {
			const char *question = tri_policy_info[i].question;

			if (strcmp(question, previous))
				json_put_string(json, question,
						tri_config_policy(&config->core, question));
			previous = question;
		}
		for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++)
			json_put_unsigned(json, tri_tunable_info[i].name, arm->tunable[i]);
		for (const struct host_param *host = host_params; host->name; host++)
			json_put_string(json, host->name, host_param_get(host->name));
	}
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

static void emit_bench(struct bench_case *bench, const struct arm_state *arm, const char *status)
{
	const struct workload *workload = bench->config->workload;
	struct json *json = bench->json;

	begin(bench, arm, "bench");
	json_put_unsigned(json, "case", bench->config->param[BENCH_PARAM_case]);
	json_put_string(json, "arm", arm->bench.arm->text);
	json_put_unsigned(json, "arms", bench->nr_arms);
	json_put_string(json, "workload", workload->name);
	json_put_string(json, "version", workload->version);
	json_put_string(json, "target", bench->host.target);
	emit_caps(json);
	json_open(json, "timebase", '{');
	json_put_string(json, "id", bench->host.timebase);
	json_put_unsigned(json, "hz", bench->host.tick_hz);
	json_thousandths(json, "clock_read_ns", bench->clock_read_ps);
	json_close(json, '}');
	emit_params(bench, arm);
	json_decimal_string(json, "seed", bench->config->param[BENCH_PARAM_seed]);
	json_put_unsigned(json, "check_level", TRI_CHECK_LEVEL);
	json_put_bool(json, "oversubscribed", bench->cpus > bench->host.cpus);
	json_put_unsigned(json, "blocks", bench->blocks);
	json_put_unsigned(json, "rounds", bench->rounds);
	json_put_unsigned(json, "slice_ops", bench->slice_ops);
	json_put_unsigned(json, "ops", arm->ops);
	json_hex(json, "ops_digest", arm->digest);
	json_put_string(json, "status", status);
	if (bench->why)
		json_put_string(json, "why", bench->why);
	json_end(json);
}

void records_emit(struct bench_case *bench, const char *status)
{
	self_measure(bench);
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		const struct arm_state *arm = &bench->arms[i];

		emit_bench(bench, arm, status);
		if (arm->exact_ops)
			emit_exact_events(bench, arm);
		if (!bench->blocks)
			continue;
		if (arm->bench.arm->subject->has_core) {
			struct counter failed = {"measure", "failed_allocs", "operations",
						 "noisy",   "workload",	     TRI_BETTER_LOWER,
						 arm->ops};

			emit_measured_events(bench, arm);
			emit_host_counters(bench, arm);
			emit_refaults(bench, arm);
			counter_value(bench, arm, &failed, arm->failed * 1000);
		}
		emit_all_samples(bench, arm);
		emit_histograms(bench, arm);
		emit_intervals(bench, arm);
	}
}

void records_self(struct bench_case *bench, const char *name, uint64_t ps)
{
	struct counter counter = {"harness", name, "ns", "noisy", "harness", TRI_BETTER_LOWER, 0};

	counter_value(bench, &bench->arms[0], &counter, ps);
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
	begin(bench, &bench->arms[0], "note");
	json_put_string(bench->json, "level", level);
	json_put_string(bench->json, "text", text);
	json_end(bench->json);
}
