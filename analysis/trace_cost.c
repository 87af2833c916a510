/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_cost.c - see trace_cost.h. */
#include "trace_cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIDENCE 0.95

static const struct estimate unknown = {NAN, -INFINITY, INFINITY, 0};

/* How much longer an operation takes, in its own unit, not relative: what events are divided into.
 */
static struct estimate difference(const double *out, const double *in, size_t n)
{
	double *longer = malloc((n + 1) * sizeof(*longer));
	struct estimate estimate;
	size_t used = 0;

	if (!longer)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (out[i] > 0 && in[i] > 0)
			longer[used++] = in[i] - out[i];
	}
	estimate = statistics_median_interval(longer, used, CONFIDENCE);
	free(longer);
	return estimate;
}

struct trace_cost trace_cost(const double *out, const double *in, size_t n, double events)
{
	struct trace_cost cost = {.event_ns = unknown, .share = unknown};
	struct estimate ratio = statistics_log_ratio(out, in, n, CONFIDENCE);

	if (!isfinite(ratio.low)) {
		snprintf(cost.why, sizeof(cost.why),
			 "%zu pairs of blocks with and without probes; an interval needs %zu",
			 ratio.n, statistics_min_n(CONFIDENCE));
		return cost;
	}
	cost.share = (struct estimate){expm1(ratio.median), expm1(ratio.low), expm1(ratio.high),
				       ratio.n};
	cost.disturbed = cost.share.low > TRACE_COST_DISTURBS;
	if (!(events > 0)) {
		snprintf(cost.why, sizeof(cost.why), "no probe saw an event");
		return cost;
	}
	cost.event_ns = difference(out, in, n);
	cost.event_ns.median /= events;
	cost.event_ns.low /= events;
	cost.event_ns.high /= events;
	return cost;
}
