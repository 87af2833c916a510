/* SPDX-License-Identifier: GPL-2.0-only */
/* history_text.c - lists, changes and their summary, for a terminal. */
#include "history_text.h"

#include <math.h>
#include <string.h>

/* Digits of a commit that people read. */
#define SHORT 8
#define DATE  10 /* characters of a moment that are its date */

bool history_is_since(const char *started, const char *since)
{
	return !since || strcmp(started, since) >= 0;
}

/* "+5.0 %"; counts may come from 0, or change by less than a tenth of a per cent. */
static const char *print_size(double change, char *buffer, size_t size)
{
	if (!isfinite(change))
		snprintf(buffer, size, "from 0");
	else if (fabs(change) < 0.0005)
		snprintf(buffer, size, "%+.1g %%", 100 * change);
	else
		snprintf(buffer, size, "%+.1f %%", 100 * change);
	return buffer;
}

static const struct history_change *newest(const struct history_view *view,
					   const struct history_series *series)
{
	const struct history_change *change;

	if (!series->nr_changes)
		return NULL;
	change = &series->changes[series->nr_changes - 1];
	return history_is_since(series->points[change->at].started, view->since) ? change : NULL;
}

static const char *state_of(const struct history_change *change)
{
	if (change->accepted)
		return "accepted";
	if (!change->worse)
		return "better";
	return change->stands ? "worse" : "undone";
}

/* As it can be given to trimm trend: no spaces. */
static const char *name_of(const struct history_series *series, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s%s%s", series->workload, *series->label ? ":" : "",
		 series->label);
	for (char *c = buffer; *c; c++)
		*c = *c == ' ' ? ',' : *c;
	return buffer;
}

void history_print_list(const struct history_view *view, FILE *out)
{
	char size[32], noise[32], name[256];

	fprintf(out, "%-9s %-7s %-8s %-10s %-8s %s\n", "change", "noise", "", "since", "commit",
		"series");
	for (size_t i = 0; i < view->nr; i++) {
		const struct history_series *series = view->series[i];
		const struct history_change *change = newest(view, series);
		const struct history_point *at = change ? &series->points[change->at] : NULL;

		snprintf(noise, sizeof(noise), "%.1f %%", 100 * series->noise);
		fprintf(out, "%-9s %-7s %-8s %-10.*s %-*.*s %s %s",
			change ? print_size(change->change, size, sizeof(size)) : "-",
			isnan(series->noise) ? "-" : noise, change ? state_of(change) : "", DATE,
			at ? at->started : "", SHORT, SHORT, at ? at->commit : "",
			name_of(series, name, sizeof(name)), series->metric);
		if (strcmp(series->target, "user"))
			fprintf(out, " (%s)", series->target);
		if (!view->history->machine)
			fprintf(out, " on %.8s", series->machine);
		fputc('\n', out);
	}
}

static const struct history_night *night_of(const struct history_view *view,
					    const struct history_point *point)
{
	for (size_t i = 0; i < view->history->nr_nights; i++)
		if (view->history->nights[i].night == point->night)
			return &view->history->nights[i];
	return NULL;
}

static void print_range(const struct history_view *view, const struct history_series *series,
			const struct history_change *change, FILE *out)
{
	const struct history_point *good = &series->points[change->good];
	const struct history_point *bad = &series->points[change->bad];
	const struct history_night *night = night_of(view, bad);

	if (!strcmp(good->commit, bad->commit)) {
		fprintf(out,
			"  the same commit on both sides: not the code, look at the machine\n");
		return;
	}
	fprintf(out, "  range to bisect: %.*s..%.*s\n", SHORT, good->commit, SHORT, bad->commit);
	fprintf(out, "  trimm bisect --good %.12s --bad %.12s%s%s %s%s%s --metric %s\n",
		good->commit, bad->commit, night ? " --repo " : "", night ? night->repo : "",
		series->workload, *series->label ? " " : "", series->label, series->metric);
}

static void print_change(const struct history_view *view, const struct history_series *series,
			 const struct history_change *change, FILE *out)
{
	const struct history_point *at = &series->points[change->at];
	char size[32];

	fprintf(out, "%.*s %.*s %s %s: %.6g to %.6g, %s", DATE, at->started, SHORT, at->commit,
		print_size(change->change, size, sizeof(size)), series->metric, change->before,
		change->after, state_of(change));
	if (series->exact)
		fprintf(out, ", counted\n");
	else
		fprintf(out, ", p %.1g\n", change->p);
	if (change->accepted)
		fprintf(out, "  accepted: %s\n", change->accepted);
	else
		print_range(view, series, change, out);
}

void history_print_changes(const struct history_view *view, const struct history_series *series,
			   FILE *out)
{
	for (size_t i = 0; i < series->nr_changes; i++) {
		const struct history_change *change = &series->changes[i];

		if (history_is_since(series->points[change->at].started, view->since))
			print_change(view, series, change, out);
	}
}

void history_print_summary(const struct history_view *view, FILE *out)
{
	size_t regressed = 0, improved = 0, accepted = 0, unchanged = 0;

	for (size_t i = 0; i < view->nr; i++) {
		const struct history_series *series = view->series[i];
		bool stands = false;

		for (size_t c = 0; c < series->nr_changes; c++)
			stands |= series->changes[c].stands &&
				  history_is_since(series->points[series->changes[c].at].started,
						   view->since);
		if (stands)
			regressed++;
		else if (!newest(view, series))
			unchanged++;
		else if (newest(view, series)->accepted)
			accepted++;
		else
			improved++;
	}
	fprintf(out, "trimm: regressed %zu, improved or undone %zu, accepted %zu, unchanged %zu\n",
		regressed, improved, accepted, unchanged);
}
