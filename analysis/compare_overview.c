/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_overview.c - one line a metric: its median over the cases, how far the change
 * ranges from case to case, and how often it was judged which way.
 */
#include "compare_table.h"
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One metric over all cases of a section. */
struct across {
	double *base, *next, *ratio;
	size_t n, nr_ratios, improved, regressed;
	const char *unit;
	const struct compare_row *last;
};

static void gather(const struct table *table, enum row_kind kind, const char *metric,
		   struct across *across)
{
	const struct comparison *comparison = table->comparison;

	across->n = across->nr_ratios = across->improved = across->regressed = 0;
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_row *row =
			table_find_row(&comparison->groups[i], kind, metric);

		if (!row || !table_in_section(table, &comparison->groups[i]))
			continue;
		across->unit = row->unit;
		across->last = row;
		across->improved += row->verdict == VERDICT_IMPROVED;
		across->regressed += row->verdict == VERDICT_REGRESSED;
		across->base[across->n] = row->base;
		across->next[across->n++] = row->next;
		if (row->ratio > 0)
			across->ratio[across->nr_ratios++] = row->ratio;
	}
}

/* Only where each case has a ratio: half of the cases would tell half of the truth. */
static void format_change(const struct across *across, char *buffer, size_t size)
{
	struct compare_row row = {.kind = ROW_SAMPLES, .n = across->n};

	if (across->n == 1) {
		compare_format_change(across->last, buffer, size);
		return;
	}
	snprintf(buffer, size, "-");
	if (across->nr_ratios < across->n)
		return;
	row.verdict = VERDICT_SHOWN;
	row.ratio = statistics_median(across->ratio, across->n);
	row.low = statistics_quantile(across->ratio, across->n, 0);
	row.high = statistics_quantile(across->ratio, across->n, 1);
	compare_format_change(&row, buffer, size);
}

static void put_metric(const struct table *table, const struct across *across, const char *metric)
{
	char label[128], base[64], next[64], change[128], verdict[64] = "";

	snprintf(label, sizeof(label), "%s [%s]", metric, across->unit);
	if (across->improved)
		snprintf(verdict, sizeof(verdict), "%zu improved", across->improved);
	if (across->regressed)
		snprintf(verdict + strlen(verdict), sizeof(verdict) - strlen(verdict),
			 "%s%zu regressed", *verdict ? ", " : "", across->regressed);
	compare_format_value(statistics_median(across->base, across->n), across->unit, base,
			     sizeof(base));
	compare_format_value(statistics_median(across->next, across->n), across->unit, next,
			     sizeof(next));
	format_change(across, change, sizeof(change));
	table_put_line(table, (const char *const[]){label, base, next, change, verdict});
}

static void put_head(const struct table *table, bool judged)
{
	bool one = table->comparison->nr_groups == 1;
	char title[100];

	snprintf(title, sizeof(title), "%s%s", judged ? "exact counters" : "not judged",
		 one ? "" : ": median over the cases (--verbose: each)");
	table_put_head(table, title, table->markdown ? "metric" : "",
		       one ? "change" : "change [least .. most], n cases");
}

static void put_metrics(const struct table *table, struct across *across, bool judged)
{
	size_t lines = 0;

	for (enum row_kind kind = ROW_EXACT; kind <= ROW_COUNTER; kind++) {
		struct metrics metrics = table_metrics(table, kind);

		for (size_t i = 0; i < metrics.nr; i++) {
			const char *name = metrics.names[i];

			if (table_judged(table, kind, name) != judged ||
			    table_tells_nothing(table, kind, name))
				continue;
			if (!lines++)
				put_head(table, judged);
			gather(table, kind, name, across);
			put_metric(table, across, name);
		}
		free(metrics.names);
	}
}

void table_put_overview(const struct table *table, bool judged)
{
	size_t n = table->comparison->nr_groups;
	struct across across = {
		.base = calloc(n, sizeof(double)),
		.next = calloc(n, sizeof(double)),
		.ratio = calloc(n, sizeof(double)),
	};

	if (across.base && across.next && across.ratio)
		put_metrics(table, &across, judged);
	free(across.base);
	free(across.next);
	free(across.ratio);
}
