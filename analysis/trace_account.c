/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_account.c - what a probe saw, missed and cost, in words (trace_text.h). What is not known
 * says why, and is never 0.
 */
#include "trace_record.h"
#include "trace_text.h"

#include <math.h>
#include <string.h>

static void print_counts(const json_t *probe, FILE *out)
{
	static const struct {
		const char *field, *word;
	} counts[] = {
		{"delivered", "delivered"}, {"lost", "lost"}, {"missed", "missed"},
		{"refused", "refused"},	    {"full", "full"},
	};
	char text[32];

	fprintf(out, "  %s: %s events", record_text(probe, "probe"),
		record_grouped(record_number(probe, "events"), text));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		fprintf(out, ", %s %s", record_grouped(record_number(probe, counts[i].field), text),
			counts[i].word);
}

/* Three digits, and all that are before the point. In a buffer of at least 32; returns it. */
static const char *three_digits(double value, char *buffer)
{
	if (fabs(value) >= 1000)
		return record_grouped(value, buffer);
	snprintf(buffer, 32, "%.3g", value);
	return buffer;
}

/* " [low, high]", where the record has an interval. */
static void print_interval(const json_t *probe, const char *field, double scale, FILE *out)
{
	double low = record_at(probe, field, 0), high = record_at(probe, field, 2);
	char texts[2][32];

	if (!isnan(low) && !isnan(high))
		fprintf(out, " [%s, %s]", three_digits(low * scale, texts[0]),
			three_digits(high * scale, texts[1]));
}

static void print_cost(const json_t *probe, FILE *out)
{
	double cost = record_at(probe, "cost_ns", 1), share = record_at(probe, "share", 1);
	double bpf = record_number(probe, "bpf_ns"), runs = record_number(probe, "bpf_runs");
	double floor_ns = record_number(probe, "floor_ns");
	const char *why = record_text(probe, "cost_why");
	char text[32];

	if (isnan(cost)) {
		fprintf(out, "  cost of an event: unknown%s%s", *why ? ", " : "", why);
	} else {
		fprintf(out, "  cost of an event %s ns", three_digits(cost, text));
		print_interval(probe, "cost_ns", 1, out);
	}
	if (bpf >= 0 && runs > 0)
		fprintf(out, "; in BPF %s ns a run", three_digits(bpf / runs, text));
	if (!isnan(floor_ns))
		fprintf(out, "; an empty program %s ns", three_digits(floor_ns, text));
	if (!isnan(share)) {
		fprintf(out, "; %.3g %%", share * 100);
		print_interval(probe, "share", 100, out);
		fputs(" of the workload's time", out);
	}
	fputs("\n", out);
}

void trace_text_account(const json_t *probe, FILE *out)
{
	double share = record_at(probe, "share", 1);

	const char *why = record_text(probe, "why");

	print_counts(probe, out);
	fputs("\n", out);
	if (*why)
		fprintf(out, "  %s\n", why);
	print_cost(probe, out);
	if (!json_is_true(json_object_get(probe, "disturbed")))
		return;
	fputs("  WARNING: the probes disturbed the workload", out);
	if (!isnan(share))
		fprintf(out, ", by %.3g %% of its time", share * 100);
	fputs("; its times are no measurement. Trace fewer events\n", out);
}

static const char *advice(const char *status)
{
	static const struct {
		const char *status, *advice;
	} known[] = {
		{"denied", "be root, or have CAP_BPF and CAP_PERFMON"},
		{"unsupported", "`trimm doctor` says what this kernel offers"},
		{"failed", "the other probes went on"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(status, known[i].status))
			return known[i].advice;
	return known[2].advice;
}

bool trace_text_trouble(const json_t *probe, char *line, size_t size)
{
	const char *status = record_text(probe, "status"), *why = record_text(probe, "why");

	if (record_worked(probe))
		return false;
	/* A reason that goes on after ';' has its own advice. */
	snprintf(line, size, "probe %s: %s%s%s%s%s", record_text(probe, "probe"), status,
		 *why ? ": " : "", why, strchr(why, ';') ? "" : "; ",
		 strchr(why, ';') ? "" : advice(status));
	return true;
}
