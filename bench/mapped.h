/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mapped.h - workloads that map frames: nr_pages= frames, a worker's own, are mapped side by
 * side, one byte is written, and they are unmapped. Nothing is allocated but addresses.
 */
#ifndef BENCH_MAPPED_H
#define BENCH_MAPPED_H

#include "bench.h"

/* The place of nr_pages= among the parameters of workloads that do this. */
enum { MAPPED_PAGES };
#define MAPPED_PAGES_PARAM(def)                                            \
	{                                                                  \
		"nr_pages", "pages", "size of every mapping", def, 1, 1024 \
	}

/* Each worker's frames; the handle is kept[slot].what. */
int mapped_setup(struct bench_arm *arm);
unsigned int mapped_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
void mapped_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);
/* Mappings per worker so that all workers together unmap about 34,000 pages, guards included. */
unsigned long mapped_exact_ops(const struct bench_arm *arm);
void mapped_teardown(struct bench_arm *arm);

#endif /* BENCH_MAPPED_H */
