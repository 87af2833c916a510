/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * histogram_text.c - see histogram_text.h. Rows are log-linear as the buckets are
 * (results/README.md), with fewer parts to a power of two, so each bucket lies in one row.
 */
#include "histogram_text.h"
#include "trace_record.h"

#include <math.h>
#include <string.h>

/* More rows: finer, and it leaves the screen; fewer: a narrow distribution is one bar. */
#define ROWS_WANTED 24
/* Values of 40 bits, and 2^split rows for each. */
#define ROWS_MAX (64 << 2)
#define BAR	 40

static unsigned int row_of(uint64_t value, unsigned int split)
{
	unsigned int log2;

	if (value < 2UL << split)
		return (unsigned int)value;
	log2 = 63 - (unsigned int)__builtin_clzl(value);
	return ((log2 - split) << split) + (unsigned int)(value >> (log2 - split));
}

static uint64_t row_low(unsigned int row, unsigned int split)
{
	if (row < 2U << split)
		return row;
	return (uint64_t)((row & ((1U << split) - 1)) | 1U << split) << ((row >> split) - 1);
}

/* The finest that is few enough rows. */
static unsigned int split_for(const struct hist *hist)
{
	uint64_t low = hist->buckets[0].low, high = hist->buckets[hist->nr_buckets - 1].low;
	unsigned int split = hist->sub_bits < 2 ? hist->sub_bits : 2;

	while (split && row_of(high, split) - row_of(low, split) >= ROWS_WANTED)
		split--;
	return split;
}

static void print_row(const uint64_t range[2], uint64_t count, uint64_t most, const int widths[2],
		      FILE *out)
{
	/* Whatever is there shows. */
	int stars = count ? 1 + (int)((double)count / (double)most * (BAR - 1)) : 0;
	char bar[BAR + 1];

	memset(bar, '*', sizeof(bar));
	bar[stars] = '\0';
	fprintf(out, "%*lu -> %-*lu : %-*lu |%-*s|\n", widths[0], range[0], widths[0], range[1],
		widths[1], count, BAR, bar);
}

static int digits(uint64_t value)
{
	return snprintf(NULL, 0, "%lu", value);
}

static void print_rows(const struct hist *hist, FILE *out)
{
	unsigned int split = split_for(hist), first = row_of(hist->buckets[0].low, split);
	unsigned int last = row_of(hist->buckets[hist->nr_buckets - 1].low, split);
	uint64_t counts[ROWS_MAX] = {0}, most = 0;
	int widths[2] = {digits(row_low(last + 1, split)), 8};

	for (size_t i = 0; i < hist->nr_buckets; i++)
		counts[row_of(hist->buckets[i].low, split)] += hist->buckets[i].count;
	for (unsigned int row = first; row <= last; row++)
		most = counts[row] > most ? counts[row] : most;
	widths[0] = widths[0] < 6 ? 6 : widths[0];
	widths[1] = digits(most) > widths[1] ? digits(most) : widths[1];
	fprintf(out, "%*s    %*s : %-*s  distribution\n", widths[0], hist->unit, widths[0], "",
		widths[1], "count");
	for (unsigned int row = first; row <= last; row++) {
		uint64_t range[2] = {row_low(row, split), row_low(row + 1, split) - 1};

		print_row(range, counts[row], most, widths, out);
	}
}

/* What is counted has no halves. */
static double quantile(const struct hist *hist, double q)
{
	double value = hist_quantile_ns(hist, q);

	return hist->hz > 0 || !strcmp(hist->unit, "ns") ? value : floor(value);
}

void histogram_text_print(const struct hist *hist, FILE *out)
{
	static const double quantiles[] = {0.5, 0.9, 0.99};
	double scale = hist->hz > 0 ? 1e9 / hist->hz : 1;
	const char *unit = hist->hz > 0 ? "ns" : hist->unit;
	char text[64];

	if (!hist->n || !hist->nr_buckets) {
		fputs("  (empty)\n", out);
		return;
	}
	print_rows(hist, out);
	fprintf(out, "n %s", record_grouped((double)hist->n, text));
	fprintf(out, ", min %s",
		record_amount((double)hist->min * scale, unit, text, sizeof(text)));
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		fprintf(out, ", p%.0f %s", quantiles[i] * 100,
			record_amount(quantile(hist, quantiles[i]), unit, text, sizeof(text)));
	fprintf(out, ", max %s",
		record_amount((double)hist->max * scale, unit, text, sizeof(text)));
	fprintf(out, ", mean %s\n",
		record_amount(hist->sum / (double)hist->n * scale, unit, text, sizeof(text)));
}
