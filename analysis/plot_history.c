/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_history.c - values and intervals as points, medians of stretches as steps, changes as lines.
 */
#include "plot_history.h"
#include "plot_draw.h"
#include "plot_script.h"
#include "statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Dates along the axis, and labels of changes above each other before they begin anew. */
#define TICS_MAX 6
#define LIFTS	 5
/* Changes with a label; a figure with more is of a series that is no good. */
#define LABELS_MAX 20

static const char how[] =
	"a point a night, from left to right, with its interval; a ring at the edge is a night "
	"that lies beyond it. Violet: the median between two changes. A dashed line is a change of "
	"the level, with its size and the commit of the first night after it: orange for the "
	"worse, "
	"green for the better, grey if it was accepted. Time is the ratio of HEAD to the pinned "
	"reference, measured side by side, so what the machine did to both is not in it.";

struct range {
	double least, most;
};

/* Of all nights but the most extreme 1 of 50 at either end, so that one does not flatten all. */
static struct range range_of(const struct history_series *series)
{
	double *values = malloc(series->nr_points * sizeof(*values)), margin;
	struct range range;

	if (!values)
		abort();
	for (size_t i = 0; i < series->nr_points; i++)
		values[i] = series->points[i].value;
	range.least = statistics_quantile(values, series->nr_points, 0.02);
	range.most = statistics_quantile(values, series->nr_points, 0.98);
	free(values);
	for (size_t i = 0; i < series->nr_changes; i++) {
		const struct history_change *change = &series->changes[i];

		range.least = fmin(range.least, fmin(change->before, change->after));
		range.most = fmax(range.most, fmax(change->before, change->after));
	}
	/* A quiet series is not blown up: a ratio's axis spans 2 % and a count's 2 at least. */
	margin = 0.15 * (range.most - range.least);
	margin = fmax(margin, (series->exact ? 1 : 0.01) - (range.most - range.least) / 2);
	range.least -= margin;
	range.most += margin;
	/* Room for labels. */
	range.most += 0.2 * (range.most - range.least) * (series->nr_changes > 0);
	return range;
}

static void put_nights(struct script *script, const struct history_series *series,
		       const struct range *range)
{
	script_block(script, "nights");
	for (size_t i = 0; i < series->nr_points; i++) {
		const struct history_point *point = &series->points[i];
		bool inside = point->value >= range->least && point->value <= range->most;

		fprintf(script->data, "%zu %.9g %.9g %.9g %d # %s %.12s\n", i,
			fmin(fmax(point->value, range->least), range->most),
			fmax(point->low, range->least), fmin(point->high, range->most), inside,
			point->started, point->commit);
	}
}

static void put_levels(struct script *script, const struct history_series *series)
{
	double *values = malloc((series->nr_points + 1) * sizeof(*values));

	if (!values)
		abort();
	for (size_t i = 0; i < series->nr_points; i++)
		values[i] = series->points[i].value;
	script_block(script, "levels");
	for (size_t i = 0; i <= series->nr_changes; i++) {
		size_t from = i ? series->changes[i - 1].at : 0;
		size_t to = i < series->nr_changes ? series->changes[i].at : series->nr_points;

		fprintf(script->data, "%.1f %.1f %.9g\n", (double)from - 0.5, (double)to - 0.5,
			statistics_median(values + from, to - from));
	}
	free(values);
}

/* An array of the script's, one more text of it. */
static void put_text(struct script *script, const char *array, size_t i, const char *text)
{
	char variable[48];

	snprintf(variable, sizeof(variable), "%s[%zu]", array, i);
	script_text(script, variable, text);
}

static void put_changes(struct script *script, const struct history_series *series)
{
	/* The newest, if there are too many. */
	size_t n = series->nr_changes < LABELS_MAX ? series->nr_changes : LABELS_MAX;
	const struct history_change *changes = series->changes + series->nr_changes - n;
	char label[64];

	script_number(script, "changes", (double)n);
	fprintf(script->script,
		"array change_label[%zu]\narray change_place[%zu]\narray change_kind[%zu]\n"
		"array change_lift[%zu]\narray change_left[%zu]\n",
		n + 1, n + 1, n + 1, n + 1, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct history_change *change = &changes[i];
		int kind = change->accepted ? 2 : !change->worse;

		if (isfinite(change->change))
			snprintf(label, sizeof(label), "%+.1f%% %.7s", 100 * change->change,
				 series->points[change->at].commit);
		else
			snprintf(label, sizeof(label), "from 0 %.7s",
				 series->points[change->at].commit);
		put_text(script, "change_label", i + 1, label);
		fprintf(script->script,
			"change_place[%zu] = %.1f; change_kind[%zu] = %d; change_lift[%zu] = %zu; "
			"change_left[%zu] = %d\n",
			i + 1, (double)change->at - 0.5, i + 1, kind, i + 1, i % LIFTS, i + 1,
			change->at > series->nr_points * 4 / 5);
	}
}

static void put_tics(struct script *script, const struct history_series *series)
{
	size_t n = series->nr_points < TICS_MAX ? series->nr_points : TICS_MAX;
	char date[16];

	script_number(script, "tics", (double)n);
	fprintf(script->script, "array tic_place[%zu]\narray tic_label[%zu]\n", n, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = n > 1 ? i * (series->nr_points - 1) / (n - 1) : 0;

		snprintf(date, sizeof(date), "%.10s", series->points[at].started);
		put_text(script, "tic_label", i + 1, date);
		fprintf(script->script, "tic_place[%zu] = %zu\n", i + 1, at);
	}
}

static void put_axis(struct script *script, const struct history_series *series)
{
	static const char *const directions[] = {
		[BETTER_NONE] = "",
		[BETTER_LOWER] = " (lower is better)",
		[BETTER_HIGHER] = " (higher is better)",
	};
	char axis[256];

	if (series->exact)
		snprintf(axis, sizeof(axis), "%s%s", series->unit, directions[series->better]);
	else
		snprintf(axis, sizeof(axis), "HEAD / reference%s", directions[series->better]);
	script_text(script, "axis", axis);
}

int plot_history(const struct history_series *series, const char *directory,
		 struct figures *figures)
{
	const char *const parts[] = {"history",	     series->workload, series->label,
				     series->metric, series->series,   NULL};
	struct range range;
	struct figure *figure;
	struct script script;
	int err;

	if (series->nr_points < 2)
		return -ENODATA;
	figure = figures_add(figures);
	if (!figure)
		return -ENOMEM;
	err = script_open(&script, NULL, directory, parts);
	if (err)
		return err;
	strcpy(figure->name, script.name);
	snprintf(figure->title, sizeof(figure->title), "%s %s, %s: %zu nights", series->workload,
		 series->label, series->metric, series->nr_points);
	snprintf(figure->label, sizeof(figure->label), "%s", series->label);
	figure->workload = series->workload;
	figure->how = how;
	figure->matters = series->nr_changes > 0;
	range = range_of(series);
	script_text(&script, "title", figure->title);
	put_axis(&script, series);
	script_number(&script, "last", (double)(series->nr_points - 1));
	script_number(&script, "least", range.least);
	script_number(&script, "most", range.most);
	script_number(&script, "intervals", !series->exact);
	script_number(&script, "is_ratio", !series->exact);
	put_changes(&script, series);
	put_tics(&script, series);
	put_nights(&script, series, &range);
	put_levels(&script, series);
	return script_close(&script, "history");
}
