/* SPDX-License-Identifier: GPL-2.0-only */
/* bench_facts.c - what an arm cost beside its time; see bench_facts.h. */
#include "bench_facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PAGE_BYTES 4096.0

/* The timed phase tells what happened under load; the exact one stands in for it. */
static const struct counter *counter_with_value(const struct bench *bench, const char *name)
{
	static const char *const phase[] = {"measure", "exact"};

	for (size_t i = 0; i < sizeof(phase) / sizeof(phase[0]); i++) {
		const struct counter *counter = bench_counter(bench, phase[i], name);

		if (counter && counter->has_value)
			return counter;
	}
	return NULL;
}

static double bench_hz(const struct bench *bench)
{
	return json_number_value(json_object_get(json_object_get(bench->json, "timebase"), "hz"));
}

double hist_to_ns(const struct hist *hist, double value)
{
	return hist->hz > 0 ? value * 1e9 / hist->hz : value;
}

uint64_t hist_bucket_width(const struct hist *hist, uint64_t low)
{
	unsigned int log2;

	if (low < 2ULL << hist->sub_bits)
		return 1;
	log2 = 63 - (unsigned int)__builtin_clzll(low);
	return 1ULL << (log2 - hist->sub_bits);
}

double bench_slow_ns(const struct bench *bench, const char *metric)
{
	const struct samples *worst;
	char name[64];

	snprintf(name, sizeof(name), "%s.p9999", metric);
	worst = bench_samples(bench, name);
	return worst && worst->n && bench_real_time(bench)
		       ? statistics_median(worst->values, worst->n)
		       : NAN;
}

double bench_median_ns(const struct bench *bench, const char *metric)
{
	const struct hist *hist = bench_hist(bench, metric);

	return hist && bench_real_time(bench) ? hist_quantile_ns(hist, 0.5) : NAN;
}

double bench_mean_ns(const struct bench *bench, const char *metric)
{
	const struct samples *means;
	char name[64];

	snprintf(name, sizeof(name), "%s.mean", metric);
	means = bench_samples(bench, name);
	return means && means->n && bench_real_time(bench)
		       ? statistics_median(means->values, means->n)
		       : NAN;
}

double bench_from_lists(const struct bench *bench)
{
	static const char *const level[] = {"level_pcp", "level_zone", "level_slow"};
	double blocks = 0, served[3] = {0};

	for (size_t i = 0; i < sizeof(level) / sizeof(level[0]); i++) {
		const struct counter *counter = bench_counter(bench, "exact", level[i]);

		if (!counter || !counter->has_value)
			return NAN;
		served[i] = counter->value;
		blocks += counter->value;
	}
	return blocks > 0 ? 100 * served[0] / blocks : NAN;
}

double bench_longest_purge_ns(const struct bench *bench)
{
	const struct counter *counter = counter_with_value(bench, "purge_ticks_max");
	const struct samples *forced = bench_samples(bench, "purge");
	double longest = NAN;

	if (!bench_real_time(bench))
		return NAN;
	if (counter && strcmp(counter->unit, "ns") == 0)
		return counter->value;
	if (counter && bench_hz(bench) > 0)
		return counter->value * 1e9 / bench_hz(bench);
	for (size_t i = 0; forced && i < forced->n; i++)
		longest = fmax(longest, forced->values[i]);
	return longest;
}

double bench_waiting_bytes(const struct bench *bench)
{
	const struct counter *counter = counter_with_value(bench, "waiting_pages_max");

	return counter ? counter->value * PAGE_BYTES : NAN;
}

bool bench_has_shootdowns(const struct bench *bench)
{
	const struct counter *counter = counter_with_value(bench, "shootdowns");

	return counter && counter->value > 0;
}

double bench_steps_per_area(const struct bench *bench)
{
	const struct counter *steps = bench_counter(bench, "exact", "area_steps");
	const struct counter *areas = bench_counter(bench, "exact", "area_alloc");

	if (!steps || !areas || !steps->has_value || !areas->has_value || areas->value <= 0)
		return NAN;
	return steps->value / areas->value;
}

double bench_held_per_requested(const struct bench *bench)
{
	const struct counter *ratio = bench_counter(bench, "exact", "held_per_requested");

	return ratio && ratio->has_value ? ratio->value : NAN;
}

/* Frees behind a counter: those of the histogram in the timed phase, else all operations. */
static double frees_of(const struct bench *bench, const struct counter *counter)
{
	const struct hist *hist = bench_hist(bench, "free");

	if (hist && hist->n && strcmp(counter->phase, "measure") == 0)
		return (double)(hist->n + hist->lost);
	return (double)counter->ops;
}

double bench_shootdowns_per_free(const struct bench *bench, const char **source)
{
	const struct counter *counter = bench_counter(bench, "measure", "host_tlb_shootdowns");

	*source = "host's count";
	if (!counter || !counter->has_value) {
		counter = counter_with_value(bench, "shootdowns");
		*source = "mmcore's count";
	}
	return counter && frees_of(bench, counter) > 0 ? counter->value / frees_of(bench, counter)
						       : NAN;
}

double bench_interrupts_per_victim(const struct bench *bench)
{
	const struct counter *counter = counter_with_value(bench, "shootdowns");
	double others = json_number_value(json_object_get(bench->params, "cpus")) - 1;

	if (!counter || others <= 0 || frees_of(bench, counter) <= 0)
		return NAN;
	return counter->value / frees_of(bench, counter) / others;
}

struct estimate bench_rate(const struct bench *bench, double confidence)
{
	const struct samples *total = bench_samples(bench, "total");
	struct estimate time = {.n = 0}, rate = {.n = 0};

	if (total && total->n && total->ops)
		time = statistics_median_interval(total->values, total->n, confidence);
	if (!time.n)
		return rate;
	rate.n = time.n;
	rate.median = (double)total->ops * 1e9 / time.median;
	rate.low = time.high < INFINITY ? (double)total->ops * 1e9 / time.high : rate.median;
	rate.high = time.low > 0 ? (double)total->ops * 1e9 / time.low : rate.median;
	return rate;
}
