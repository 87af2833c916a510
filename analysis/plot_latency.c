/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_latency.c - figures of single operations: how long, how often, when. */
#include "plot_figures.h"
#include "bench_facts.h"
#include "compare.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* A series of a latency figure: a histogram and whose it is. */
struct series {
	const struct bench *bench;
	const struct hist *hist;
	bool dashed;
	const char *suffix; /* to the arm's name in the legend */
};

static size_t series_of(const struct plot_case *at, const char *metric, bool dashed,
			const char *suffix, struct series *series)
{
	size_t n = 0;

	for (size_t i = 0; i < at->nr_arms; i++) {
		const struct hist *hist = bench_hist(at->arm[i], metric);

		if (hist && hist->n && hist->nr_buckets)
			series[n++] = (struct series){at->arm[i], hist, dashed, suffix};
	}
	return n;
}

static int open_for(struct script *script, const struct plot_target *target,
		    const struct plot_case *at, const char *kind, const char *metric,
		    struct figure *figure)
{
	const char *const parts[] = {at->workload, at->label, kind, metric, NULL};
	int err = script_open(script, target->cases, target->directory, parts);

	if (err)
		return err;
	strcpy(figure->name, script->name);
	figure->workload = at->workload;
	strcpy(figure->label, at->label);
	if (target->tty)
		script_number(script, "tty", 1);
	return 0;
}

/* "free, unmap-storm nr_pages=1: WHAT, n = 65,536". */
static void title_set(struct script *script, struct figure *figure, const struct plot_case *at,
		      const char *what, uint64_t n)
{
	char count[32];

	snprintf(figure->title, sizeof(figure->title), "%s%s%s: %s%s, n = %s", at->workload,
		 *at->label ? " " : "", at->label, what,
		 bench_real_time(at->arm[0]) ? "" : ", EMULATED TIME",
		 compare_format_value((double)n, "", count, sizeof(count)));
	script_text(script, "title", figure->title);
}

static void put_arms(struct script *script, const struct series *series, size_t n)
{
	const struct bench *arms[2 * PLOT_ARMS_MAX] = {NULL};

	for (size_t i = 0; i < n; i++)
		arms[i] = series[i].bench;
	script_arms(script, n, arms);
}

/*
 * A staircase: each bucket runs from the share of operations before it to that after it,
 * at its upper end. The last one has no end on this axis, which shows 1 / (1 - share): it
 * is cut where one more operation would be.
 */
static void put_spectrum(struct script *script, const struct series *series)
{
	const struct hist *hist = series->hist;
	double n = (double)hist->n, before = 0;

	for (size_t i = 0; i < hist->nr_buckets; i++) {
		uint64_t low = hist->buckets[i].low;
		double high = (double)(low + hist_bucket_width(hist, low));
		double ns = hist_to_ns(hist, fmin(high, (double)hist->max));
		double after = before + (double)hist->buckets[i].count;

		fprintf(script->data, "%.9g %.6g\n%.9g %.6g\n", n / fmax(n - before, 1),
			fmax(ns, 1), n / fmax(n - after, 1), fmax(ns, 1));
		before = after;
	}
}

static int spectrum(struct script *script, const struct series *series, size_t n)
{
	double slowest = 10;
	char about[160], name[64];

	put_arms(script, series, n);
	fprintf(script->script, "array dash[series]\n");
	for (size_t i = 0; i < n; i++) {
		fprintf(script->script, "dash[%zu] = %d\n", i + 1, series[i].dashed ? 2 : 1);
		if (*series[i].suffix)
			script_relabel(script, i, series[i].bench, series[i].suffix);
		slowest = fmax(slowest, (double)series[i].hist->n);
		plot_arm_name(series[i].bench, name, sizeof(name));
		snprintf(about, sizeof(about), "%s %s: 1 / (1 - share), ns", name,
			 series[i].hist->metric);
		script_block(script, about);
		put_spectrum(script, &series[i]);
	}
	script_number(script, "slowest", slowest);
	return script_close(script, "spectrum");
}

int plot_spectrum(const struct plot_target *target, const struct plot_case *at, const char *metric,
		  struct figure *figure)
{
	struct series series[PLOT_ARMS_MAX];
	size_t n = series_of(at, metric, false, "", series);
	struct script script;
	char what[96];
	int err;

	if (!n)
		return -ENODATA;
	err = open_for(&script, target, at, "spectrum", metric, figure);
	if (err)
		return err;
	snprintf(what, sizeof(what), "latency of %s by percentile", metric);
	title_set(&script, figure, at, what, series[0].hist->n);
	figure->how = "each step to the right is ten times rarer. Where one line is above the "
		      "other, that share of its operations is slower; the right end is the tail.";
	return spectrum(&script, series, n);
}

int plot_stalls(const struct plot_target *target, const struct plot_case *at, struct figure *figure)
{
	struct series series[2 * PLOT_ARMS_MAX];
	size_t busy = series_of(at, "stall.busy", false, ", others busy", series);
	size_t n = busy + series_of(at, "stall.idle", true, ", others idle", series + busy);
	struct script script;
	int err;

	if (!busy)
		return -ENODATA;
	err = open_for(&script, target, at, "stalls", "", figure);
	if (err)
		return err;
	title_set(&script, figure, at, "gaps a bystander sees in its own time", series[0].hist->n);
	figure->how =
		"a worker that allocates nothing reads the clock over and over; a gap is time "
		"taken from it. Solid: the others allocate and free; dashed: they rest. "
		"Only what lies between the two is the allocator's doing.";
	return spectrum(&script, series, n);
}

/* Counts by power of two of ns; a bucket goes where its middle lies. */
static void fold_log2(const struct hist *hist, uint64_t count[64])
{
	for (size_t i = 0; i < hist->nr_buckets; i++) {
		uint64_t low = hist->buckets[i].low;
		double middle = (double)low + 0.5 * (double)hist_bucket_width(hist, low);
		double log = log2(fmax(hist_to_ns(hist, middle), 1));

		count[(unsigned int)fmin(log, 63)] += hist->buckets[i].count;
	}
}

int plot_histogram(const struct plot_target *target, const struct plot_case *at, const char *metric,
		   struct figure *figure)
{
	struct series series[PLOT_ARMS_MAX];
	size_t n = series_of(at, metric, false, "", series);
	unsigned int first = 63, last = 0;
	struct script script;
	char what[96], name[64];
	int err;

	if (!n)
		return -ENODATA;
	err = open_for(&script, target, at, "histogram", metric, figure);
	if (err)
		return err;
	snprintf(what, sizeof(what), "latency of %s, a bar a power of two", metric);
	title_set(&script, figure, at, what, series[0].hist->n);
	put_arms(&script, series, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t count[64] = {0};

		fold_log2(series[i].hist, count);
		script_block(&script, plot_arm_name(series[i].bench, name, sizeof(name)));
		for (unsigned int k = 0; k < 64; k++) {
			if (!count[k])
				continue;
			fprintf(script.data, "%u %lu\n", k, (unsigned long)count[k]);
			first = k < first ? k : first;
			last = k > last ? k : last;
		}
	}
	script_number(&script, "first", first);
	script_number(&script, "last", last);
	figure->how = "each hump is a path through the allocator: fast path, refill, flush, purge. "
		      "The scale is logarithmic, so single slow operations show.";
	return script_close(&script, "histogram");
}

/* What all panels share. */
struct heat_range {
	double low, high, most;
};

/* Returns when the last interval ends, in s. */
static double put_heat(struct script *script, const struct bench *bench, const char *metric,
		       struct heat_range *range)
{
	double until = 0;

	for (size_t i = 0; i < bench->nr_intervals; i++) {
		const struct hist *hist = &bench->intervals[i];
		double start = hist->start_ns / 1e9, end = start + hist->len_ns / 1e9;

		if (strcmp(hist->metric, metric) != 0 || end <= start)
			continue;
		for (size_t b = 0; b < hist->nr_buckets; b++) {
			uint64_t low = hist->buckets[b].low;
			double from = fmax(hist_to_ns(hist, (double)low), 1);
			double to = hist_to_ns(hist, (double)(low + hist_bucket_width(hist, low)));
			double rate = (double)hist->buckets[b].count / (end - start);

			fprintf(script->data, "%.6g %.6g %.5g %.5g %.4g\n", start, end, from, to,
				rate);
			range->low = fmin(range->low, from);
			range->high = fmax(range->high, to);
			range->most = fmax(range->most, rate);
		}
		until = fmax(until, end);
	}
	return until;
}

static bool has_intervals(const struct bench *bench, const char *metric)
{
	for (size_t i = 0; i < bench->nr_intervals; i++) {
		if (strcmp(bench->intervals[i].metric, metric) == 0 &&
		    bench->intervals[i].nr_buckets)
			return true;
	}
	return false;
}

int plot_heatmap(const struct plot_target *target, const struct plot_case *at, const char *metric,
		 struct figure *figure)
{
	struct heat_range range = {.low = INFINITY};
	struct series series[PLOT_ARMS_MAX];
	struct script script;
	char what[96], name[64];
	size_t n = 0;
	int err;

	for (size_t i = 0; i < at->nr_arms; i++) {
		if (has_intervals(at->arm[i], metric))
			series[n++].bench = at->arm[i];
	}
	if (!n)
		return -ENODATA;
	err = open_for(&script, target, at, "heatmap", metric, figure);
	if (err)
		return err;
	snprintf(what, sizeof(what), "latency of %s over time", metric);
	title_set(&script, figure, at, what, series[0].bench->ops);
	put_arms(&script, series, n);
	fputs("array until[series]\n", script.script);
	for (size_t i = 0; i < n; i++) {
		script_block(&script, plot_arm_name(series[i].bench, name, sizeof(name)));
		fprintf(script.script, "until[%zu] = %.6g\n", i + 1,
			put_heat(&script, series[i].bench, metric, &range));
	}
	script_number(&script, "low", range.low);
	script_number(&script, "high", range.high);
	script_number(&script, "most", range.most);
	script_number(&script, "height", 110 + 170 * (double)n);
	figure->how =
		"time runs to the right, slower is higher, bluer is more operations. "
		"Marks at the top that come back are purges. Both arms did the same work: the "
		"shorter scale is the faster arm.";
	return script_close(&script, "heatmap");
}
