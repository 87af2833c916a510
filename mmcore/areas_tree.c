/* SPDX-License-Identifier: GPL-2.0-only */
/* areas_tree.c - areas in a tree by address, under its own lock, a leaf. */
#include "areas_parts.h"
#include "core.h"

void area_tree_insert(struct area_tree *busy, struct area *area)
{
	unsigned long saved = tri_lock(&busy->lock);

	rbt_insert(&busy->tree, &area->node);
	busy->live += area->state == AREA_LIVE;
	tri_unlock(&busy->lock, saved);
}

void area_tree_erase(struct area_tree *busy, struct area *area)
{
	unsigned long saved = tri_lock(&busy->lock);

	busy->live -= area->state == AREA_LIVE;
	rbt_erase(&busy->tree, &area->node);
	tri_unlock(&busy->lock, saved);
}

struct area *area_tree_find(struct area_tree *busy, uintptr_t start, bool retire)
{
	unsigned long saved = tri_lock(&busy->lock);
	struct area *area = area_of(rbt_at_or_below(&busy->tree, start));

	if (area && (area_start(area) != start || area->state != AREA_LIVE))
		area = NULL;
	if (area && retire) {
		area->state = AREA_WAITING;
		busy->live--;
	}
	tri_unlock(&busy->lock, saved);
	return area;
}

struct area *area_tree_above(const struct area_tree *busy, uintptr_t addr)
{
	struct rbt_node *below = rbt_at_or_below(&busy->tree, addr);

	if (below && area_end(area_of(below)) > addr)
		return area_of(below);
	return area_of(below ? rbt_neighbour(below, RBT_RIGHT) : rbt_first(&busy->tree));
}

bool area_tree_look(struct area_tree *busy, uintptr_t addr, struct area_view *out)
{
	unsigned long saved = tri_lock(&busy->lock);
	struct area *area = area_tree_above(busy, addr);

	while (area && area->state == AREA_KEPT)
		area = area_of(rbt_neighbour(&area->node, RBT_RIGHT));
	if (area)
		area_view(area, out);
	tri_unlock(&busy->lock, saved);
	return area;
}
