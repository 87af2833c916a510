/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_threshold.c - the figure of a sweep over the threshold of lazy flushing: throughput, and
 * what it costs in pauses, interrupts and memory held back. The thresholds may be arms of a case
 * (lazy_max_mib=0,1,4) or cases (lazy_max_mib=1..32).
 */
#include "plot_panels.h"
#include "plot_sweep.h"
#include "bench_facts.h"
#include "statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fewer are a comparison, more would not be told apart. */
#define PLACES_MIN 3
#define PLACES_MAX 16

/* A line for each arm, or one for all of a case's; bench[line][place]. */
struct thresholds {
	const char *param;
	size_t lines, places;
	char tic[PLACES_MAX][32];
	const struct bench *bench[PLOT_ARMS_MAX][PLACES_MAX];
	bool timed, interrupted, held; /* what was measured */
	double least, most;	       /* of the interrupts */
};

static bool is_threshold(const char *param)
{
	return strcmp(param, "lazy_max_mib") == 0 || strcmp(param, "lazy_max_pages") == 0;
}

const char *plot_threshold_param(const struct plot_case *at)
{
	static const char *const names[] = {"lazy_max_mib", "lazy_max_pages"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]), like = 0;

		for (size_t a = 0; a < at->nr_arms; a++) {
			const char *arm = at->arm[a]->arm;

			like += !strncmp(arm, names[i], length) && arm[length] == '=' &&
				!strchr(arm, ',');
		}
		if (like == at->nr_arms)
			return names[i];
	}
	return NULL;
}

static void look_at(struct thresholds *thresholds, const struct bench *bench)
{
	double interrupts = bench_interrupts_per_victim(bench);

	thresholds->timed |= bench_rate(bench, SWEEP_CONFIDENCE).n > 0;
	thresholds->interrupted |= interrupts > 0;
	thresholds->held |= bench_waiting_bytes(bench) > 0;
	/* A logarithmic scale has no place for 0: a line has a gap there. */
	if (!(interrupts > 0))
		return;
	thresholds->least = fmin(thresholds->least, interrupts);
	thresholds->most = fmax(thresholds->most, interrupts);
}

static void put_line(struct script *script, const struct thresholds *thresholds, size_t line)
{
	char name[64];

	script_block(script, plot_arm_name(thresholds->bench[line][0], name, sizeof(name)));
	for (size_t i = 0; i < thresholds->places; i++) {
		const struct bench *bench = thresholds->bench[line][i];
		struct estimate rate = bench_rate(bench, SWEEP_CONFIDENCE);
		double unknown = rate.n ? 0 : NAN;

		fprintf(script->data, "%zu %.6g %.6g %.6g %.6g %.6g %.6g %.6g\n", i + 1,
			rate.median + unknown, rate.low + unknown, rate.high + unknown,
			bench_longest_purge_ns(bench), bench_slow_ns(bench, "free"),
			bench_interrupts_per_victim(bench), bench_waiting_bytes(bench) / 0x1p20);
	}
}

/* The template's variables and data, into files that are open. */
static int put_thresholds(struct script *script, struct thresholds *thresholds,
			  struct figure *figure)
{
	char variable[32];
	bool both;

	thresholds->least = INFINITY;
	for (size_t line = 0; line < thresholds->lines; line++) {
		for (size_t i = 0; i < thresholds->places; i++)
			look_at(thresholds, thresholds->bench[line][i]);
		put_line(script, thresholds, line);
	}
	both = thresholds->interrupted || thresholds->held;
	script_text(script, "param",
		    strcmp(thresholds->param, "lazy_max_mib") == 0
			    ? "lazy_max_mib (MiB x fls(cpus))"
			    : "lazy_max_pages");
	fprintf(script->script, "last = %zu\narray tic[last]\n", thresholds->places);
	for (size_t i = 0; i < thresholds->places; i++) {
		snprintf(variable, sizeof(variable), "tic[%zu]", i + 1);
		script_text(script, variable, thresholds->tic[i]);
	}
	script_number(script, "timed", thresholds->timed);
	script_number(script, "interrupted", thresholds->interrupted);
	script_number(script, "held", thresholds->held);
	script_number(script, "wide",
		      thresholds->least > 0 && thresholds->most > PANEL_WIDE * thresholds->least);
	script_number(script, "height", thresholds->timed && both ? 620 : 340);
	figure->how =
		"thresholds from left to right. The first panel is what they give: all else is "
		"what it costs. Bars are 95 % intervals of the median; the longest purge is one "
		"event, and may be the hypervisor's; the p99.99 of a free is the median over "
		"the blocks. Interrupts are mmcore's count, for each CPU but the one that frees. "
		"Held back: address space that waits for a flush, at most. Good is the least "
		"threshold from which the first panel stays level.";
	return script_close(script, "threshold");
}

static bool worth_drawing(const struct bench *bench)
{
	return bench_waiting_bytes(bench) >= 0;
}

int plot_threshold_arms(const struct plot_target *target, const struct plot_case *at,
			struct figure *figure)
{
	struct thresholds thresholds = {
		.param = plot_threshold_param(at), .lines = 1, .places = at->nr_arms};
	struct script script;
	int err;

	if (!thresholds.param || at->nr_arms < PLACES_MIN || !worth_drawing(at->arm[0]))
		return -ENODATA;
	for (size_t a = 0; a < at->nr_arms; a++) {
		thresholds.bench[0][a] = at->arm[a];
		bench_param(at->arm[a], thresholds.param, thresholds.tic[a],
			    sizeof(thresholds.tic[a]));
	}
	err = case_open(&script, target, at, "threshold", "",
			bench_real_time(at->arm[0]) ? "what a threshold gives and costs; blocks"
						    : "what a threshold costs; thresholds",
			bench_real_time(at->arm[0]) ? at->arm[0]->blocks : at->nr_arms, figure);
	if (err)
		return err;
	script_number(&script, "series", 1);
	return put_thresholds(&script, &thresholds, figure);
}

int plot_threshold_sweep(const struct plot_target *target, const struct plot_sweep *sweep,
			 struct figure *figure)
{
	struct thresholds thresholds = {.param = sweep->param, .lines = sweep_arms(sweep)};
	struct script script;
	int err;

	if (!is_threshold(sweep->param) || !thresholds.lines || sweep->n < PLACES_MIN ||
	    sweep->n > PLACES_MAX || !worth_drawing(sweep->points[0].at->arm[0]))
		return -ENODATA;
	thresholds.places = sweep->n;
	for (size_t i = 0; i < sweep->n; i++) {
		snprintf(thresholds.tic[i], sizeof(thresholds.tic[i]), "%g", sweep->points[i].x);
		for (size_t a = 0; a < thresholds.lines; a++)
			thresholds.bench[a][i] = sweep->points[i].at->arm[a];
	}
	err = sweep_open(&script, target, sweep, "threshold", "what a threshold gives and costs",
			 figure);
	if (err)
		return err;
	script_arms(&script, thresholds.lines, sweep->points[0].at->arm);
	return put_thresholds(&script, &thresholds, figure);
}
