/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_facts.h - what an arm cost beside its time, taken from whichever record holds it.
 *
 * All are NAN where the run has no such number; times, where the clock was an emulator's.
 */
#ifndef ANALYSIS_BENCH_FACTS_H
#define ANALYSIS_BENCH_FACTS_H

#include "run.h"
#include "statistics.h"

/*
 * The p99.99 of a block's operations, median over the blocks: purges reach it, time slices
 * that a hypervisor takes away seldom do. NAN: unknown.
 */
double bench_slow_ns(const struct bench *bench, const char *metric);
/* The median operation, or NAN. */
double bench_median_ns(const struct bench *bench, const char *metric);
/* The longest purge: the core's own count, else the longest forced one. */
double bench_longest_purge_ns(const struct bench *bench);
/* Address space that waited for a flush, at most. */
double bench_waiting_bytes(const struct bench *bench);
/*
 * Interrupts taken for flushes, per free: the host's count in the timed phase where there
 * is one, else mmcore's. *source says which, for a label.
 */
double bench_shootdowns_per_free(const struct bench *bench, const char **source);
/*
 * Interrupts for flushes that each CPU but the one that frees takes for a free: mmcore's count. NAN
 * with one CPU.
 */
double bench_interrupts_per_victim(const struct bench *bench);
/* Operations per second, from whole blocks; n is 0 without any. */
struct estimate bench_rate(const struct bench *bench, double confidence);
/* Did mmcore itself interrupt any CPU? What the host counts may be other programs'. */
bool bench_has_shootdowns(const struct bench *bench);
/* Ranges or areas visited to find room for one area. */
double bench_steps_per_area(const struct bench *bench);
/* The mean operation of runs that were timed as a whole, or NAN. */
double bench_mean_ns(const struct bench *bench, const char *metric);
/*
 * Of the blocks that a page workload allocated, the share that a per-CPU list served, in per cent;
 * the zone behind it served the rest.
 */
double bench_from_lists(const struct bench *bench);
/* Bytes kept from others for one byte that was asked for. */
double bench_held_per_requested(const struct bench *bench);

/* Width of the bucket that begins at @low (results/README.md). */
uint64_t hist_bucket_width(const struct hist *hist, uint64_t low);
/* A value of the histogram in ns. */
double hist_to_ns(const struct hist *hist, double value);

#endif /* ANALYSIS_BENCH_FACTS_H */
