/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmem.h - what kmem's keys are. Of sums: a is the caller's address (of pages the flags), b the
 * flags, the cache's address or the order. Of stacks: a is the kind.
 */
#ifndef TRACE_PROBES_KMEM_H
#define TRACE_PROBES_KMEM_H

#include "common.h"

/* Histograms: bytes asked of kmalloc, and given; bytes of a cache's objects; order of pages. */
enum { KMEM_ASKED, KMEM_GIVEN, KMEM_OBJECT, KMEM_ORDER, KMEM_HISTOGRAMS };

/* Sums. Of pages freed in batches each is among those freed, too. */
enum {
	KMEM_KMALLOC,
	KMEM_KFREE,
	KMEM_CACHE,
	KMEM_CACHE_FREE,
	KMEM_PAGES,
	KMEM_PAGES_FREE,
	KMEM_PAGES_BATCHED,
	KMEM_FAILED,
};

/* Kinds of allocations. */
enum { KMEM_OF_KMALLOC = 1, KMEM_OF_CACHE, KMEM_OF_PAGES };

/* A cache, by its address. */
#define KMEM_CACHES_MAX 2048
struct kmem_cache_about {
	uint32_t size; /* bytes of an object, as it was asked for */
	char name[60];
};

#endif /* TRACE_PROBES_KMEM_H */
