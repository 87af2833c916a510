/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pagetable.c - write the window's page tables, in the format the hardware walks.
 *
 * Level-2 tables (a GiB each) exist from the start, because the target splices them in
 * once; level-1 tables (2 MiB each) come on demand and stay, until an entry of level 2 is to
 * map their 2 MiB by itself. Then the table is put out of reach, a flush ends every walk
 * through it (a CPU may cache that pointer too), and it is freed: Linux's order, in
 * pmd_free_pte_page(), arch/x86/mm/pgtable.c. An area's own frames are recorded nowhere else:
 * between allocation, mapping and free they travel in a frame_list.
 *
 * No lock: an entry belongs to the owner of its area, and a level-1 table to him who owns all
 * of its 2 MiB; a missing table is installed by compare-and-swap, since areas share it. The
 * platform hears of runs of entries, at most a table's worth each.
 */
#include "core.h"

#define TABLE_ENTRIES HUGE_PAGES
#define LEVEL2_SHIFT  30

/* Intel SDM volume 3, "4-Level Paging". */
#define ENTRY_PRESENT  (1UL << 0)
#define ENTRY_WRITE    (1UL << 1)
#define ENTRY_ACCESSED (1UL << 5)
#define ENTRY_DIRTY    (1UL << 6)
#define ENTRY_HUGE     (1UL << 7) /* "page size": of level 2, maps 2 MiB */
#define ENTRY_GLOBAL   (1UL << 8)
#define ENTRY_NO_EXEC  (1UL << 63)
#define ENTRY_PFN_MASK 0x000ffffffffff000UL

/* Accessed and dirty are set now, or the first touch would make the CPU write the entry. */
#define LEAF_BITS \
	(ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED | ENTRY_DIRTY | ENTRY_GLOBAL | ENTRY_NO_EXEC)
/* No CPU looks at dirty here; but Linux's walkers take an entry without it for a bad one. */
#define TABLE_BITS (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED | ENTRY_DIRTY)

bool pagetable_present(uint64_t entry)
{
	return entry & ENTRY_PRESENT;
}

unsigned long pagetable_pfn(uint64_t entry)
{
	return (entry & ENTRY_PFN_MASK) >> TRI_PAGE_SHIFT;
}

uint64_t pagetable_leaf(unsigned long pfn)
{
	return (uint64_t)pfn << TRI_PAGE_SHIFT | LEAF_BITS;
}

uint64_t pagetable_huge_leaf(unsigned long pfn)
{
	return pagetable_leaf(pfn) | ENTRY_HUGE;
}

bool pagetable_huge(uint64_t entry)
{
	return pagetable_present(entry) && entry & ENTRY_HUGE;
}

static unsigned long level1_index(uintptr_t addr)
{
	return addr >> TRI_PAGE_SHIFT & (TABLE_ENTRIES - 1);
}

/* Whole entries only: the hardware may walk the table at any moment. */
static void entry_store(uint64_t *entry, uint64_t value)
{
	__atomic_store_n(entry, value, __ATOMIC_RELAXED);
}

static uint64_t *level2_entry(const struct tri_core *core, uintptr_t addr)
{
	unsigned long gib = (addr >> LEVEL2_SHIFT) - (core->window_start >> LEVEL2_SHIFT);

	return &core->pagetable.level2[gib][addr / HUGE_BYTES & (TABLE_ENTRIES - 1)];
}

static uint64_t level2_load(const struct tri_core *core, uintptr_t addr)
{
	return __atomic_load_n(level2_entry(core, addr), __ATOMIC_ACQUIRE);
}

bool pagetable_is_huge(const struct tri_core *core, uintptr_t addr)
{
	return pagetable_huge(level2_load(core, addr));
}

uint64_t *pagetable_entries(const struct tri_core *core, uintptr_t addr)
{
	uint64_t entry = level2_load(core, addr);

	if (!pagetable_present(entry) || pagetable_huge(entry))
		return NULL;
	return (uint64_t *)plat_pfn_to_ptr(pagetable_pfn(entry)) + level1_index(addr);
}

unsigned long pagetable_lookup(const struct tri_core *core, uintptr_t addr)
{
	uint64_t level2 = level2_load(core, addr), *level1, entry;

	if (pagetable_huge(level2))
		return pagetable_pfn(level2) + level1_index(addr);
	level1 = pagetable_entries(core, addr);
	if (!level1)
		return TRI_PFN_NONE;
	entry = __atomic_load_n(level1, __ATOMIC_RELAXED);
	return pagetable_present(entry) ? pagetable_pfn(entry) : TRI_PFN_NONE;
}

static __attribute__((__noinline__, cold)) uint64_t *level1_alloc(struct tri_core *core,
								  uintptr_t addr)
{
	struct frame *frame = pcp_alloc(core, FRAME_TABLE);
	uint64_t none = 0;

	if (!frame)
		return NULL;
	memset(plat_pfn_to_ptr(frame->pfn), 0, TRI_PAGE_SIZE);
	/* Zeroed before it can be seen; whoever comes second uses the first one's. */
	if (__atomic_compare_exchange_n(level2_entry(core, addr), &none,
					(uint64_t)frame->pfn << TRI_PAGE_SHIFT | TABLE_BITS, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		tri_count_pinning(core, TRI_EVENT_table_alloc, 1);
		__atomic_fetch_add(&core->pagetable.tables, 1, __ATOMIC_RELAXED);
	} else {
		pcp_free(core, frame);
	}
	return pagetable_entries(core, addr);
}

/* How many of @pages from @addr on lie in one level-1 table. */
static unsigned long run_length(uintptr_t addr, unsigned long pages)
{
	unsigned long rest = TABLE_ENTRIES - level1_index(addr);

	return pages < rest ? pages : rest;
}

/* Clear @n entries of one table into the tail of @frames; the platform does not know yet. */
static void clear_run(struct tri_core *core, uint64_t *entry, unsigned long n,
		      struct frame_list *frames)
{
	for (unsigned long i = 0; i < n; i++) {
		unsigned long pfn = pagetable_pfn(entry[i]);

		TRI_ASSERT(pagetable_present(entry[i]));
		entry_store(&entry[i], 0);
		if (frames) {
			struct frame *frame = frame_find(&core->frames, pfn);

			TRI_ASSERT(frame_kind(frame) == FRAME_KIND(FRAME_MAPPED, 0));
			frame_list_push_tail(&core->frames, frames, frame);
		}
	}
	tri_count_pinning(core, TRI_EVENT_table_write, n);
}

/* From the head of @frames, or, that being NULL, from the array @pfns. */
static int map_pages(struct tri_core *core, uintptr_t start, unsigned long pages,
		     struct frame_list *frames, const unsigned long *pfns)
{
	unsigned long done = 0, n;

	for (; done < pages; done += n) {
		uintptr_t at = start + (done << TRI_PAGE_SHIFT);
		uint64_t *entry = pagetable_entries(core, at);

		if (!entry)
			entry = level1_alloc(core, at);
		if (!entry)
			goto out_undo;
		n = run_length(at, pages - done);
		for (unsigned long i = 0; i < n; i++) {
			unsigned long pfn = frames ? frame_list_pop_head(&core->frames, frames)->pfn
						   : pfns[done + i];

			TRI_ASSERT(!entry[i]);
			entry_store(&entry[i], pagetable_leaf(pfn));
		}
		tri_count_pinning(core, TRI_EVENT_table_write, n);
		if (plat_entries_stored(at, 1, n, entry)) {
			clear_run(core, entry, n, frames);
			goto out_undo;
		}
	}
	trace_table_map(start, pages);
	return 0;

out_undo:
	pagetable_unmap(core, start, done, frames);
	return -ENOMEM;
}

int pagetable_map(struct tri_core *core, uintptr_t start, unsigned long pages,
		  struct frame_list *frames)
{
	return map_pages(core, start, pages, frames, NULL);
}

int pagetable_map_pfns(struct tri_core *core, uintptr_t start, unsigned long pages,
		       const unsigned long *pfns)
{
	return map_pages(core, start, pages, NULL, pfns);
}

int pagetable_reserve(struct tri_core *core, uintptr_t start, unsigned long pages)
{
	for (unsigned long done = 0; done < pages;) {
		uintptr_t at = start + (done << TRI_PAGE_SHIFT);

		if (!pagetable_entries(core, at) && !level1_alloc(core, at))
			return -ENOMEM;
		done += run_length(at, pages - done);
	}
	return 0;
}

void pagetable_drop_tables(struct tri_core *core, uintptr_t start, uintptr_t end)
{
	struct frame_list tables = {.count = 0};

	for (uintptr_t at = start; at < end; at += HUGE_BYTES) {
		unsigned long pfn = pagetable_pfn(level2_load(core, at));

		if (!pagetable_entries(core, at))
			continue;
		entry_store(level2_entry(core, at), 0);
		frame_list_push_tail(&core->frames, &tables, frame_find(&core->frames, pfn));
	}
	if (!tables.count)
		return;
	flush_addresses(core, start, end);
	tri_count_pinning(core, TRI_EVENT_table_free, tables.count);
	__atomic_fetch_sub(&core->pagetable.tables, tables.count, __ATOMIC_RELAXED);
	pcp_free_list(core, &tables);
}

int pagetable_map_huge(struct tri_core *core, uintptr_t start, struct frame *frame)
{
	uint64_t *entry = level2_entry(core, start);

	TRI_ASSERT(start % HUGE_BYTES == 0 && !*entry);
	TRI_ASSERT(frame_kind(frame) == FRAME_KIND(FRAME_MAPPED, HUGE_ORDER));
	entry_store(entry, pagetable_huge_leaf(frame->pfn));
	tri_count_pinning(core, TRI_EVENT_table_write, 1);
	if (plat_entries_stored(start, 2, 1, entry)) {
		entry_store(entry, 0);
		return -ENOMEM;
	}
	tri_count_pinning(core, TRI_EVENT_huge_map, 1);
	trace_table_map(start, HUGE_PAGES);
	return 0;
}

static void unmap_huge(struct tri_core *core, uintptr_t at, struct frame_list *frames)
{
	uint64_t *entry = level2_entry(core, at);
	struct frame *frame = frame_find(&core->frames, pagetable_pfn(*entry));

	TRI_ASSERT(frame_kind(frame) == FRAME_KIND(FRAME_MAPPED, HUGE_ORDER));
	entry_store(entry, 0);
	tri_count_pinning(core, TRI_EVENT_table_write, 1);
	plat_entries_stored(at, 2, 1, entry);
	frame_list_push_tail(&core->frames, frames, frame);
}

void pagetable_unmap(struct tri_core *core, uintptr_t start, unsigned long pages,
		     struct frame_list *frames)
{
	unsigned long n;

	trace_table_unmap(start, pages);
	for (unsigned long done = 0; done < pages; done += n) {
		uintptr_t at = start + (done << TRI_PAGE_SHIFT);
		uint64_t *entry = pagetable_entries(core, at);

		n = run_length(at, pages - done);
		if (!entry) {
			TRI_ASSERT(n == HUGE_PAGES && pagetable_is_huge(core, at));
			unmap_huge(core, at, frames);
			continue;
		}
		clear_run(core, entry, n, frames);
		plat_entries_stored(at, 1, n, entry);
	}
}

unsigned long pagetable_nr_level2(const struct tri_config *config)
{
	return ((config->window_end - 1) >> LEVEL2_SHIFT) - (config->window_start >> LEVEL2_SHIFT) +
	       1;
}

int pagetable_init(struct tri_core *core)
{
	for (unsigned long i = 0; i < core->pagetable.nr_level2; i++) {
		struct frame *frame = pcp_alloc(core, FRAME_TABLE);

		if (!frame)
			return -ENOMEM;
		core->pagetable.level2[i] = plat_pfn_to_ptr(frame->pfn);
		memset(core->pagetable.level2[i], 0, TRI_PAGE_SIZE);
		core->pagetable.tables++;
	}
	return 0;
}

/* Out of reach first, then flushed, then free: a walk may be under way until the flush. */
void pagetable_exit(struct tri_core *core)
{
	struct frame_list freed = {.count = 0};

	for (unsigned long i = 0; i < core->pagetable.nr_level2; i++) {
		uint64_t *level2 = core->pagetable.level2[i];

		for (unsigned long slot = 0; slot < TABLE_ENTRIES; slot++) {
			unsigned long pfn = pagetable_pfn(level2[slot]);

			if (!pagetable_present(level2[slot]))
				continue;
			/* 2 MiB of an area nobody freed: its frames are reported as in use. */
			if (pagetable_huge(level2[slot]))
				continue;
			entry_store(&level2[slot], 0);
			frame_list_push_tail(&core->frames, &freed, frame_find(&core->frames, pfn));
		}
		frame_list_push_tail(&core->frames, &freed,
				     frame_find(&core->frames, plat_ptr_to_pfn(level2)));
	}
	plat_tlb_flush_all(core->window_start);
	pcp_free_list(core, &freed);
	core->pagetable.tables = 0;
}

unsigned long tri_table_pfn(const struct tri_core *core, uintptr_t addr)
{
	unsigned long gib = (addr >> LEVEL2_SHIFT) - (core->window_start >> LEVEL2_SHIFT);

	return plat_ptr_to_pfn(core->pagetable.level2[gib]);
}
