/* SPDX-License-Identifier: GPL-2.0-only */
/* exact_table.c - see exact_table.h. */
#include "exact_table.h"
#include "compare.h"

#include <math.h>
#include <string.h>

/* Width of a line of text, of the names of arms before it, and of the gap between columns. */
enum { LABEL_WIDTH = 32, GAP = 2, CELL_WIDTH = 9 };

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
	char other[128];

	*buffer = '\0';
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct bench *bench = cases->cases[i].arm[0];

		/* Of a Linux guest none is modelled. */
		if (!bench_is_exact(bench) || !*bench_param(bench, "tlb", other, sizeof(other)))
			continue;
		if (*buffer && strcmp(buffer, other) != 0) {
			snprintf(buffer, size, "by tlb=");
			break;
		}
		snprintf(buffer, size, "%s", other);
	}
	return buffer;
}

#define HEADLINE(counter)                                           \
	static double headline_##counter(const struct bench *bench) \
	{                                                           \
		return exact_cell(bench, #counter);                 \
	}
HEADLINE(instructions)
HEADLINE(shootdowns)
HEADLINE(flush_ranges)
HEADLINE(invlpg)
HEADLINE(dtlb_misses)
HEADLINE(stlb_misses)
HEADLINE(walk_steps)
#undef HEADLINE

/* Toggling CR4.PGE is two moves; each of the others may drop everything. */
static double headline_full_flushes(const struct bench *bench)
{
	return exact_cell(bench, "cr4_writes") / 2 + exact_cell(bench, "cr3_writes") +
	       exact_cell(bench, "invpcid");
}

size_t exact_headlines(const struct plot_cases *cases, const char *workload,
		       const struct exact_headline *shown[EXACT_HEADLINES_MAX])
{
	static const struct exact_headline known[EXACT_HEADLINES_MAX] = {
		{"instructions", "instructions", headline_instructions},
		{"shootdowns", "CPUs interrupted", headline_shootdowns},
		{"flush_ranges", "ranges flushed", headline_flush_ranges},
		{"invlpg", "INVLPG", headline_invlpg},
		{"full_flush", "full flushes", headline_full_flushes},
		{"dtlb_misses", "dTLB misses", headline_dtlb_misses},
		{"stlb_misses", "STLB misses", headline_stlb_misses},
		{"walk_steps", "walk steps", headline_walk_steps},
	};
	size_t n = 0;

	for (size_t h = 0; h < EXACT_HEADLINES_MAX; h++) {
		bool any = false;

		for (size_t i = 0; i < cases->nr_cases; i++) {
			const struct plot_case *at = &cases->cases[i];

			for (size_t a = 0; a < at->nr_arms && !strcmp(at->workload, workload); a++)
				any |= bench_is_exact(at->arm[a]) && known[h].value(at->arm[a]) > 0;
		}
		if (any)
			shown[n++] = &known[h];
	}
	return n;
}

const char *exact_label(const struct plot_case *at, char *buffer, size_t size)
{
	static const char mode[] = "mode=exact";
	const char *found = strstr(at->label, mode);
	size_t before = found ? (size_t)(found - at->label) : strlen(at->label);
	const char *after = found ? found + strlen(mode) : "";

	/* One of the blanks beside it goes with it. */
	if (*after)
		after++;
	else if (found && before)
		before--;
	snprintf(buffer, size, "%.*s%s", (int)before, at->label, after);
	return buffer;
}

static int width_of(const struct exact_headline *headline)
{
	int length = (int)strlen(headline->name);

	return length > CELL_WIDTH ? length : CELL_WIDTH;
}

static void print_arm(const struct plot_case *at, const struct bench *bench,
		      const struct exact_headline *const *shown, size_t n, FILE *out)
{
	char label[256], name[64], cell[64];

	exact_label(at, label, sizeof(label) - sizeof(name));
	plot_arm_name(bench, name, sizeof(name));
	if (*label)
		strcat(label, " ");
	strcat(label, name);
	fprintf(out, "%-*s", LABEL_WIDTH, label);
	/* A long one has a line of its own, so that the columns stay put. */
	if (strlen(label) > LABEL_WIDTH)
		fprintf(out, "\n%*s", LABEL_WIDTH, "");
	for (size_t i = 0; i < n; i++) {
		compare_format_value(shown[i]->value(bench), "", cell, sizeof(cell));
		fprintf(out, "%*s", GAP + width_of(shown[i]), cell);
	}
	fputs("\n", out);
}

static void print_workload(const struct plot_cases *cases, const char *workload,
			   const struct exact_headline *const *shown, size_t n, FILE *out)
{
	fprintf(out, "\n%-*s", LABEL_WIDTH, workload);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%*s", GAP + width_of(shown[i]), shown[i]->name);
	fputs("\n", out);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms && !strcmp(at->workload, workload); a++) {
			if (bench_is_exact(at->arm[a]))
				print_arm(at, at->arm[a], shown, n, out);
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
	size_t tables = 0;

	exact_tlb_model(cases, model, sizeof(model));
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct exact_headline *shown[EXACT_HEADLINES_MAX];
		const char *workload = cases->cases[i].workload;
		struct exact_columns columns;
		size_t n;

		if (!is_first_of_workload(cases, i))
			continue;
		exact_columns_read(cases, workload, true, &columns);
		n = columns.n ? exact_headlines(cases, workload, shown) : 0;
		if (n && !tables++)
			fprintf(out, "counted, not timed; per operation%s%s\n",
				*model ? "; modelled TLB: " : "", model);
		if (n)
			print_workload(cases, workload, shown, n, out);
	}
}
