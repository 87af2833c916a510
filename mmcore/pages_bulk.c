/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages_bulk.c - many single frames for one entry into this CPU's data: into an array, or onto
 * a list of frames for the core's own layers.
 */
#include "core.h"
#include "fault.h"
#include "shadow.h"

/* Bounds how long a long request keeps the CPU pinned; less: more enter and leave pairs. */
#define INSIDE_FRAMES 64UL

/*
 * Inside: fill what is empty of pfn[at .. n) from @list as far as it goes; where it stopped. The
 * loop's own copies of what does not change spare it reading that after each store.
 */
static unsigned long pop_into(struct tri_core *core, struct pcp_list *list, unsigned int place,
			      unsigned long *pfn, unsigned long at, unsigned long n)
{
	const struct frame_table table = core->frames;
	const uint32_t *from = list->pfn;
	uint32_t count = list->count;

	for (; at < n && count; at++) {
		if (TRI_UNLIKELY(pfn[at] != TRI_PFN_NONE))
			continue;
		pfn[at] = from[--count];
		frame_set_kind_full(frame_at(&table, pfn[at]),
				    FRAME_KIND(FRAME_USED, 0) | FRAME_PLACE(place));
		shadow_set_pfn(core, pfn[at], 1, SHADOW_OPEN);
	}
	__atomic_store_n(&list->count, count, __ATOMIC_RELAXED);
	return at;
}

/* As far as this CPU's list, and refills of it above the low mark, reach. */
static unsigned long alloc_from_list(struct tri_core *core, tri_gfp_t gfp, unsigned long n,
				     unsigned long *pfn)
{
	struct zone *zone = zone_of_place(&core->zones, gfp);
	enum migratetype type = place_type(gfp & PLACE_MASK);
	unsigned int place = zone->place | (unsigned int)type << 2;
	enum tri_page_level level = TRI_PAGE_PCP;
	unsigned long at = 0;
	bool more = true;

	while (at < n && more) {
		unsigned long end = n - at < INSIDE_FRAMES ? n : at + INSIDE_FRAMES;
		struct tri_cpu *cpu = tri_enter(core);

		at = pop_into(core, &cpu->pcp.list[place], place, pfn, at, end);
		if (at < end) {
			unsigned long most = watermark_room(core, zone, WATERMARK_LOW, gfp);

			more = most && pcp_refill(core, &cpu->pcp, zone, type, most);
			level = TRI_PAGE_BUDDY;
		}
		cpu->gate.page_level = level;
		tri_leave(cpu);
	}
	return at;
}

/* The same from a policy without lists: the zone in their place. */
static unsigned long alloc_direct(struct tri_core *core, tri_gfp_t gfp, unsigned long n,
				  unsigned long *pfn)
{
	uint32_t some[INSIDE_FRAMES];
	unsigned long at = 0, got, want;

	do {
		struct tri_cpu *cpu = tri_enter(core);

		want = 0;
		for (unsigned long i = at; i < n && want < INSIDE_FRAMES; i++)
			want += pfn[i] == TRI_PFN_NONE;
		got = want ? pages_direct_take(core, gfp, some, want) : 0;
		for (unsigned long i = 0; i < got; at++) {
			if (pfn[at] != TRI_PFN_NONE)
				continue;
			frame_set_kind(frame_at(&core->frames, some[i]), FRAME_USED, 0);
			shadow_set_pfn(core, some[i], 1, SHADOW_OPEN);
			pfn[at] = some[i++];
		}
		cpu->gate.page_level = TRI_PAGE_BUDDY;
		tri_leave(cpu);
	} while (want && got == want);
	return at;
}

static unsigned long count_set(const unsigned long *pfn, unsigned long n)
{
	unsigned long set = 0;

	for (unsigned long i = 0; i < n; i++)
		set += pfn[i] != TRI_PFN_NONE;
	return set;
}

unsigned long tri_alloc_pages_bulk(tri_gfp_t gfp, unsigned long n, unsigned long *pfn)
{
	struct tri_core *core = plat_core();
	unsigned long at = 0;

	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		plat_might_sleep();
	if (!(gfp & TRI_GFP_NOFAIL) && fault_fails(core, TRI_FAULT_PAGES, n * TRI_PAGE_SIZE))
		return count_set(pfn, n);
	/* Zeroing takes far longer than entering: one by one, and unpinned. */
	if (!(gfp & TRI_GFP_ZERO) && core->zones.detour <= DETOUR_DIRECT)
		at = core->zones.direct ? alloc_direct(core, gfp, n, pfn)
					: alloc_from_list(core, gfp, n, pfn);
	/* What is left is for whoever can wait, and fails when even that finds no more. */
	for (; at < n; at++) {
		if (pfn[at] == TRI_PFN_NONE)
			pfn[at] = tri_alloc_pages(gfp, 0);
		if (pfn[at] == TRI_PFN_NONE)
			break;
	}
	return at + count_set(pfn + at, n - at);
}

/* Inside: put back frames that are single, USED, and of the place of the first; how many. */
static unsigned long push_from(struct tri_core *core, struct pcp *pcp, const unsigned long *pfn,
			       unsigned long n)
{
	unsigned int first = frame_kind_full(frame_find(&core->frames, pfn[0]));
	unsigned int place = (first & FRAME_PLACE_MASK) >> 4;
	const struct frame_table table = core->frames;
	struct pcp_list *list = &pcp->list[place];
	uint32_t count = list->count, high = list->high, *to = list->pfn;
	unsigned long i = 0;

	if ((first & ~FRAME_PLACE_MASK) != FRAME_KIND(FRAME_USED, 0))
		return 0;
	for (; i < n && count < high; i++) {
		struct frame *frame = frame_find(&table, pfn[i]);

		if (TRI_UNLIKELY(frame_kind_full(frame) != first))
			break;
		shadow_set_pfn(core, pfn[i], 1, SHADOW_NEVER);
		frame_set_kind_full(frame, FRAME_KIND(FRAME_CACHED, 0) | FRAME_PLACE(place));
		to[count++] = (uint32_t)pfn[i];
	}
	__atomic_store_n(&list->count, count, __ATOMIC_RELAXED);
	return i;
}

/* The same for frames that go back to their zone at once. At most INSIDE_FRAMES. */
static unsigned long put_direct(struct tri_core *core, const unsigned long *pfn, unsigned long n)
{
	struct frame *first = frame_find(&core->frames, pfn[0]);
	unsigned int kind = frame_kind_full(first);
	uint32_t some[INSIDE_FRAMES];
	unsigned long i;

	if ((kind & ~FRAME_PLACE_MASK) != (FRAME_KIND(FRAME_USED, 0) | FRAME_DIRECT))
		return 0;
	for (i = 0; i < n; i++) {
		struct frame *frame = frame_find(&core->frames, pfn[i]);

		if (frame_kind_full(frame) != kind)
			break;
		shadow_set_pfn(core, pfn[i], 1, SHADOW_NEVER);
		frame_set_kind(frame, FRAME_CACHED, 0);
		some[i] = (uint32_t)pfn[i];
	}
	zone_put_bulk(core, zone_of(&core->zones, first), some, i);
	return i;
}

void tri_free_pages_bulk(unsigned long n, unsigned long *pfn)
{
	struct tri_core *core = plat_core();
	unsigned long at = 0;

	while (at < n) {
		unsigned long end = n - at < INSIDE_FRAMES ? n : at + INSIDE_FRAMES;
		struct tri_cpu *cpu = tri_enter(core);

		at += core->zones.direct ? put_direct(core, pfn + at, end - at)
					 : push_from(core, &cpu->pcp, pfn + at, end - at);
		tri_leave(cpu);
		/* What stopped it: an empty entry, a full list, another place, or a wrong pfn. */
		if (at < end) {
			if (pfn[at] != TRI_PFN_NONE)
				tri_free_pages(pfn[at], 0);
			at++;
		}
	}
	for (unsigned long i = 0; i < n; i++)
		pfn[i] = TRI_PFN_NONE;
}

struct frame *pcp_alloc(struct tri_core *core, enum frame_state state)
{
	return pages_alloc(core, tri_nowait(core) ?: TRI_GFP_KERNEL | TRI_GFP_NOWARN, 0, state);
}

void pcp_free(struct tri_core *core, struct frame *frame)
{
	pages_free(core, frame, 0);
}

/* Up to INSIDE_FRAMES frames, MAPPED, from a policy without lists; how many. */
static unsigned long list_direct(struct tri_core *core, struct frame_list *list, unsigned long n)
{
	struct tri_cpu *cpu = tri_enter(core);
	uint32_t pfn[INSIDE_FRAMES];
	unsigned long done = pages_direct_take(core, TRI_GFP_KERNEL, pfn, n);

	for (unsigned long i = 0; i < done; i++) {
		struct frame *frame = frame_at(&core->frames, pfn[i]);

		frame_set_kind(frame, FRAME_MAPPED, 0);
		frame_list_push_tail(&core->frames, list, frame);
	}
	tri_leave(cpu);
	return done;
}

/* Up to @n frames, MAPPED, from this CPU's list of unmovable ones; how many. */
static unsigned long list_from_pcp(struct tri_core *core, struct frame_list *list, unsigned long n)
{
	struct tri_cpu *cpu = tri_enter(core);
	unsigned long done = 0;

	for (; done < n; done++) {
		uint32_t pfn = pcp_pop(&cpu->pcp.list[0]);
		struct frame *frame;

		if (pfn == PCP_NONE)
			break;
		frame = frame_at(&core->frames, pfn);
		frame_set_kind_full(frame, FRAME_KIND(FRAME_MAPPED, 0));
		frame_list_push_tail(&core->frames, list, frame);
	}
	tri_leave(cpu);
	return done;
}

/* Whether one of @n allocations of a frame shall fail. */
static bool one_fails(struct tri_core *core, unsigned long n)
{
	bool fails = false;

	for (unsigned long i = 0; i < n && !fails; i++)
		fails = fault_fails(core, TRI_FAULT_PAGES, TRI_PAGE_SIZE);
	return fails;
}

int pcp_alloc_list(struct tri_core *core, struct frame_list *list, unsigned long n)
{
	tri_might_sleep(core);
	if (one_fails(core, n))
		goto out_undo;
	while (n) {
		unsigned long some = n < INSIDE_FRAMES ? n : INSIDE_FRAMES;
		unsigned long done = core->zones.direct ? list_direct(core, list, some)
							: list_from_pcp(core, list, some);
		struct frame *frame;

		n -= done;
		if (done == some)
			continue;
		frame = pages_alloc_slow(core, tri_nowait(core) ?: TRI_GFP_KERNEL | TRI_GFP_NOWARN,
					 0);
		if (!frame)
			goto out_undo;
		frame_set_kind(frame, FRAME_MAPPED, 0);
		frame_list_push_tail(&core->frames, list, frame);
		n--;
	}
	return 0;

out_undo:
	pcp_free_list(core, list);
	return -ENOMEM;
}

/* Inside: up to @n single frames from the head of @list; false: the next is for pages_free(). */
static bool push_from_list(struct tri_core *core, struct pcp *pcp, struct frame_list *list,
			   unsigned long n)
{
	for (; n && list->count; n--) {
		struct frame *frame = &core->frames.frame[list->head];
		unsigned int place = frame_place(frame);

		if (frame_kind_full(frame) & (FRAME_DIRECT | FRAME_CLEAR | FRAME_ORDER_MASK))
			return false;
		frame_list_pop_head(&core->frames, list);
		frame_set_kind(frame, FRAME_CACHED, 0);
		if (!pcp_push(&pcp->list[place], frame->pfn))
			pcp_push_full(core, pcp, place, frame->pfn);
	}
	return true;
}

void pcp_free_list(struct tri_core *core, struct frame_list *list)
{
	if (TRI_UNLIKELY(core->zones.detour & DETOUR_INIT_FREE))
		init_clear_list(core, list);
	while (list->count) {
		struct tri_cpu *cpu = tri_enter(core);
		bool all = push_from_list(core, &cpu->pcp, list, INSIDE_FRAMES);

		tri_leave(cpu);
		if (!all) {
			struct frame *frame = frame_list_pop_head(&core->frames, list);

			pages_free(core, frame, frame_kind(frame) >> 8);
		}
	}
}
