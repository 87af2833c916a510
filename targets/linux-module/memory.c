/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory.c - frames for cores, from Linux's page allocator in its largest blocks, and memory for
 * bookkeeping. What was taken is counted, so that a module that is unloaded knows it holds none.
 */
#include "memory.h"

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "host.h"
#include "versions.h"

#define BLOCK_PAGES (1UL << TRI_MAX_ORDER)

static_assert(VERSIONS_MAX_ORDER >= TRI_MAX_ORDER, "memory_take_runs() asks for such blocks");

static atomic_long_t held;

unsigned long memory_held(void)
{
	return (unsigned long)atomic_long_read(&held);
}

/* More than there is would be reclaimed for in vain, at the expense of all who run here. */
static bool affordable(unsigned long pages)
{
	return (long)pages <= si_mem_available();
}

static void blocks_return(const unsigned long *first, unsigned long n)
{
	while (n--)
		__free_pages(pfn_to_page(first[n]), TRI_MAX_ORDER);
}

static int by_number(const void *a, const void *b)
{
	unsigned long left = *(const unsigned long *)a, right = *(const unsigned long *)b;

	return left < right ? -1 : left > right;
}

/* The pfns of @n blocks, ascending; NULL: nothing was taken. */
static unsigned long *blocks_take(unsigned long n)
{
	unsigned long *first = kvmalloc_array(n, sizeof(*first), GFP_KERNEL), got;

	if (!first)
		return NULL;
	for (got = 0; got < n; got++) {
		struct page *page =
			alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, TRI_MAX_ORDER);

		if (!page)
			break;
		first[got] = page_to_pfn(page);
	}
	if (got < n) {
		blocks_return(first, got);
		kvfree(first);
		return NULL;
	}
	sort(first, n, sizeof(*first), by_number, NULL);
	return first;
}

/* Adjacent blocks are one run. How many runs, or 0: they would be more than @max. */
static unsigned int join(const unsigned long *first, unsigned long n, struct tri_run *runs,
			 unsigned int max)
{
	unsigned int made = 0;

	for (unsigned long i = 0; i < n; i++) {
		if (made && runs[made - 1].first + runs[made - 1].count == first[i])
			runs[made - 1].count += BLOCK_PAGES;
		else if (made < max)
			runs[made++] = (struct tri_run){first[i], BLOCK_PAGES};
		else
			return 0;
	}
	return made;
}

unsigned int memory_take_runs(unsigned long pages, struct tri_run *runs, unsigned int max)
{
	unsigned long n = DIV_ROUND_UP(pages, BLOCK_PAGES), *first;
	unsigned int made;

	if (!pages || !affordable(n * BLOCK_PAGES))
		return 0;
	first = blocks_take(n);
	if (!first)
		return 0;
	made = join(first, n, runs, max);
	if (made) {
		runs[made - 1].count -= n * BLOCK_PAGES - pages;
		atomic_long_add((long)(n * BLOCK_PAGES), &held);
	} else {
		blocks_return(first, n);
	}
	kvfree(first);
	return made;
}

/* A run's last block was taken whole, though it may count for less. */
void memory_return_runs(const struct tri_run *runs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		for (unsigned long at = 0; at < runs[i].count; at += BLOCK_PAGES) {
			__free_pages(pfn_to_page(runs[i].first + at), TRI_MAX_ORDER);
			atomic_long_sub((long)BLOCK_PAGES, &held);
		}
	}
}

/*
 * Contiguous if that is to be had, as Linux's own bookkeeping is: pages scattered over vmalloc's
 * addresses would cost TLB entries that the allocator under test should have.
 */
void *host_scratch_alloc(size_t bytes)
{
	unsigned long pages = DIV_ROUND_UP(bytes, PAGE_SIZE);
	void *scratch;

	/* kvmalloc() warns beyond. */
	if (bytes > INT_MAX || !affordable(pages))
		return NULL;
	scratch = kvzalloc(pages << PAGE_SHIFT, GFP_KERNEL | __GFP_NOWARN);
	if (scratch)
		atomic_long_add((long)pages, &held);
	return scratch;
}

void host_scratch_free(void *scratch, size_t bytes)
{
	if (!scratch)
		return;
	kvfree(scratch);
	atomic_long_sub((long)DIV_ROUND_UP(bytes, PAGE_SIZE), &held);
}
