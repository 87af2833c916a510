/* SPDX-License-Identifier: GPL-2.0-only */
/* exact_table.c - see exact_table.h. */
#include "exact_table.h"
#include "compare.h"

#include <math.h>
#include <string.h>

/* Width of a line of text, of the names of arms before it, and of the gap between columns. */
enum { LINE_WIDTH = 120, LABEL_WIDTH = 34, GAP = 2, CELL_WIDTH = 9 };

static bool is_modelled(const struct counter *counter)
{
	return !strcmp(counter->source, "tlbmodel");
}

static bool counts(const struct counter *counter)
{
	return !strcmp(counter->phase, "exact") && counter->class == CLASS_EXACT &&
	       counter->has_value && counter->value > 0;
}

bool exact_table_any(const struct plot_cases *cases)
{
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms; a++) {
			if (bench_is_exact(at->arm[a]) && at->arm[a]->nr_counters)
				return true;
		}
	}
	return false;
}

static void take(struct exact_columns *columns, const struct counter *counter)
{
	for (size_t i = 0; i < columns->n; i++) {
		if (!strcmp(columns->counter[i]->name, counter->name))
			return;
	}
	if (columns->n < EXACT_COLUMNS_MAX)
		columns->counter[columns->n++] = counter;
}

void exact_columns_read(const struct plot_cases *cases, const char *workload, bool modelled,
			struct exact_columns *columns)
{
	columns->n = 0;
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms && !strcmp(at->workload, workload); a++) {
			const struct bench *bench = at->arm[a];

			for (size_t c = 0; c < bench->nr_counters && bench_is_exact(bench); c++) {
				if (counts(&bench->counters[c]) &&
				    is_modelled(&bench->counters[c]) == modelled)
					take(columns, &bench->counters[c]);
			}
		}
	}
}

bool exact_per_operation(const struct counter *counter)
{
	size_t length = strlen(counter->name);

	return counter->ops && !(length > 4 && !strcmp(counter->name + length - 4, "_max"));
}

double exact_cell(const struct bench *bench, const char *name)
{
	const struct counter *counter = bench_counter(bench, "exact", name);

	if (!counter || !counter->has_value)
		return NAN;
	return exact_per_operation(counter) ? counter->value / (double)counter->ops
					    : counter->value;
}

const char *exact_tlb_model(const struct plot_cases *cases, char *buffer, size_t size)
{
	*buffer = '\0';
	for (size_t i = 0; i < cases->nr_cases && !*buffer; i++) {
		if (bench_is_exact(cases->cases[i].arm[0]))
			bench_param(cases->cases[i].arm[0], "tlb", buffer, size);
	}
	return buffer;
}

static int width_of(const struct counter *counter)
{
	int length = (int)strlen(counter->name);

	return length > CELL_WIDTH ? length : CELL_WIDTH;
}

/* Columns first .. that fit a line; returns the first that does not. */
static size_t fitting(const struct exact_columns *columns, size_t first)
{
	int width = LABEL_WIDTH;

	while (first < columns->n) {
		width += GAP + width_of(columns->counter[first]);
		if (width > LINE_WIDTH)
			break;
		first++;
	}
	return first;
}

static void print_arm(const struct plot_case *at, const struct bench *bench,
		      const struct exact_columns *columns, size_t first, size_t end, FILE *out)
{
	char label[256], name[64], cell[64];

	plot_arm_name(bench, name, sizeof(name));
	snprintf(label, sizeof(label), "%s%s%s", at->label, *at->label ? " " : "", name);
	fprintf(out, "%-*s", LABEL_WIDTH, label);
	/* A long one has a line of its own, so that the columns stay put. */
	if (strlen(label) > LABEL_WIDTH)
		fprintf(out, "\n%*s", LABEL_WIDTH, "");
	for (size_t i = first; i < end; i++) {
		const struct counter *counter = columns->counter[i];

		compare_format_value(exact_cell(bench, counter->name), counter->unit, cell,
				     sizeof(cell));
		fprintf(out, "%*s", GAP + width_of(counter), cell);
	}
	fputs("\n", out);
}

static void print_columns(const struct plot_cases *cases, const char *workload,
			  const struct exact_columns *columns, size_t first, size_t end, FILE *out)
{
	fprintf(out, "\n%-*s", LABEL_WIDTH, workload);
	for (size_t i = first; i < end; i++)
		fprintf(out, "%*s", GAP + width_of(columns->counter[i]), columns->counter[i]->name);
	fputs("\n", out);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms && !strcmp(at->workload, workload); a++) {
			if (bench_is_exact(at->arm[a]))
				print_arm(at, at->arm[a], columns, first, end, out);
		}
	}
}

static bool is_first_of_workload(const struct plot_cases *cases, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (!strcmp(cases->cases[j].workload, cases->cases[i].workload))
			return false;
	}
	return true;
}

void exact_table_print(const struct plot_cases *cases, FILE *out)
{
	char model[128];
	size_t lines = 0;

	exact_tlb_model(cases, model, sizeof(model));
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const char *workload = cases->cases[i].workload;
		struct exact_columns columns;

		if (!is_first_of_workload(cases, i))
			continue;
		exact_columns_read(cases, workload, true, &columns);
		for (size_t first = 0, end; first < columns.n; first = end) {
			end = fitting(&columns, first);
			if (!lines++)
				fprintf(out, "counted, not timed; per operation%s%s\n",
					*model ? "; modelled TLB: " : "", model);
			print_columns(cases, workload, &columns, first, end, out);
		}
	}
}
