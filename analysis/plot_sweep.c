/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_sweep.c - figures over a swept number: who is faster from where on, at what price. */
#include "plot_sweep.h"
#include "bench_facts.h"
#include "statistics.h"

#include <errno.h>
#include <math.h>
#include <string.h>

int sweep_open(struct script *script, const struct plot_target *target,
	       const struct plot_sweep *sweep, const char *kind, const char *what,
	       struct figure *figure)
{
	const char *const parts[] = {sweep->workload, kind, sweep->param, sweep->label, NULL};
	const struct samples *total = bench_samples(sweep->points[0].at->arm[0], "total");
	int err = script_open(script, target->cases, target->directory, parts);
	size_t used;

	if (err)
		return err;
	strcpy(figure->name, script->name);
	figure->workload = sweep->workload;
	used = (size_t)snprintf(figure->title, sizeof(figure->title), "%s%s%s: %s", sweep->workload,
				*sweep->label ? " " : "", sweep->label, what);
	if (total)
		snprintf(figure->title + used, sizeof(figure->title) - used,
			 "%s, n = %zu blocks a point",
			 bench_real_time(sweep->points[0].at->arm[0]) ? "" : ", EMULATED TIME",
			 total->n);
	script_text(script, "title", figure->title);
	script_text(script, "param", sweep->param);
	if (target->tty)
		script_number(script, "tty", 1);
	return 0;
}

/* How much longer than its base an arm took, in pairs; n is 0 if there are none. */
static struct estimate ratio_of(const struct bench *base, const struct bench *next)
{
	const struct samples *a = bench_samples(base, "total"), *b = bench_samples(next, "total");
	struct estimate ratio = {.n = 0};

	if (!a || !b)
		return ratio;
	ratio = statistics_log_ratio(a->values, b->values, a->n < b->n ? a->n : b->n,
				     SWEEP_CONFIDENCE);
	ratio.median = exp(ratio.median);
	ratio.low = exp(ratio.low);
	ratio.high = exp(ratio.high);
	return ratio;
}

size_t sweep_arms(const struct plot_sweep *sweep)
{
	const struct plot_case *first = sweep->points[0].at;

	for (size_t i = 1; i < sweep->n; i++) {
		const struct plot_case *at = sweep->points[i].at;

		if (at->nr_arms != first->nr_arms)
			return 0;
		for (size_t a = 0; a < at->nr_arms; a++) {
			if (strcmp(at->arm[a]->arm, first->arm[a]->arm) != 0)
				return 0;
		}
	}
	return first->nr_arms;
}

static bool has_pairs(const struct plot_sweep *sweep)
{
	for (size_t i = 0; i < sweep->n; i++) {
		const struct plot_case *at = sweep->points[i].at;

		if (at->nr_arms > 1 && ratio_of(at->arm[0], at->arm[1]).n)
			return true;
	}
	return false;
}

/* Half way to the neighbours, on a logarithmic scale. */
static double middle(const struct plot_sweep *sweep, size_t i, int step)
{
	double x = sweep->points[i].x;
	size_t other = i + (size_t)step;

	if (other < sweep->n)
		return sqrt(x * sweep->points[other].x);
	return step < 0 ? x / M_SQRT2 : x * M_SQRT2;
}

/* What a panel of ratios must show: 1, and all intervals. */
struct span {
	double low, high;
};

static void put_ratios(struct script *script, const struct plot_sweep *sweep, size_t arm,
		       struct span *span)
{
	for (size_t i = 0; i < sweep->n; i++) {
		const struct plot_case *at = sweep->points[i].at;
		struct estimate ratio = ratio_of(at->arm[0], at->arm[arm]);

		if (!ratio.n)
			continue;
		/* No interval: too few pairs, so nothing is resolved; the median alone stands. */
		if (isinf(ratio.high))
			ratio.low = ratio.high = NAN;
		span->low = fmin(span->low, fmin(ratio.low, ratio.median));
		span->high = fmax(span->high, fmax(ratio.high, ratio.median));
		fprintf(script->data, "%g %.6g %.6g %.6g %.6g %.6g %d\n", sweep->points[i].x,
			middle(sweep, i, -1), middle(sweep, i, 1), ratio.median, ratio.low,
			ratio.high, !(ratio.low > 1 || ratio.high < 1));
	}
}

/* What explains a ratio of times: an exact count that differs between the arms, or nothing. */
enum cause { NO_CAUSE, SHOOTDOWNS, STEPS };
/* Searches whose lengths differ by less than this explain nothing. */
#define STEPS_APART 1.5

static enum cause cause_of(const struct plot_sweep *sweep)
{
	double least = INFINITY, most = 0;

	for (size_t i = 0; i < sweep->n; i++) {
		const struct plot_case *at = sweep->points[i].at;

		for (size_t a = 0; a < at->nr_arms; a++) {
			if (bench_has_shootdowns(at->arm[a]))
				return SHOOTDOWNS;
			least = fmin(least, bench_steps_per_area(at->arm[a]));
			most = fmax(most, bench_steps_per_area(at->arm[a]));
		}
	}
	return most > STEPS_APART * least ? STEPS : NO_CAUSE;
}

/* Of each point of an arm; a logarithmic scale has no place for 0: the line ends there. */
static void put_cause(struct script *script, const struct plot_sweep *sweep, size_t arm,
		      enum cause cause, const char **source)
{
	for (size_t i = 0; i < sweep->n; i++) {
		const struct bench *bench = sweep->points[i].at->arm[arm];
		double rate = cause == STEPS ? bench_steps_per_area(bench)
					     : bench_shootdowns_per_free(bench, source);

		if (rate > 0)
			fprintf(script->data, "%g %.6g\n", sweep->points[i].x, rate);
		else
			fprintf(script->data, "%g NaN\n", sweep->points[i].x);
	}
}

/* Numbers this close together, like 1 to 8, are read as well on a linear scale. */
#define CLOSE 16

bool sweep_is_logarithmic(const struct plot_sweep *sweep)
{
	return sweep->points[0].x > 0 && sweep->points[sweep->n - 1].x > CLOSE * sweep->points[0].x;
}

static const char *crossover_how(size_t arms, enum cause cause)
{
	if (arms > 2 && cause == STEPS)
		return "below 1 an arm needs less time for the same work than the first. Bands "
		       "are the 95 % interval of the median ratio of paired blocks: where one "
		       "holds 1, neither is faster. Below: how many ranges or areas were looked "
		       "at to find room for one; at 45 degrees that grows as the live areas do.";
	if (arms > 2)
		return "below 1 an arm needs less time for the same work than the first. Bands "
		       "are the 95 % interval of the median ratio of paired blocks: where one "
		       "holds 1, neither is faster.";
	if (cause == NO_CAUSE)
		return "below 1 the other arm needs less time for the same work. The band is the "
		       "95 % interval of the median ratio of paired blocks; grey columns are "
		       "sizes where it straddles 1, so neither is faster.";
	return "below 1 the other arm needs less time for the same work. The band is the "
	       "95 % interval of the median ratio of paired blocks; grey columns are "
	       "sizes where it straddles 1, so neither is faster. Below: the interrupts, or "
	       "the steps of a search, that pay for the difference.";
}

int plot_crossover(const struct plot_target *target, const struct plot_sweep *sweep,
		   struct figure *figure)
{
	const struct plot_case *first = sweep->points[0].at;
	enum cause cause = cause_of(sweep);
	size_t arms = sweep_arms(sweep);
	struct span span = {1, 1};
	const char *source = "";
	struct script script;
	char name[64], text[96];
	int err;

	/* Its columns and ratios are half way to neighbours on logarithmic scales. */
	if (arms < 2 || !has_pairs(sweep) || sweep->points[0].x <= 0)
		return -ENODATA;
	snprintf(text, sizeof(text), arms > 2 ? "total time beside %s" : "total time of both arms",
		 plot_arm_name(first->arm[0], name, sizeof(name)));
	err = sweep_open(&script, target, sweep, "crossover", text, figure);
	if (err)
		return err;
	script_arms(&script, arms, first->arm);
	script_text(&script, "base", name);
	script_number(&script, "compared", (double)arms - 1);
	for (size_t a = 1; a < arms; a++) {
		script_block(&script, plot_arm_name(first->arm[a], name, sizeof(name)));
		put_ratios(&script, sweep, a, &span);
	}
	for (size_t a = 0; a < arms && cause != NO_CAUSE; a++) {
		script_block(&script, plot_arm_name(first->arm[a], name, sizeof(name)));
		put_cause(&script, sweep, a, cause, &source);
	}
	snprintf(text, sizeof(text), "shootdowns per free (%s)", source);
	script_text(&script, "cause", cause == STEPS ? "steps of a search (exact)" : text);
	script_number(&script, "caused", cause != NO_CAUSE);
	script_number(&script, "left", middle(sweep, 0, -1));
	script_number(&script, "right", middle(sweep, sweep->n - 1, 1));
	script_number(&script, "bottom", span.low / M_SQRT2);
	script_number(&script, "top", span.high * M_SQRT2);
	script_number(&script, "height", cause != NO_CAUSE ? 620 : 420);
	figure->how = crossover_how(arms, cause);
	return script_close(&script, "crossover");
}

/* Points that close would have their names on top of each other. */
#define NAME_ROOM 1.25

/* From the largest size down: sizes near the crossover lie close, and the last one counts. */
static void put_costs(struct script *script, const struct plot_sweep *sweep, size_t arm)
{
	double named = 0;

	for (size_t i = sweep->n; i-- > 0;) {
		const struct plot_case *at = sweep->points[i].at;
		double faster = 1 / ratio_of(at->arm[0], at->arm[arm]).median;
		bool crowded = faster < named * NAME_ROOM && faster > named / NAME_ROOM;

		fprintf(script->data, "%g %.6g %.6g %.6g %.6g ", sweep->points[i].x, faster,
			bench_longest_purge_ns(at->arm[arm]),
			bench_waiting_bytes(at->arm[arm]) / 0x1p20,
			bench_interrupts_per_victim(at->arm[arm]));
		if (crowded) {
			fputs("\"\"\n", script->data);
			continue;
		}
		fprintf(script->data, "%g\n", sweep->points[i].x);
		named = faster;
	}
}

/* Arms that hold back about as much trade nothing for their time. */
#define HELD_BACK_APART 2

static bool holds_back_more(const struct plot_sweep *sweep, size_t arms)
{
	for (size_t i = 0; i < sweep->n; i++) {
		double base = bench_waiting_bytes(sweep->points[i].at->arm[0]);

		for (size_t a = 1; a < arms; a++) {
			double next = bench_waiting_bytes(sweep->points[i].at->arm[a]);

			if (fmax(base, next) > HELD_BACK_APART * fmin(base, next) && base >= 0 &&
			    next >= 0)
				return true;
		}
	}
	return false;
}

int plot_tradeoff(const struct plot_target *target, const struct plot_sweep *sweep,
		  struct figure *figure)
{
	const struct plot_case *first = sweep->points[0].at;
	size_t arms = sweep_arms(sweep);
	bool interrupted = false;
	struct script script;
	char name[64];
	int err;

	/* Where the arms are thresholds, plot_threshold_arms() tells it of each size. */
	if (arms < 2 || (arms > 2 && plot_threshold_param(first)) || !has_pairs(sweep) ||
	    !holds_back_more(sweep, arms))
		return -ENODATA;
	err = sweep_open(&script, target, sweep, "tradeoff", "what the time saved costs", figure);
	if (err)
		return err;
	script_arms(&script, arms, first->arm);
	script_text(&script, "base", plot_arm_name(first->arm[0], name, sizeof(name)));
	script_number(&script, "compared", (double)arms - 1);
	for (size_t a = 1; a < arms; a++) {
		script_block(&script, plot_arm_name(first->arm[a], name, sizeof(name)));
		put_costs(&script, sweep, a);
		for (size_t i = 0; i < sweep->n; i++)
			interrupted |= bench_interrupts_per_victim(sweep->points[i].at->arm[a]) > 0;
	}
	script_number(&script, "interrupted", interrupted);
	script_number(&script, "height", interrupted ? 720 : 420);
	figure->how = "each point is one size of the sweep, named by its number. Right: more time "
		      "saved. Up: a longer pause, more addresses that wait for a flush, more "
		      "interrupts of each CPU but the one that frees. Good is low and right.";
	return script_close(&script, "tradeoff");
}

int plot_scaling(const struct plot_target *target, const struct plot_sweep *sweep,
		 struct figure *figure)
{
	const struct plot_case *first = sweep->points[0].at;
	size_t arms = sweep_arms(sweep);
	struct estimate ideal;
	struct script script;
	char name[64];
	int err;

	if (!arms)
		return -ENODATA;
	ideal = bench_rate(first->arm[0], SWEEP_CONFIDENCE);
	if (!ideal.n)
		return -ENODATA;
	err = sweep_open(&script, target, sweep, "scaling", "throughput by CPUs", figure);
	if (err)
		return err;
	script_arms(&script, arms, first->arm);
	script_number(&script, "first", sweep->points[0].x);
	script_number(&script, "ideal", ideal.median);
	script_number(&script, "most", sweep->points[sweep->n - 1].x);
	for (size_t a = 0; a < arms; a++) {
		script_block(&script, plot_arm_name(first->arm[a], name, sizeof(name)));
		for (size_t i = 0; i < sweep->n; i++) {
			const struct bench *bench = sweep->points[i].at->arm[a];
			struct estimate rate = bench_rate(bench, SWEEP_CONFIDENCE);

			if (rate.n)
				fprintf(script.data, "%g %.6g %.6g %.6g %d\n", sweep->points[i].x,
					rate.median, rate.low, rate.high, bench->oversubscribed);
		}
	}
	figure->how = "the dashed line is the first point times the CPUs: what would be if CPUs "
		      "did not meet at locks and flushes. Bars are 95 % intervals of the median.";
	return script_close(&script, "scaling");
}
