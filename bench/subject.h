/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subject.h - what a workload drives: mmcore, a peer, or nothing at all.
 *
 * All subjects are called through the same one indirect call, so that its price is in
 * every row and cancels in comparisons. The null subject measures it.
 */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include "host.h"

struct subject {
	const char *name, *about;
	bool has_core;	 /* needs a tri_core; its event counters apply */
	bool has_memory; /* what alloc returns may be written to */
	/* Virtually contiguous memory of @size bytes, or NULL. */
	void *(*alloc)(unsigned long size);
	void (*free)(void *memory);
	/* Finish deferred work (a lazy purge); may be NULL. */
	void (*finish)(void);
};

#define SUBJECT(name) extern const struct subject subject_##name;
#include "subjects.def"
#undef SUBJECT
/* Ended by NULL. */
const struct subject *const *subjects_all(void);

#endif /* BENCH_SUBJECT_H */
