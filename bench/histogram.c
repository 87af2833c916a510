/* SPDX-License-Identifier: GPL-2.0-only */
/* histogram.c - merging and reading log-linear histograms; see histogram.h. */
#include "histogram.h"

void histogram_merge(struct histogram *to, const struct histogram *from)
{
	unsigned int first, last;

	if (!from->n)
		return;
	first = histogram_index(from->min, HISTOGRAM_SUB_BITS);
	last = histogram_index(from->max, HISTOGRAM_SUB_BITS);
	for (unsigned int i = first; i <= last; i++)
		to->count[i] += from->count[i];
	if (!to->n || from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	to->n += from->n;
	to->sum += from->sum;
}

void histogram_reset(struct histogram *histogram)
{
	unsigned int first, last;

	if (!histogram->n)
		return;
	first = histogram_index(histogram->min, HISTOGRAM_SUB_BITS);
	last = histogram_index(histogram->max, HISTOGRAM_SUB_BITS);
	memset(&histogram->count[first], 0, (last - first + 1) * sizeof(histogram->count[0]));
	histogram->n = histogram->sum = histogram->min = histogram->max = 0;
}

uint64_t histogram_quantile(const struct histogram *histogram, uint32_t per_100k)
{
	uint64_t want, seen = 0, low, middle;
	unsigned int i, last;

	if (!histogram->n)
		return 0;
	/* n * per_100k / 100,000 rounded up, without overflow for n up to 2^63. */
	want = histogram->n / 100000 * per_100k +
	       (histogram->n % 100000 * per_100k + 99999) / 100000;
	if (want == 0)
		want = 1;
	if (want >= histogram->n)
		return histogram->max;
	last = histogram_index(histogram->max, HISTOGRAM_SUB_BITS);
	for (i = histogram_index(histogram->min, HISTOGRAM_SUB_BITS); i < last; i++) {
		seen += histogram->count[i];
		if (seen >= want)
			break;
	}
	low = histogram_low(i, HISTOGRAM_SUB_BITS);
	middle = low + (histogram_low(i + 1, HISTOGRAM_SUB_BITS) - low) / 2;
	if (middle < histogram->min)
		return histogram->min;
	return middle > histogram->max ? histogram->max : middle;
}
