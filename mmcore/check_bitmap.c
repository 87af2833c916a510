/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_bitmap.c - a bitmap at rest: counts and credit against the bits they stand for, and
 * what trees know of their children.
 */
#include "check.h"

#include "bitmap_field.h"
#include "bitmap_tree.h"

struct sums {
	unsigned long faults, free;
};

#define FAULT(sums, ...)                                \
	do {                                            \
		(sums)->faults++;                       \
		plat_log("bitmap_check: " __VA_ARGS__); \
	} while (0)

static unsigned int bits_clear(const uint64_t *field)
{
	unsigned int n = 0;

	for (unsigned int row = 0; row < BITMAP_ROWS; row++) {
		for (uint64_t free = ~field[row]; free; free &= free - 1)
			n++;
	}
	return n;
}

static unsigned int credit_of(const struct bitmap *bitmap, unsigned long child)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < bitmap->cpus * BITMAP_SLOTS; i++) {
		uint64_t slot = bitmap->cpu[i / BITMAP_SLOTS].slot[i % BITMAP_SLOTS];

		if (slot != SLOT_NONE && SLOT_CHILD(slot) == child)
			n += SLOT_CREDIT(slot);
	}
	return n;
}

static void check_child(const struct bitmap *bitmap, unsigned long child, struct sums *sums)
{
	unsigned int word = child_load(bitmap, child), credit = credit_of(bitmap, child);
	unsigned int clear = bits_clear(bitmap->field[child]);

	if (word > BITMAP_CHILD_FRAMES) {
		if ((word != CHILD_BLOCK && word != CHILD_HALF) || clear != BITMAP_CHILD_FRAMES ||
		    credit)
			FAULT(sums, "child %lu is marked %x with %u bits clear, credit %u", child,
			      word, clear, credit);
		if (word == CHILD_HALF && child_load(bitmap, child ^ 1) != CHILD_HALF)
			FAULT(sums, "child %lu is half of a block without the other", child);
	} else {
		if (word + credit != clear)
			FAULT(sums, "child %lu counts %u free, credit %u, but %u bits are clear",
			      child, word, credit, clear);
		sums->free += clear;
	}
	if ((child_tree(bitmap, child)->mask & TREE_BOTH(child)) != tree_bits(child, word))
		FAULT(sums, "the tree of child %lu does not know it has %x", child, word);
}

static void check_users(const struct bitmap *bitmap, unsigned long tree, struct sums *sums)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < bitmap->cpus * BITMAP_SLOTS; i++) {
		uint64_t slot = bitmap->cpu[i / BITMAP_SLOTS].slot[i % BITMAP_SLOTS];

		n += slot != SLOT_NONE && SLOT_TREE(slot) == tree;
	}
	if (n != bitmap->tree[tree].users)
		FAULT(sums, "tree %lu has %u users and counts %u", tree, n,
		      bitmap->tree[tree].users);
}

unsigned long bitmap_check(const struct bitmap *bitmap)
{
	struct sums sums = {0};

	for (unsigned long tree = 0; tree < bitmap->trees; tree++)
		check_users(bitmap, tree, &sums);
	for (unsigned long child = 0; child < bitmap->trees * BITMAP_TREE_CHILDREN; child++)
		check_child(bitmap, child, &sums);
	if (sums.free != bitmap_free_count(bitmap))
		FAULT(&sums, "%lu frames are free, counted are %lu", sums.free,
		      bitmap_free_count(bitmap));
	return sums.faults;
}

void check_bitmap_zone(struct check *check, const struct zone *zone)
{
	const struct bitmap *bitmap = &zone->bitmap;

	check->faults += bitmap_check(bitmap);
	if (bitmap->added != zone->managed)
		CHECK_FAULT(check, "zone %u has %lu frames, its bitmap %lu", zone->number,
			    zone->managed, bitmap->added);
	for (unsigned long i = 0; i < bitmap->frames; i++) {
		if (bitmap_is_free(bitmap, i, 0))
			check_claim(check, &check->core->frames.frame[zone->bitmap_first + i],
				    FRAME_INSIDE, 0, "bitmap");
	}
}
