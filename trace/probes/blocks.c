/* SPDX-License-Identifier: GPL-2.0-only */
/* blocks.c - see blocks.h. */
#include "blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of an arm: more than any case has (bench/words.h), less than would be a burden. */
#define BLOCKS_MAX (1U << 20)

void blocks_clear(struct blocks *blocks)
{
	for (int arm = 0; arm < TRACE_ARMS; arm++) {
		free(blocks->out[arm].ns);
		free(blocks->in[arm].ns);
	}
	*blocks = (struct blocks){0};
}

static bool add(struct blocks_series *series, double ns)
{
	double *more;

	if (series->count == BLOCKS_MAX)
		return false;
	/* Powers of two only are new sizes. */
	if (!(series->count & (series->count - 1))) {
		more = reallocarray(series->ns, series->count ? 2 * series->count : 1,
				    sizeof(*more));
		if (!more)
			return false;
		series->ns = more;
	}
	series->ns[series->count++] = ns;
	return true;
}

bool blocks_take(struct blocks *blocks, const char *words)
{
	struct blocks_series *series;
	unsigned long operations;
	unsigned int arm;
	char which[4], *end;
	int length = 0;

	if (sscanf(words, "%u %3s %lu%n", &arm, which, &operations, &length) != 3 ||
	    arm >= TRACE_ARMS || (strcmp(which, "on") && strcmp(which, "off")))
		return false;
	series = !strcmp(which, "on") ? &blocks->in[arm] : &blocks->out[arm];
	series->operations = (double)operations;
	for (words += length; *words; words = end) {
		const double ps = strtod(words, &end);

		if (end == words || !add(series, ps / 1000))
			return false;
	}
	return true;
}

struct trace_cost blocks_cost(const struct blocks *blocks, unsigned int arm, double events)
{
	const struct blocks_series *out = &blocks->out[arm], *in = &blocks->in[arm];
	const size_t n = in->count < out->count ? in->count : out->count;

	return trace_cost(out->ns, in->ns, n, in->operations > 0 ? events / in->operations : 0);
}
