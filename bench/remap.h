/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * remap.h - will-it-scale's tlb_flush tests (commit 75f66e4), on kernel addresses. Each task there
 * has a mapping of 128 or 1 MiB; one operation writes to a page, drops it by
 *madvise(MADV_DONTNEED), and reads it, which maps it again. Here:
 *
 *	the task's mapping, all of whose pages	an area of mib= MiB a worker, in pieces of nr_pages=
 *	are in place but the one dropped	pages, each a mapping of its own; all are live
 *	madvise(MADV_DONTNEED) of a page	the piece is unmapped; nr_pages=1: page by page,
 *						as there; nr_pages= of the area's size: all at once
 *	a flush on all CPUs that run the	on all CPUs, at once or later: flush=
 *	process
 *	the read's fault			the piece is mapped anew
 *	the write				one to each of its pages
 *	the check of what the read gives	none: a page has what it had. A translation that
 *						outlived its page would fault with host=exact
 *
 * One operation is one piece, as its pages are the iterations there. size is in pages.
 */
#ifndef BENCH_REMAP_H
#define BENCH_REMAP_H

#include "round.h"

/* The places of a remapping workload's parameters; the first is round_exact_ops()'s. */
enum { REMAP_PAGES, REMAP_MIB };
#define REMAP_PARAMS(mib)                                                                          \
	{"nr_pages", "pages", "pages unmapped at once; 256 to the MiB: all of them", 1, 1, 32768}, \
	{                                                                                          \
		"mib", "MiB", "size of each worker's area", mib, 1, 256                            \
	}

int remap_setup(struct bench_arm *arm);
unsigned int remap_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
void remap_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);
void remap_teardown(struct bench_arm *arm);

#endif /* BENCH_REMAP_H */
