/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_cost.c - figures of each arm by itself over a swept number: time, and memory held. */
#include "plot_sweep.h"
#include "statistics.h"

#include <errno.h>
#include <math.h>

/* Times that lie further apart than this are told apart on a logarithmic scale only. */
#define WIDE 6

/* ns per operation, from whole blocks; n is 0 if there are none. */
static struct estimate cost_of(const struct bench *bench)
{
	const struct samples *total = bench_samples(bench, "total");
	struct estimate cost = {.n = 0};

	if (!total || !total->n || !total->ops)
		return cost;
	cost = statistics_median_interval(total->values, total->n, SWEEP_CONFIDENCE);
	cost.median /= (double)total->ops;
	cost.low /= (double)total->ops;
	cost.high /= (double)total->ops;
	if (!isfinite(cost.high))
		cost.low = cost.high = cost.median;
	return cost;
}

int plot_cost(const struct plot_target *target, const struct plot_sweep *sweep,
	      struct figure *figure)
{
	double least = INFINITY, most = 0;
	size_t arms = sweep_arms(sweep);
	struct script script;
	char name[64];
	int err;

	if (!arms || !cost_of(sweep->points[0].at->arm[0]).n)
		return -ENODATA;
	err = sweep_open(&script, target, sweep, "cost", "time per operation", figure);
	if (err)
		return err;
	script_arms(&script, arms, sweep->points[0].at->arm);
	script_number(&script, "logarithmic", sweep_is_logarithmic(sweep));
	for (size_t a = 0; a < arms; a++) {
		script_block(&script,
			     plot_arm_name(sweep->points[0].at->arm[a], name, sizeof(name)));
		for (size_t i = 0; i < sweep->n; i++) {
			struct estimate cost = cost_of(sweep->points[i].at->arm[a]);

			if (!cost.n)
				continue;
			least = fmin(least, cost.median);
			most = fmax(most, cost.median);
			fprintf(script.data, "%g %.6g %.6g %.6g\n", sweep->points[i].x, cost.median,
				cost.low, cost.high);
		}
	}
	script_number(&script, "wide", most > WIDE * least);
	figure->how = "whole blocks of operations, divided by their number: a line for each arm, "
		      "its band the 95 % interval of the median. Where both scales are "
		      "logarithmic, growth in proportion is a straight climb.";
	return script_close(&script, "cost");
}

/* @name over what was asked for; NAN if either was not measured. */
static double per_requested(const struct bench *bench, const char *name)
{
	const struct counter *bytes = bench_counter(bench, "exact", name);
	const struct counter *requested = bench_counter(bench, "exact", "bytes_requested");

	if (!bytes || !requested || !bytes->has_value || !requested->has_value ||
	    requested->value <= 0)
		return NAN;
	return bytes->value / requested->value;
}

int plot_held(const struct plot_target *target, const struct plot_sweep *sweep,
	      struct figure *figure)
{
	size_t arms = sweep_arms(sweep);
	struct script script;
	char name[64];
	int err;

	if (!arms || isnan(per_requested(sweep->points[0].at->arm[0], "bytes_held")))
		return -ENODATA;
	err = sweep_open(&script, target, sweep, "held", "memory held per byte asked for", figure);
	if (err)
		return err;
	script_arms(&script, arms, sweep->points[0].at->arm);
	script_number(&script, "logarithmic", sweep_is_logarithmic(sweep));
	for (size_t a = 0; a < arms; a++) {
		script_block(&script,
			     plot_arm_name(sweep->points[0].at->arm[a], name, sizeof(name)));
		for (size_t i = 0; i < sweep->n; i++) {
			const struct bench *bench = sweep->points[i].at->arm[a];

			fprintf(script.data, "%g %.6g %.6g\n", sweep->points[i].x,
				per_requested(bench, "bytes_held"),
				per_requested(bench, "bytes_usable"));
		}
	}
	figure->how = "solid: all memory the allocator keeps from others while many such objects "
		      "are held (mmcore's frames, others' growth in memory, bookkeeping included); "
		      "dashed: what of it their users may use. 1 would be what they asked for; "
		      "where sizes are rounded up, to the next "
		      "cache of objects or from 3 pages to 4, the line climbs.";
	return script_close(&script, "held");
}
