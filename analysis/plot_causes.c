/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_causes.c - what probes saw take time, beside how long operations took: interrupts, being
 * off the CPU, page faults, reclaim; in all, and of what is as long as the slowest operations.
 *
 * No probe knows which operation it interrupts, so the two are held against each other and never
 * subtracted. What one probe sees does not overlap; what several see does, and gets a bar each.
 */
#include "plot_panels.h"
#include "bench_facts.h"
#include "compare.h"
#include "trace_facts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The slowest of 1,000 operations are the tail. */
#define TAIL 0.999

static const struct cause {
	const char *probe, *metric, *key, *word;
	const char *by; /* and how part "by" of the key begins; NULL: anything */
	const char *label;
	unsigned int colour;
} causes[] = {
	{"stalls", "stall", "cause", "preempted", NULL, "preempted", 0xCC79A7},
	{"stalls", "stall", "cause", "waiting", NULL, "woken, waiting for a CPU", 0x9467D8},
	{"stalls", "stall", "cause", "vector", "local_timer", "timer interrupt", 0xE69F00},
	{"stalls", "stall", "cause", "vector", "call_function", "called by a CPU", 0x009E73},
	{"stalls", "stall", "cause", "vector", "reschedule", "rescheduled by a CPU", 0x56B4E9},
	{"stalls", "stall", "cause", "vector", "irq_work", "irq_work", 0x5F7F8F},
	{"stalls", "stall", "cause", "irq", NULL, "device interrupt", 0x9A8A2E},
	{"stalls", "stall", "cause", "softirq", NULL, "softirq", 0xC23B4B},
	{"ipi", "handler", "kind", "call", NULL, "called by a CPU", 0x009E73},
	{"ipi", "handler", "kind", "reschedule", NULL, "rescheduled by a CPU", 0x56B4E9},
	{"ipi", "handler", "kind", "irq_work", NULL, "irq_work", 0x5F7F8F},
	{"faults", "latency", "fault", "minor", NULL, "minor fault", 0x8C6BB1},
	{"faults", "latency", "fault", "major", NULL, "major fault", 0x7F3B08},
	{"reclaim", "time", "kind", "direct", NULL, "direct reclaim", 0x6F6FD8},
	{"reclaim", "time", "kind", "cgroup", NULL, "reclaim of a cgroup", 0xBCBD22},
	{"reclaim", "time", "kind", "soft limit", NULL, "reclaim of a soft limit", 0x8C564B},
	{"reclaim", "time", "kind", "compaction", NULL, "compaction", 0x17808F},
};
#define CAUSES (sizeof(causes) / sizeof(causes[0]))

static const struct {
	const char *probe, *label;
} bars[] = {{"stalls", "off the CPU"},
	    {"ipi", "handlers"},
	    {"faults", "page faults"},
	    {"reclaim", "reclaim"}};
#define BARS (sizeof(bars) / sizeof(bars[0]))

static bool is_cause(const struct hist *hist, const struct cause *cause)
{
	const struct hist_choice choice = {.source = cause->probe,
					   .metric = cause->metric,
					   .unit = "ns",
					   .key = cause->key,
					   .word = cause->word,
					   .from = NAN,
					   .to = NAN};

	if (!hist_chosen(hist, &choice))
		return false;
	return !cause->by || !strncmp(trace_key_word(hist->keys, hist->nr_keys, "by"), cause->by,
				      strlen(cause->by));
}

/* Time in what took @least ns or longer. */
static double time_in(const struct hist *hist, double least)
{
	double sum = 0;

	if (least <= 0 && hist->hz <= 0)
		return hist->sum;
	for (size_t i = 0; i < hist->nr_buckets; i++) {
		double low = (double)hist->buckets[i].low;
		double width = (double)hist_bucket_width(hist, hist->buckets[i].low);
		double middle = hist_to_ns(hist, fmin(low + width / 2, (double)hist->max));

		if (middle >= least)
			sum += middle * (double)hist->buckets[i].count;
	}
	return sum;
}

/* Time of the slowest operations, so that they are @share of all. */
static double time_of_slowest(const struct hist *hist, double share)
{
	double left = share * (double)hist->n, sum = 0;

	for (size_t i = hist->nr_buckets; i > 0 && left > 0; i--) {
		const struct bucket *bucket = &hist->buckets[i - 1];
		double width = (double)hist_bucket_width(hist, bucket->low);
		double middle = fmin((double)bucket->low + width / 2, (double)hist->max);
		double n = fmin(left, (double)bucket->count);

		sum += n * hist_to_ns(hist, middle);
		left -= n;
	}
	return sum;
}

/* ns an operation. */
static double cause_of(const struct bench *bench, const struct cause *cause, double least)
{
	double sum = 0;

	for (size_t i = 0; i < bench->trace.nr_hists; i++) {
		if (is_cause(&bench->trace.hists[i], cause))
			sum += time_in(&bench->trace.hists[i], least);
	}
	return sum / fmax(trace_ops(bench), 1);
}

static bool saw(const struct plot_case *at, const char *probe)
{
	for (size_t a = 0; a < at->nr_arms; a++) {
		for (size_t i = 0; i < CAUSES; i++) {
			if (!strcmp(causes[i].probe, probe) &&
			    cause_of(at->arm[a], &causes[i], 0) > 0)
				return true;
		}
	}
	return false;
}

/* Rows as the figure has them, how long their bars are, and what is in its legend. */
struct rows {
	size_t n;
	double end[2][PLOT_ARMS_MAX * (BARS + 1) + 1];
	bool used[CAUSES];
};

/* The first cause with that label: of two probes, one line of the legend. */
static size_t legend_of(size_t cause)
{
	size_t i = 0;

	while (strcmp(causes[i].label, causes[cause].label) != 0)
		i++;
	return i;
}

static void row_name(struct script *script, struct rows *rows, const char *text)
{
	char variable[32];

	snprintf(variable, sizeof(variable), "row[%zu]", ++rows->n);
	script_text(script, variable, text);
}

/* Where it ends. */
static double put_bar(struct script *script, const struct bench *bench, const char *probe,
		      double least, size_t row, struct rows *rows)
{
	double from = 0;

	for (size_t i = 0; i < CAUSES; i++) {
		double ns;

		if (strcmp(causes[i].probe, probe) != 0)
			continue;
		ns = cause_of(bench, &causes[i], least);
		if (!(ns > 0))
			continue;
		fprintf(script->data, "%zu %.6g %.6g %u\n", row, from, from + ns, causes[i].colour);
		from += ns;
		rows->used[legend_of(i)] = true;
	}
	return from;
}

/* All rows of a panel: of each arm, its operations, then a bar for each probe. */
static void put_bars(struct script *script, const struct plot_case *at, const char *metric,
		     bool tail, struct rows *rows)
{
	double *end = rows->end[tail];
	char name[64];
	size_t row = 0;

	script_block(script, tail ? "as long as the slowest operations" : "all");
	/* A block without a line would be none. */
	fputs("0 0 0 0\n", script->data);
	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct hist *hist = bench_hist(at->arm[a], metric);
		double least = tail && hist ? hist_quantile_ns(hist, TAIL) : 0;

		row++;
		plot_arm_name(at->arm[a], name, sizeof(name));
		if (hist && hist->n) {
			end[row] = time_of_slowest(hist, tail ? 1 - TAIL : 1) / (double)hist->n;
			fprintf(script->data, "%zu 0 %.6g %u\n", row, end[row],
				plot_arm_colour(script->cases, name));
		}
		for (size_t b = 0; b < BARS; b++) {
			if (!saw(at, bars[b].probe))
				continue;
			row++;
			end[row] = put_bar(script, at->arm[a], bars[b].probe, least, row, rows);
		}
	}
}

static void put_panel(struct script *script, const struct plot_case *at, const char *metric,
		      bool tail, struct rows *rows)
{
	static const char *const units[] = {"ns", "µs", "ms", "s"};
	double most = 1, scale = 1;
	char text[32], variable[32];
	size_t unit = 0;

	put_bars(script, at, metric, tail, rows);
	script_block(script, "texts");
	fputs("0 0 \"\"\n", script->data);
	for (size_t i = 1; i <= rows->n; i++) {
		double end = rows->end[tail][i];

		fprintf(script->data, "%zu %.6g \"%s\"\n", i, end,
			compare_format_value(end, "ns", text, sizeof(text)));
		most = fmax(most, end);
	}
	for (; most / scale >= 2000 && unit < 3; unit++)
		scale *= 1000;
	snprintf(variable, sizeof(variable), "unit[%d]", tail + 1);
	script_text(script, variable, units[unit]);
	fprintf(script->script, "most[%d] = %.6g; scale[%d] = %.6g\n", tail + 1, most, tail + 1,
		scale);
}

static void put_rows(struct script *script, const struct plot_case *at, const char *metric,
		     struct rows *rows)
{
	char name[64], text[160];

	fprintf(script->script, "array row[%zu]\n", at->nr_arms * (BARS + 1));
	for (size_t a = 0; a < at->nr_arms; a++) {
		plot_arm_name(at->arm[a], name, sizeof(name));
		snprintf(text, sizeof(text), "%s: %s itself", name, metric);
		row_name(script, rows, text);
		for (size_t b = 0; b < BARS; b++) {
			if (saw(at, bars[b].probe))
				row_name(script, rows, bars[b].label);
		}
	}
	script_number(script, "rows", (double)rows->n);
}

static void put_legend(struct script *script, const struct rows *rows)
{
	char variable[32];
	size_t n = 0;

	fprintf(script->script, "array cause[%zu]\narray shade[%zu]\n", CAUSES, CAUSES);
	for (size_t i = 0; i < CAUSES; i++) {
		if (!rows->used[i])
			continue;
		snprintf(variable, sizeof(variable), "cause[%zu]", ++n);
		script_text(script, variable, causes[i].label);
		snprintf(variable, sizeof(variable), "shade[%zu]", n);
		script_number(script, variable, causes[i].colour);
	}
	script_number(script, "causes", (double)n);
}

/* Of each panel; of the second, where each arm's tail begins. */
static void put_heads(struct script *script, const struct plot_case *at, const char *metric)
{
	char text[256], name[64], value[32];
	size_t used;

	script_text(script, "head_all", "all of it");
	used = (size_t)snprintf(text, sizeof(text),
				"only what lasts as long as the slowest 0.1 %%:");
	for (size_t a = 0; a < at->nr_arms && used < sizeof(text); a++) {
		const struct hist *hist = bench_hist(at->arm[a], metric);

		if (!hist)
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s from %s",
					 a ? "," : "",
					 plot_arm_name(at->arm[a], name, sizeof(name)),
					 compare_format_value(hist_quantile_ns(hist, TAIL), "ns",
							      value, sizeof(value)));
	}
	script_text(script, "head_tail", text);
}

int plot_causes(const struct plot_target *target, const struct plot_case *at, const char *metric,
		struct figure *figure)
{
	const struct hist *hist = bench_hist(at->arm[0], metric);
	struct rows rows = {0};
	struct script script;
	bool any = false;
	char what[128];
	int err;

	for (size_t b = 0; b < BARS; b++)
		any |= saw(at, bars[b].probe);
	if (!any || !hist || !hist->n)
		return -ENODATA;
	snprintf(what, sizeof(what), "what interrupted it, beside the latency of %s%s", metric,
		 bench_real_time(at->arm[0]) ? "" : ", EMULATED TIME");
	err = case_open(&script, target, at, "causes", metric, what, hist->n, figure);
	if (err)
		return err;
	put_rows(&script, at, metric, &rows);
	put_heads(&script, at, metric);
	fputs("array most[2]\narray scale[2]\narray unit[2]\n", script.script);
	put_panel(&script, at, metric, false, &rows);
	put_panel(&script, at, metric, true, &rows);
	put_legend(&script, &rows);
	script_number(&script, "height", 310 + 46 * (double)rows.n);
	figure->how =
		"the arm's own bar is the time of such operations, from blocks without probes; "
		"below it is what probes saw, in the blocks with them, spread over all operations. "
		"No probe knows which operation it hit: a bar says at most how much of the arm's "
		"own can be explained, and what no bar reaches is not known. Bars of different "
		"probes overlap (a handler is off the CPU, too): do not add them. Left out is what "
		"threads ask for, sleep and sched_yield; handlers are of all programs, the rest of "
		"the workload's threads.";
	return script_close(&script, "causes");
}
