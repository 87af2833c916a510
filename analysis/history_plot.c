/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history_plot.c - a history in characters: gnuplot's `dumb` terminal draws points that lie on each
 * other as one and has no room for labels under a line, so the few characters are set here.
 */
#include "history_text.h"
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 68 /* of nights; the axis takes 11 more */
#define ROWS	12
#define DATE	10

struct canvas {
	const struct history_series *series;
	size_t first, nights; /* points that are shown */
	size_t columns;	      /* each of one night, or several */
	double least, most;
	char cell[ROWS][COLUMNS + 1];
	char marks[COLUMNS + 64]; /* below: changes and their labels */
};

static size_t column_of(const struct canvas *canvas, size_t point)
{
	return (point - canvas->first) * canvas->columns / canvas->nights;
}

static size_t row_of(const struct canvas *canvas, double value)
{
	double part = (value - canvas->least) / (canvas->most - canvas->least);
	double row = (ROWS - 1) * (1 - fmin(fmax(part, 0), 1));

	return (size_t)(row + 0.5);
}

/* The stretch between two changes that point @at is of. */
static void stretch_of(const struct history_series *series, size_t at, size_t *from, size_t *to)
{
	*from = 0;
	*to = series->nr_points;
	for (size_t i = 0; i < series->nr_changes; i++) {
		if (series->changes[i].at <= at)
			*from = series->changes[i].at;
		else if (series->changes[i].at < *to)
			*to = series->changes[i].at;
	}
}

static double median_of(const struct history_point *points, size_t n)
{
	double *values = malloc((n + 1) * sizeof(*values)), median;

	if (!values)
		abort();
	for (size_t i = 0; i < n; i++)
		values[i] = points[i].value;
	median = statistics_median(values, n);
	free(values);
	return median;
}

/*
 * Of what is shown without the most extreme 1 of 50, so that one disturbed night does not flatten
 * all others: it is drawn as '^' or 'v' at the edge.
 */
static void scale(struct canvas *canvas)
{
	const struct history_point *points = canvas->series->points + canvas->first;
	double *values = malloc((canvas->nights + 1) * sizeof(*values)), margin;

	if (!values)
		abort();
	for (size_t i = 0; i < canvas->nights; i++)
		values[i] = points[i].value;
	canvas->least = statistics_quantile(values, canvas->nights, 0.02);
	canvas->most = statistics_quantile(values, canvas->nights, 0.98);
	free(values);
	/* Levels are shown whatever they are; a ratio never closer than 1 % from edge to edge. */
	for (size_t i = 0; i < canvas->series->nr_changes; i++) {
		const struct history_change *change = &canvas->series->changes[i];

		if (change->at < canvas->first)
			continue;
		canvas->least = fmin(canvas->least, fmin(change->before, change->after));
		canvas->most = fmax(canvas->most, fmax(change->before, change->after));
	}
	margin = fmax(0.05 * (canvas->most - canvas->least),
		      canvas->series->exact
			      ? 0.5
			      : 0.005 * fabs(canvas->most) - (canvas->most - canvas->least) / 2);
	canvas->least -= margin;
	canvas->most += margin;
}

static void draw_levels(struct canvas *canvas)
{
	const struct history_series *series = canvas->series;

	for (size_t at = canvas->first, from, to; at < series->nr_points; at = to) {
		double level;

		stretch_of(series, at, &from, &to);
		level = median_of(series->points + from, to - from);
		for (size_t i = at; i < to; i++)
			canvas->cell[row_of(canvas, level)][column_of(canvas, i)] = '-';
	}
}

static void draw_points(struct canvas *canvas)
{
	for (size_t i = canvas->first; i < canvas->series->nr_points; i++) {
		double value = canvas->series->points[i].value;
		char *cell = &canvas->cell[row_of(canvas, value)][column_of(canvas, i)];

		*cell = value > canvas->most ? '^' : value < canvas->least ? 'v' : '*';
	}
}

static void draw_changes(struct canvas *canvas)
{
	char label[48];

	for (size_t i = 0; i < canvas->series->nr_changes; i++) {
		const struct history_change *change = &canvas->series->changes[i];
		size_t column, length;

		if (change->at < canvas->first)
			continue;
		column = column_of(canvas, change->at);
		for (size_t row = 0; row < ROWS; row++)
			if (canvas->cell[row][column] == ' ')
				canvas->cell[row][column] = ':';
		snprintf(label, sizeof(label), "^%+.1f%% %.8s", 100 * change->change,
			 canvas->series->points[change->at].commit);
		length = strlen(label);
		if (column + length > COLUMNS) {
			/* To the left of its place, the mark last. */
			memmove(label, label + 1, length - 1);
			label[length - 1] = '^';
			column = column + 1 - length;
		}
		/* What would lie on another label is in the list below. */
		if (strspn(canvas->marks + column, " ") >= length)
			memcpy(canvas->marks + column, label, length);
		else if (canvas->marks[column_of(canvas, change->at)] == ' ')
			canvas->marks[column_of(canvas, change->at)] = '^';
	}
}

/* As many digits as it takes to tell the rows apart. */
static void print_axis(const struct canvas *canvas, size_t row, FILE *out)
{
	double step = (canvas->most - canvas->least) / (ROWS - 1);
	int digits = (int)fmin(fmax(ceil(-log10(step)), 0), 6);
	double value = canvas->most - step * (double)row;

	if (row % 3 && row != ROWS - 1)
		fprintf(out, "%10s |", "");
	else if (fabs(value) >= 1e9)
		fprintf(out, "%10.4g |", value);
	else
		fprintf(out, "%10.*f |", digits, value);
}

static void trim(char *text)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == ' ')
		text[--length] = '\0';
}

static void print_canvas(struct canvas *canvas, FILE *out)
{
	const struct history_point *points = canvas->series->points;
	int gap = (int)canvas->columns - DATE;

	for (size_t row = 0; row < ROWS; row++) {
		trim(canvas->cell[row]);
		print_axis(canvas, row, out);
		fprintf(out, "%s\n", canvas->cell[row]);
	}
	fprintf(out, "%10s +", "");
	for (size_t i = 0; i < canvas->columns; i++)
		fputc('-', out);
	trim(canvas->marks);
	if (*canvas->marks)
		fprintf(out, "\n%12s%s", "", canvas->marks);
	fprintf(out, "\n%12s%.*s", "", DATE, points[canvas->first].started);
	if (gap > DATE)
		fprintf(out, "%*.*s", gap, DATE, points[canvas->series->nr_points - 1].started);
	fputc('\n', out);
}

void history_print_plot(const struct history_view *view, const struct history_series *series,
			FILE *out)
{
	struct canvas canvas = {.series = series};

	while (canvas.first < series->nr_points &&
	       !history_is_since(series->points[canvas.first].started, view->since))
		canvas.first++;
	canvas.nights = series->nr_points - canvas.first;
	if (!canvas.nights)
		return;
	canvas.columns = canvas.nights < COLUMNS ? canvas.nights : COLUMNS;
	memset(canvas.marks, ' ', sizeof(canvas.marks) - 1);
	for (size_t row = 0; row < ROWS; row++)
		memset(canvas.cell[row], ' ', COLUMNS);
	fprintf(out, "%s %s\n%s%s%s, %zu nights", series->workload, series->label, series->metric,
		series->exact ? ", " : " of HEAD / reference", series->exact ? series->unit : "",
		canvas.nights);
	if (series->better != BETTER_NONE)
		fprintf(out, ", %s is better", series->better == BETTER_LOWER ? "lower" : "higher");
	if (strcmp(series->target, "user"))
		fprintf(out, ", target %s", series->target);
	if (!view->history->machine)
		fprintf(out, ", on %.8s", series->machine);
	fputc('\n', out);
	scale(&canvas);
	draw_levels(&canvas);
	draw_points(&canvas);
	draw_changes(&canvas);
	print_canvas(&canvas, out);
}
