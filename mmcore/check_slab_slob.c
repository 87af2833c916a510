/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_slab_slob.c - tri_check() of slab=slob: the free pieces of each page, by address and not
 * touching, against the page's count; and pages against their lists.
 */
#include "check.h"
#include "slab_slob.h"

static void check_pieces(struct check *check, struct frame *frame)
{
	const struct slob_words *words = slob_words(frame);
	const int16_t *page = plat_pfn_to_ptr(frame->pfn);
	unsigned int at = words->first, end = 0, free_units = 0;
	bool first = true;

	while (at < SLOB_PAGE_UNITS) {
		unsigned int next, units = slob_piece(page, at, &next);

		if ((!first && at <= end) || !units || at + units > SLOB_PAGE_UNITS || next <= at) {
			CHECK_FAULT(check, "slob pfn %lx: piece of %u units at %u, after %u",
				    (unsigned long)frame->pfn, units, at, end);
			return;
		}
		first = false;
		free_units += units;
		end = at + units;
		at = next;
	}
	if (at != SLOB_PAGE_UNITS || free_units != words->units)
		CHECK_FAULT(check, "slob pfn %lx: %u units free, counted are %u; ends at %u",
			    (unsigned long)frame->pfn, free_units, words->units, at);
}

static void check_pages(struct check *check, enum slob_zone zone, enum slob_class class)
{
	const struct frame_list *list = &check->core->slob.pages[zone][class];
	struct frame *table = check->core->frames.frame;
	unsigned long faults = check->faults;
	uint32_t index = list->head;

	check_blocks(check, list, FRAME_SLAB, 0, "slob");
	if (check->faults != faults)
		return;
	for (unsigned long n = 0; n < list->count; n++) {
		struct frame *frame = &table[index];
		const struct slob_words *words = slob_words(frame);

		if (frame->cache != SLAB_SHARED || words->class != class || words->zone != zone ||
		    !words->units || words->units == SLOB_PAGE_UNITS)
			CHECK_FAULT(check, "slob pfn %lx: on list %u of zone %u with %u units free",
				    (unsigned long)frame->pfn, class, zone, words->units);
		else
			check_pieces(check, frame);
		index = frame->next;
	}
}

void check_slab_slob(struct check *check)
{
	struct frame_table *table = &check->core->frames;

	for (unsigned int i = 0; i < SLOB_ZONES * SLOB_CLASSES; i++)
		check_pages(check, i / SLOB_CLASSES, i % SLOB_CLASSES);
	/* Full pages are on no list, nor are an object's own. */
	for (unsigned long i = SECTION_FRAMES; i < table->sections * SECTION_FRAMES; i++) {
		struct frame *frame = &table->frame[i];
		unsigned int kind = frame_kind(frame);

		if ((kind & 0xff) != FRAME_SLAB)
			continue;
		if (frame->cache != SLAB_SHARED || !slob_words(frame)->units)
			check_claim(check, frame, FRAME_SLAB, kind >> 8, "slob");
		if (frame->cache != SLAB_SHARED && !check->core->slab.cache[frame->cache])
			CHECK_FAULT(check, "slob pfn %lx: is of cache %u, which is none",
				    (unsigned long)frame->pfn, frame->cache);
	}
}
