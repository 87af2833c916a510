/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rbtree.h - a red-black tree that also knows the heaviest weight below each node.
 *
 * Nodes are ordered by key, all keys distinct. The weight is what searches ask for beside
 * the key, here the size of a range. The tree owns no memory and takes no lock.
 */
#ifndef MMCORE_RBTREE_H
#define MMCORE_RBTREE_H

#include "platform.h"

/* A child is chosen by direction, so that each mirrored case is written once. */
enum rbt_side { RBT_LEFT, RBT_RIGHT };

struct rbt_node {
	struct rbt_node *child[2];
	uintptr_t parent_red;	/* the parent, and in bit 0 whether this node is red */
	unsigned long key;	/* may change while in the tree if the order stays the same */
	unsigned long weight;	/* in the tree, change it by rbt_set_weight() */
	unsigned long heaviest; /* of this node and all below it */
};

struct rbt_tree {
	struct rbt_node *root;
};

/* @node has its key and weight set. */
void rbt_insert(struct rbt_tree *tree, struct rbt_node *node);
void rbt_erase(struct rbt_tree *tree, struct rbt_node *node);
void rbt_set_weight(struct rbt_node *node, unsigned long weight);

/* The node of the largest key not above @key, or NULL. */
struct rbt_node *rbt_at_or_below(const struct rbt_tree *tree, unsigned long key);
/* The node of the lowest key whose weight is at least @weight, or NULL; *steps += visited. */
struct rbt_node *rbt_first_fit(const struct rbt_tree *tree, unsigned long weight,
			       unsigned long *steps);

/* In order of keys; the neighbour on @side, NULL at the end. */
struct rbt_node *rbt_first(const struct rbt_tree *tree);
struct rbt_node *rbt_neighbour(const struct rbt_node *node, enum rbt_side side);

static inline struct rbt_node *rbt_parent(const struct rbt_node *node)
{
	return (struct rbt_node *)(node->parent_red & ~1UL);
}

/* A missing child counts as black. */
static inline bool rbt_is_red(const struct rbt_node *node)
{
	return node && (node->parent_red & 1);
}

/* What node->heaviest should be, from its own weight and its children. */
static inline unsigned long rbt_heaviest(const struct rbt_node *node)
{
	unsigned long heaviest = node->weight;

	for (int side = RBT_LEFT; side <= RBT_RIGHT; side++) {
		if (node->child[side] && node->child[side]->heaviest > heaviest)
			heaviest = node->child[side]->heaviest;
	}
	return heaviest;
}

/* What is wrong with the tree and at which node, or NULL: links, order, colours, weights. */
const char *rbt_check(const struct rbt_tree *tree, const struct rbt_node **at);

#endif /* MMCORE_RBTREE_H */
