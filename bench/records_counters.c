/* SPDX-License-Identifier: GPL-2.0-only */
/* records_counters.c - what was counted, by mmcore and by the host, as `counter` lines. */
#include "extras.h"
#include "records.h"

static const char *const better_name[] = {
	[TRI_BETTER_LOWER] = "lower",
	[TRI_BETTER_HIGHER] = "higher",
	[TRI_BETTER_NONE] = "none",
};

struct counter {
	const char *phase, *name, *unit, *class, *source;
	enum tri_better better;
	uint64_t ops;
};

static void counter_begin(struct bench_case *bench, const struct arm_state *arm,
			  const struct counter *counter)
{
	struct json *json = bench->json;

	records_begin(bench, arm, "counter");
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

static const char not_counted[] = "this build counts no such event";

static bool is_time(const struct tri_event_info *event)
{
	return !strcmp(event->unit, "ticks");
}

static void emit_exact_events(struct bench_case *bench, const struct arm_state *arm)
{
	for (unsigned int i = 0; arm->bench.arm->subject->core && i < TRI_EVENT_COUNT; i++) {
		const struct tri_event_info *event = &tri_event_info[i];
		struct counter counter = {"exact",  event->name,   event->unit,	  "exact",
					  "mmcore", event->better, arm->exact_ops};
		bool stable = true;

		if (is_time(event))
			continue;
		for (unsigned int r = 1; r < arm->exact_runs; r++)
			stable &= arm->exact[r][i] == arm->exact[0][i];
		if (arm->exact[0][i] == CORE_NONE) {
			counter_missing(bench, arm, &counter, "unsupported", not_counted);
			continue;
		}
		counter_begin(bench, arm, &counter);
		json_put_unsigned(bench->json, "value", arm->exact[0][i]);
		json_put_bool(bench->json, "stable", stable);
		json_put_string(bench->json, "avail", "ok");
		json_end(bench->json);
	}
}

static void emit_counts(struct bench_case *bench, const struct arm_state *arm)
{
	const struct workload_count *count = bench->config->workload->counts;

	if (!arm->bench.arm->subject->core)
		return;
	for (unsigned int i = 0; count && count[i].name; i++) {
		struct counter counter = {"exact",    count[i].name,   count[i].unit, "exact",
					  "workload", count[i].better, arm->exact_ops};
		bool stable = true;

		for (unsigned int r = 1; r < arm->exact_runs; r++)
			stable &= arm->counted[r][i] == arm->counted[0][i];
		counter_begin(bench, arm, &counter);
		json_put_unsigned(bench->json, "value", arm->counted[0][i]);
		json_put_bool(bench->json, "stable", stable);
		json_put_string(bench->json, "avail", "ok");
		json_end(bench->json);
	}
}

/* What the workload followed over time, a line for each value. */
static void emit_series(struct bench_case *bench, const struct arm_state *arm)
{
	const struct workload_count *series = bench->config->workload->series;
	struct json *json = bench->json;

	for (unsigned int i = 0; series && arm->bench.points && series[i].name; i++) {
		records_begin(bench, arm, "samples");
		json_put_string(json, "metric", series[i].name);
		json_put_string(json, "unit", series[i].unit);
		json_put_string(json, "better", better_name[series[i].better]);
		json_put_string(json, "class", "exact");
		json_put_string(json, "per", "point");
		json_open(json, "values", '[');
		for (unsigned int k = 0; k < arm->bench.points; k++)
			json_put_signed(json, NULL, arm->bench.point[k][i]);
		json_close(json, ']');
		json_open(json, "order", '[');
		for (unsigned int k = 0; k < arm->bench.points; k++)
			json_put_unsigned(json, NULL, k);
		json_close(json, ']');
		json_end(json);
	}
}

/*
 * What requests hold, at the point of hold(). Of a core the count is exact; of others it is
 * what became resident in the process, and noisy.
 */
static void emit_hold(struct bench_case *bench, const struct arm_state *arm)
{
	bool exact = arm->bench.arm->subject->core, stable = true;
	struct counter counter = {"exact",   "bytes_requested", "bytes", "exact",
				  "harness", TRI_BETTER_NONE,	0};

	counter_value(bench, arm, &counter, arm->hold.requested * 1000);
	counter.name = "bytes_usable";
	counter.better = TRI_BETTER_LOWER;
	counter_value(bench, arm, &counter, arm->hold.usable * 1000);
	counter.name = "bytes_held";
	counter.source = exact ? "mmcore" : "host";
	counter.class = exact ? "exact" : "noisy";
	if (arm->held[0] < 0) {
		counter_missing(bench, arm, &counter, "unsupported",
				"the target can't tell what the process holds");
		return;
	}
	for (unsigned int r = 1; exact && r < arm->hold_runs; r++)
		stable &= arm->held[r] == arm->held[0];
	counter_begin(bench, arm, &counter);
	json_put_unsigned(bench->json, "value", arm->held[0]);
	json_put_bool(bench->json, "stable", stable);
	json_put_string(bench->json, "avail", "ok");
	json_end(bench->json);
	counter.name = "held_per_requested";
	counter.unit = "ratio";
	counter.class = "noisy";
	counter_value(bench, arm, &counter, (uint64_t)arm->held[0] * 1000 / arm->hold.requested);
}

static void emit_measured_events(struct bench_case *bench, const struct arm_state *arm)
{
	for (unsigned int i = 0; i < TRI_EVENT_COUNT; i++) {
		const struct tri_event_info *event = &tri_event_info[i];
		struct counter counter = {"measure", event->name,   event->unit,     "noisy",
					  "mmcore",  event->better, arm->counted_ops};
		uint64_t value = arm->events[i] * 1000;

		if (is_time(event)) {
			counter.unit = "ns";
			value = case_ps(bench, arm->events[i]);
		}
		if (event->kind == TRI_MAX)
			counter.ops = 0;
		if (arm->events[i] == CORE_NONE)
			counter_missing(bench, arm, &counter, "unsupported", not_counted);
		else
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
		struct counter counter = {"measure", info[i].name,   info[i].unit,    "noisy",
					  "host",    info[i].better, arm->counted_ops};

		emit_host_counter(bench, arm, i, &counter);
	}
}

/* A value that was scaled up is an estimate, of class `sampled`; the times say how good a one. */
static void emit_extra(struct bench_case *bench, const struct arm_state *arm, unsigned int which)
{
	const struct host_extra *info = &bench->extra_info[which];
	struct counter counter = {"measure",	info->name,   info->unit, "noisy",
				  info->source, info->better, arm->ops};
	struct host_extra_count sum;

	if (strcmp(info->avail, "ok")) {
		counter_missing(bench, arm, &counter, info->avail, info->why);
		return;
	}
	if (!bench->blocks) {
		counter_missing(bench, arm, &counter, "disabled", "no block was timed");
		return;
	}
	sum = extras_sum(bench, arm, which);
	if (sum.enabled && !sum.running) {
		counter_missing(bench, arm, &counter, "multiplexed",
				"the PMU was busy with others all the time: name fewer in perf=");
		return;
	}
	if (sum.running < sum.enabled)
		counter.class = "sampled";
	counter_begin(bench, arm, &counter);
	json_put_unsigned(bench->json, "value", sum.value);
	json_put_unsigned(bench->json, "enabled_ns", sum.enabled);
	json_put_unsigned(bench->json, "running_ns", sum.running);
	json_put_string(bench->json, "avail", "ok");
	json_end(bench->json);
}

static bool maps_exactly(void)
{
	const char *host = host_param_get("host");

	return host && !strcmp(host, "exact");
}

/*
 * The host's time per call, and mmcore's own time per free: what is left of the mean free
 * once the host's part is out. Only where host calls are made by frees alone.
 */
static void emit_shares(struct bench_case *bench, const struct arm_state *arm)
{
	struct counter call = {"measure", "host_flush_call_ns", "ns", "noisy",
			       "host",	  TRI_BETTER_LOWER,	0};
	struct counter own = {"measure", "mmcore_free_ns", "ns", "noisy",
			      "mmcore",	 TRI_BETTER_LOWER, 0};
	const struct histogram *frees = NULL;
	uint64_t total, host = arm->slice_flush_ns * 1000;

	for (unsigned int m = 0; m < arm->nr_metrics; m++) {
		if (!strcmp(arm->bench.workload->metrics[m], "free"))
			frees = arm->total[m];
	}
	if (arm->flush_calls)
		counter_value(bench, arm, &call, arm->flush_ns * 1000 / arm->flush_calls);
	else
		counter_missing(bench, arm, &call, "not_applicable", "no call was made");
	if (maps_exactly() || !frees || !frees->n) {
		counter_missing(bench, arm, &own, "not_applicable",
				maps_exactly() ? "host=exact calls the host in allocations, too"
					       : "no free was timed");
		return;
	}
	total = case_ps(bench, frees->sum);
	counter_value(bench, arm, &own, (total > host ? total - host : 0) / frees->n);
}

/* What faulted beyond first touches: live pages a merged flush took along. */
static void emit_refaults(struct bench_case *bench, const struct arm_state *arm)
{
	struct counter counter = {"measure", "host_refaults",  "faults",	"noisy",
				  "harness", TRI_BETTER_LOWER, arm->counted_ops};
	const char *why = NULL, *avail = host_counter_avail(HOST_COUNTER_host_minor_faults, &why);
	uint64_t faults = arm->counts.value[HOST_COUNTER_host_minor_faults];

	if (strcmp(avail, "ok"))
		counter_missing(bench, arm, &counter, avail, why);
	else if (maps_exactly())
		counter_missing(bench, arm, &counter, "not_applicable",
				"host=exact keeps live mappings through a flush");
	else
		counter_value(bench, arm, &counter,
			      faults > arm->first_touches ? (faults - arm->first_touches) * 1000
							  : 0);
}

void records_counters(struct bench_case *bench, const struct arm_state *arm)
{
	struct counter failed = {"measure",  "failed_allocs",  "operations",	"noisy",
				 "workload", TRI_BETTER_LOWER, arm->counted_ops};

	if (arm->exact_ops)
		emit_exact_events(bench, arm);
	if (arm->exact_ops)
		emit_counts(bench, arm);
	emit_series(bench, arm);
	if (arm->hold.requested)
		emit_hold(bench, arm);
	for (unsigned int i = 0; i < bench->nr_extras; i++)
		emit_extra(bench, arm, i);
	if (!bench->blocks || !arm->bench.arm->subject->has_memory)
		return;
	emit_host_counters(bench, arm);
	if (arm->bench.arm->subject->core) {
		emit_measured_events(bench, arm);
		emit_shares(bench, arm);
		emit_refaults(bench, arm);
	}
	counter_value(bench, arm, &failed, arm->failed * 1000);
}

void records_self(struct bench_case *bench, const char *name, uint64_t ps)
{
	struct counter counter = {"harness", name, "ns", "noisy", "harness", TRI_BETTER_LOWER, 0};

	counter_value(bench, &bench->arms[0], &counter, ps);
}
