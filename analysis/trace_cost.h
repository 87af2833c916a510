/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_cost.h - what probes cost a workload, from blocks with them and without, measured in turns.
 *
 * As with verdicts, the pair is the unit: neighbours in time, whose order alternates, so that drift
 * falls on both. The median of pairs has an exact 95 % interval whatever the noise's distribution;
 * a cost that can't be told from none has an interval with 0 in it. Needs statistics.c only.
 */
#ifndef ANALYSIS_TRACE_COST_H
#define ANALYSIS_TRACE_COST_H

#include "statistics.h"

/* Probes that surely add more than this to a workload's time disturb what is timed. */
#define TRACE_COST_DISTURBS 0.05

struct trace_cost {
	/* ns an event takes, all probes' together; a median of NAN: unknown. */
	struct estimate event_ns;
	/* By what the workload's time grows: 0.01 is 1 %. NAN as well. */
	struct estimate share;
	bool disturbed;
	char why[96]; /* one of them is unknown; or "" */
};

/*
 * @out[i] and @in[i]: ns an operation in the i-th blocks without and with probes; pairs in which
 * one is not above 0 are left out. @events: of all probes, an operation of the blocks with.
 */
struct trace_cost trace_cost(const double *out, const double *in, size_t n, double events);

#endif /* ANALYSIS_TRACE_COST_H */
