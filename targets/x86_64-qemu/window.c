/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.c - windows: the CPU walks mmcore's own tables, so there is nothing to do when entries
 * are stored but to remember what was unmapped lately: once an area is free again mmcore knows
 * nothing of it, and a use of it should be told by the area's name.
 */
#include "window.h"

#include "cpu.h"

#define LEVEL2_SPAN (1UL << 30)

static struct window windows[WINDOWS];

/*
 * Ranges a CPU unmapped, the last ones of them. More: memory, and older uses after free are
 * explained; less: only recent ones are. Two stores each, and what it takes to find the place.
 */
#define UNMAPPED_KEPT 64
static struct unmapped {
	struct {
		uintptr_t start, end;
	} range[UNMAPPED_KEPT];
	unsigned int last;
} unmapped[TRI_MAX_CPUS] __attribute__((aligned(128)));

void window_open(struct tri_core *core, uintptr_t start, uintptr_t end)
{
	for (uintptr_t at = start; at < end; at += LEVEL2_SPAN)
		paging_splice(at, tri_table_pfn(core, at));
	windows[(start - PAGING_WINDOWS) / WINDOW_BYTES_MAX] = (struct window){core, start, end};
}

/*
 * With the last window goes what was unmapped in any: it explains nothing any more, and cores made
 * anew, one after another, find all as the first did. Where a CPU's list stands decides which of
 * its pages is written: repeats of the same work missed the TLB a few times more, or less.
 */
static void forget_if_last(void)
{
	for (unsigned int i = 0; i < WINDOWS; i++)
		if (windows[i].core)
			return;
	memset(unmapped, 0, cpu_count() * sizeof(*unmapped));
}

void window_close(uintptr_t start, uintptr_t end)
{
	windows[(start - PAGING_WINDOWS) / WINDOW_BYTES_MAX] = (struct window){NULL};
	forget_if_last();
	paging_unsplice(start, end);
}

const struct window *window_find(uintptr_t addr)
{
	const struct window *window;

	if (addr - PAGING_WINDOWS >= PAGING_WINDOW_BYTES)
		return NULL;
	window = &windows[(addr - PAGING_WINDOWS) / WINDOW_BYTES_MAX];
	return window->core && addr < window->end ? window : NULL;
}

/* Tables are unmapped in pieces, as they lie in tables: of one area, as guards lie between. */
static void remember(uintptr_t start, uintptr_t end)
{
	struct unmapped *mine = &unmapped[plat_cpu()];

	if (mine->range[mine->last].end != start) {
		mine->last = (mine->last + 1) % UNMAPPED_KEPT;
		mine->range[mine->last].start = start;
	}
	mine->range[mine->last].end = end;
}

int plat_entries_stored(uintptr_t va, unsigned int level, unsigned long n, const uint64_t *entries)
{
	if (!entries[0])
		remember(va, va + (n << (TRI_PAGE_SHIFT + 9 * (level - 1))));
	return 0;
}

/* From the newest on; but CPUs don't say which of them was last. */
bool window_unmapped(uintptr_t addr, uintptr_t *start, uintptr_t *end)
{
	for (unsigned int cpu = 0; cpu < TRI_MAX_CPUS; cpu++) {
		const struct unmapped *of = &unmapped[cpu];

		for (unsigned int i = 0; i < UNMAPPED_KEPT; i++) {
			unsigned int at = (of->last + UNMAPPED_KEPT - i) % UNMAPPED_KEPT;

			if (addr < of->range[at].start || addr >= of->range[at].end)
				continue;
			*start = of->range[at].start;
			*end = of->range[at].end;
			return true;
		}
	}
	return false;
}
