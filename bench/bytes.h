/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bytes.h - workloads about the bandwidth of memory: bytes= bytes at a time, in pieces of
 * kvmalloc's memory, so contiguous frames where they can be had; each worker has its own.
 */
#ifndef BENCH_BYTES_H
#define BENCH_BYTES_H

#include "lone.h"

/* The place of bytes= among the parameters of workloads that do this. */
enum { BYTES };
#define BYTES_PARAM(about)                                            \
	{                                                             \
		"bytes", "bytes", about, TRI_PAGE_SIZE, 8, 64UL << 20 \
	}

/* setup(): @pieces for each worker, one after another in kept[]. teardown() is round_free_kept().
 */
int bytes_setup(struct bench_arm *arm, unsigned int pieces);
unsigned int bytes_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
unsigned long bytes_exact_ops(const struct bench_arm *arm);

#endif /* BENCH_BYTES_H */
