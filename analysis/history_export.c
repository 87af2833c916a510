/* SPDX-License-Identifier: GPL-2.0-only */
/* history_export.c - histories as CSV and JSON, for other programs. */
#include "csv.h"
#include "history_text.h"

#include <jansson.h>
#include <math.h>

static const struct history_change *change_at(const struct history_series *series, size_t at)
{
	for (size_t i = 0; i < series->nr_changes; i++)
		if (series->changes[i].at == at)
			return &series->changes[i];
	return NULL;
}

static void print_row(const struct history_series *series, size_t at, FILE *out)
{
	const struct history_point *point = &series->points[at];
	const struct history_change *change = change_at(series, at);

	csv_text(out, series->series, false);
	csv_text(out, series->workload, false);
	csv_text(out, series->label, false);
	csv_text(out, series->target, false);
	csv_text(out, series->machine, false);
	csv_text(out, series->metric, false);
	csv_text(out, series->unit, false);
	csv_text(out, point->night, false);
	csv_text(out, point->started, false);
	csv_text(out, point->commit, false);
	csv_text(out, point->reference, false);
	csv_number(out, point->value, false);
	csv_number(out, point->low, false);
	csv_number(out, point->high, false);
	csv_number(out, change ? change->change : NAN, false);
	csv_number(out, change ? change->p : NAN, false);
	csv_text(out, change ? change->accepted : NULL, true);
}

void history_print_csv(const struct history_view *view, FILE *out)
{
	fputs("series,workload,label,target,machine,metric,unit,night,started,commit,reference,"
	      "value,low,high,change,p,accepted\r\n",
	      out);
	for (size_t i = 0; i < view->nr; i++)
		for (size_t at = 0; at < view->series[i]->nr_points; at++)
			if (history_is_since(view->series[i]->points[at].started, view->since))
				print_row(view->series[i], at, out);
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *point_json(const struct history_point *point)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "night", point->night, "started",
			 point->started, "commit", point->commit, "reference", point->reference,
			 "value", number(point->value), "low", number(point->low), "high",
			 number(point->high));
}

static json_t *change_json(const struct history_series *series, const struct history_change *change)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:s?}", "commit",
			 series->points[change->at].commit, "good",
			 series->points[change->good].commit, "bad",
			 series->points[change->bad].commit, "before", number(change->before),
			 "after", number(change->after), "change", number(change->change), "p",
			 number(change->p), "worse", (int)change->worse, "stands",
			 (int)change->stands, "accepted", change->accepted);
}

static json_t *series_json(const struct history_view *view, const struct history_series *series)
{
	static const char *const better[] = {
		[BETTER_NONE] = "none", [BETTER_LOWER] = "lower", [BETTER_HIGHER] = "higher"};
	json_t *points = json_array(), *changes = json_array();

	for (size_t i = 0; i < series->nr_points; i++)
		if (history_is_since(series->points[i].started, view->since))
			json_array_append_new(points, point_json(&series->points[i]));
	for (size_t i = 0; i < series->nr_changes; i++)
		if (history_is_since(series->points[series->changes[i].at].started, view->since))
			json_array_append_new(changes, change_json(series, &series->changes[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o}",
			 "series", series->series, "workload", series->workload, "label",
			 series->label, "target", series->target, "machine", series->machine,
			 "metric", series->metric, "unit", series->unit, "exact",
			 (int)series->exact, "better", better[series->better], "noise",
			 number(series->noise), "rank", number(series->rank), "nights", points,
			 "changes", changes);
}

int history_print_json(const struct history_view *view, FILE *out)
{
	json_t *all = json_array();
	int err = 0;

	for (size_t i = 0; !err && i < view->nr; i++)
		err = json_array_append_new(all, series_json(view, view->series[i]));
	if (!err)
		err = json_dumpf(all, out, JSON_INDENT(1));
	json_decref(all);
	fputc('\n', out);
	return err ? -1 : 0;
}
