/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bitmap_search.c - which child to allocate from next, and taking its count.
 *
 * Single frames go into children already begun, huge blocks need whole ones; so the search
 * takes a begun child, near, then a whole one, and only then looks into trees others work in.
 * A begun child is worth moving to if some frames come with it: below WORTH_FRAMES the moves
 * would cost more than the allocations.
 */
#include "bitmap_field.h"
#include "bitmap_tree.h"

#define WORTH_FRAMES 32
/* Trees looked at for a begun child before a whole one is taken: 1 GiB. */
#define NEAR_TREES 16
/* Blocks of these orders may well be in a tight child; larger ones are not looked for there. */
#define TIGHT_ORDERS 5

#define TREE_HALF 0xffffffffUL

/* Out of line: seldom called from what is often called. */
void bitmap_tell_tree(struct bitmap *bitmap, unsigned long child)
{
	tree_tell(bitmap, child, 1);
}

unsigned int bitmap_claim(struct bitmap *bitmap, unsigned long child, unsigned int n)
{
	uint16_t *word = child_word(bitmap, child);
	uint16_t old = __atomic_load_n(word, __ATOMIC_RELAXED);

	do {
		if (old < n || old > BITMAP_CHILD_FRAMES)
			return 0;
	} while (!__atomic_compare_exchange_n(word, &old, 0, false, __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	tree_tell(bitmap, child, 1);
	return old;
}

static uint64_t tight(uint64_t mask)
{
	return mask & ~(mask >> BITMAP_TREE_CHILDREN) & TREE_HALF;
}

static uint64_t roomy(uint64_t mask)
{
	return mask >> BITMAP_TREE_CHILDREN & ~mask;
}

static uint64_t whole(uint64_t mask)
{
	return mask >> BITMAP_TREE_CHILDREN & mask;
}

/* Where to look, in this order. */
enum step {
	OWN_TIGHT,
	NEAR_TIGHT,
	OWN_ROOMY,
	NEAR_ROOMY,
	OWN_WHOLE,
	IDLE_WHOLE,
	IDLE_ANY,
	EVERYWHERE,
	STEPS
};

/* Children of a tree to consider in this step: a set. */
static uint64_t candidates(const struct bitmap_tree *tree, enum step step, unsigned int kind)
{
	uint64_t mask = __atomic_load_n(&tree->mask, __ATOMIC_RELAXED);
	bool idle = !__atomic_load_n(&tree->users, __ATOMIC_RELAXED);
	bool same = idle && __atomic_load_n(&tree->kind, __ATOMIC_RELAXED) == kind;

	switch (step) {
	case OWN_TIGHT:
		return tight(mask);
	case NEAR_TIGHT:
		return same ? tight(mask) : 0;
	case OWN_ROOMY:
		return roomy(mask);
	case NEAR_ROOMY:
		return same ? roomy(mask) : 0;
	case OWN_WHOLE:
		return whole(mask);
	case IDLE_WHOLE:
		/* A wholly free tree has no kind any more. */
		return same || (idle && whole(mask) == TREE_HALF) ? whole(mask) : 0;
	case IDLE_ANY:
		return idle ? (mask | mask >> BITMAP_TREE_CHILDREN) & TREE_HALF : 0;
	default: /* by the words alone, see bitmap_tree.h */
		return TREE_HALF;
	}
}

static bool has_block(const struct bitmap *bitmap, unsigned long child, unsigned int order,
		      unsigned int least)
{
	unsigned int word = child_load(bitmap, child);

	if (order >= BITMAP_CHILD_ORDER)
		return word == BITMAP_CHILD_FRAMES &&
		       (order == BITMAP_CHILD_ORDER ||
			child_load(bitmap, child + 1) == BITMAP_CHILD_FRAMES);
	if (word < least || word > BITMAP_CHILD_FRAMES)
		return false;
	return !order || field_seek(bitmap->field[child], 0, order) < BITMAP_ROWS;
}

/* Of these children of a tree the first that has a block, or BITMAP_NONE. */
static unsigned long pick(const struct bitmap *bitmap, unsigned long tree, uint64_t set,
			  unsigned int order, unsigned int least)
{
	if (order > BITMAP_CHILD_ORDER)
		set &= set >> 1 & 0x55555555;
	for (; set; set &= set - 1) {
		unsigned long child =
			tree * BITMAP_TREE_CHILDREN + (unsigned int)__builtin_ctzll(set);

		if (has_block(bitmap, child, order, least))
			return child;
	}
	return BITMAP_NONE;
}

static bool step_is_own(enum step step)
{
	return step == OWN_TIGHT || step == OWN_ROOMY || step == OWN_WHOLE;
}

static bool step_is_near(enum step step)
{
	return step == NEAR_TIGHT || step == NEAR_ROOMY;
}

static unsigned long near_trees(const struct bitmap *bitmap)
{
	return bitmap->trees < NEAR_TREES ? bitmap->trees : NEAR_TREES;
}

/*
 * Whether a tree from @from on has a begun child at all. Mostly none has, where large blocks are
 * wanted, and this loop, without a branch, is a third of the cost of looking at each.
 */
static bool begun_near(const struct bitmap *bitmap, unsigned long from)
{
	unsigned long tree = from;
	uint64_t begun = 0;

	for (unsigned long i = near_trees(bitmap); i; i--) {
		uint64_t mask = __atomic_load_n(&bitmap->tree[tree].mask, __ATOMIC_RELAXED);

		begun |= mask ^ mask >> BITMAP_TREE_CHILDREN;
		tree = tree + 1 < bitmap->trees ? tree + 1 : 0;
	}
	return begun & TREE_HALF;
}

static unsigned long search_step(const struct bitmap *bitmap, enum step step, unsigned long from,
				 unsigned int order, unsigned int kind)
{
	unsigned int least = 1U << (order < BITMAP_CHILD_ORDER ? order : BITMAP_CHILD_ORDER);
	unsigned long trees = bitmap->trees, child = BITMAP_NONE;

	if (step_is_own(step))
		trees = 1;
	if (step_is_near(step))
		trees = near_trees(bitmap);
	if (step <= NEAR_TIGHT && least < WORTH_FRAMES)
		least = WORTH_FRAMES;
	for (unsigned long i = 0, tree = from; i < trees && child == BITMAP_NONE; i++) {
		child = pick(bitmap, tree, candidates(&bitmap->tree[tree], step, kind), order,
			     least);
		if (++tree == bitmap->trees)
			tree = 0;
	}
	return child;
}

unsigned long bitmap_search(const struct bitmap *bitmap, unsigned long own, unsigned long home,
			    unsigned int order, unsigned int kind)
{
	unsigned long near = own == BITMAP_NONE ? home : own;
	unsigned long child = BITMAP_NONE;
	enum step step = OWN_TIGHT;

	if (order >= TIGHT_ORDERS)
		step = order < BITMAP_CHILD_ORDER ? OWN_ROOMY : OWN_WHOLE;
	for (; step < STEPS && child == BITMAP_NONE; step++) {
		if (step_is_own(step)) {
			if (own != BITMAP_NONE)
				child = search_step(bitmap, step, own, order, kind);
		} else if (!step_is_near(step)) {
			child = search_step(bitmap, step, home, order, kind);
		} else if (begun_near(bitmap, near)) {
			child = search_step(bitmap, step, near, order, kind);
		}
	}
	return child;
}
