/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_processes.c - a pair of arms that several processes measured: which of them count, and
 * what each says.
 *
 * Blocks of one process share its layout of code and data, so they repeat its bias and not the
 * truth: each process gives one value, the median over its blocks.
 */
#include "compare_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool numbered(const struct bench *bench)
{
	return json_is_integer(json_object_get(bench->json, "process"));
}

int compare_add_process(struct compare_group *group, struct compare_process process)
{
	struct compare_process *bigger;

	if (!numbered(process.base))
		return 1;
	bigger = reallocarray(group->processes, group->nr_processes + 1, sizeof(*bigger));
	if (!bigger)
		return -1;
	bigger[group->nr_processes++] = process;
	group->processes = bigger;
	return 0;
}

static bool is_whole(const struct bench *bench)
{
	return !bench || !strcmp(bench->status, "ok");
}

void compare_settle_processes(struct comparison_memory *memory, struct compare_group *group)
{
	size_t kept = 0;

	for (size_t i = 0; i < group->nr_processes; i++) {
		const struct compare_process *process = &group->processes[i];

		if (is_whole(process->base) && is_whole(process->next) && is_whole(process->copy))
			group->processes[kept++] = *process;
	}
	if (!group->nr_processes)
		return;
	if (kept && kept < group->nr_processes)
		compare_footnote(memory, "%s: left out: %zu of %zu processes that did not end well",
				 group->workload, group->nr_processes - kept, group->nr_processes);
	if (kept)
		group->nr_processes = kept;
	group->base = group->processes[0].base;
	group->next = group->processes[0].next;
}

static double median_of(const struct samples *samples, bool per_op)
{
	double median = statistics_median(samples->values, samples->n);

	return per_op && samples->ops ? median / (double)samples->ops : median;
}

/* Pairs of blocks, each as long for both; what an operation of them took, if they hold unlike many.
 */
static double log_ratio(const struct samples *base, const struct samples *next)
{
	size_t n = base->n < next->n ? base->n : next->n;
	double ratio = statistics_log_ratio(base->values, next->values, n, 0).median;

	return base->ops && next->ops ? ratio + log((double)base->ops / (double)next->ops) : ratio;
}

static void add_process(const struct compare_process *process, const char *metric, bool per_op,
			struct process_values *out)
{
	const struct samples *base = bench_samples(process->base, metric);
	const struct samples *next = bench_samples(process->next, metric);
	const struct samples *copy = process->copy ? bench_samples(process->copy, metric) : NULL;
	double ratio;

	if (!base || !next)
		return;
	ratio = log_ratio(base, next);
	if (!isfinite(ratio))
		return;
	out->base[out->n] = median_of(base, per_op);
	out->next[out->n] = median_of(next, per_op);
	out->logs[out->n++] = ratio;
	ratio = copy ? log_ratio(base, copy) : NAN;
	if (isfinite(ratio))
		out->copies[out->nr_copies++] = ratio;
}

int compare_process_values(const struct compare_group *group, const char *metric, bool per_op,
			   struct process_values *out)
{
	size_t size = (group->nr_processes + 1) * sizeof(double);

	*out = (struct process_values){0,	    0, malloc(size), malloc(size), malloc(size),
				       malloc(size)};
	if (!out->base || !out->next || !out->logs || !out->copies) {
		process_values_free(out);
		return -1;
	}
	for (size_t i = 0; i < group->nr_processes; i++)
		add_process(&group->processes[i], metric, per_op, out);
	return 0;
}

void process_values_free(struct process_values *values)
{
	free(values->base);
	free(values->next);
	free(values->logs);
	free(values->copies);
}
