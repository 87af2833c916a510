/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * traced.h - a case beside which somebody traces (host.h): what tracing costs is measured as an arm
 * is, by blocks with the probes in between blocks with the probes out.
 *
 * The order is out, in, in, out: drift hits both alike, and probes move once a pair of blocks.
 * Times, histograms and heat are of blocks without probes; those with have a total of their own.
 */
#ifndef BENCH_TRACED_H
#define BENCH_TRACED_H

#include "case.h"

/* Once caches are warm: find the tracer. Sets bench->traced. */
void traced_begin(struct bench_case *bench);
/* Before each block: probes in or out as it wants them. True: they have moved. */
bool traced_turn(struct bench_case *bench);
/* Where the block's place in time is kept. */
uint64_t *traced_order(const struct bench_case *bench, const struct arm_state *arm);
/* At a block's end, of a case that was to be traced; @finish ticks of it by slot 0 alone. */
void traced_samples(struct bench_case *bench, struct arm_state *arm, uint64_t finish);
/* After the last block: probes out; what blocks took is told. */
void traced_finish(struct bench_case *bench);
/* How many blocks with probes have a partner without. */
static inline unsigned long traced_pairs(const struct bench_case *bench)
{
	return bench->traced_blocks < bench->blocks ? bench->traced_blocks : bench->blocks;
}
/* After the benches' records: the tracer's. */
void traced_emit(struct bench_case *bench);

#endif /* BENCH_TRACED_H */
