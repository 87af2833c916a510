/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * simulator.h - the same TLBs as trace/tlbmodel/model.c, made another way: each set is a list,
 * the page used last in front. Slow and plain; what two programs count alike is right.
 */
#ifndef TESTS_SIMULATOR_H
#define TESTS_SIMULATOR_H

#include "model.h"

#include <stddef.h>

/* The sums over all CPUs of what @n events of trace.h make of TLBs empty at first. */
struct tlb_counts simulate(const struct tlb_shape *shape, const uint64_t *events, size_t n);

#endif /* TESTS_SIMULATOR_H */
