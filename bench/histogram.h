/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * histogram.h - latencies in fixed memory, log-linear, integers only.
 *
 * Each power of two has 2^SUB_BITS buckets, so a value is known to within 1/2^(SUB_BITS+1)
 * (0.8 %) and histograms of workers, blocks and runs merge by addition. The layout is
 * fio's (stat.h). Not locked: one writer each.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include "plat_types.h"

#define HISTOGRAM_SUB_BITS 6
#define HISTOGRAM_SUB	   (1U << HISTOGRAM_SUB_BITS)
#define HISTOGRAM_BUCKETS  ((64 - HISTOGRAM_SUB_BITS + 1) * HISTOGRAM_SUB)

struct histogram {
	uint64_t n, sum, min, max; /* min and max are meaningless while n is 0 */
	uint64_t count[HISTOGRAM_BUCKETS];
};

/* Values below 2^(sub_bits+1) have a bucket each; then the top sub_bits+1 bits decide. */
static inline unsigned int histogram_index(uint64_t value, unsigned int sub_bits)
{
	unsigned int top;

	if (value < (2UL << sub_bits))
		return value;
	top = 63 - __builtin_clzl(value);
	return ((top - sub_bits) << sub_bits) + (value >> (top - sub_bits));
}

/* The lowest value of a bucket: the inverse of histogram_index(). */
static inline uint64_t histogram_low(unsigned int index, unsigned int sub_bits)
{
	unsigned int group = index >> sub_bits;

	if (group < 2)
		return index;
	return (uint64_t)(index - ((group - 1) << sub_bits)) << (group - 1);
}

static inline void histogram_add(struct histogram *histogram, uint64_t value)
{
	if (!histogram->n || value < histogram->min)
		histogram->min = value;
	if (value > histogram->max)
		histogram->max = value;
	histogram->n++;
	histogram->sum += value;
	histogram->count[histogram_index(value, HISTOGRAM_SUB_BITS)]++;
}

/* Add @from to @to; costs the buckets between @from's extremes, not all of them. */
void histogram_merge(struct histogram *to, const struct histogram *from);
/* Empty again, at the same price. */
void histogram_reset(struct histogram *histogram);
/*
 * The value below or at which @per_100k of 100,000 values lie: the middle of the bucket,
 * within the extremes. 0 if empty.
 */
uint64_t histogram_quantile(const struct histogram *histogram, uint32_t per_100k);

#endif /* BENCH_HISTOGRAM_H */
