/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_histories.c - see plot_histories.h. */
#include "plot_histories.h"
#include "plot_draw.h"
#include "plot_script.h"
#include "statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 3

/* Those that changed most come first. */
static int by_rank(const void *left, const void *right)
{
	const struct history_series *const *a = left, *const *b = right;

	if ((*a)->rank != (*b)->rank)
		return (*a)->rank > (*b)->rank ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static size_t choose(const struct history *history, const char *workload, bool exact,
		     const struct history_series **chosen)
{
	size_t n = 0;

	for (size_t i = 0; i < history->nr_series; i++) {
		const struct history_series *series = &history->series[i];

		if (strcmp(series->workload, workload) || series->exact != exact ||
		    !series->nr_points || (exact && !series->nr_changes))
			continue;
		chosen[n++] = series;
	}
	qsort(chosen, n, sizeof(*chosen), by_rank);
	return n < HISTORY_PANELS_MAX ? n : HISTORY_PANELS_MAX;
}

static double level_at(const struct history_series *series, size_t stretch)
{
	double median, *values;

	if (series->nr_changes)
		return stretch ? series->changes[stretch - 1].after : series->changes[0].before;
	values = calloc(series->nr_points, sizeof(*values));
	for (size_t i = 0; values && i < series->nr_points; i++)
		values[i] = series->points[i].value;
	median = values ? statistics_median(values, series->nr_points) : NAN;
	free(values);
	return median;
}

/* The level of each stretch between two changes, with a gap where they meet. */
static void put_levels(FILE *out, const struct history_series *series)
{
	size_t from = 0;

	for (size_t s = 0; s <= series->nr_changes; s++) {
		size_t to = s < series->nr_changes ? series->changes[s].at : series->nr_points;
		double level = level_at(series, s);

		fprintf(out, "%g %.9g\n%g %.9g\n\n", (double)from + 0.5, level, (double)to + 0.5,
			level);
		from = to;
	}
}

/* Where, 1 if it stands, and in words; one that is nowhere keeps the block from being empty. */
static void put_changes(FILE *out, const struct history_series *series)
{
	for (size_t c = 0; c < series->nr_changes; c++) {
		const struct history_change *change = &series->changes[c];

		fprintf(out, "%g %d \"%+.1f %%  %.7s%s\"\n", (double)change->at + 0.5,
			change->stands ? 1 : 0, 100 * change->change,
			series->points[change->at].commit, change->accepted ? ", accepted" : "");
	}
	if (!series->nr_changes)
		fputs("-1 0 \"\"\n", out);
}

static void put_series(struct script *script, const struct history_series *series)
{
	script_block(script, "night, value, its interval");
	for (size_t i = 0; i < series->nr_points; i++) {
		const struct history_point *point = &series->points[i];

		fprintf(script->data, "%zu %.9g %.9g %.9g # %.10s %.12s\n", i + 1, point->value,
			isfinite(point->low) ? point->low : point->value,
			isfinite(point->high) ? point->high : point->value, point->started,
			point->commit);
	}
	script_block(script, "levels");
	put_levels(script->data, series);
	/* What was put last ends in a blank line already. */
	script->blocks = 0;
	fputs("\n", script->data);
	script_block(script, "changes");
	put_changes(script->data, series);
}

static void put_panels(struct script *script, const struct history_series *const *series, size_t n)
{
	char variable[32], title[256];

	fprintf(script->script, "array about[%zu]\narray first[%zu]\narray last[%zu]\n", n, n, n);
	for (size_t i = 0; i < n; i++) {
		const struct history_series *one = series[i];

		snprintf(title, sizeof(title), "%s%s%s", one->label, *one->label ? ": " : "",
			 one->exact ? one->metric : "time / reference");
		snprintf(variable, sizeof(variable), "about[%zu]", i + 1);
		script_text(script, variable, title);
		snprintf(variable, sizeof(variable), "first[%zu]", i + 1);
		snprintf(title, sizeof(title), "%.10s", one->points[0].started);
		script_text(script, variable, title);
		snprintf(variable, sizeof(variable), "last[%zu]", i + 1);
		snprintf(title, sizeof(title), "%.10s", one->points[one->nr_points - 1].started);
		script_text(script, variable, title);
		put_series(script, one);
	}
}

#define HOW_TIME                                                                                   \
	"a point a night, oldest left: time of HEAD as a multiple of the pinned reference's, "     \
	"both "                                                                                    \
	"measured side by side, with its interval; down is faster. The blue line is the median "   \
	"between two changes. A dashed line is a change, with its size and the first commit that " \
	"had it: red if it is for the worse, stands, and nobody accepted it."
#define HOW_COUNTED                                                                                \
	"a point a night, oldest left: what HEAD counted, exact; the blue line joins what is "     \
	"equal. "                                                                                  \
	"A dashed line is a change, with its size and the first commit that had it: red if it is " \
	"for the worse, stands, and nobody accepted it. Counts that never changed are not shown."

static int put_figure(const char *workload, bool exact, const char *directory,
		      const struct history_series *const *series, size_t n, struct figures *figures)
{
	struct figure *figure = figures_add(figures);
	struct script script;
	int err;

	if (!figure)
		return -ENOMEM;
	err = script_open(
		&script, NULL, directory,
		(const char *const[]){"histories", workload, exact ? "counts" : "time", NULL});
	if (err)
		return err;
	strcpy(figure->name, script.name);
	figure->workload = workload;
	figure->how = exact ? HOW_COUNTED : HOW_TIME;
	snprintf(figure->title, sizeof(figure->title), "%s: %s, night by night", workload,
		 exact ? "counts that changed" : "time of HEAD against the reference");
	script_text(&script, "title", figure->title);
	script_number(&script, "panels", (double)n);
	script_number(&script, "columns", n < COLUMNS ? (double)n : COLUMNS);
	script_number(&script, "height", 60 + 190 * (double)((n + COLUMNS - 1) / COLUMNS));
	put_panels(&script, series, n);
	return script_close(&script, "histories");
}

int plot_histories(const struct history *history, const char *workload, const char *directory,
		   struct figures *figures)
{
	const struct history_series **chosen = calloc(history->nr_series + 1, sizeof(*chosen));
	int err = chosen ? 0 : -ENOMEM;

	for (int exact = 0; exact < 2 && !err; exact++) {
		size_t n = choose(history, workload, exact, chosen);

		if (n)
			err = put_figure(workload, exact, directory, chosen, n, figures);
	}
	free(chosen);
	return err;
}
