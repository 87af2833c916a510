/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pagetable.c - write the window's page tables, in the format the hardware walks.
 *
 * Level-2 tables (a GiB each) exist from the start, because the target splices them in
 * once; level-1 tables (2 MiB each) come on demand and stay, so no table is ever taken from
 * under a walk. An area's frames are recorded nowhere else: between allocation, mapping and
 * free they travel in a frame_list.
 *
 * No lock: an entry belongs to the owner of its area; a missing table is installed by
 * compare-and-swap. The platform hears of runs of entries, at most a table's worth each.
 */
#include "core.h"

#define TABLE_ENTRIES 512UL
#define LEVEL1_BYTES  (TABLE_ENTRIES << TRI_PAGE_SHIFT)
#define LEVEL2_SHIFT  30

/* Intel SDM volume 3, "4-Level Paging". */
#define ENTRY_PRESENT  (1UL << 0)
#define ENTRY_WRITE    (1UL << 1)
#define ENTRY_ACCESSED (1UL << 5)
#define ENTRY_DIRTY    (1UL << 6)
#define ENTRY_GLOBAL   (1UL << 8)
#define ENTRY_NO_EXEC  (1UL << 63)
#define ENTRY_PFN_MASK 0x000ffffffffff000UL

/* Accessed and dirty are set now, or the first touch would make the CPU write the entry. */
#define LEAF_BITS \
	(ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED | ENTRY_DIRTY | ENTRY_GLOBAL | ENTRY_NO_EXEC)
#define TABLE_BITS (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED)

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

	return &core->pagetable.level2[gib][addr / LEVEL1_BYTES & (TABLE_ENTRIES - 1)];
}

uint64_t *pagetable_entries(const struct tri_core *core, uintptr_t addr)
{
	uint64_t entry = __atomic_load_n(level2_entry(core, addr), __ATOMIC_ACQUIRE);

	if (!pagetable_present(entry))
		return NULL;
	return (uint64_t *)plat_pfn_to_ptr(pagetable_pfn(entry)) + level1_index(addr);
}

static void count_table(struct tri_core *core)
{
	unsigned long saved = plat_pin();

	tri_count(core, TRI_EVENT_table_alloc, 1);
	plat_unpin(saved);
	__atomic_fetch_add(&core->pagetable.tables, 1, __ATOMIC_RELAXED);
}

static __attribute__((noinline, cold)) uint64_t *level1_alloc(struct tri_core *core, uintptr_t addr)
{
	struct frame *frame = pcp_alloc(core, FRAME_TABLE);
	uint64_t none = 0;

	if (!frame)
		return NULL;
	memset(plat_pfn_to_ptr(frame->pfn), 0, TRI_PAGE_SIZE);
	/* Zeroed before it can be seen; whoever comes second uses the first one's. */
	if (__atomic_compare_exchange_n(level2_entry(core, addr), &none,
					(uint64_t)frame->pfn << TRI_PAGE_SHIFT | TABLE_BITS, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		count_table(core);
	else
		pcp_free(core, frame);
	return pagetable_entries(core, addr);
}

/* How many of @pages from @addr on lie in one level-1 table. */
static unsigned long run_length(uintptr_t addr, unsigned long pages)
{
	unsigned long rest = TABLE_ENTRIES - level1_index(addr);

	return pages < rest ? pages : rest;
}

static void count_writes(struct tri_core *core, unsigned long n)
{
	unsigned long saved = plat_pin();

	tri_count(core, TRI_EVENT_table_write, n);
	plat_unpin(saved);
}

/* Clear @n entries of one table into the tail of @frames; the platform does not know yet. */
static void clear_run(struct tri_core *core, uint64_t *entry, unsigned long n,
		      struct frame_list *frames)
{
	for (unsigned long i = 0; i < n; i++) {
		struct frame *frame = frame_find(&core->frames, pagetable_pfn(entry[i]));

		TRI_ASSERT(pagetable_present(entry[i]));
		TRI_ASSERT(frame_kind(frame) == FRAME_KIND(FRAME_MAPPED, 0));
		entry_store(&entry[i], 0);
		frame_list_push_tail(&core->frames, frames, frame);
	}
	count_writes(core, n);
}

int pagetable_map(struct tri_core *core, uintptr_t start, unsigned long pages,
		  struct frame_list *frames)
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
			struct frame *frame = frame_list_pop_head(&core->frames, frames);

			TRI_ASSERT(!entry[i]);
			entry_store(&entry[i], pagetable_leaf(frame->pfn));
		}
		count_writes(core, n);
		if (plat_entries_stored(at, n, entry)) {
			clear_run(core, entry, n, frames);
			goto out_undo;
		}
	}
	return 0;

out_undo:
	pagetable_unmap(core, start, done, frames);
	return -ENOMEM;
}

void pagetable_unmap(struct tri_core *core, uintptr_t start, unsigned long pages,
		     struct frame_list *frames)
{
	unsigned long n;

	for (unsigned long done = 0; done < pages; done += n) {
		uintptr_t at = start + (done << TRI_PAGE_SHIFT);
		uint64_t *entry = pagetable_entries(core, at);

		n = run_length(at, pages - done);
		clear_run(core, entry, n, frames);
		plat_entries_stored(at, n, entry);
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
		struct frame *frame = buddy_alloc(core, 0, FRAME_TABLE);

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
			entry_store(&level2[slot], 0);
			frame_list_push_tail(&core->frames, &freed, frame_find(&core->frames, pfn));
		}
		frame_list_push_tail(&core->frames, &freed,
				     frame_find(&core->frames, plat_ptr_to_pfn(level2)));
	}
	plat_tlb_flush_all(core->window_start);
	buddy_free_list(core, &freed, freed.count);
	core->pagetable.tables = 0;
}

unsigned long tri_table_pfn(const struct tri_core *core, uintptr_t addr)
{
	unsigned long gib = (addr >> LEVEL2_SHIFT) - (core->window_start >> LEVEL2_SHIFT);

	return plat_ptr_to_pfn(core->pagetable.level2[gib]);
}
