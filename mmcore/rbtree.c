/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rbtree.c - the red-black tree of rbtree.h.
 *
 * Balance (Guibas and Sedgewick 1978): a red node has a black parent, and every path from
 * the root down to a missing child passes equally many black nodes. The heaviest weight is
 * kept through every change: a rotation touches two nodes, anything else one path.
 */
#include "rbtree.h"

static void set_parent(struct rbt_node *node, struct rbt_node *parent)
{
	node->parent_red = (uintptr_t)parent | (node->parent_red & 1);
}

static void set_red(struct rbt_node *node, bool red)
{
	node->parent_red = (node->parent_red & ~1UL) | red;
}

static enum rbt_side side_of(const struct rbt_node *parent, const struct rbt_node *node)
{
	return parent->child[RBT_RIGHT] == node ? RBT_RIGHT : RBT_LEFT;
}

/* From @node upwards, as far as anything changes. */
static void update_heaviest(struct rbt_node *node)
{
	for (; node; node = rbt_parent(node)) {
		unsigned long heaviest = rbt_heaviest(node);

		if (node->heaviest == heaviest)
			return;
		node->heaviest = heaviest;
	}
}

/* Where @parent (NULL: the tree) points to @old, make it point to @new (may be NULL). */
static void replace_child(struct rbt_tree *tree, struct rbt_node *parent,
			  const struct rbt_node *old, struct rbt_node *new)
{
	if (parent)
		parent->child[side_of(parent, old)] = new;
	else
		tree->root = new;
	if (new)
		set_parent(new, parent);
}

/* Move @node down to @side; its other child takes its place. */
static void rotate(struct rbt_tree *tree, struct rbt_node *node, enum rbt_side side)
{
	struct rbt_node *up = node->child[!side];
	struct rbt_node *inner = up->child[side];

	replace_child(tree, rbt_parent(node), node, up);
	node->child[!side] = inner;
	if (inner)
		set_parent(inner, node);
	up->child[side] = node;
	set_parent(node, up);
	up->heaviest = node->heaviest;
	node->heaviest = rbt_heaviest(node);
}

/* @node is red; while its parent is too, recolour or rotate. */
static void fix_red_pair(struct rbt_tree *tree, struct rbt_node *node)
{
	struct rbt_node *parent;

	while (rbt_is_red(parent = rbt_parent(node))) {
		struct rbt_node *grand = rbt_parent(parent);
		enum rbt_side side = side_of(grand, parent);
		struct rbt_node *uncle = grand->child[!side];

		if (rbt_is_red(uncle)) {
			set_red(parent, false);
			set_red(uncle, false);
			set_red(grand, true);
			node = grand;
			continue;
		}
		if (side_of(parent, node) != side) {
			rotate(tree, parent, side);
			parent = node;
		}
		set_red(parent, false);
		set_red(grand, true);
		rotate(tree, grand, !side);
		break;
	}
	set_red(tree->root, false);
}

void rbt_insert(struct rbt_tree *tree, struct rbt_node *node)
{
	struct rbt_node **link = &tree->root, *parent = NULL;

	while (*link) {
		parent = *link;
		if (parent->heaviest < node->weight)
			parent->heaviest = node->weight;
		link = &parent->child[node->key > parent->key];
	}
	node->child[RBT_LEFT] = node->child[RBT_RIGHT] = NULL;
	node->parent_red = (uintptr_t)parent | 1;
	node->heaviest = node->weight;
	*link = node;
	fix_red_pair(tree, node);
}

/* Paths through @side of @parent lack one black node. */
static void fix_lost_black(struct rbt_tree *tree, struct rbt_node *parent, enum rbt_side side)
{
	while (parent) {
		struct rbt_node *sibling = parent->child[!side], *node = parent;

		if (rbt_is_red(sibling)) {
			set_red(sibling, false);
			set_red(parent, true);
			rotate(tree, parent, side);
			sibling = parent->child[!side];
		}
		if (rbt_is_red(sibling->child[side]) || rbt_is_red(sibling->child[!side])) {
			if (!rbt_is_red(sibling->child[!side])) {
				set_red(sibling->child[side], false);
				set_red(sibling, true);
				rotate(tree, sibling, !side);
				sibling = parent->child[!side];
			}
			set_red(sibling, rbt_is_red(parent));
			set_red(parent, false);
			set_red(sibling->child[!side], false);
			rotate(tree, parent, side);
			return;
		}
		set_red(sibling, true);
		if (rbt_is_red(parent)) {
			set_red(parent, false);
			return;
		}
		parent = rbt_parent(node);
		if (parent)
			side = side_of(parent, node);
	}
}

/*
 * Exchange places with the next node, which has no left child; @node then has at most one.
 * The next node is returned; its heaviest weight is still that of @node's old place.
 */
static struct rbt_node *swap_with_next(struct rbt_tree *tree, struct rbt_node *node)
{
	struct rbt_node *next = node->child[RBT_RIGHT], *right, *next_parent;
	bool red = rbt_is_red(node);

	while (next->child[RBT_LEFT])
		next = next->child[RBT_LEFT];
	next_parent = rbt_parent(next);
	right = next->child[RBT_RIGHT];

	set_red(node, rbt_is_red(next));
	set_red(next, red);
	replace_child(tree, rbt_parent(node), node, next);
	next->child[RBT_LEFT] = node->child[RBT_LEFT];
	set_parent(next->child[RBT_LEFT], next);
	if (next_parent == node) {
		next->child[RBT_RIGHT] = node;
		set_parent(node, next);
	} else {
		next->child[RBT_RIGHT] = node->child[RBT_RIGHT];
		set_parent(next->child[RBT_RIGHT], next);
		next_parent->child[RBT_LEFT] = node;
		set_parent(node, next_parent);
	}
	node->child[RBT_LEFT] = NULL;
	node->child[RBT_RIGHT] = right;
	if (right)
		set_parent(right, node);
	next->heaviest = node->heaviest;
	return next;
}

void rbt_erase(struct rbt_tree *tree, struct rbt_node *node)
{
	struct rbt_node *parent, *child, *moved = NULL;
	enum rbt_side side = RBT_LEFT;

	if (node->child[RBT_LEFT] && node->child[RBT_RIGHT])
		moved = swap_with_next(tree, node);
	parent = rbt_parent(node);
	child = node->child[node->child[RBT_LEFT] ? RBT_LEFT : RBT_RIGHT];
	if (parent)
		side = side_of(parent, node);
	replace_child(tree, parent, node, child);
	/* Two places lost a weight: where a node left, and where another came to stand. */
	update_heaviest(parent);
	update_heaviest(moved);
	if (child)
		set_red(child, false);
	else if (!rbt_is_red(node))
		fix_lost_black(tree, parent, side);
}

void rbt_set_weight(struct rbt_node *node, unsigned long weight)
{
	node->weight = weight;
	update_heaviest(node);
}

struct rbt_node *rbt_at_or_below(const struct rbt_tree *tree, unsigned long key)
{
	struct rbt_node *node = tree->root, *below = NULL;

	while (node) {
		if (node->key <= key)
			below = node;
		node = node->child[node->key <= key];
	}
	return below;
}

struct rbt_node *rbt_first_fit(const struct rbt_tree *tree, unsigned long weight,
			       unsigned long *steps)
{
	struct rbt_node *node = tree->root;

	if (!node || node->heaviest < weight)
		return NULL;
	for (;;) {
		struct rbt_node *left = node->child[RBT_LEFT];

		++*steps;
		if (left && left->heaviest >= weight)
			node = left;
		else if (node->weight >= weight)
			return node;
		else
			node = node->child[RBT_RIGHT];
	}
}

static struct rbt_node *outermost(struct rbt_node *node, enum rbt_side side)
{
	while (node && node->child[side])
		node = node->child[side];
	return node;
}

struct rbt_node *rbt_first(const struct rbt_tree *tree)
{
	return outermost(tree->root, RBT_LEFT);
}

struct rbt_node *rbt_neighbour(const struct rbt_node *node, enum rbt_side side)
{
	struct rbt_node *parent = rbt_parent(node);

	if (node->child[side])
		return outermost(node->child[side], !side);
	while (parent && parent->child[side] == node) {
		node = parent;
		parent = rbt_parent(node);
	}
	return parent;
}
