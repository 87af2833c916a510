/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bitmap.h - page frames kept in bit fields, without a lock: the design published as LLFree
 * (Wrenger et al., "LLFree: Scalable and Optionally-Persistent Page-Frame Allocation", USENIX
 * ATC 2023), with other bookkeeping.
 *
 * A child is 512 frames: a cache line of bits, and a word that counts the free ones, or says
 * that the child is in use as one block. A tree is 32 children: their words fill one cache
 * line, so that CPUs in different trees write different lines. A CPU works in a tree of its
 * own. It takes the whole count of one child at once, as credit, and then pays one frame of
 * credit and sets one bit per allocation: two compare-and-swaps, both on lines nobody else
 * wants. Freeing clears the bit and adds to the child's count. LLFree keeps a free count per
 * tree as well, which every operation must change; here a tree only has two bits a child,
 * "has free frames" and "is wholly free", which change seldom.
 *
 * Credit never lies: a frame is counted after its bit was cleared, and its bit is set after
 * it was paid for, so a child has at least as many clear bits as it has credit. Everything
 * another CPU may touch is one word, changed by compare-and-swap: any CPU can take back
 * another's credit (bitmap_drain()), so none is out of reach.
 *
 * It knows frames as indices and keeps everything in memory it is given.
 */
#ifndef MMCORE_BITMAP_H
#define MMCORE_BITMAP_H

#include "platform.h"

#define BITMAP_CHILD_ORDER  9
#define BITMAP_CHILD_FRAMES (1UL << BITMAP_CHILD_ORDER)
#define BITMAP_ROWS	    (BITMAP_CHILD_FRAMES / 64)
#define BITMAP_MAX_ORDER    10
/*
 * 64 MiB a tree. More: fewer trees than CPUs on a small machine, and child words of one tree on
 * several lines; less: words of several CPUs' trees on one line.
 */
#define BITMAP_TREE_CHILDREN 32

/* What blocks are for: one kind shares a tree if it can. Blocks of order 9 up are a kind. */
#define BITMAP_KINDS 3

#define BITMAP_NONE (~0UL)

struct bitmap_tree {
	union {
		uint16_t child[BITMAP_TREE_CHILDREN];
		uint32_t pair[BITMAP_TREE_CHILDREN / 2]; /* for a block of two children */
	};
	uint64_t mask;	/* by child: low half, has free frames; high half, is wholly free */
	uint32_t users; /* slots that point into this tree */
	uint32_t kind;	/* of its latest first user */
} __attribute__((aligned(128)));

/* A slot for single frames and one for blocks of each kind, one for orders 9 and up. */
#define BITMAP_SLOTS (2 * BITMAP_KINDS + 1)

struct bitmap_cpu {
	uint64_t slot[BITMAP_SLOTS]; /* row of 64 frames to look at next << 16 | credit */
	long used; /* frames got less frames put that are not in bitmap->used yet; its own */
} __attribute__((aligned(128)));

struct bitmap {
	unsigned long frames; /* indices are below */
	unsigned long added;  /* frames ever given by bitmap_add() */
	unsigned long trees;
	unsigned int cpus;
	struct bitmap_cpu *cpu;
	struct bitmap_tree *tree;
	uint64_t (*field)[BITMAP_ROWS];		 /* by child; 1: in use */
	long used __attribute__((aligned(128))); /* what CPUs have added of theirs */
};
/*
 * A CPU adds its count to the common one when it is as large as this. More: the cheap count is
 * further off, by so many a CPU; less: CPUs write a common line more often.
 */
#define BITMAP_USED_FOLD 2048L

/* Bytes of zeroed memory, aligned to 128, that bitmap_init() needs. */
size_t bitmap_bytes(unsigned long frames, unsigned int cpus);
/* All frames are absent, that is in use for ever, until they are added. */
void bitmap_init(struct bitmap *bitmap, void *memory, unsigned long frames, unsigned int cpus);
/* Frames [first, first + count), until now absent, are free. One CPU only, before any other call.
 */
void bitmap_add(struct bitmap *bitmap, unsigned long first, unsigned long count);

/*
 * In all of these @cpu is the caller's own, pinned; orders are 0..BITMAP_MAX_ORDER, kinds below
 * BITMAP_KINDS.
 *
 * A block of 2^order frames, aligned: its first index, or BITMAP_NONE. Takes other CPUs' credit
 * before it fails, so if no other CPU is active, it fails only if there is no such block.
 */
unsigned long bitmap_get(struct bitmap *bitmap, unsigned int cpu, unsigned int order,
			 unsigned int kind);
/*
 * 0, or -EINVAL and nothing changed if that is not an allocated block: some of it is free, or
 * one of order and allocation is 9 or 10 and the other differs. Orders up to 8 are not told
 * apart: parts of a block may be freed one by one.
 */
int bitmap_put(struct bitmap *bitmap, unsigned int cpu, unsigned long index, unsigned int order);
/*
 * If this allocated frame is part of a block of order 9 or 10, that counts as single frames from
 * here on. Several CPUs may do so at once, each for frames of its own.
 */
void bitmap_split(struct bitmap *bitmap, unsigned long index);

/*
 * Up to @n single frames, as many of a row of 64 at once as there are. Returns how many of
 * index[] were filled: fewer only if there are no more.
 */
unsigned long bitmap_get_bulk(struct bitmap *bitmap, unsigned int cpu, unsigned int kind,
			      unsigned long n, unsigned long *index);
/*
 * Free single frames; neighbours of a row in one go. How many: fewer than @n up to the first
 * frame (or row of neighbours) that is not allocated as single frames.
 */
unsigned long bitmap_put_bulk(struct bitmap *bitmap, unsigned int cpu, unsigned long n,
			      const unsigned long *index);

/* Give back the credit of CPU @cpu, any CPU's; returns how many frames that was. */
unsigned long bitmap_drain(struct bitmap *bitmap, unsigned int cpu);

/* Exact while no CPU is active: reads a line that each CPU writes all the time. */
unsigned long bitmap_free_count(const struct bitmap *bitmap);
/* At least so many, from one line that is seldom written. */
static inline unsigned long bitmap_free_floor(const struct bitmap *bitmap)
{
	long most = __atomic_load_n(&bitmap->used, __ATOMIC_RELAXED) +
		    (long)bitmap->cpus * BITMAP_USED_FOLD;

	return most < (long)bitmap->added ? bitmap->added - (unsigned long)most : 0;
}
/* Children wholly free, less those some CPU holds credit of; reads all of them. */
unsigned long bitmap_free_huge(const struct bitmap *bitmap);
/* True if every frame of the block is free, credit or not. For checks. */
bool bitmap_is_free(const struct bitmap *bitmap, unsigned long index, unsigned int order);
/* What the tree of this frame was used for last. For reports. */
unsigned int bitmap_kind(const struct bitmap *bitmap, unsigned long index);

/* check_bitmap.c: 0, or the number of faults found, each logged. No CPU may be active. */
unsigned long bitmap_check(const struct bitmap *bitmap);

#endif /* MMCORE_BITMAP_H */
