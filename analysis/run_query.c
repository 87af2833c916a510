/* SPDX-License-Identifier: GPL-2.0-only */
/* run_query.c - looks things up in a run that was read. */
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct counter *bench_counter(const struct bench *bench, const char *phase, const char *name)
{
	for (size_t i = 0; i < bench->nr_counters; i++) {
		const struct counter *counter = &bench->counters[i];

		if (!strcmp(counter->name, name) && !strcmp(counter->phase, phase))
			return counter;
	}
	return NULL;
}

const struct samples *bench_samples(const struct bench *bench, const char *metric)
{
	for (size_t i = 0; i < bench->nr_samples; i++) {
		if (!strcmp(bench->samples[i].metric, metric))
			return &bench->samples[i];
	}
	return NULL;
}

const struct hist *bench_hist(const struct bench *bench, const char *metric)
{
	for (size_t i = 0; i < bench->nr_hists; i++) {
		if (!strcmp(bench->hists[i].metric, metric))
			return &bench->hists[i];
	}
	return NULL;
}

bool trace_source(const char *source)
{
	/* What no probe is called. */
	static const char *const others[] = {"mmcore",	 "host",     "harness",
					     "workload", "tlbmodel", "perf"};

	for (size_t i = 0; source && i < sizeof(others) / sizeof(*others); i++) {
		if (!strcmp(source, others[i]))
			return false;
	}
	return source;
}

const struct probe *trace_probe(const struct trace *trace, const char *name)
{
	for (size_t i = 0; i < trace->nr_probes; i++) {
		if (!strcmp(trace->probes[i].name, name))
			return &trace->probes[i];
	}
	return NULL;
}

const struct hist *trace_hist(const struct trace *trace, const char *probe, const char *metric)
{
	for (size_t i = 0; i < trace->nr_hists; i++) {
		if (!strcmp(trace->hists[i].source, probe) &&
		    !strcmp(trace->hists[i].metric, metric))
			return &trace->hists[i];
	}
	return NULL;
}

const struct trace_key *trace_key(const struct trace_key *keys, size_t nr, const char *name)
{
	for (size_t i = 0; i < nr; i++) {
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	}
	return NULL;
}

const char *trace_key_text(const struct trace_key *keys, size_t nr, char *buffer, size_t size)
{
	size_t length = 0;

	*buffer = '\0';
	for (size_t i = 0; i < nr && length < size; i++) {
		const char *blank = i ? " " : "";

		length += (size_t)(keys[i].text
					   ? snprintf(buffer + length, size - length, "%s%s=%s",
						      blank, keys[i].name, keys[i].text)
					   : snprintf(buffer + length, size - length, "%s%s=%.15g",
						      blank, keys[i].name, keys[i].number));
	}
	return buffer;
}

const struct probe *bench_disturbed(const struct bench *bench)
{
	for (size_t i = 0; i < bench->trace.nr_probes; i++) {
		if (bench->trace.probes[i].disturbed)
			return &bench->trace.probes[i];
	}
	return NULL;
}

const char *bench_disturbed_text(const struct bench *bench, char *buffer, size_t size)
{
	const struct probe *probe = bench_disturbed(bench);
	char share[64] = "much";

	*buffer = '\0';
	if (!probe)
		return buffer;
	if (isfinite(probe->share.low))
		snprintf(share, sizeof(share), "%.0f to %.0f %%", 100 * probe->share.low,
			 100 * probe->share.high);
	snprintf(buffer, size,
		 "probes (%s%s) add %s to its time: blocks between them may suffer, too",
		 probe->name, bench->trace.nr_probes > 1 ? " and others" : "", share);
	return buffer;
}

const char *bench_param(const struct bench *bench, const char *name, char *buffer, size_t size)
{
	const json_t *value = json_object_get(bench->params, name);

	*buffer = '\0';
	if (json_is_string(value))
		snprintf(buffer, size, "%s", json_string_value(value));
	else if (json_is_integer(value))
		snprintf(buffer, size, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		snprintf(buffer, size, "%.15g", json_real_value(value));
	else if (value)
		snprintf(buffer, size, "%s",
			 json_is_null(value)   ? "null"
			 : json_is_true(value) ? "true"
					       : "false");
	return buffer;
}

bool bench_is_exact(const struct bench *bench)
{
	const char *mode = json_string_value(json_object_get(bench->params, "mode"));

	return mode && !strcmp(mode, "exact");
}

bool bench_real_time(const struct bench *bench)
{
	const json_t *caps = json_object_get(bench->json, "caps"), *cap;
	size_t i;

	json_array_foreach (caps, i, cap) {
		if (!strcmp(json_string_value(cap), "real_time"))
			return true;
	}
	return false;
}

/* How many values fall into the bucket that starts at @low: results/README.md, loglin. */
static double bucket_width(uint64_t low, unsigned int sub_bits)
{
	unsigned int log2 = low ? 63 - (unsigned int)__builtin_clzl(low) : 0;

	return log2 <= sub_bits ? 1 : (double)(1UL << (log2 - sub_bits));
}

double hist_quantile_ns(const struct hist *hist, double q)
{
	double ns = hist->hz > 0 ? 1e9 / hist->hz : 1;
	double rank, before = 0, value, total = 0;

	for (size_t i = 0; i < hist->nr_buckets; i++)
		total += (double)hist->buckets[i].count;
	if (!total)
		return NAN;
	rank = fmin(fmax(q, 0), 1) * total;
	for (size_t i = 0; i < hist->nr_buckets; i++) {
		const struct bucket *bucket = &hist->buckets[i];
		double n = (double)bucket->count;

		if (before + n >= rank && n > 0 && q < 1) {
			value = (double)bucket->low +
				bucket_width(bucket->low, hist->sub_bits) * (rank - before) / n;
			value = fmin(fmax(value, (double)hist->min), (double)hist->max);
			return value * ns;
		}
		before += n;
	}
	return (double)hist->max * ns;
}
