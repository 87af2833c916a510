/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas.c - call the chosen policy, by a switch: a policy costs a predictable branch and
 * not an indirect call.
 */
#include "core.h"

#define UNKNOWN() plat_panic(__FILE__, __LINE__, "unknown areas policy")

int areas_init(struct tri_core *core)
{
	plat_spin_init(&core->areas.busy.lock);
	pool_init(&core->area_pool, AREA_SIZE);
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about) \
	case TRI_POLICY_areas_##answer:   \
		return areas_##answer##_init(core);
#include "policies.def"
	default:
		UNKNOWN();
	}
}

struct area *areas_alloc(struct tri_core *core, unsigned long pages, unsigned long align_pages)
{
	TRI_ASSERT(pages && align_pages && !(align_pages & (align_pages - 1)));
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about) \
	case TRI_POLICY_areas_##answer:   \
		return areas_##answer##_alloc(core, pages, align_pages);
#include "policies.def"
	default:
		UNKNOWN();
	}
}

static struct area *find(struct tri_core *core, uintptr_t start, bool retire)
{
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about) \
	case TRI_POLICY_areas_##answer:   \
		return areas_##answer##_find(core, start, retire);
#include "policies.def"
	default:
		UNKNOWN();
	}
}

struct area *areas_find(struct tri_core *core, uintptr_t start)
{
	return find(core, start, false);
}

struct area *areas_retire(struct tri_core *core, uintptr_t start)
{
	return find(core, start, true);
}

void areas_free(struct tri_core *core, struct area *area)
{
	if (trace_area_free_on())
		trace_area_free(area_start(area), area->pages);
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about)          \
	case TRI_POLICY_areas_##answer:            \
		areas_##answer##_free(core, area); \
		return;
#include "policies.def"
	default:
		UNKNOWN();
	}
}

int areas_grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	TRI_ASSERT(area->state == AREA_LIVE && pages > area->pages);
	if (pages > AREA_MAX_PAGES)
		return -ENOMEM;
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about) \
	case TRI_POLICY_areas_##answer:   \
		return areas_##answer##_grow(core, area, pages);
#include "policies.def"
	default:
		UNKNOWN();
	}
}

struct area *areas_shrink(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct area *tail = pool_alloc(core, &core->area_pool);

	TRI_ASSERT(area->state == AREA_LIVE && pages && pages < area->pages);
	if (!tail)
		return NULL;
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about)                         \
	case TRI_POLICY_areas_##answer:                           \
		areas_##answer##_shrink(core, area, tail, pages); \
		return tail;
#include "policies.def"
	default:
		UNKNOWN();
	}
}

bool areas_look(struct tri_core *core, uintptr_t addr, struct area_view *out)
{
	switch (core->policy[TRI_QUESTION_areas]) {
#define POLICY_areas(answer, text, about) \
	case TRI_POLICY_areas_##answer:   \
		return areas_##answer##_look(core, addr, out);
#include "policies.def"
	default:
		UNKNOWN();
	}
}

static unsigned long tree_live(struct area_tree *busy)
{
	unsigned long saved = tri_lock(&busy->lock);
	unsigned long live = busy->live;

	tri_unlock(&busy->lock, saved);
	return live;
}

unsigned long areas_live(struct tri_core *core)
{
	unsigned long live = tree_live(&core->areas.busy);

	for (unsigned int i = 0; i < core->areas.nodes; i++)
		live += tree_live(&core->areas.node[i].busy);
	return live;
}

void tri_area_find(struct tri_core *core, uintptr_t addr, struct tri_area_info *info)
{
	struct area_view view;

	*info = (struct tri_area_info){.where = TRI_OUTSIDE};
	if (addr < core->window_start || addr >= core->window_end)
		return;
	info->where = TRI_FREE;
	if (!areas_look(core, addr, &view) || view.start > addr)
		return;
	info->start = view.start;
	info->end = view.end;
	if (view.state == AREA_WAITING)
		info->where = TRI_WAITING;
	else if (addr >= view.end - TRI_PAGE_SIZE)
		info->where = TRI_GUARD;
	else
		info->where = TRI_LIVE;
	if (view.state == AREA_LIVE) {
		info->kind = view.kind;
		info->requested = view.requested;
	}
}
