/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_nodes.c - areas=nodes: as many nodes as CPUs, so that CPUs seldom meet at a lock.
 * The window's zones of 16 pages belong to the nodes in turn; an area is in the tree of the
 * node whose zone it starts in. Room comes from the pool of the own CPU's node, where areas
 * that were freed recently stand by size; only if there is none, from the free ranges all
 * share. A freed area goes back to the pool it was allocated by; each purge gives a quarter
 * of what every pool holds back to the free ranges. Linux 6.9 (72210662c5a2, "mm: vmalloc:
 * offload free_vmap_area_lock lock"), numbers of mm/vmalloc.c.
 *
 * Price: not the lowest room, and addresses kept aside that others can't have until a purge
 * of everything. Unlike Linux's, a waiting or kept area stays in the tree it is in, so that
 * trees and free ranges tile the window at all times; and with other flush policies than
 * lazy, frees fill the pools, too.
 *
 * Lock order: pinned -> one of busy.lock, a node's busy.lock or a node's pool_lock: leaves.
 */
#include "areas_parts.h"
#include "core.h"

#define ZONE_SHIFT (TRI_PAGE_SHIFT + 4)
#define NODES_MAX  128U

/* With one node, pools would only hold addresses back: Linux has none then. */
static bool has_pools(const struct areas *areas)
{
	return areas->nodes > 1;
}

unsigned int areas_nodes_zone(const struct areas *areas, uintptr_t start)
{
	return (start >> ZONE_SHIFT) % areas->nodes;
}

static struct area_tree *tree_at(const struct areas *areas, uintptr_t start)
{
	return &areas->node[areas_nodes_zone(areas, start)].busy;
}

unsigned int areas_nodes_count(const struct tri_config *config)
{
	if (config->policy[TRI_QUESTION_areas] != TRI_POLICY_areas_nodes)
		return 0;
	return config->cpus < NODES_MAX ? config->cpus : NODES_MAX;
}

int areas_nodes_init(struct tri_core *core)
{
	struct areas *areas = &core->areas;

	for (unsigned int i = 0; i < areas->nodes; i++) {
		plat_spin_init(&areas->node[i].busy.lock);
		plat_spin_init(&areas->node[i].pool_lock);
	}
	return ranges_init(core);
}

/* Written under the pool's lock; purges look for what is empty without it. */
static void set_kept(struct area_node *node, unsigned long size, unsigned long kept)
{
	__atomic_store_n(&node->kept[size], kept, __ATOMIC_RELAXED);
}

/*
 * The area of this size that went last into this CPU's pool, or NULL. *home: the pool's
 * node. If its address does not fit the alignment, no other is tried, as in Linux.
 */
static struct area *pool_take(struct areas *areas, unsigned long pages, unsigned long align_pages,
			      unsigned int *home)
{
	unsigned long saved = plat_pin(), size = pages - 1;
	struct area_node *node = &areas->node[ *home = plat_cpu() % areas->nodes];
	struct area *area = NULL;

	if (size < AREA_POOLS) {
		plat_spin_lock(&node->pool_lock);
		area = node->pool[size];
		if (area && area_start(area) == area_align(area_start(area), align_pages)) {
			node->pool[size] = area->next;
			set_kept(node, size, node->kept[size] - 1);
		} else {
			area = NULL;
		}
		plat_spin_unlock(&node->pool_lock);
	}
	plat_unpin(saved);
	return area;
}

static void pool_give(struct areas *areas, struct area *area)
{
	struct area_node *node = &areas->node[area->home];
	unsigned long saved = tri_lock(&node->pool_lock), size = area->pages - 1;

	area->next = node->pool[size];
	node->pool[size] = area;
	set_kept(node, size, node->kept[size] + 1);
	tri_unlock(&node->pool_lock, saved);
}

static void count_alloc(struct tri_core *core, unsigned long steps)
{
	unsigned long saved = plat_pin();

	tri_count(core, TRI_EVENT_area_alloc, 1);
	tri_count(core, TRI_EVENT_area_steps, steps);
	plat_unpin(saved);
}

/* One that was kept, in its tree already. */
static void revive(struct tri_core *core, struct area *area)
{
	struct area_tree *busy = tree_at(&core->areas, area_start(area));
	unsigned long saved = tri_lock(&busy->lock);

	area->state = AREA_LIVE;
	area->flags = 0;
	busy->live++;
	area_describe(area, 0, 0);
	tri_unlock(&busy->lock, saved);
}

static struct area *alloc_range(struct tri_core *core, unsigned long pages,
				unsigned long align_pages, unsigned long *steps)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {NULL};
	unsigned long saved;
	struct area *area;

	if (!area_spares_fill(core, &spares, ranges_spares(align_pages)))
		return NULL;
	saved = tri_lock(&areas->busy.lock);
	area = ranges_take(&areas->free, pages, align_pages, &spares, steps);
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
	return area;
}

struct area *areas_nodes_alloc(struct tri_core *core, unsigned long pages,
			       unsigned long align_pages)
{
	struct areas *areas = &core->areas;
	unsigned long steps = 1;
	unsigned int home = 0;
	struct area *area = NULL;

	if (has_pools(areas))
		area = pool_take(areas, pages, align_pages, &home);
	if (area) {
		revive(core, area);
	} else {
		area = alloc_range(core, pages, align_pages, &steps);
		if (!area)
			return NULL;
		area->home = (uint8_t)home;
		area_tree_insert(tree_at(areas, area_start(area)), area);
	}
	count_alloc(core, steps);
	return area;
}

struct area *areas_nodes_find(struct tri_core *core, uintptr_t start, bool retire)
{
	return area_tree_find(tree_at(&core->areas, start), start, retire);
}

/* The areas of @list were erased from their trees. */
static void give_ranges(struct tri_core *core, struct area *list)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {NULL};
	unsigned long saved = tri_lock(&areas->busy.lock);

	while (list) {
		struct area *area = list;

		list = area->next;
		ranges_give(&areas->free, area, &spares);
	}
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
}

void areas_nodes_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	struct area_tree *busy = tree_at(areas, area_start(area));
	bool keep = has_pools(areas) && area->pages <= AREA_POOLS;
	unsigned long saved = tri_lock(&busy->lock);

	busy->live -= area->state == AREA_LIVE;
	area->state = AREA_KEPT;
	if (!keep)
		rbt_erase(&busy->tree, &area->node);
	tri_unlock(&busy->lock, saved);
	if (keep) {
		pool_give(areas, area);
	} else {
		area->next = NULL;
		give_ranges(core, area);
	}
}

/* A quarter of a pool, or all of it; Linux, too, empties one of fewer than four. */
static struct area *pool_decay(struct area_node *node, unsigned long size, bool all)
{
	unsigned long saved = tri_lock(&node->pool_lock), n = node->kept[size];
	struct area *list = node->pool[size], **end = &list;

	if (n >= 4 && !all)
		n /= 4;
	set_kept(node, size, node->kept[size] - n);
	while (n--)
		end = &(*end)->next;
	node->pool[size] = *end;
	*end = NULL;
	tri_unlock(&node->pool_lock, saved);
	return list;
}

static void node_decay(struct tri_core *core, struct area_node *node, bool all)
{
	for (unsigned long size = 0; size < AREA_POOLS; size++) {
		struct area *list;

		if (!__atomic_load_n(&node->kept[size], __ATOMIC_RELAXED))
			continue;
		list = pool_decay(node, size, all);
		for (struct area *area = list; area; area = area->next)
			area_tree_erase(tree_at(&core->areas, area_start(area)), area);
		give_ranges(core, list);
	}
}

void areas_decay(struct tri_core *core, bool all)
{
	for (unsigned int i = 0; i < core->areas.nodes; i++)
		node_decay(core, &core->areas.node[i], all);
}

/* Addresses that are kept aside are not free to grow into. */
int areas_nodes_grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area_tree *busy = tree_at(areas, area_start(area));
	struct area_spares spares = {NULL};
	unsigned long saved = tri_lock(&areas->busy.lock);
	bool room = ranges_take_at(&areas->free, area_end(area), pages - area->pages, &spares);

	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
	if (!room)
		return -ENOMEM;
	saved = tri_lock(&busy->lock);
	area->pages = (uint32_t)pages;
	tri_unlock(&busy->lock, saved);
	return 0;
}

/* For an instant the tail is in no tree: nobody but its owner knows that it is not. */
void areas_nodes_shrink(struct tri_core *core, struct area *area, struct area *tail,
			unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area_tree *busy = tree_at(areas, area_start(area));
	unsigned long saved = tri_lock(&busy->lock);

	area_cut(area, tail, pages);
	tri_unlock(&busy->lock, saved);
	area_tree_insert(tree_at(areas, area_start(tail)), tail);
}

/* An area may span zones of all nodes, and the next one be in any. */
bool areas_nodes_look(struct tri_core *core, uintptr_t addr, struct area_view *out)
{
	struct areas *areas = &core->areas;
	struct area_view view;
	bool found = false;

	for (unsigned int i = 0; i < areas->nodes; i++) {
		if (!area_tree_look(&areas->node[i].busy, addr, &view))
			continue;
		if (!found || view.start < out->start)
			*out = view;
		found = true;
	}
	return found;
}
