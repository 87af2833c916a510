/* SPDX-License-Identifier: GPL-2.0-only */
/* rbtree_check.c - verify a tree: links, order of keys, colours, black heights, weights. */
#include "rbtree.h"

static const char *link_fault(const struct rbt_node *node, enum rbt_side side)
{
	const struct rbt_node *child = node->child[side];

	if (!child)
		return NULL;
	if (rbt_parent(child) != node)
		return "a child does not point back to its parent";
	if (child->key == node->key || (child->key > node->key) != (side == RBT_RIGHT))
		return "keys are out of order";
	if (rbt_is_red(node) && rbt_is_red(child))
		return "a red node has a red child";
	return NULL;
}

/* The black height of what hangs at @node; meaningless once *why is set. */
static unsigned int check_below(const struct rbt_node *node, const char **why,
				const struct rbt_node **at)
{
	unsigned int height[2] = {0, 0};

	for (int side = RBT_LEFT; side <= RBT_RIGHT; side++) {
		*at = node;
		*why = link_fault(node, side);
		if (!*why && node->child[side])
			height[side] = check_below(node->child[side], why, at);
		if (*why)
			return 0;
	}
	*at = node;
	if (height[RBT_LEFT] != height[RBT_RIGHT])
		*why = "black heights differ";
	else if (node->heaviest != rbt_heaviest(node))
		*why = "the heaviest weight is wrong";
	return height[RBT_LEFT] + !rbt_is_red(node);
}

const char *rbt_check(const struct rbt_tree *tree, const struct rbt_node **at)
{
	const struct rbt_node *last = NULL;
	const char *why = NULL;

	*at = tree->root;
	if (!tree->root)
		return NULL;
	if (rbt_is_red(tree->root) || rbt_parent(tree->root))
		return "the root is red or has a parent";
	check_below(tree->root, &why, at);
	if (why)
		return why;
	/* Each link is in order; that all of a subtree is, only the walk shows. */
	for (*at = rbt_first(tree); *at; *at = rbt_neighbour(*at, RBT_RIGHT)) {
		if (last && last->key >= (*at)->key)
			return "keys are out of order";
		last = *at;
	}
	return NULL;
}
