/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_facts.c - see trace_facts.h. */
#include "trace_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double trace_ops(const struct bench *bench)
{
	const struct samples *traced = bench_samples(bench, "total.traced");

	if (traced && traced->n && traced->ops)
		return (double)traced->n * (double)traced->ops;
	return (double)bench->ops;
}

const char *trace_key_word(const struct trace_key *keys, size_t nr, const char *name)
{
	const struct trace_key *key = trace_key(keys, nr, name);

	return key && key->text ? key->text : "";
}

double trace_key_number(const struct trace_key *keys, size_t nr, const char *name)
{
	const struct trace_key *key = trace_key(keys, nr, name);

	return key && !key->text ? key->number : NAN;
}

static bool number_fits(const struct hist *hist, const char *name, double wanted)
{
	return isnan(wanted) || trace_key_number(hist->keys, hist->nr_keys, name) == wanted;
}

bool hist_chosen(const struct hist *hist, const struct hist_choice *choice)
{
	const char *word;

	if ((choice->source && strcmp(hist->source, choice->source)) ||
	    (choice->metric && strcmp(hist->metric, choice->metric)) ||
	    (choice->unit && strcmp(hist->unit, choice->unit)))
		return false;
	if (choice->key) {
		word = trace_key_word(hist->keys, hist->nr_keys, choice->key);
		if (choice->whole ? strcmp(word, choice->word)
				  : strncmp(word, choice->word, strlen(choice->word)))
			return false;
	}
	return number_fits(hist, "from", choice->from) && number_fits(hist, "to", choice->to);
}

/* Both lists grow along the line, and so does what they become. */
static void buckets_add(struct hist *sum, const struct hist *hist)
{
	struct bucket *all = calloc(sum->nr_buckets + hist->nr_buckets + 1, sizeof(*all));
	size_t i = 0, j = 0, n = 0;

	if (!all)
		return;
	while (i < sum->nr_buckets || j < hist->nr_buckets) {
		if (j == hist->nr_buckets ||
		    (i < sum->nr_buckets && sum->buckets[i].low < hist->buckets[j].low)) {
			all[n++] = sum->buckets[i++];
		} else if (i < sum->nr_buckets && sum->buckets[i].low == hist->buckets[j].low) {
			all[n] = sum->buckets[i++];
			all[n++].count += hist->buckets[j++].count;
		} else {
			all[n++] = hist->buckets[j++];
		}
	}
	free(sum->buckets);
	sum->buckets = all;
	sum->nr_buckets = n;
	sum->n += hist->n;
	sum->sum += hist->sum;
	sum->lost += hist->lost;
	sum->min = hist->min < sum->min ? hist->min : sum->min;
	sum->max = hist->max > sum->max ? hist->max : sum->max;
}

struct hist trace_hist_sum(const struct trace *trace, const struct hist_choice *choice)
{
	struct hist sum = {.min = UINT64_MAX};

	for (size_t i = 0; i < trace->nr_hists; i++) {
		const struct hist *hist = &trace->hists[i];

		if (!hist->n || !hist_chosen(hist, choice))
			continue;
		if (!sum.n) {
			sum.source = hist->source;
			sum.metric = hist->metric;
			sum.unit = hist->unit;
			sum.hz = hist->hz;
			sum.sub_bits = hist->sub_bits;
		}
		if (hist->sub_bits == sum.sub_bits)
			buckets_add(&sum, hist);
	}
	return sum;
}
