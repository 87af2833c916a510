/* SPDX-License-Identifier: GPL-2.0-only */
/* recorded.h - the trace that trace= names: opened, looked through, and refused if it is damaged.
 */
#ifndef BENCH_RECORDED_H
#define BENCH_RECORDED_H

#include "atrace.h"
#include "host.h"

/* 0, also if there is no trace=; or -EINVAL after one line: @partial takes what is good of it. */
int recorded_open(bool partial);
/* NULL: there is none. */
const struct atrace *recorded_trace(void);

#endif /* BENCH_RECORDED_H */
