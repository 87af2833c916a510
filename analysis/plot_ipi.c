/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_ipi.c - which CPU interrupted which, how often and how fast: probe ipi. */
#include "plot_panels.h"
#include "compare.h"
#include "trace_facts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More could not be told apart in a figure of this size: those of the lowest numbers are in it. */
#define CPUS_MAX 64
/* Cells of more CPUs have no room for texts. */
#define TEXTS_MAX 8

struct matrix {
	const char *kind; /* how the kinds of interrupts begin that are shown */
	size_t n;
	double cpu[CPUS_MAX];
	double sent_low, sent_high, time_low, time_high;
};

static void cpu_add(struct matrix *matrix, double cpu)
{
	size_t i = matrix->n;

	while (i > 0 && matrix->cpu[i - 1] >= cpu)
		i--;
	if (isnan(cpu) || i == CPUS_MAX || (i < matrix->n && matrix->cpu[i] == cpu))
		return;
	matrix->n -= matrix->n == CPUS_MAX;
	memmove(&matrix->cpu[i + 1], &matrix->cpu[i], (matrix->n - i) * sizeof(*matrix->cpu));
	matrix->cpu[i] = cpu;
	matrix->n++;
}

static bool is_kind(const struct trace_key *keys, size_t nr, const char *kind)
{
	return strncmp(trace_key_word(keys, nr, "kind"), kind, strlen(kind)) == 0;
}

/* NAN if nothing was sent. */
static double sent(const struct bench *bench, const struct matrix *matrix, double from, double to)
{
	double sum = 0;

	for (size_t i = 0; i < bench->trace.nr_counters; i++) {
		const struct counter *counter = &bench->trace.counters[i];

		if (!strcmp(counter->source, "ipi") && !strcmp(counter->name, "ipi_sent") &&
		    counter->has_value && is_kind(counter->keys, counter->nr_keys, matrix->kind) &&
		    trace_key_number(counter->keys, counter->nr_keys, "from") == from &&
		    trace_key_number(counter->keys, counter->nr_keys, "to") == to)
			sum += counter->value;
	}
	return sum > 0 ? 1000 * sum / fmax(trace_ops(bench), 1) : NAN;
}

/* The median; NAN if none arrived. */
static double latency(const struct bench *bench, const struct matrix *matrix, double from,
		      double to)
{
	const struct hist_choice choice = {.source = "ipi",
					   .metric = "latency",
					   .key = "kind",
					   .word = matrix->kind,
					   .from = from,
					   .to = to};
	struct hist hist = trace_hist_sum(&bench->trace, &choice);
	double median = hist_quantile_ns(&hist, 0.5);

	free(hist.buckets);
	return median;
}

static void take(double value, double *low, double *high)
{
	if (value > 0) {
		*low = fmin(*low, value);
		*high = fmax(*high, value);
	}
}

static uint64_t matrix_read(const struct plot_case *at, const char *kind, struct matrix *matrix)
{
	double all = 0;

	*matrix = (struct matrix){.kind = kind, .sent_low = INFINITY, .time_low = INFINITY};
	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct trace *trace = &at->arm[a]->trace;

		for (size_t i = 0; i < trace->nr_counters; i++) {
			const struct counter *counter = &trace->counters[i];

			if (strcmp(counter->source, "ipi") || strcmp(counter->name, "ipi_sent") ||
			    !counter->has_value || !is_kind(counter->keys, counter->nr_keys, kind))
				continue;
			all += counter->value;
			cpu_add(matrix, trace_key_number(counter->keys, counter->nr_keys, "from"));
			cpu_add(matrix, trace_key_number(counter->keys, counter->nr_keys, "to"));
		}
	}
	return (uint64_t)all;
}

static void put_cell(struct script *script, const struct bench *bench, struct matrix *matrix,
		     size_t from, size_t to)
{
	double often = sent(bench, matrix, matrix->cpu[from], matrix->cpu[to]);
	double ns = latency(bench, matrix, matrix->cpu[from], matrix->cpu[to]);
	char count[32] = "", time[32] = "";

	if (isnan(often) && isnan(ns))
		return;
	take(often, &matrix->sent_low, &matrix->sent_high);
	take(ns, &matrix->time_low, &matrix->time_high);
	if (matrix->n <= TEXTS_MAX && !isnan(often))
		snprintf(count, sizeof(count), often < 99.5 ? "%.2g" : "%.0f", often);
	if (matrix->n <= TEXTS_MAX && !isnan(ns))
		snprintf(time, sizeof(time), ns < 99500 ? "%.2g" : "%.0f", ns / 1000);
	fprintf(script->data, "%zu %zu %.6g %.6g \"%s\" \"%s\"\n", to + 1, from + 1, often, ns,
		count, time);
}

/* What the ends of a scale stand for, as numbers and as texts. */
static void put_range(struct script *script, const char *name, const char *unit, double low,
		      double high)
{
	char variable[32], text[32];

	/* Nothing arrived: a scale all the same. */
	if (!isfinite(low))
		low = high = 1;
	snprintf(variable, sizeof(variable), "%s_least", name);
	script_text(script, variable, compare_format_value(low, unit, text, sizeof(text)));
	snprintf(variable, sizeof(variable), "%s_most", name);
	script_text(script, variable, compare_format_value(high, unit, text, sizeof(text)));
	snprintf(variable, sizeof(variable), "%s_low", name);
	script_number(script, variable, low);
	snprintf(variable, sizeof(variable), "%s_high", name);
	script_number(script, variable, fmax(high, low * 1.01));
}

int plot_ipi(const struct plot_target *target, const struct plot_case *at, const char *kind,
	     struct figure *figure)
{
	const char *emulated = bench_real_time(at->arm[0]) ? "" : ", EMULATED TIME";
	struct script script;
	struct matrix matrix;
	uint64_t all = matrix_read(at, kind, &matrix);
	char what[128], name[64];
	int err;

	if (!all || !matrix.n)
		return -ENODATA;
	snprintf(what, sizeof(what), "%s interrupts by pair of CPUs%s", kind, emulated);
	err = case_open(&script, target, at, "ipi", kind, what, all, figure);
	if (err)
		return err;
	for (size_t a = 0; a < at->nr_arms; a++) {
		script_block(&script, plot_arm_name(at->arm[a], name, sizeof(name)));
		/* A block without a line would be none. */
		fputs("0 0 NaN NaN \"\" \"\"\n", script.data);
		for (size_t from = 0; from < matrix.n; from++) {
			for (size_t to = 0; to < matrix.n; to++)
				put_cell(&script, at->arm[a], &matrix, from, to);
		}
	}
	fprintf(script.script, "cpus = %zu\narray cpu[cpus]\n", matrix.n);
	for (size_t i = 0; i < matrix.n; i++)
		fprintf(script.script, "cpu[%zu] = '%.0f'\n", i + 1, matrix.cpu[i]);
	put_range(&script, "sent", "", matrix.sent_low, matrix.sent_high);
	put_range(&script, "time", "ns", matrix.time_low, matrix.time_high);
	script_number(&script, "height",
		      110 + (matrix.n > TEXTS_MAX / 2 ? 330 : 210) * (double)at->nr_arms);
	figure->how =
		"rows send, columns are interrupted. Left: how many, on average, for 1,000 "
		"operations; right: from sending to the handler's first instruction, the median. "
		"One scale for all arms; redder is more, or slower; grey: none. Counted while an "
		"arm was at work and the probes were in, of all programs unless they were told "
		"apart: what the arms have in common is the machine's.";
	return script_close(&script, "ipi");
}
