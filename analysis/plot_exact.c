/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_exact.c - figures of what was counted, not timed: counts over a swept number, what
 * single operations took, and, timed on the side, flushes by the CPUs they interrupted.
 */
#include "plot_panels.h"
#include "trace_facts.h"
#include "plot_sweep.h"
#include "bench_facts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of an operation; NAN if it was not counted. */
static double per_operation(const struct bench *bench, const char *name)
{
	const struct counter *counter = bench_counter(bench, "exact", name);

	return counter && counter->has_value && counter->ops ? counter->value / (double)counter->ops
							     : NAN;
}

static double point_value(const struct plot_sweep *sweep, const struct panel *panel, size_t i,
			  size_t arm)
{
	const struct plot_case *at = sweep->points[i].at;
	double value = per_operation(at->arm[arm], panel->name);

	return panel->relative ? value / per_operation(at->arm[0], panel->name) : value;
}

static void count_range(const struct plot_sweep *sweep, size_t arms, struct panel *panel)
{
	panel->least = INFINITY;
	panel->most = 0;
	for (size_t i = 0; i < sweep->n; i++)
		for (size_t a = 0; a < arms; a++)
			panel_take(panel, point_value(sweep, panel, i, a));
}

/*
 * Over a wide range the arms lie on each other: if the count grows with the swept number more
 * than the arms differ, what one has of the other's shows, and the table has the numbers.
 */
static void make_relative(const struct plot_sweep *sweep, size_t arms, struct panel *panel)
{
	if (arms < 2 || !panel_is_wide(panel))
		return;
	panel->relative = true;
	count_range(sweep, arms, panel);
	if (panel->most > panel->least && panel->most <= PANEL_WIDE &&
	    panel->least >= 1.0 / PANEL_WIDE)
		return;
	panel->relative = false;
	count_range(sweep, arms, panel);
}

/* Would @panel look like @other? */
static bool looks_like(const struct plot_sweep *sweep, size_t arms, const struct panel *panel,
		       const struct panel *other)
{
	for (size_t i = 0; i < sweep->n; i++) {
		for (size_t a = 0; a < arms; a++) {
			double one = per_operation(sweep->points[i].at->arm[a], panel->name);
			double two = per_operation(sweep->points[i].at->arm[a], other->name);

			if (!(fabs(one - two) <= 0.1 * fmax(one, two) + 0.01))
				return false;
		}
	}
	return true;
}

#define COUNTED_MAX 6

static size_t counted_panels(const struct plot_sweep *sweep, size_t arms, struct panel *panels)
{
	static const struct panel known[COUNTED_MAX] = {
		{.name = "instructions", .label = "instructions"},
		{.name = "shootdowns", .label = "CPUs interrupted"},
		{.name = "flush_instructions", .label = "flush instructions"},
		{.name = "dtlb_misses", .label = "dTLB misses", .few_are_none = true},
		{.name = "stlb_misses", .label = "STLB misses", .few_are_none = true},
		{.name = "walk_steps", .label = "walk steps", .few_are_none = true},
	};
	size_t n = 0;

	for (size_t i = 0; i < COUNTED_MAX; i++) {
		panels[n] = known[i];
		count_range(sweep, arms, &panels[n]);
		/* What is the same everywhere is better said in the table. */
		if (!(panels[n].most > panels[n].least) || panels[n].most < 0.01)
			continue;
		if (n && looks_like(sweep, arms, &panels[n], &panels[n - 1]))
			continue;
		make_relative(sweep, arms, &panels[n]);
		n++;
	}
	return n;
}

int plot_counted(const struct plot_target *target, const struct plot_sweep *sweep,
		 struct figure *figure)
{
	const struct plot_case *first = sweep->points[0].at;
	size_t arms = sweep_arms(sweep), n;
	struct panel panels[COUNTED_MAX + 1];
	struct script script;
	char name[64], what[128];
	int err;

	if (!arms || !bench_is_exact(first->arm[0]))
		return -ENODATA;
	n = counted_panels(sweep, arms, panels);
	if (!n)
		return -ENODATA;
	snprintf(what, sizeof(what), "counted per operation on %s", first->arm[0]->target);
	err = sweep_open(&script, target, sweep, "counted", what, figure);
	if (err)
		return err;
	script_arms(&script, arms, first->arm);
	script_number(&script, "logarithmic", sweep_is_logarithmic(sweep));
	panels_put(&script, panels, n, plot_arm_name(first->arm[0], name, sizeof(name)));
	for (size_t p = 0; p < n; p++) {
		for (size_t a = 0; a < arms; a++) {
			script_block(&script, plot_arm_name(first->arm[a], name, sizeof(name)));
			for (size_t i = 0; i < sweep->n; i++)
				fprintf(script.data, "%g %.6g\n", sweep->points[i].x,
					point_value(sweep, &panels[p], i, a));
		}
	}
	figure->how = "counted, not timed: the same on every repetition, so lines have no bands. "
		      "A panel \"X / ARM\" shows multiples of that arm's count, the others show "
		      "the counts. Flush instructions are INVLPG and moves to CR3 and CR4; misses "
		      "and walk steps are those of a modelled TLB, and what a flush dropped "
		      "though it was still needed is among them.";
	return script_close(&script, "counted");
}

/* A staircase from the share of operations before a bucket to that after it, as its value. */
static void put_shares(struct script *script, const struct hist *hist, struct panel *panel)
{
	double n = (double)hist->n, before = 0;

	for (size_t i = 0; i < hist->nr_buckets; i++) {
		uint64_t low = hist->buckets[i].low;
		double last = (double)(low + hist_bucket_width(hist, low) - 1);
		double value = fmin(last, (double)hist->max);
		double after = before + (double)hist->buckets[i].count;

		fprintf(script->data, "%.9g %.9g\n%.9g %.9g\n", n / fmax(n - before, 1), value,
			n / fmax(n - after, 1), value);
		panel_take(panel, value);
		before = after;
	}
}

static const struct hist *cost_of(const struct bench *bench, const char *metric, const char *what)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", metric, what);
	return bench_hist(bench, name);
}

#define COSTS_MAX 3
/* The share of operations that must cost anything for it to be worth a panel. */
#define SELDOM 0.002

/* The kinds of cost that every arm has a histogram of, and that some operations have. */
static size_t cost_panels(const struct plot_case *at, const char *metric, struct panel *panels)
{
	static const struct panel known[COSTS_MAX] = {
		{.name = "instructions", .label = "instructions", .least = INFINITY},
		{.name = "stlb_misses", .label = "STLB misses", .least = INFINITY},
		{.name = "walk_steps", .label = "walk steps", .least = INFINITY},
	};
	size_t n = 0;

	for (size_t i = 0; i < COSTS_MAX; i++) {
		size_t arms = 0, some = 0;

		for (size_t a = 0; a < at->nr_arms; a++) {
			const struct hist *hist = cost_of(at->arm[a], metric, known[i].name);

			arms += hist && hist->n;
			some += hist && hist_quantile_ns(hist, 1 - SELDOM) > 0;
		}
		if (arms == at->nr_arms && some)
			panels[n++] = known[i];
	}
	return n;
}

int plot_costs(const struct plot_target *target, const struct plot_case *at, const char *metric,
	       struct figure *figure)
{
	struct panel panels[COSTS_MAX];
	size_t n = cost_panels(at, metric, panels);
	uint64_t operations = 0;
	struct script script;
	char what[96], name[64];
	int err;

	if (!n)
		return -ENODATA;
	operations = cost_of(at->arm[0], metric, panels[0].name)->n;
	snprintf(what, sizeof(what), "what one %s takes, counted", metric);
	err = case_open(&script, target, at, "costs", metric, what, operations, figure);
	if (err)
		return err;
	for (size_t p = 0; p < n; p++) {
		for (size_t a = 0; a < at->nr_arms; a++) {
			script_block(&script, plot_arm_name(at->arm[a], name, sizeof(name)));
			put_shares(&script, cost_of(at->arm[a], metric, panels[p].name),
				   &panels[p]);
		}
	}
	panels_put(&script, panels, n, "");
	script_number(&script, "rarest", fmax((double)operations, 10));
	figure->how = "each step to the right is ten times rarer: the left end is the usual "
		      "operation, the right end the costliest one. A line that stays flat and "
		      "then jumps has a rare path: a refill, a purge.";
	return script_close(&script, "costs");
}

#define CLASS_PREFIX "shootdown."

/* Flush times are told by the CPUs interrupted: "0", "1", "2-3" ... Those that any arm has. */
static size_t shootdown_classes(const struct plot_case *at, const char *class[], size_t room)
{
	size_t n = 0, place;

	for (size_t a = 0; a < at->nr_arms; a++) {
		for (size_t i = 0; i < at->arm[a]->nr_hists; i++) {
			const struct hist *hist = &at->arm[a]->hists[i];
			const char *name = hist->metric + strlen(CLASS_PREFIX);

			if (strncmp(hist->metric, CLASS_PREFIX, strlen(CLASS_PREFIX)) != 0 ||
			    !hist->n || n == room)
				continue;
			place = 0;
			while (place < n && atoi(class[place]) < atoi(name))
				place++;
			if (place < n && !strcmp(class[place], name))
				continue;
			memmove(&class[place + 1], &class[place], (n - place) * sizeof(*class));
			class[place] = name;
			n++;
		}
	}
	return n;
}

#define CLASSES_MAX 16

static void put_classes(struct script *script, const struct plot_case *at, const char *class[],
			size_t n)
{
	char name[64];

	for (size_t a = 0; a < at->nr_arms; a++) {
		script_block(script, plot_arm_name(at->arm[a], name, sizeof(name)));
		for (size_t i = 0; i < n; i++) {
			const struct hist *hist;

			snprintf(name, sizeof(name), CLASS_PREFIX "%s", class[i]);
			hist = bench_hist(at->arm[a], name);
			if (!hist || !hist->n)
				continue;
			fprintf(script->data, "%zu %.6g %.6g %.6g %.6g %.6g %lu\n", i,
				hist_quantile_ns(hist, 0.01), hist_quantile_ns(hist, 0.25),
				hist_quantile_ns(hist, 0.5), hist_quantile_ns(hist, 0.75),
				hist_quantile_ns(hist, 0.99), (unsigned long)hist->n);
		}
	}
}

/* From sending to the handler's entry, the median; NAN where probe ipi saw none. */
static double interrupt_way_ns(const struct bench *bench)
{
	const struct hist_choice calls = {.source = "ipi",
					  .metric = "latency",
					  .key = "kind",
					  .word = "call",
					  .from = NAN,
					  .to = NAN};
	struct hist hist = trace_hist_sum(&bench->trace, &calls);
	double ns = hist_quantile_ns(&hist, 0.5);

	free(hist.buckets);
	return ns;
}

/* A line across the classes that interrupt somebody. True: there is one. */
static bool put_ways(struct script *script, const struct plot_case *at, const char *class[],
		     size_t n)
{
	double from = strcmp(class[0], "0") ? -0.5 : 0.5;
	bool any = false;
	char name[64];

	for (size_t a = 0; a < at->nr_arms; a++) {
		double ns = interrupt_way_ns(at->arm[a]);

		script_block(script, plot_arm_name(at->arm[a], name, sizeof(name)));
		fprintf(script->data, "%.6g %.6g\n%.6g %.6g\n", from, ns, (double)n - 0.5, ns);
		any |= !isnan(ns);
	}
	return any;
}

int plot_shootdown(const struct plot_target *target, const struct plot_case *at,
		   struct figure *figure)
{
	const char *class[CLASSES_MAX];
	size_t n = shootdown_classes(at, class, CLASSES_MAX);
	uint64_t flushes = 0;
	struct script script;
	char what[96], variable[32];
	bool ways;
	int err;

	if (!n)
		return -ENODATA;
	for (size_t i = 0; i < at->arm[0]->nr_hists; i++)
		if (!strncmp(at->arm[0]->hists[i].metric, CLASS_PREFIX, strlen(CLASS_PREFIX)))
			flushes += at->arm[0]->hists[i].n;
	snprintf(what, sizeof(what), "how long a flush took%s",
		 bench_real_time(at->arm[0]) ? "" : ", EMULATED TIME");
	err = case_open(&script, target, at, "shootdown", "", what, flushes, figure);
	if (err)
		return err;
	put_classes(&script, at, class, n);
	ways = put_ways(&script, at, class, n);
	script_number(&script, "ways", ways);
	fprintf(script.script, "classes = %zu\narray class[classes]\n", n);
	for (size_t i = 0; i < n; i++) {
		snprintf(variable, sizeof(variable), "class[%zu]", i + 1);
		script_text(&script, variable, class[i]);
	}
	figure->how =
		ways ? "a box for each number of CPUs that a flush had to interrupt: it holds the "
		       "middle half of the flushes, the bar in it is the median, the whiskers "
		       "reach "
		       "from the 1st to the 99th percentile. The dashed line is what one interrupt "
		       "needs on the machine from sending to its handler, the median of probe ipi "
		       "in "
		       "the blocks with probes: what is above it is waiting for the last CPU, the "
		       "handlers, and the flush itself."
		     : "a box for each number of CPUs that a flush had to interrupt: it holds the "
		       "middle half of the flushes, the bar in it is the median, the whiskers "
		       "reach "
		       "from the 1st to the 99th percentile. Flushes that interrupt nobody cost "
		       "the leftmost box.";
	return script_close(&script, "shootdown");
}
