/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmem.h - what the probes (kmem.bpf.c) tell the program that puts them in (probes.c).
 */
#ifndef TRACE_KMEM_H
#define TRACE_KMEM_H

#include <stdint.h>

enum kmem_kind {
	KMEM_KMALLOC,	 /* kmem:kmalloc */
	KMEM_CACHE,	 /* kmem:kmem_cache_alloc */
	KMEM_PAGES,	 /* kmem:mm_page_alloc */
	KMEM_FREE,	 /* kmem:kfree and kmem:kmem_cache_free: either frees what either gave */
	KMEM_PAGES_FREE, /* kmem:mm_page_free, which tells of batches' pages, too */
	KMEM_KINDS,
};

/* With an allocation's kind: zeroed. */
#define KMEM_ZEROED 0x80

/*
 * One event. They come in an order in which nothing is given out before it is freed, on whatever
 * CPU: an allocation is told of before its caller has it, a free before the allocator has it, and
 * the ring is one for all CPUs. Of interrupts a CPU may tell with a time before that of the event
 * they interrupted.
 */
struct kmem_event {
	uint64_t ns;	  /* CLOCK_MONOTONIC */
	uint64_t address; /* of the object; of pages: of the first one's struct page */
	uint64_t cache;	  /* KMEM_CACHE: which, else 0 */
	uint32_t size;	  /* bytes that kmalloc was asked for, else 0 */
	uint16_t cpu;
	uint8_t kind;  /* enum kmem_kind, and KMEM_ZEROED */
	uint8_t order; /* of pages */
};

#define KMEM_CACHE_NAME_MAX 32
#define KMEM_CACHES_MAX	    4096

/* What is known of a cache, by its address. */
struct kmem_cache_about {
	char name[KMEM_CACHE_NAME_MAX];
	uint32_t size;
};

/* Of one CPU. */
struct kmem_counts {
	uint64_t lost;	 /* the ring was full */
	uint64_t failed; /* allocations: nothing was given out */
	uint64_t own;	 /* allocations of the program that records, left out */
};

#endif /* TRACE_KMEM_H */
