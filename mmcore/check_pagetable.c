/* SPDX-License-Identifier: GPL-2.0-only */
/* check_pagetable.c - the tables, and every entry against what should be mapped there. */
#include "check.h"

static const char *const expectation[] = {
	[CHECK_NONE] = "is not in use",
	[CHECK_OWN] = "is in use",
	[CHECK_OTHERS] = "maps its owner's frame",
	[CHECK_SOME_OTHERS] = "may map its owner's frame",
};

/* The state of the block that @pfn lies in. */
static unsigned int block_state(const struct frame_table *table, unsigned long pfn)
{
	unsigned long index = (unsigned long)(frame_find(table, pfn) - table->frame);
	unsigned int order = 0;

	/* Claimed all the same: by a bitmap, whose free frames have no blocks. */
	if (frame_kind_full(&table->frame[index]) == (FRAME_KIND(FRAME_INSIDE, 0) | FRAME_SEEN))
		return FRAME_FREE;
	/* Its first frame is the nearest below, at an aligned index, that is not INSIDE. */
	while (order < TRI_MAX_ORDER && (table->frame[index].kind & 0xff) == FRAME_INSIDE)
		index &= ~((1UL << ++order) - 1);
	return table->frame[index].kind & 0xff;
}

/* Somebody has it, whoever that is. */
static void check_others(struct check *check, uintptr_t addr, unsigned long pfn)
{
	unsigned int state = block_state(&check->core->frames, pfn);

	if (state == FRAME_ABSENT || state == FRAME_FREE || state == FRAME_CACHED)
		CHECK_FAULT(check, "%lx is mapped to pfn %lx, which nobody has", addr, pfn);
}

static unsigned long check_entry(struct check *check, uintptr_t addr, uint64_t entry,
				 enum check_entries expected)
{
	unsigned long pfn = pagetable_pfn(entry);
	bool may_be_none = expected == CHECK_NONE || expected == CHECK_SOME_OTHERS;

	if (!entry && may_be_none)
		return 0;
	if (expected == CHECK_NONE || entry != pagetable_leaf(pfn))
		CHECK_FAULT(check, "%lx %s, but its entry is %lx", addr, expectation[expected],
			    (unsigned long)entry);
	else if (expected == CHECK_OWN)
		check_claim(check, frame_find(&check->core->frames, pfn), FRAME_MAPPED, 0, "area");
	else
		check_others(check, addr, pfn);
	return 1;
}

/* 2 MiB by one entry of level 2. */
static unsigned long check_huge(struct check *check, uintptr_t addr, uintptr_t end,
				enum check_entries expected)
{
	unsigned long pfn = pagetable_lookup(check->core, addr);

	if (expected != CHECK_OWN || addr % HUGE_BYTES || end - addr < HUGE_BYTES)
		CHECK_FAULT(check, "%lx %s, but has an entry of 2 MiB", addr,
			    expectation[expected]);
	else
		check_claim(check, frame_find(&check->core->frames, pfn), FRAME_MAPPED, HUGE_ORDER,
			    "area");
	return HUGE_PAGES;
}

unsigned long check_entries(struct check *check, uintptr_t start, uintptr_t end,
			    enum check_entries expected)
{
	unsigned long mapped = 0;

	while (start < end) {
		uintptr_t next = (start | (HUGE_BYTES - 1)) + 1;
		uint64_t *entry = pagetable_entries(check->core, start);

		if (next > end)
			next = end;
		if (!entry && pagetable_is_huge(check->core, start))
			mapped += check_huge(check, start, end, expected);
		else if (!entry && (expected == CHECK_OWN || expected == CHECK_OTHERS))
			CHECK_FAULT(check, "%lx %s, but has no table", start,
				    expectation[expected]);
		for (; entry && start < next; start += TRI_PAGE_SIZE)
			mapped += check_entry(check, start, *entry++, expected);
		start = next;
	}
	return mapped;
}

void check_tables(struct check *check)
{
	struct tri_core *core = check->core;

	for (unsigned long i = 0; i < core->pagetable.nr_level2; i++) {
		uint64_t *level2 = core->pagetable.level2[i];

		check_claim(check, frame_find(&core->frames, plat_ptr_to_pfn(level2)), FRAME_TABLE,
			    0, "page table");
		for (unsigned long slot = 0; slot < HUGE_PAGES; slot++) {
			unsigned long pfn = pagetable_pfn(level2[slot]);

			if (!pagetable_present(level2[slot]))
				continue;
			if (!pagetable_huge(level2[slot]))
				check_claim(check, frame_find(&core->frames, pfn), FRAME_TABLE, 0,
					    "page table");
			else if (level2[slot] != pagetable_huge_leaf(pfn))
				CHECK_FAULT(check, "the 2 MiB entry %lx has wrong bits",
					    (unsigned long)level2[slot]);
		}
	}
	if (check->claims[FRAME_TABLE] != core->pagetable.tables)
		CHECK_FAULT(check, "%lu page tables found, counted %lu", check->claims[FRAME_TABLE],
			    core->pagetable.tables);
}
