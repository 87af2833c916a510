/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * judge.h - when is slower slower: from the ratios of several processes to a verdict on time.
 *
 * One process is one layout of code and data, and layout alone can be worth some per cent. So the
 * unit of chance is not the block but the process: of each, the median ln ratio of its blocks;
 * over processes, the median and its interval. The floor is what the same core, loaded twice,
 * differs from itself by in the same processes. Error rates: tests/stats/paired.c.
 */
#ifndef ANALYSIS_JUDGE_H
#define ANALYSIS_JUDGE_H

#include "compare.h"

/* How many floors away a change must be. More: less sensitive; less: false alarms. */
#define JUDGE_FLOOR_FACTOR 3

/*
 * The interval of ln ratios against the limit, also a logarithm: wholly beyond, wholly within, or
 * neither, which is inconclusive, as is what is not finite.
 */
enum verdict judge_interval(double low, double high, double limit, enum better better);

/*
 * How far the copy of a core is from it, over @n processes' ln ratios: the larger of its median
 * (what all processes share) and half the 50 % interval of that (what chance leaves: the probable
 * error). INFINITY: too few to say.
 */
double judge_floor(const double *copies, size_t n);

/* |median| over the median deviation from it: 1 is as large as the spread. NAN: there is none. */
double judge_effect(const double *logs, size_t n);

/*
 * How many processes to measure if @rows intervals are to hold together at @confidence: as many as
 * bear three disturbed ones at either end: 15 for one row, 19 for ten, 22 for forty. A row that is
 * inconclusive then may be given as many more, once.
 */
size_t judge_processes(size_t rows, double confidence);

#endif /* ANALYSIS_JUDGE_H */
