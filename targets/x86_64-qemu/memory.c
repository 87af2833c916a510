/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory.c - a bit for each page of RAM: frames of cores are taken from the bottom, a whole block
 * at a time, everything else from the top, so that neither breaks up the other's.
 */
#include "memory.h"

#include "channel.h"
#include "layout.h"
#include "machine.h"
#include "start.h"

#define PAGE	    4096UL
#define PAGES	    (MEMORY_LIMIT / PAGE)
#define BLOCK_PAGES (1UL << TRI_MAX_ORDER)
#define WORD_PAGES  64UL
#define MIB	    (1UL << 20)

/* The boot protocol's list (Xen, public/arch-x86/hvm/start_info.h). */
struct reported {
	uint64_t addr, size;
	uint32_t type, reserved;
};
#define REPORTED_RAM 1

static struct memory_range ranges[MEMORY_RANGES];
static unsigned int range_count;
static uint64_t total_bytes;
static unsigned long free_pages;
/* No RAM from this page on; a multiple of WORD_PAGES. */
static unsigned long end_page;
/* Set: taken, or no RAM. */
static uint64_t taken[PAGES / WORD_PAGES];

static bool page_taken(unsigned long page)
{
	return taken[page / WORD_PAGES] >> page % WORD_PAGES & 1;
}

static void pages_mark(unsigned long page, unsigned long n, bool take)
{
	unsigned long end = page + n;

	if (take)
		free_pages -= n;
	else
		free_pages += n;
	for (; page < end; page++) {
		unsigned long word = page / WORD_PAGES;

		if (page % WORD_PAGES == 0 && end - page >= WORD_PAGES) {
			taken[word] = take ? ~0UL : 0;
			page += WORD_PAGES - 1;
		} else if (take) {
			taken[word] |= 1UL << page % WORD_PAGES;
		} else {
			taken[word] &= ~(1UL << page % WORD_PAGES);
		}
	}
}

/* RAM [start, end) is there; what lies below @first stays the image's, channel's, log's, trace's.
 */
static void range_add(uint64_t start, uint64_t end, uint64_t first)
{
	if (end > MEMORY_LIMIT)
		end = MEMORY_LIMIT;
	if (start >= end || range_count == MEMORY_RANGES)
		return;
	ranges[range_count++] = (struct memory_range){start, end};
	total_bytes += end - start;
	if (start < first)
		start = first;
	start = (start + PAGE - 1) / PAGE;
	end /= PAGE;
	if (end > end_page)
		end_page = (end + WORD_PAGES - 1) & -WORD_PAGES;
	if (start < end)
		pages_mark(start, end - start, false);
}

void memory_init(uint64_t map, unsigned int entries)
{
	const struct channel *channel = machine_channel();
	uint64_t first = CHANNEL_LOG + (channel ? channel->log_bytes + channel->trace_bytes : 0);
	const struct reported *reported = memory_ptr(map);
	unsigned long i;

	for (i = 0; i < PAGES / WORD_PAGES; i++)
		taken[i] = ~0UL;
	for (i = 0; i < entries; i++)
		if (reported[i].type == REPORTED_RAM)
			range_add(reported[i].addr, reported[i].addr + reported[i].size, first);
	/* Firmware keeps some of it. */
	if (total_bytes < MEMORY_MIN - MIB)
		start_fail("the machine has %lu MiB of memory: give it %lu or more",
			   (total_bytes + MIB - 1) / MIB, MEMORY_MIN / MIB);
}

const struct memory_range *memory_ranges(unsigned int *n)
{
	*n = range_count;
	return ranges;
}

void *memory_alloc(size_t bytes)
{
	unsigned long want = (bytes + PAGE - 1) / PAGE, run = 0, page = end_page;
	char *memory;

	if (!want)
		return NULL;
	while (run < want && page) {
		page--;
		if (page % WORD_PAGES == WORD_PAGES - 1 && taken[page / WORD_PAGES] == ~0UL) {
			page -= WORD_PAGES - 1;
			run = 0;
		} else {
			run = page_taken(page) ? 0 : run + 1;
		}
	}
	if (run < want)
		return NULL;
	pages_mark(page, want, true);
	memory = memory_ptr(page * PAGE);
	memset(memory, 0, want * PAGE);
	return memory;
}

void memory_free(void *memory, size_t bytes)
{
	pages_mark(memory_physical(memory) / PAGE, (bytes + PAGE - 1) / PAGE, false);
}

static bool block_free(unsigned long page)
{
	unsigned long i;

	for (i = 0; i < BLOCK_PAGES; i += WORD_PAGES)
		if (taken[(page + i) / WORD_PAGES])
			return false;
	return true;
}

unsigned int memory_take_runs(unsigned long pages, struct tri_run *runs, unsigned int max)
{
	unsigned long page, left = pages;
	unsigned int n = 0;

	for (page = 0; page < end_page && left; page += BLOCK_PAGES) {
		unsigned long take = left < BLOCK_PAGES ? left : BLOCK_PAGES;

		if (!block_free(page))
			continue;
		if (n && runs[n - 1].first + runs[n - 1].count == page) {
			runs[n - 1].count += take;
		} else if (n < max) {
			runs[n++] = (struct tri_run){page, take};
		} else {
			break;
		}
		left -= take;
	}
	if (left)
		return 0;
	for (page = 0; page < n; page++)
		pages_mark(runs[page].first, runs[page].count, true);
	return n;
}

void memory_return_runs(const struct tri_run *runs, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		pages_mark(runs[i].first, runs[i].count, false);
}

uint64_t memory_total(void)
{
	return total_bytes;
}

uint64_t memory_available(void)
{
	return free_pages * PAGE;
}
