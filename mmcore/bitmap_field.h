/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bitmap_field.h - blocks of orders 0 to 8 within one child's 512 bits; 1 is in use.
 *
 * Up to order 6 a block lies within a row of 64 bits and is taken by one compare-and-swap.
 * Orders 7 and 8 are 2 and 4 whole rows, taken one by one; who meets a used one gives back
 * those before it.
 */
#ifndef MMCORE_BITMAP_FIELD_H
#define MMCORE_BITMAP_FIELD_H

#include "bitmap.h"

#define ROW_ORDER 6
#define ROW_USED  (~0UL)

/* @order is at most ROW_ORDER. */
static inline uint64_t row_block(unsigned int order)
{
	return ROW_USED >> (64 - (1U << order));
}

/* The aligned free blocks of this order, each by its first bit. */
static inline uint64_t row_blocks_free(uint64_t row, unsigned int order)
{
	static const uint64_t aligned[ROW_ORDER + 1] = {
		~0UL,
		0x5555555555555555UL,
		0x1111111111111111UL,
		0x0101010101010101UL,
		0x0001000100010001UL,
		0x0000000100000001UL,
		1UL,
	};
	uint64_t free = ~row;

	if (!order)
		return free;
	if (order == ROW_ORDER)
		return !row;
	for (unsigned int half = 0; half < order; half++)
		free &= free >> (1U << half);
	return free & aligned[order];
}

static inline uint64_t row_load(const uint64_t *row)
{
	return __atomic_load_n(row, __ATOMIC_RELAXED);
}

/* Acquire: what the last user of the frames wrote is before us; release: the reverse. */
static inline bool row_swap(uint64_t *row, uint64_t *old, uint64_t new)
{
	return __atomic_compare_exchange_n(row, old, new, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

/* The first of a block's rows, from row @from on and around; BITMAP_ROWS if there is none. */
static inline unsigned int field_seek(const uint64_t *field, unsigned int from, unsigned int order)
{
	unsigned int row, step, i;

	if (order <= ROW_ORDER) {
		for (i = 0; i < BITMAP_ROWS; i++) {
			row = (from + i) % BITMAP_ROWS;
			if (row_blocks_free(row_load(&field[row]), order))
				return row;
		}
		return BITMAP_ROWS;
	}
	step = 1U << (order - ROW_ORDER);
	for (row = 0; row < BITMAP_ROWS; row += step) {
		for (i = 0; i < step && !row_load(&field[row + i]); i++)
			;
		if (i == step)
			return row;
	}
	return BITMAP_ROWS;
}

/* Set the bits of a free block that begins in row @row: its first bit, or BITMAP_CHILD_FRAMES. */
static inline unsigned int field_take(uint64_t *field, unsigned int row, unsigned int order)
{
	unsigned int step, i;

	if (order <= ROW_ORDER) {
		uint64_t old = row_load(&field[row]), blocks;

		while ((blocks = row_blocks_free(old, order))) {
			unsigned int bit = (unsigned int)__builtin_ctzll(blocks);

			if (row_swap(&field[row], &old, old | row_block(order) << bit))
				return row * 64 + bit;
		}
		return BITMAP_CHILD_FRAMES;
	}
	step = 1U << (order - ROW_ORDER);
	for (i = 0; i < step; i++) {
		uint64_t old = 0;

		if (!row_swap(&field[row + i], &old, ROW_USED))
			break;
	}
	if (i == step)
		return row * 64;
	/* Nobody can have freed bits of ours in between: they have no other owner. */
	while (i--)
		__atomic_store_n(&field[row + i], 0, __ATOMIC_RELEASE);
	return BITMAP_CHILD_FRAMES;
}

/* Clear those bits of a row: false, and nothing changed, if one of them is clear. */
static inline bool row_give(uint64_t *row, uint64_t bits)
{
	uint64_t old = row_load(row);

	do {
		if ((old & bits) != bits)
			return false;
	} while (!row_swap(row, &old, old & ~bits));
	return true;
}

/*
 * Clear a block's bits: false if one of them is clear. Rows are looked at before the first is
 * changed; that one is given and another not takes two CPUs that free the same block at once.
 */
static inline bool field_give(uint64_t *field, unsigned int bit, unsigned int order)
{
	unsigned int row = bit / 64, step, i;

	/* One instruction, which needs no look before it. */
	if (!order)
		return __atomic_fetch_and(&field[row], ~(1UL << bit % 64), __ATOMIC_ACQ_REL) &
		       1UL << bit % 64;
	if (order <= ROW_ORDER)
		return row_give(&field[row], row_block(order) << bit % 64);
	step = 1U << (order - ROW_ORDER);
	for (i = 0; i < step; i++) {
		if (row_load(&field[row + i]) != ROW_USED)
			return false;
	}
	for (i = 0; i < step; i++) {
		if (!row_give(&field[row + i], ROW_USED))
			return false;
	}
	return true;
}

#endif /* MMCORE_BITMAP_FIELD_H */
