/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * edivisive.h - where may a row of values have changed? E-divisive, by energy distances.
 *
 * Matteson and James, "A nonparametric approach for multiple change point analysis of multivariate
 * data" (2014), in windows as Hunter has it (Fleming et al. 2023). These are places worth a test
 * only: weak points. Deterministic; nothing is drawn at random.
 */
#ifndef ANALYSIS_EDIVISIVE_H
#define ANALYSIS_EDIVISIVE_H

#include <stddef.h>

/*
 * The place t, and an end k beyond it, for which values[0, t) and values[t, k) differ most:
 * mn / (m + n) times their energy distance with |x - y|. @least: values on either side, 1 or more.
 * 0 if there are too few, else t, with *end = k.
 */
size_t edivisive_best(const double *values, size_t n, size_t least, size_t *end);

/*
 * Split windows of @window values, each beginning half a window behind the last, again and again
 * as long as the rank test gives @p or less. Writes the places, rising, each once, to @places,
 * which has room for @n, and returns how many.
 */
size_t edivisive_weak(const double *values, size_t n, size_t window, size_t least, double p,
		      size_t *places);

#endif /* ANALYSIS_EDIVISIVE_H */
