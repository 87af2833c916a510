/* SPDX-License-Identifier: GPL-2.0-only */
/* records.h - the parts of records_emit(), a kind of line each; private to records_*.c. */
#ifndef BENCH_RECORDS_H
#define BENCH_RECORDS_H

#include "case.h"

/* Open a line of type @type that belongs to @arm. */
void records_begin(struct bench_case *bench, const struct arm_state *arm, const char *type);
void records_counters(struct bench_case *bench, const struct arm_state *arm);
void records_latency(struct bench_case *bench, const struct arm_state *arm);

#endif /* BENCH_RECORDS_H */
