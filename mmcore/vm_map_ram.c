/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm_map_ram.c - mappings that come and go often. With vmap_blocks=percpu, small ones are cut from
 * a block, an area of the CPU's own, without the lock of all areas; and as pages of a block
 * are handed out only once, no flush is needed before the whole block was used and comes back.
 * The design of Linux 2.6.28 (db64fe02258f, "mm: rewrite vmap layer"), the numbers of
 * mm/vmalloc.c: VMAP_MAX_ALLOC, VMAP_BBMAP_BITS, VMAP_PURGE_THRESHOLD.
 *
 * A block in which some pages were never handed out and nothing is mapped is not used up by
 * itself if larger sizes are asked for: ram_purge() gives it up when addresses run out.
 *
 * A CPU's list is its own (tri_enter()). A block's counts have a lock, since any CPU may unmap.
 * A mapping finds its block by address: blocks start anywhere, but are larger than a slot, so
 * a mapping lies in the block that starts in its slot, at or below it, or in the slot before.
 *
 * Lock order: ram.mutex (sleeps) -> cpus_stop(), then the flush policy's locks. A block's lock
 * is a leaf.
 */
#include "core.h"
#include "vmalloc.h"
#include "vmap.h"

#define BLOCK_MAX 1024UL
#define BLOCK_MIN (2 * TRI_RAM_MAX)

static unsigned long round_down_pow2(unsigned long n)
{
	return 1UL << (8 * sizeof(n) - 1 - (unsigned int)__builtin_clzl(n));
}

static unsigned long round_up_pow2(unsigned long n)
{
	return n > 1 ? 2 * round_down_pow2(n - 1) : 1;
}

void ram_measure(struct ram *ram, const struct tri_config *config)
{
	unsigned long window = (config->window_end - config->window_start) >> TRI_PAGE_SHIFT;
	unsigned long pages = round_down_pow2(window) / round_up_pow2(config->cpus) / 16;

	pages = pages < BLOCK_MIN ? BLOCK_MIN : pages > BLOCK_MAX ? BLOCK_MAX : pages;
	ram->block_pages = (unsigned int)pages;
	ram->nr_slots = window / pages + 1;
}

void ram_init(struct tri_core *core)
{
	plat_mutex_init(&core->ram.mutex);
}

static bool in_block(const struct tri_core *core, unsigned long n)
{
	return core->policy[TRI_QUESTION_vmap_blocks] == TRI_POLICY_vmap_blocks_percpu &&
	       n <= TRI_RAM_MAX;
}

static struct ram_slot *slot_of(struct tri_core *core, uintptr_t addr)
{
	return &core->ram.slot[((addr - core->window_start) >> TRI_PAGE_SHIFT) /
			       core->ram.block_pages];
}

/* @block starts at @start, or none does any more. Inside: who stopped the CPUs reads blocks. */
static void slot_set(struct tri_core *core, uintptr_t start, struct ram_block *block)
{
	struct ram_slot *slot = slot_of(core, start);

	__atomic_store_n(&slot->block, block, __ATOMIC_RELAXED);
	__atomic_store_n(&slot->start, block ? start : 0, __ATOMIC_RELAXED);
}

/*
 * The block that has @addr, which is mapped and the caller's; NULL if it is not. What is read
 * of other blocks, which may come and go, is only where they start, and that is above @addr.
 */
static struct ram_block *block_find(struct tri_core *core, uintptr_t addr)
{
	struct ram_slot *slot;
	uintptr_t start;

	if (addr < core->window_start || addr >= core->window_end)
		return NULL;
	slot = slot_of(core, addr);
	start = __atomic_load_n(&slot->start, __ATOMIC_RELAXED);
	if ((!start || start > addr) && slot > core->ram.slot) {
		slot--;
		start = __atomic_load_n(&slot->start, __ATOMIC_RELAXED);
	}
	if (!start || addr - start >= (uintptr_t)core->ram.block_pages << TRI_PAGE_SHIFT)
		return NULL;
	return __atomic_load_n(&slot->block, __ATOMIC_RELAXED);
}

/* Inside. */
static void link_last(struct ram_cpu *cpu, struct ram_block *block)
{
	block->next = NULL;
	block->prev = cpu->last;
	if (cpu->last)
		cpu->last->next = block;
	else
		cpu->first = block;
	cpu->last = block;
}

/* Inside, or the others stopped. */
static void unlink_block(struct ram_cpu *cpu, struct ram_block *block)
{
	if (block->prev)
		block->prev->next = block->next;
	else
		cpu->first = block->next;
	if (block->next)
		block->next->prev = block->prev;
	else
		cpu->last = block->prev;
}

/* The address of @n pages, taken as @room. By the CPU that has the block. */
static uintptr_t take(const struct tri_core *core, struct ram_block *block, unsigned long n,
		      unsigned long room)
{
	unsigned long offset = core->ram.block_pages - block->free;

	plat_spin_lock(&block->lock);
	block->free -= (uint16_t)room;
	block->mapped += (uint16_t)n;
	plat_spin_unlock(&block->lock);
	return block->start + (offset << TRI_PAGE_SHIFT);
}

/* From a block this CPU has; 0: none has the room. */
static uintptr_t take_here(struct tri_core *core, unsigned long n, unsigned long room)
{
	struct tri_cpu *cpu = tri_enter(core);
	struct ram_block *block = cpu->ram.first;
	uintptr_t addr = 0;

	while (block && block->free < room)
		block = block->next;
	if (block) {
		addr = take(core, block, n, room);
		if (!block->free)
			unlink_block(&cpu->ram, block);
	}
	tri_leave(cpu);
	return addr;
}

/* From a new block, then this CPU's; 0: no room or no memory. */
static uintptr_t take_new(struct tri_core *core, unsigned long n, unsigned long room)
{
	struct ram_block *block = pool_alloc(core, &core->area_pool);
	struct tri_cpu *cpu;
	struct area *area;
	uintptr_t addr;

	if (!block)
		return 0;
	area = vmalloc_room(core, core->ram.block_pages, 1);
	if (!area) {
		pool_free(&core->area_pool, block);
		return 0;
	}
	area_describe(area, TRI_AREA_BLOCK, area_bytes(area) - TRI_PAGE_SIZE);
	*block = (struct ram_block){.start = area_start(area),
				    .free = (uint16_t)core->ram.block_pages};
	plat_spin_init(&block->lock);
	__atomic_fetch_add(&core->ram.blocks, 1, __ATOMIC_RELAXED);

	cpu = tri_enter(core);
	slot_set(core, block->start, block);
	tri_count(core, TRI_EVENT_block_alloc, 1);
	trace_block_alloc(block->start, core->ram.block_pages);
	addr = take(core, block, n, room);
	link_last(&cpu->ram, block);
	tri_leave(cpu);
	return addr;
}

/* On no list, nothing mapped in it, and no other CPU uses it: to the flush policy. */
static void give_up(struct tri_core *core, struct ram_block *block)
{
	struct frame_list none = {.count = 0};
	uintptr_t start = block->start;
	struct tri_cpu *cpu;

	__atomic_fetch_add(&core->ram.closing, 1, __ATOMIC_RELAXED);
	cpu = tri_enter(core);
	slot_set(core, start, NULL);
	tri_leave(cpu);
	__atomic_fetch_sub(&core->ram.blocks, 1, __ATOMIC_RELAXED);
	pool_free(&core->area_pool, block);
	flush_retire(core, areas_retire(core, start), &none);
	__atomic_fetch_sub(&core->ram.closing, 1, __ATOMIC_RELEASE);
}

/* @n pages at @addr, taken as @room, are not mapped any more. */
static void put(struct tri_core *core, struct ram_block *block, uintptr_t addr, unsigned long n,
		unsigned long room)
{
	unsigned long offset = (addr - block->start) >> TRI_PAGE_SHIFT;
	struct tri_cpu *cpu = tri_enter(core);
	bool used_up;

	plat_spin_lock(&block->lock);
	block->mapped -= (uint16_t)n;
	block->dirty += (uint16_t)room;
	if (!block->dirty_end || offset < block->dirty_min)
		block->dirty_min = (uint16_t)offset;
	if (offset + n > block->dirty_end)
		block->dirty_end = (uint16_t)(offset + n);
	used_up = block->dirty == core->ram.block_pages;
	plat_spin_unlock(&block->lock);
	tri_leave(cpu);
	/* All was handed out, so it is on no list; all came back, so nobody else has it. */
	if (used_up)
		give_up(core, block);
}

void *tri_vm_map_ram(const unsigned long *pfns, unsigned long n)
{
	struct tri_core *core = plat_core();
	unsigned long room;
	uintptr_t addr;

	plat_might_sleep();
	if (!n)
		return NULL;
	if (!in_block(core, n))
		return vmap_area(core, pfns, n, TRI_AREA_RAM);
	vmap_assert_in_use(core, pfns, n);
	room = round_up_pow2(n);
	addr = take_here(core, n, room);
	if (!addr)
		addr = take_new(core, n, room);
	if (!addr)
		return NULL;
	if (pagetable_map_pfns(core, addr, n, pfns)) {
		put(core, block_find(core, addr), addr, n, room);
		return NULL;
	}
	return (void *)addr;
}

static __attribute__((noreturn, __noinline__, cold)) void bad_unmap(const void *addr,
								    unsigned long n)
{
	plat_log("tri_vm_unmap_ram: %lx is no mapping of %lu pages", (unsigned long)addr, n);
	plat_panic(__FILE__, __LINE__, "not a mapping of tri_vm_map_ram()");
}

void tri_vm_unmap_ram(const void *addr, unsigned long n)
{
	struct tri_core *core = plat_core();
	uintptr_t at = (uintptr_t)addr;
	struct ram_block *block;
	struct area *area;

	plat_might_sleep();
	if (!in_block(core, n)) {
		area = vmalloc_retire(core, addr, TRI_AREA_RAM, "tri_vm_unmap_ram");
		if (area->pages != n + 1)
			bad_unmap(addr, n);
		vunmap_area(core, area);
		return;
	}
	block = block_find(core, at);
	if (!n || !block || at % TRI_PAGE_SIZE || pagetable_lookup(core, at) == TRI_PFN_NONE ||
	    pagetable_lookup(core, at + ((n - 1) << TRI_PAGE_SHIFT)) == TRI_PFN_NONE)
		bad_unmap(addr, n);
	pagetable_unmap(core, at, n, NULL);
	/* The frames are the caller's, who may free them next. */
	if (flush_is_eager(core))
		flush_addresses(core, at, at + (n << TRI_PAGE_SHIFT));
	put(core, block, at, n, round_up_pow2(n));
}

/* Used, but nothing is mapped in it. The others stopped. */
static bool is_idle(const struct tri_core *core, const struct ram_block *block)
{
	return block->dirty && block->free + block->dirty == core->ram.block_pages;
}

/* Unlink the idle blocks of all CPUs, those with less than a quarter free, or all. */
static struct ram_block *take_idle(struct tri_core *core, bool all)
{
	struct ram_block *idle = NULL, *block, *next;

	cpus_stop(core);
	for (unsigned int i = 0; i < core->cpus; i++) {
		for (block = core->cpu[i].ram.first; block; block = next) {
			next = block->next;
			if (!is_idle(core, block) ||
			    (!all && block->free >= core->ram.block_pages / 4))
				continue;
			unlink_block(&core->cpu[i].ram, block);
			block->next = idle;
			idle = block;
		}
	}
	cpus_resume(core);
	return idle;
}

static unsigned long purge_blocks(struct tri_core *core, bool all)
{
	struct ram_block *block, *next;
	unsigned long n = 0;

	if (!__atomic_load_n(&core->ram.blocks, __ATOMIC_RELAXED))
		return 0;
	for (block = take_idle(core, all); block; block = next, n++) {
		next = block->next;
		give_up(core, block);
	}
	return n;
}

unsigned long ram_purge(struct tri_core *core, bool all)
{
	unsigned long n;

	plat_mutex_lock(&core->ram.mutex);
	n = purge_blocks(core, all);
	plat_mutex_unlock(&core->ram.mutex);
	return n;
}

void ram_exit(struct tri_core *core)
{
	ram_purge(core, true);
	plat_mutex_destroy(&core->ram.mutex);
}

/* Add what is dirty in @block to [*start, *end), and call it flushed. */
static void take_dirty(struct ram_block *block, uintptr_t *start, uintptr_t *end)
{
	uintptr_t from = block->start + ((uintptr_t)block->dirty_min << TRI_PAGE_SHIFT);
	uintptr_t to = block->start + ((uintptr_t)block->dirty_end << TRI_PAGE_SHIFT);

	if (!block->dirty_end)
		return;
	block->dirty_min = block->dirty_end = 0;
	if (from < *start)
		*start = from;
	if (to > *end)
		*end = to;
}

void tri_vm_unmap_aliases(void)
{
	struct tri_core *core = plat_core();
	uintptr_t start = ~0UL, end = 0;
	unsigned long spins = 0;

	plat_might_sleep();
	/* Until the flush is done, nobody else may take its pages for clean. */
	plat_mutex_lock(&core->ram.mutex);
	purge_blocks(core, false);
	if (__atomic_load_n(&core->ram.blocks, __ATOMIC_ACQUIRE)) {
		cpus_stop(core);
		for (unsigned long i = 0; i < core->ram.nr_slots; i++) {
			if (core->ram.slot[i].block)
				take_dirty(core->ram.slot[i].block, &start, &end);
		}
		cpus_resume(core);
	}
	/* What has left its slot must have reached the flush policy. */
	while (__atomic_load_n(&core->ram.closing, __ATOMIC_ACQUIRE))
		plat_relax(spins++);
	if (end)
		flush_addresses(core, start, end);
	plat_mutex_unlock(&core->ram.mutex);
	flush_purge(core);
}
