/* SPDX-License-Identifier: GPL-2.0-only */
/* replay.h - the model itself fed events of trace.h, for comparison with simulator.h. */
#ifndef TESTS_REPLAY_H
#define TESTS_REPLAY_H

#include "model.h"

#include <stddef.h>

/* As simulate() does, for the events of CPU 0. */
struct tlb_counts replay(const struct tlb_shape *shape, const uint64_t *events, size_t n);
/* Fail unless all four counts are equal. */
void expect_counts(const struct tlb_counts *got, const struct tlb_counts *expected);

#endif /* TESTS_REPLAY_H */
