/* SPDX-License-Identifier: GPL-2.0-only */
/* check_ram.c - the blocks of tri_vm_map_ram(): their slots, lists, areas and counts. */
#include "check.h"

static bool is_listed(const struct tri_core *core, const struct ram_block *block)
{
	for (unsigned int i = 0; i < core->cpus; i++) {
		const struct ram_block *at = core->cpu[i].ram.first;

		for (unsigned long n = 0; at && n <= core->ram.blocks; at = at->next, n++) {
			if (at == block)
				return true;
		}
	}
	return false;
}

static void check_block(struct check *check, const struct ram_block *block)
{
	struct tri_core *core = check->core;
	unsigned long pages = core->ram.block_pages, used = pages - block->free;
	uintptr_t end = block->start + (pages << TRI_PAGE_SHIFT);
	unsigned long present;
	struct area_view view;

	if (!areas_look(core, block->start, &view) || view.start != block->start ||
	    view.end != end + TRI_PAGE_SIZE || view.state != AREA_LIVE ||
	    view.kind != TRI_AREA_BLOCK) {
		CHECK_FAULT(check, "the block at %lx has no area", block->start);
		return;
	}
	if (!block->free == is_listed(core, block))
		CHECK_FAULT(check, "the block at %lx has %u pages left, and is on %s list",
			    block->start, block->free, block->free ? "no" : "a");
	if (block->dirty >= pages || block->dirty + block->mapped > used ||
	    block->dirty_min > block->dirty_end || block->dirty_end > used)
		CHECK_FAULT(check, "the block at %lx: %u pages dirty, %u mapped, of %lu",
			    block->start, block->dirty, block->mapped, used);
	present = check_entries(check, block->start, end, CHECK_SOME_OTHERS);
	if (present != block->mapped)
		CHECK_FAULT(check, "the block at %lx maps %lu pages, counted %u", block->start,
			    present, block->mapped);
}

/* Blocks of all CPUs' lists, that point back, each once. */
static unsigned long listed(struct check *check)
{
	const struct tri_core *core = check->core;
	unsigned long total = 0;

	for (unsigned int i = 0; i < core->cpus; i++) {
		const struct ram_block *at = core->cpu[i].ram.first, *last = NULL;

		for (; at && total <= core->ram.blocks; at = at->next, total++) {
			if (at->prev != last)
				CHECK_FAULT(check, "the block at %lx does not point back",
					    at->start);
			last = at;
		}
		if (!at && core->cpu[i].ram.last != last)
			CHECK_FAULT(check, "the blocks of CPU %u do not end at the last", i);
	}
	return total;
}

void check_ram(struct check *check)
{
	const struct ram *ram = &check->core->ram;
	unsigned long blocks = 0, with_room = 0;
	const struct area *area = NULL;

	for (unsigned long i = 0; i < ram->nr_slots; i++) {
		if (!ram->slot[i].block != !ram->slot[i].start ||
		    (ram->slot[i].block && ram->slot[i].block->start != ram->slot[i].start)) {
			CHECK_FAULT(check, "slot %lu and its block differ in where it starts", i);
			return;
		}
		if (ram->slot[i].block) {
			blocks++;
			with_room += ram->slot[i].block->free != 0;
			check_block(check, ram->slot[i].block);
		}
	}
	if (blocks != ram->blocks || listed(check) != with_room)
		CHECK_FAULT(check, "%lu blocks found, %lu with room, counted %lu", blocks,
			    with_room, ram->blocks);
	while ((area = check_area_next(check->core, area)))
		blocks -= area->state == AREA_LIVE && area->kind == TRI_AREA_BLOCK;
	if (blocks)
		CHECK_FAULT(check, "areas for blocks and blocks differ by %lu", blocks);
}
