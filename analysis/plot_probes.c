/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_probes.c - what probes measured of a case, a small panel for each thing. */
#include "plot_panels.h"
#include "bench_facts.h"
#include "trace_facts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The most frequent; more are in the records. */
#define PANELS_MAX 12

/* Histograms that differ in numbers of the key alone (CPUs) are one. */
struct small {
	const char *source, *metric, *unit, *key, *word;
	uint64_t n;
};

static struct small small_of(const struct hist *hist)
{
	struct small small = {hist->source, hist->metric, hist->unit, NULL, "", 0};

	for (size_t i = 0; i < hist->nr_keys && !small.key; i++) {
		if (hist->keys[i].text) {
			small.key = hist->keys[i].name;
			small.word = hist->keys[i].text;
		}
	}
	return small;
}

static bool same(const struct small *a, const struct small *b)
{
	return !strcmp(a->source, b->source) && !strcmp(a->metric, b->metric) &&
	       !strcmp(a->unit, b->unit) && !strcmp(a->word, b->word) && !a->key == !b->key;
}

static int by_source(const void *a, const void *b)
{
	const struct small *x = a, *y = b;
	int order = strcmp(x->source, y->source);

	if (!order)
		order = strcmp(x->metric, y->metric);
	if (order)
		return order;
	return x->n == y->n ? strcmp(x->word, y->word) : x->n < y->n ? 1 : -1;
}

static int by_n(const void *a, const void *b)
{
	const struct small *x = a, *y = b;

	return x->n == y->n ? by_source(a, b) : x->n < y->n ? 1 : -1;
}

/* All there are, malloc()ed; the first PANELS_MAX are those to show, by probe. */
static struct small *small_read(const struct plot_case *at, size_t *nr, uint64_t *total)
{
	struct small *list = NULL, *more;
	size_t n = 0;

	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct trace *trace = &at->arm[a]->trace;

		more = realloc(list, (n + trace->nr_hists + 1) * sizeof(*list));
		if (!more)
			break;
		list = more;
		for (size_t i = 0; i < trace->nr_hists; i++) {
			struct small one = small_of(&trace->hists[i]);
			size_t k = 0;

			while (k < n && !same(&list[k], &one))
				k++;
			if (k == n)
				list[n++] = one;
			list[k].n += trace->hists[i].n;
			*total += trace->hists[i].n;
		}
	}
	*nr = n;
	if (n)
		qsort(list, n, sizeof(*list), by_n);
	qsort(list, n < PANELS_MAX ? n : PANELS_MAX, list ? sizeof(*list) : 0, by_source);
	return list;
}

/* Counts by power of two; what is 0 has a place of its own, before 1. */
static void fold(const struct hist *hist, double count[65])
{
	for (size_t i = 0; i < hist->nr_buckets; i++) {
		uint64_t low = hist->buckets[i].low;
		double middle = (double)low + 0.5 * (double)hist_bucket_width(hist, low);
		double value = hist->hz > 0 ? hist_to_ns(hist, middle) : low ? middle : 0;

		count[value < 1 ? 0 : 1 + (unsigned int)fmin(log2(value), 63)] +=
			(double)hist->buckets[i].count;
	}
}

struct range {
	int first, last;
	double least;
};

static void put_panel(struct script *script, const struct bench *bench, const struct small *small,
		      struct range *range)
{
	const struct hist_choice choice = {.source = small->source,
					   .metric = small->metric,
					   .unit = small->unit,
					   .key = small->key,
					   .word = small->word,
					   .whole = true,
					   .from = NAN,
					   .to = NAN};
	struct hist hist = trace_hist_sum(&bench->trace, &choice);
	double count[65] = {0}, ops = fmax(trace_ops(bench), 1);

	fold(&hist, count);
	free(hist.buckets);
	/* A block without a line would be none. */
	fputs("NaN NaN\n", script->data);
	for (int k = 0; k < 65; k++) {
		double often = 1000 * count[k] / ops;

		if (!(often > 0))
			continue;
		fprintf(script->data, "%d %.6g\n", k - 1, often);
		range->first = k - 1 < range->first ? k - 1 : range->first;
		range->last = k - 1 > range->last ? k - 1 : range->last;
		range->least = fmin(range->least, often);
	}
}

static void put_head(struct script *script, size_t p, const struct small *small,
		     const struct range *range)
{
	char variable[32], text[160];

	snprintf(variable, sizeof(variable), "head[%zu]", p + 1);
	snprintf(text, sizeof(text), "%s: %s%s%s", small->source, small->metric,
		 *small->word ? ", " : "", small->word);
	script_text(script, variable, text);
	snprintf(variable, sizeof(variable), "unit[%zu]", p + 1);
	script_text(script, variable, strcmp(small->unit, "ticks") ? small->unit : "ns");
	fprintf(script->script, "first[%zu] = %d; last[%zu] = %d; least[%zu] = %.6g\n", p + 1,
		range->first, p + 1, range->last, p + 1, isfinite(range->least) ? range->least : 1);
}

int plot_probes(const struct plot_target *target, const struct plot_case *at, struct figure *figure)
{
	uint64_t total = 0;
	size_t n = 0, panels;
	struct small *list = small_read(at, &n, &total);
	struct script script;
	char name[64], what[128];
	int err = -ENODATA;

	if (!n)
		goto out_free;
	panels = n < PANELS_MAX ? n : PANELS_MAX;
	snprintf(what, sizeof(what), "what the probes measured, for 1,000 operations%s%s",
		 n > panels ? ", the most frequent" : "",
		 bench_real_time(at->arm[0]) ? "" : ", EMULATED TIME");
	err = case_open(&script, target, at, "probes", "", what, total, figure);
	if (err)
		goto out_free;
	fprintf(script.script,
		"panels = %zu\narray head[panels]\narray unit[panels]\narray first[panels]\n"
		"array last[panels]\narray least[panels]\n",
		panels);
	for (size_t p = 0; p < panels; p++) {
		struct range range = {.first = 64, .last = -1, .least = INFINITY};

		for (size_t a = 0; a < at->nr_arms; a++) {
			script_block(&script, plot_arm_name(at->arm[a], name, sizeof(name)));
			put_panel(&script, at->arm[a], &list[p], &range);
		}
		put_head(&script, p, &list[p], &range);
	}
	script_number(&script, "deep", (double)((panels + 1) / 2));
	script_number(&script, "height", 110 + 200 * (double)((panels + 1) / 2));
	figure->how = "a panel for each thing a probe measures, a bar a power of two: how often "
		      "for 1,000 operations of the arm, on a logarithmic scale. Of the blocks with "
		      "probes alone. Left is fast, or small.";
	err = script_close(&script, "probes");
out_free:
	free(list);
	return err;
}
