/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_values.c - what a commit was measured at: out of a run, into the cache and out of it. */
#include "bisect_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int no_memory(char *why, size_t size)
{
	snprintf(why, size, "out of memory");
	return -1;
}

static bool is_counted(const struct counter *counter)
{
	return !strcmp(counter->phase, "exact") && counter->class == CLASS_EXACT &&
	       counter->has_value && !trace_source(counter->source);
}

static int add_count(struct bisect_measured *out, const struct counter *counter)
{
	struct bisect_count *count = &out->counts[out->nr_counts];

	*count = (struct bisect_count){.name = strdup(counter->name),
				       .unit = strdup(counter->unit),
				       .better = counter->better,
				       .stable = counter->stable,
				       .value = counter->value,
				       .ops = (double)counter->ops,
				       .tolerance = counter->threshold,
				       .slack = counter->slack};
	out->nr_counts++;
	return count->name && count->unit ? 0 : -1;
}

/* What was asked for, not the null workload that measures the harness. */
static const struct bench *first_bench(const struct run *run)
{
	for (size_t i = 0; i < run->nr_benches; i++)
		if (strcmp(run->benches[i].workload, "null") || i + 1 == run->nr_benches)
			return &run->benches[i];
	return NULL;
}

static int start(struct bisect_measured *out, const struct run *run, size_t counts, size_t logs)
{
	*out = (struct bisect_measured){.counts = calloc(counts + 1, sizeof(*out->counts)),
					.logs = calloc(logs + 1, sizeof(*out->logs)),
					.run = strdup(run->run_id)};
	return out->counts && out->logs && out->run ? 0 : -1;
}

/* Why it is not ok. */
static void explain(const struct bench *bench, char *why, size_t size)
{
	snprintf(why, size, "%s%s%s", bench->status, bench->why ? ": " : "",
		 bench->why ? bench->why : "");
}

int bisect_read_counts(const struct run *run, struct bisect_measured *out, char *why, size_t size)
{
	const struct bench *bench = first_bench(run);
	int err;

	*out = (struct bisect_measured){0};
	if (!bench || strcmp(bench->status, "ok")) {
		snprintf(why, size, "nothing was measured");
		if (bench)
			explain(bench, why, size);
		return -1;
	}
	err = start(out, run, bench->nr_counters, 0);
	for (size_t i = 0; i < bench->nr_counters && !err; i++)
		if (is_counted(&bench->counters[i]))
			err = add_count(out, &bench->counters[i]);
	if (!err && out->nr_counts)
		return 0;
	bisect_measured_free(out);
	if (err)
		return no_memory(why, size);
	snprintf(why, size, "it counted nothing");
	return -1;
}

static bool is_core(const struct bench *bench, const char *core)
{
	char value[512];

	return !strcmp(bench_param(bench, "core", value, sizeof(value)), core);
}

static const struct bench *other_arm(const struct run *run, const struct bench *next,
				     const char *base)
{
	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];

		if (bench->case_id == next->case_id && bench != next && is_core(bench, base) &&
		    json_equal(json_object_get(bench->json, "process"),
			       json_object_get(next->json, "process")))
			return bench;
	}
	return NULL;
}

/* Of one process; NAN: it has no times. */
static double process_log(const struct bench *base, const struct bench *next)
{
	const struct samples *a = bench_samples(base, "total"), *b = bench_samples(next, "total");
	struct estimate change;

	if (!a || !b || !a->n || !b->n)
		return NAN;
	change = statistics_log_ratio(a->values, b->values, a->n < b->n ? a->n : b->n, 0.5);
	return change.median + (a->ops && b->ops ? log((double)a->ops / (double)b->ops) : 0);
}

int bisect_read_times(const struct run *run, const char *base, const char *next,
		      struct bisect_measured *out, char *why, size_t size)
{
	*out = (struct bisect_measured){0};
	if (start(out, run, 0, run->nr_benches)) {
		bisect_measured_free(out);
		return no_memory(why, size);
	}
	snprintf(why, size, "nothing was measured");
	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i],
				   *with = is_core(bench, next) ? other_arm(run, bench, base)
								: NULL;
		double log_ratio = NAN;

		if (!with)
			continue;
		if (!strcmp(bench->status, "ok") && !strcmp(with->status, "ok"))
			log_ratio = process_log(with, bench);
		if (isfinite(log_ratio))
			out->logs[out->n++] = log_ratio;
		else if (!strcmp(bench->status, "ok") && !strcmp(with->status, "ok"))
			snprintf(why, size, "it has no total time");
		else
			explain(strcmp(bench->status, "ok") ? bench : with, why, size);
	}
	if (out->n)
		return 0;
	bisect_measured_free(out);
	return -1;
}

static const char *const betters[] = {
	[BETTER_NONE] = "none", [BETTER_LOWER] = "lower", [BETTER_HIGHER] = "higher"};

json_t *bisect_measured_json(const struct bisect_measured *measured)
{
	json_t *counts = json_array(), *logs = json_array();

	for (size_t i = 0; i < measured->nr_counts; i++) {
		const struct bisect_count *count = &measured->counts[i];

		json_array_append_new(counts, json_pack("{s:s, s:s, s:s, s:b, s:f, s:f, s:f, s:f}",
							"name", count->name, "unit", count->unit,
							"better", betters[count->better], "stable",
							count->stable, "value", count->value, "ops",
							count->ops, "threshold", count->tolerance,
							"slack", count->slack));
	}
	for (size_t i = 0; i < measured->n; i++)
		json_array_append_new(logs, json_real(measured->logs[i]));
	return json_pack("{s:s, s:o, s:o}", "run", measured->run, "counters", counts, "ln_ratios",
			 logs);
}

static int count_from_json(const json_t *json, struct bisect_count *count)
{
	const char *name, *unit, *better;
	int stable, i;

	if (json_unpack((json_t *)json, "{s:s, s:s, s:s, s:b, s:F, s:F, s:F, s:F}", "name", &name,
			"unit", &unit, "better", &better, "stable", &stable, "value", &count->value,
			"ops", &count->ops, "threshold", &count->tolerance, "slack", &count->slack))
		return -1;
	for (i = BETTER_HIGHER; i > BETTER_NONE; i--)
		if (!strcmp(better, betters[i]))
			break;
	count->better = (enum better)i;
	count->stable = stable;
	count->name = strdup(name);
	count->unit = strdup(unit);
	return count->name && count->unit ? 0 : -1;
}

int bisect_measured_from_json(const json_t *json, struct bisect_measured *out)
{
	const json_t *counts = json_object_get(json, "counters"),
		     *logs = json_object_get(json, "ln_ratios"), *item;
	const char *run = json_string_value(json_object_get(json, "run"));
	size_t i;

	*out = (struct bisect_measured){
		.counts = calloc(json_array_size(counts) + 1, sizeof(*out->counts)),
		.logs = calloc(json_array_size(logs) + 1, sizeof(*out->logs)),
		.run = run ? strdup(run) : NULL};
	if (!out->counts || !out->logs || !out->run)
		goto out_free;
	json_array_foreach (counts, i, item) {
		out->nr_counts++;
		if (count_from_json(item, &out->counts[i]))
			goto out_free;
	}
	json_array_foreach (logs, i, item) {
		if (!json_is_number(item))
			goto out_free;
		out->logs[out->n++] = json_number_value(item);
	}
	return 0;

out_free:
	bisect_measured_free(out);
	return -1;
}

void bisect_measured_free(struct bisect_measured *measured)
{
	for (size_t i = 0; i < measured->nr_counts; i++) {
		free(measured->counts[i].name);
		free(measured->counts[i].unit);
	}
	free(measured->counts);
	free(measured->logs);
	free(measured->run);
	*measured = (struct bisect_measured){0};
}
