/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bitmap_tree.h - a child's word, and what its tree knows of it.
 *
 * The word is the number of free frames nobody has credit for, or one of the marks. The tree's
 * two bits follow it: who changes whether a child has none, few or many free frames, or is wholly
 * free, tells the tree, then looks again. So the last one to tell saw the last change, and at rest
 * the bits are right; meanwhile a search may miss a child, which is why one that finds nothing
 * reads the words themselves (bitmap_search.c).
 */
#ifndef MMCORE_BITMAP_TREE_H
#define MMCORE_BITMAP_TREE_H

#include "bitmap.h"

/* In use as one block of order 9; as half of a block of order 10. The field is all clear then. */
#define CHILD_BLOCK 0x8000U
#define CHILD_HALF  0x4000U
/* Added to the count while somebody sets the bits of the field: it was one of them. */
#define CHILD_SPLIT 0x2000U

/*
 * Below this many free frames a child is tight, from it on roomy; a power of two. Tight ones are
 * filled up first, so that frees at random leave the roomy ones wholly free in the end.
 */
#define CHILD_ROOMY 256U

/* A child's two bits in its tree's mask: neither: none free, low: tight, high: roomy, or whole. */
#define TREE_LOW(child)	 (1UL << (child) % BITMAP_TREE_CHILDREN)
#define TREE_HIGH(child) (TREE_LOW(child) << BITMAP_TREE_CHILDREN)
#define TREE_BOTH(child) (TREE_LOW(child) | TREE_HIGH(child))

/* The kind of blocks of order 9 and up. */
#define KIND_HUGE BITMAP_KINDS
/* Of a tree nobody has used yet. */
#define KIND_UNUSED (BITMAP_KINDS + 1)

#define SLOT_NONE	    (~0UL << 16)
#define SLOT(child, credit) ((uint64_t)(child)*BITMAP_ROWS << 16 | (credit))
#define SLOT_CREDIT(slot)   ((slot)&0xffff)
#define SLOT_ROW(slot)	    ((slot) >> 16)
#define SLOT_CHILD(slot)    (SLOT_ROW(slot) / BITMAP_ROWS)
#define SLOT_TREE(slot)	    (SLOT_CHILD(slot) / BITMAP_TREE_CHILDREN)

static inline struct bitmap_tree *child_tree(const struct bitmap *bitmap, unsigned long child)
{
	return &bitmap->tree[child / BITMAP_TREE_CHILDREN];
}

static inline uint16_t *child_word(const struct bitmap *bitmap, unsigned long child)
{
	return &child_tree(bitmap, child)->child[child % BITMAP_TREE_CHILDREN];
}

static inline unsigned int child_load(const struct bitmap *bitmap, unsigned long child)
{
	return __atomic_load_n(child_word(bitmap, child), __ATOMIC_RELAXED);
}

/* What the tree's two bits of a child with this word must be. */
static inline uint64_t tree_bits(unsigned long child, unsigned int word)
{
	if (!word || word > BITMAP_CHILD_FRAMES)
		return 0;
	if (word == BITMAP_CHILD_FRAMES)
		return TREE_BOTH(child);
	return word < CHILD_ROOMY ? TREE_LOW(child) : TREE_HIGH(child);
}

/* What those of @n children's words are now, as bits of the mask. */
static inline uint64_t tree_bits_now(const struct bitmap *bitmap, unsigned long child,
				     unsigned int n)
{
	uint64_t bits = 0;

	for (unsigned int i = 0; i < n; i++)
		bits |= tree_bits(child + i,
				  __atomic_load_n(child_word(bitmap, child + i), __ATOMIC_SEQ_CST));
	return bits;
}

/* The words of @n children of a tree, 1 or 2, have changed: tell it. */
static inline void tree_tell(struct bitmap *bitmap, unsigned long child, unsigned int n)
{
	uint64_t *mask = &child_tree(bitmap, child)->mask;
	uint64_t both = n == 1 ? TREE_BOTH(child) : TREE_BOTH(child) | TREE_BOTH(child + 1);
	uint64_t bits, old;

	do {
		bits = tree_bits_now(bitmap, child, n);
		old = __atomic_load_n(mask, __ATOMIC_SEQ_CST);
		while ((old & both) != bits &&
		       !__atomic_compare_exchange_n(mask, &old, (old & ~both) | bits, false,
						    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			;
	} while (bits != tree_bits_now(bitmap, child, n));
}
void bitmap_tell_tree(struct bitmap *bitmap, unsigned long child);

/* Count @n frames, whose bits are clear, as free. */
static inline void child_add(struct bitmap *bitmap, unsigned long child, unsigned int n)
{
	unsigned int old =
		__atomic_fetch_add(child_word(bitmap, child), (uint16_t)n, __ATOMIC_SEQ_CST);

	/* One test for becoming roomy and becoming whole. */
	if (__builtin_expect(!old || (old ^ (old + n)) >= CHILD_ROOMY, 0))
		bitmap_tell_tree(bitmap, child);
}

/* Take all of a child's count, if that is at least @n: how much it was, or 0. */
unsigned int bitmap_claim(struct bitmap *bitmap, unsigned long child, unsigned int n);

/* A child of a tree whose block of order 9 or 10 looks free by the tree's mask, or BITMAP_NONE. */
static inline unsigned long tree_whole(const struct bitmap *bitmap, unsigned long tree,
				       unsigned int order)
{
	uint64_t mask = __atomic_load_n(&bitmap->tree[tree].mask, __ATOMIC_RELAXED);

	mask &= mask >> BITMAP_TREE_CHILDREN;
	if (order > BITMAP_CHILD_ORDER)
		mask &= mask >> 1 & 0x55555555;
	if (!mask)
		return BITMAP_NONE;
	return tree * BITMAP_TREE_CHILDREN + (unsigned int)__builtin_ctzll(mask);
}

/*
 * A child with a free block of @order, or BITMAP_NONE. @own is the caller's tree, or BITMAP_NONE;
 * @home is where it begins to look for another: a CPU that always begins at the same one uses
 * the same ones again, and does not wander into those that others are freeing into.
 */
unsigned long bitmap_search(const struct bitmap *bitmap, unsigned long own, unsigned long home,
			    unsigned int order, unsigned int kind);

#endif /* MMCORE_BITMAP_TREE_H */
