/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_facts.c - what a reader of the numbers must know: what the harness itself costs, what
 * could not be counted and why.
 */
#include "report_page.h"
#include "html.h"

#include <stdlib.h>
#include <string.h>

static const struct counter *harness_counter(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct counter *counter = bench_counter(&run->benches[i], "harness", name);

		if (counter && counter->has_value)
			return counter;
	}
	return NULL;
}

/* What the harness costs alone, beside the least that is possible on this machine. */
static void put_cost(const struct report *report, const char *what, const char *least_name,
		     const char *least, const char *cost_name, const char *cost)
{
	const struct counter *a = harness_counter(report->run, least);
	const struct counter *b = harness_counter(report->run, cost);
	char left[64] = "not measured", right[64] = "not measured", ratio[64] = "–";

	if (a)
		compare_format_value(a->value, a->unit, left, sizeof(left));
	if (b)
		compare_format_value(b->value, b->unit, right, sizeof(right));
	if (a && b && a->value > 0)
		snprintf(ratio, sizeof(ratio), "%.2f", b->value / a->value);
	html(report->out, "<tr><th scope=row>$</th><td>$: $</td><td>$: $</td><td>$</td></tr>\n",
	     what, least_name, left, cost_name, right, ratio);
}

void report_harness(const struct report *report)
{
	fputs("<section id=harness>\n<h2>What the harness itself costs</h2>\n"
	      "<p>Every time above contains this; it is measured, not subtracted.</p>\n"
	      "<div class=scroll tabindex=0><table>\n<thead><tr><th scope=col>per operation"
	      "<th scope=col>least possible<th scope=col>harness<th scope=col>ratio</tr></thead>\n"
	      "<tbody>\n",
	      report->out);
	put_cost(report, "calling a subject", "empty indirect call", "empty_call_ns",
		 "null subject", "null_call_ns");
	put_cost(report, "timing an operation", "two clock reads", "two_clock_reads_ns",
		 "timed null subject", "timed_null_ns");
	fputs("</tbody></table></div>\n</section>\n", report->out);
}

static bool same_outcome(const struct counter *a, const struct counter *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->phase, b->phase) == 0 &&
	       strcmp(a->avail, b->avail) == 0 &&
	       strcmp(a->why ? a->why : "", b->why ? b->why : "") == 0;
}

/* Missing ones first, then by phase and name. */
static int by_outcome(const void *left, const void *right)
{
	const struct counter *a = *(const struct counter *const *)left;
	const struct counter *b = *(const struct counter *const *)right;
	bool missing_a = strcmp(a->avail, "ok") != 0, missing_b = strcmp(b->avail, "ok") != 0;
	int order;

	if (missing_a != missing_b)
		return missing_a ? -1 : 1;
	order = strcmp(a->phase, b->phase);
	if (!order)
		order = strcmp(a->name, b->name);
	if (!order)
		order = strcmp(a->avail, b->avail);
	return order ? order : strcmp(a->why ? a->why : "", b->why ? b->why : "");
}

/* All counters of the run, so sorted that equal outcomes stand together; NULL: no memory. */
static const struct counter **counters_sorted(const struct run *run, size_t *n)
{
	const struct counter **list;

	*n = 0;
	for (size_t i = 0; i < run->nr_benches; i++)
		*n += run->benches[i].nr_counters;
	list = calloc(*n + 1, sizeof(*list));
	if (!list)
		return NULL;
	*n = 0;
	for (size_t i = 0; i < run->nr_benches; i++) {
		for (size_t j = 0; j < run->benches[i].nr_counters; j++)
			list[(*n)++] = &run->benches[i].counters[j];
	}
	qsort(list, *n, sizeof(*list), by_outcome);
	return list;
}

static void put_outcomes(FILE *out, const struct counter *const *list, size_t n)
{
	fputs("<div class=scroll tabindex=0><table>\n"
	      "<thead><tr><th scope=col>counter<th scope=col>phase<th scope=col>unit"
	      "<th scope=col>source<th scope=col>availability<th scope=col>reason"
	      "<th scope=col>arms</tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0, end; i < n; i = end) {
		char arms[32];

		for (end = i + 1; end < n && same_outcome(list[i], list[end]);)
			end++;
		snprintf(arms, sizeof(arms), "%zu", end - i);
		html(out,
		     "<tr><th scope=row>$</th><td>$</td><td>$</td><td>$</td><td>$</td><td>$</td>"
		     "<td>$</td></tr>\n",
		     list[i]->name, list[i]->phase, list[i]->unit, list[i]->source, list[i]->avail,
		     list[i]->why ? list[i]->why : "", arms);
	}
	fputs("</tbody></table></div>\n", out);
}

/* What is missing in full, what was counted folded away. */
void report_outcomes(FILE *out, const struct run *run)
{
	size_t n, missing = 0;
	const struct counter **list = counters_sorted(run, &n);

	while (list && missing < n && strcmp(list[missing]->avail, "ok") != 0)
		missing++;
	if (missing)
		put_outcomes(out, list, missing);
	else
		fputs("<p>Nothing that was asked for is missing.</p>\n", out);
	if (list && n > missing) {
		fputs("<details>\n<summary>What was counted</summary>\n", out);
		put_outcomes(out, list + missing, n - missing);
		fputs("</details>\n", out);
	}
	free(list);
}

void report_availability(const struct report *report)
{
	FILE *out = report->out;

	fputs("<section id=counters>\n<h2>What could not be counted, and why</h2>\n", out);
	if (report->base) {
		html(out, "<h3>$</h3>\n", report->base->run_id);
		report_outcomes(out, report->base);
		html(out, "<h3>$</h3>\n", report->run->run_id);
	}
	report_outcomes(out, report->run);
	fputs("</section>\n", out);
}

static const struct bench *bench_by_id(const struct run *run, int id)
{
	for (size_t i = 0; i < run->nr_benches; i++) {
		if (run->benches[i].id == id)
			return &run->benches[i];
	}
	return NULL;
}

/* "unmap-storm nr_pages=1 flush=lazy: ". */
static void put_place(const struct report *report, const struct bench *bench)
{
	const struct plot_cases *cases = report->cases;
	const char *label = "";

	for (size_t i = 0; i < cases->nr_cases; i++) {
		if (cases->cases[i].arm[0]->case_id == bench->case_id)
			label = cases->cases[i].label;
	}
	html(report->out, "<b>$ $ $</b>: ", bench->workload, label, bench->arm);
}

/* Of @bench, or of the whole run: NULL. How many lines. */
static size_t put_probes(const struct report *report, const struct bench *bench,
			 const struct trace *trace)
{
	size_t shown = 0;
	char text[256];

	if (bench && *bench_disturbed_text(bench, text, sizeof(text))) {
		fputs("<li class=warn>", report->out);
		put_place(report, bench);
		html(report->out, "disturbed: $</li>\n", text);
		shown++;
	}
	for (size_t i = 0; i < trace->nr_probes; i++) {
		const struct probe *probe = &trace->probes[i];

		if (!strcmp(probe->status, "ok"))
			continue;
		fputs("<li class=warn>", report->out);
		if (bench)
			put_place(report, bench);
		html(report->out, "probe $: $, $</li>\n", probe->name, probe->status,
		     probe->why ? probe->why : "no reason given");
		shown++;
	}
	return shown;
}

static size_t put_notes(const struct report *report, const struct run *run)
{
	size_t shown = 0;

	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];

		if (strcmp(bench->status, "ok") == 0)
			continue;
		fputs("<li class=warn>", report->out);
		put_place(report, bench);
		html(report->out, "$, $</li>\n",
		     strcmp(bench->status, "not_applicable") ? bench->status : "not applicable",
		     bench->why ? bench->why : "no reason given");
		shown++;
	}
	for (size_t i = 0; i < run->nr_benches; i++)
		shown += put_probes(report, &run->benches[i], &run->benches[i].trace);
	shown += put_probes(report, NULL, &run->trace);
	for (size_t i = 0; i < run->nr_notes; i++, shown++) {
		const struct bench *bench = bench_by_id(run, run->notes[i].bench);

		html(report->out, "<li class=\"$\">", run->notes[i].level);
		if (bench)
			put_place(report, bench);
		html(report->out, "$</li>\n", run->notes[i].text);
	}
	return shown;
}

void report_notes(const struct report *report)
{
	size_t shown = 0;

	fputs("<section id=notes>\n<h2>Notes</h2>\n<ul>\n", report->out);
	if (report->base)
		shown += put_notes(report, report->base);
	shown += put_notes(report, report->run);
	if (!shown)
		fputs("<li>None.</li>\n", report->out);
	fputs("</ul>\n</section>\n", report->out);
}
