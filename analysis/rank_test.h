/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rank_test.h - is one sample larger than another? Two exact tests that assume no distribution.
 *
 * Both give the probability, two-sided, of what was seen or something less likely if it were chance
 * alone which value is in which sample: twice that of the tail it lies in. Values may be in any
 * order; none may be NAN.
 */
#ifndef ANALYSIS_RANK_TEST_H
#define ANALYSIS_RANK_TEST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * By the sum of ranks (Mann and Whitney 1947). Exact, also where values are equal, as long as that
 * can be counted in a few million steps: always without equal values, and with them while both
 * samples together have 60; beyond, the normal distribution with its variance corrected for ties.
 * 1 if a sample is empty.
 */
double rank_test(const double *a, size_t n_a, const double *b, size_t n_b);

/*
 * By how many of each lie above @line, or @below it: are there more among b? (Fisher's exact test
 * of that table; a test by exceedances as Mathisen's of 1943.) One of b on the wrong side costs
 * the sum of ranks as much as its rank is off, and this one the same whatever it is.
 */
double line_test(const double *a, size_t n_a, const double *b, size_t n_b, double line, bool below);

#endif /* ANALYSIS_RANK_TEST_H */
