/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bitmap.c - getting and putting blocks; bitmap.h has the design.
 *
 * No lock is taken: a compare-and-swap that fails means that another CPU got on. Steps that can
 * fail half-way give back what they took. Only bitmap_split() may wait for another CPU.
 */
#include "bitmap.h"

#include "bitmap_field.h"
#include "bitmap_tree.h"

#define SLOT_HUGE (2 * BITMAP_KINDS)
/* How often a search that found nothing takes back all credit: others may claim it again. */
#define DRAIN_TRIES 3

static unsigned int slot_of(unsigned int order, unsigned int kind)
{
	return 2 * kind + (order > 0);
}

static uint64_t slot_load(const uint64_t *slot)
{
	return __atomic_load_n(slot, __ATOMIC_RELAXED);
}

static bool slot_swap(uint64_t *slot, uint64_t *old, uint64_t new)
{
	return __atomic_compare_exchange_n(slot, old, new, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

static void count_used(struct bitmap *bitmap, unsigned int cpu, long n)
{
	long *used = &bitmap->cpu[cpu].used, sum = *used + n;

	if (__builtin_expect(sum >= BITMAP_USED_FOLD || sum <= -BITMAP_USED_FOLD, 0)) {
		__atomic_fetch_add(&bitmap->used, sum, __ATOMIC_RELAXED);
		sum = 0;
	}
	__atomic_store_n(used, sum, __ATOMIC_RELAXED);
}

/* The tree gained or lost a slot that points into it. */
static void tree_join(struct bitmap *bitmap, unsigned long tree, unsigned int kind)
{
	if (!__atomic_fetch_add(&bitmap->tree[tree].users, 1, __ATOMIC_RELAXED))
		__atomic_store_n(&bitmap->tree[tree].kind, kind, __ATOMIC_RELAXED);
}

static void tree_leave(struct bitmap *bitmap, unsigned long tree)
{
	__atomic_fetch_sub(&bitmap->tree[tree].users, 1, __ATOMIC_RELAXED);
}

/* Point a slot to other credit, and give back what it had: that many frames. */
static unsigned int slot_replace(struct bitmap *bitmap, uint64_t *slot, uint64_t new)
{
	uint64_t old = __atomic_exchange_n(slot, new, __ATOMIC_ACQ_REL);

	if (old == SLOT_NONE)
		return 0;
	if (SLOT_CREDIT(old))
		child_add(bitmap, SLOT_CHILD(old), SLOT_CREDIT(old));
	tree_leave(bitmap, SLOT_TREE(old));
	return SLOT_CREDIT(old);
}

static void slot_move(struct bitmap *bitmap, uint64_t *slot, unsigned long child,
		      unsigned int credit, unsigned int kind)
{
	uint64_t old = slot_load(slot), new = SLOT(child, credit);

	/* Seldom to another tree. */
	if (old != SLOT_NONE && SLOT_TREE(old) == SLOT_TREE(new) && slot_swap(slot, &old, new)) {
		if (SLOT_CREDIT(old))
			child_add(bitmap, SLOT_CHILD(old), SLOT_CREDIT(old));
		return;
	}
	tree_join(bitmap, SLOT_TREE(new), kind);
	slot_replace(bitmap, slot, new);
}

/* Add what was freed in the slot's child since it was claimed. */
static bool slot_refill(struct bitmap *bitmap, uint64_t *slot)
{
	uint64_t old = slot_load(slot);
	unsigned long child = SLOT_CHILD(old);
	unsigned int more;

	if (old == SLOT_NONE)
		return false;
	more = bitmap_claim(bitmap, child, 1);
	if (!more)
		return false;
	do {
		/* Drained meanwhile, and perhaps used again elsewhere by its owner. */
		if (old == SLOT_NONE || SLOT_CHILD(old) != child) {
			child_add(bitmap, child, more);
			return true;
		}
	} while (!slot_swap(slot, &old, old + more));
	return true;
}

static unsigned long drain_all(struct bitmap *bitmap)
{
	unsigned long frames = 0;

	for (unsigned int cpu = 0; cpu < bitmap->cpus; cpu++)
		frames += bitmap_drain(bitmap, cpu);
	return frames;
}

/* The CPU's tree for a slot: the slot's own, else that of the other one of its kind. */
static unsigned long own_tree(const struct bitmap_cpu *cpu, unsigned int slot)
{
	uint64_t at = slot_load(&cpu->slot[slot]);

	if (at == SLOT_NONE && slot != SLOT_HUGE)
		at = slot_load(&cpu->slot[slot ^ 1]);
	return at == SLOT_NONE ? BITMAP_NONE : SLOT_TREE(at);
}

/* A child for this slot with a block of @order; takes back all credit if there is none. */
static unsigned long find_child(struct bitmap *bitmap, unsigned int cpu, unsigned int slot,
				unsigned int order, unsigned int kind, unsigned int *drains)
{
	for (;;) {
		unsigned long own = own_tree(&bitmap->cpu[cpu], slot);
		unsigned long home = bitmap->trees * cpu / bitmap->cpus;
		unsigned long child = bitmap_search(bitmap, own, home, order, kind);

		if (child != BITMAP_NONE)
			return child;
		if (++*drains > DRAIN_TRIES || !drain_all(bitmap))
			return BITMAP_NONE;
	}
}

/* Get more credit, in a child with a block of @order. */
static __attribute__((__noinline__)) bool refill(struct bitmap *bitmap, unsigned int cpu,
						 unsigned int order, unsigned int kind,
						 unsigned int *drains)
{
	unsigned int index = slot_of(order, kind), credit;
	uint64_t *slot = &bitmap->cpu[cpu].slot[index];
	unsigned long child;

	if (slot_refill(bitmap, slot))
		return true;
	do {
		child = find_child(bitmap, cpu, index, order, kind, drains);
		if (child == BITMAP_NONE)
			return false;
		credit = bitmap_claim(bitmap, child, 1U << order);
	} while (!credit);
	slot_move(bitmap, slot, child, credit, kind);
	return true;
}

static __attribute__((__noinline__)) unsigned long
get_small(struct bitmap *bitmap, unsigned int cpu, unsigned int order, unsigned int kind)
{
	uint64_t *slot = &bitmap->cpu[cpu].slot[slot_of(order, kind)];
	unsigned int n = 1U << order, drains = 0;

	for (;;) {
		uint64_t old = slot_load(slot);
		unsigned long child = SLOT_CHILD(old);
		unsigned int row = BITMAP_ROWS, bit;

		if (SLOT_CREDIT(old) >= n)
			row = field_seek(bitmap->field[child], SLOT_ROW(old) % BITMAP_ROWS, order);
		if (row == BITMAP_ROWS) {
			if (!refill(bitmap, cpu, order, kind, &drains))
				return BITMAP_NONE;
			continue;
		}
		if (!slot_swap(slot, &old,
			       (child * BITMAP_ROWS + row) << 16 | (SLOT_CREDIT(old) - n)))
			continue;
		bit = field_take(bitmap->field[child], row, order);
		if (bit < BITMAP_CHILD_FRAMES) {
			count_used(bitmap, cpu, n);
			return child * BITMAP_CHILD_FRAMES + bit;
		}
		/* Another CPU with credit in this child was faster. */
		child_add(bitmap, child, n);
	}
}

/* Paid for in @child, but other CPUs with credit there took the row's last frames. */
static __attribute__((__noinline__)) unsigned long
get_elsewhere(struct bitmap *bitmap, unsigned int cpu, unsigned int kind, unsigned long child)
{
	child_add(bitmap, child, 1);
	return get_small(bitmap, cpu, 0, kind);
}

/* From the row at hand: then it calls nothing and saves no register. */
static inline unsigned long get_single(struct bitmap *bitmap, unsigned int cpu, unsigned int kind)
{
	uint64_t *slot = &bitmap->cpu[cpu].slot[slot_of(0, kind)], old = slot_load(slot), bits,
		 *row;

	if (!SLOT_CREDIT(old))
		return get_small(bitmap, cpu, 0, kind);
	row = &bitmap->field[SLOT_CHILD(old)][SLOT_ROW(old) % BITMAP_ROWS];
	bits = row_load(row);
	if (bits == ROW_USED || !slot_swap(slot, &old, old - 1))
		return get_small(bitmap, cpu, 0, kind);
	do {
		unsigned int bit = (unsigned int)__builtin_ctzll(~bits);

		if (row_swap(row, &bits, bits | 1UL << bit)) {
			count_used(bitmap, cpu, 1);
			return SLOT_ROW(old) * 64 + bit;
		}
	} while (bits != ROW_USED);
	return get_elsewhere(bitmap, cpu, kind, SLOT_CHILD(old));
}

/* One or two whole children from @from to @to; false, and nothing changed, if they aren't @from. */
static inline bool swap_children(struct bitmap *bitmap, unsigned long child, unsigned int order,
				 unsigned int from, unsigned int to)
{
	bool done;

	if (order == BITMAP_CHILD_ORDER) {
		uint16_t old = (uint16_t)from;

		done = __atomic_compare_exchange_n(child_word(bitmap, child), &old, (uint16_t)to,
						   false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
	} else {
		unsigned long pair = child % BITMAP_TREE_CHILDREN / 2;
		uint32_t old = from << 16 | from;

		done = __atomic_compare_exchange_n(&child_tree(bitmap, child)->pair[pair], &old,
						   to << 16 | to, false, __ATOMIC_SEQ_CST,
						   __ATOMIC_RELAXED);
	}
	if (done)
		tree_tell(bitmap, child, order == BITMAP_CHILD_ORDER ? 1 : 2);
	return done;
}

static unsigned int block_mark(unsigned int order)
{
	return order == BITMAP_CHILD_ORDER ? CHILD_BLOCK : CHILD_HALF;
}

static inline bool take_huge(struct bitmap *bitmap, unsigned long child, unsigned int order)
{
	return swap_children(bitmap, child, order, BITMAP_CHILD_FRAMES, block_mark(order));
}

/* In another tree than the slot's. */
static __attribute__((__noinline__)) unsigned long find_huge(struct bitmap *bitmap,
							     unsigned int cpu, unsigned int order)
{
	unsigned int drains = 0;
	unsigned long child, tree;

	do {
		child = find_child(bitmap, cpu, SLOT_HUGE, order, KIND_HUGE, &drains);
		if (child == BITMAP_NONE)
			return BITMAP_NONE;
	} while (!take_huge(bitmap, child, order));
	tree = child / BITMAP_TREE_CHILDREN;
	if (own_tree(&bitmap->cpu[cpu], SLOT_HUGE) != tree)
		slot_move(bitmap, &bitmap->cpu[cpu].slot[SLOT_HUGE], tree * BITMAP_TREE_CHILDREN, 0,
			  KIND_HUGE);
	return child;
}

static __attribute__((__noinline__)) unsigned long get_huge(struct bitmap *bitmap, unsigned int cpu,
							    unsigned int order)
{
	uint64_t slot = slot_load(&bitmap->cpu[cpu].slot[SLOT_HUGE]);
	unsigned long child = BITMAP_NONE;

	if (slot != SLOT_NONE)
		child = tree_whole(bitmap, SLOT_TREE(slot), order);
	if (child == BITMAP_NONE || !take_huge(bitmap, child, order)) {
		child = find_huge(bitmap, cpu, order);
		if (child == BITMAP_NONE)
			return BITMAP_NONE;
	}
	count_used(bitmap, cpu, 1L << order);
	return child * BITMAP_CHILD_FRAMES;
}

unsigned long bitmap_get(struct bitmap *bitmap, unsigned int cpu, unsigned int order,
			 unsigned int kind)
{
	if (!order)
		return get_single(bitmap, cpu, kind);
	if (order < BITMAP_CHILD_ORDER)
		return get_small(bitmap, cpu, order, kind);
	return get_huge(bitmap, cpu, order);
}

/* Inside the frames there are, and aligned. */
static bool block_fits(const struct bitmap *bitmap, unsigned long index, unsigned int order)
{
	return index < bitmap->frames && bitmap->frames - index >= 1UL << order &&
	       !(index & ((1UL << order) - 1));
}

/* As get_small(). */
static inline __attribute__((always_inline)) int put_small(struct bitmap *bitmap, unsigned int cpu,
							   unsigned long index, unsigned int order)
{
	unsigned long child = index / BITMAP_CHILD_FRAMES;

	if (__builtin_expect(!block_fits(bitmap, index, order), 0))
		return -EINVAL;
	if (!field_give(bitmap->field[child], index % BITMAP_CHILD_FRAMES, order))
		return -EINVAL;
	child_add(bitmap, child, 1U << order);
	count_used(bitmap, cpu, -(1L << order));
	return 0;
}

static __attribute__((__noinline__)) int put_block(struct bitmap *bitmap, unsigned int cpu,
						   unsigned long index, unsigned int order)
{
	return put_small(bitmap, cpu, index, order);
}

static __attribute__((__noinline__)) int put_huge(struct bitmap *bitmap, unsigned int cpu,
						  unsigned long index, unsigned int order)
{
	unsigned long child = index / BITMAP_CHILD_FRAMES;

	if (!block_fits(bitmap, index, order) ||
	    !swap_children(bitmap, child, order, block_mark(order), BITMAP_CHILD_FRAMES))
		return -EINVAL;
	count_used(bitmap, cpu, -(1L << order));
	return 0;
}

int bitmap_put(struct bitmap *bitmap, unsigned int cpu, unsigned long index, unsigned int order)
{
	if (!order)
		return put_small(bitmap, cpu, index, 0);
	if (order < BITMAP_CHILD_ORDER)
		return put_block(bitmap, cpu, index, order);
	return put_huge(bitmap, cpu, index, order);
}

/* Frees may come between: of frames whose bits are set already. */
static void split_children(struct bitmap *bitmap, unsigned long child, unsigned int order)
{
	unsigned long children = order == BITMAP_CHILD_ORDER ? 1 : 2;

	for (unsigned long row = 0; row < children * BITMAP_ROWS; row++)
		__atomic_store_n(&bitmap->field[child + row / BITMAP_ROWS][row % BITMAP_ROWS],
				 ROW_USED, __ATOMIC_RELAXED);
	/* What was counted since stays counted. */
	for (unsigned long i = 0; i < children; i++)
		__atomic_fetch_sub(child_word(bitmap, child + i), CHILD_SPLIT, __ATOMIC_SEQ_CST);
	tree_tell(bitmap, child, (unsigned int)children);
}

void bitmap_split(struct bitmap *bitmap, unsigned long index)
{
	unsigned long child = index / BITMAP_CHILD_FRAMES, spins = 0;
	unsigned int mark = child_load(bitmap, child), order;

	if (mark == CHILD_BLOCK || mark == CHILD_HALF) {
		order = mark == CHILD_BLOCK ? BITMAP_CHILD_ORDER : BITMAP_MAX_ORDER;
		if (mark == CHILD_HALF)
			child &= ~1UL;
		if (swap_children(bitmap, child, order, mark, CHILD_SPLIT)) {
			split_children(bitmap, child, order);
			return;
		}
	}
	/* Another CPU is at it: a few stores. */
	while (__atomic_load_n(child_word(bitmap, child), __ATOMIC_ACQUIRE) & CHILD_SPLIT)
		plat_relax(spins++);
}

/* The lowest @n bits of @bits, or all; how many that is goes to @count, each to @index. */
static uint64_t lowest(uint64_t bits, unsigned long n, unsigned long first, unsigned long *index,
		       unsigned int *count)
{
	uint64_t rest = bits;

	for (*count = 0; rest && *count < n; rest &= rest - 1)
		index[(*count)++] = first + (unsigned int)__builtin_ctzll(rest);
	return bits ^ rest;
}

unsigned long bitmap_get_bulk(struct bitmap *bitmap, unsigned int cpu, unsigned int kind,
			      unsigned long n, unsigned long *index)
{
	uint64_t *slot = &bitmap->cpu[cpu].slot[slot_of(0, kind)];
	unsigned int drains = 0, paid, count;
	unsigned long got = 0;

	while (got < n) {
		uint64_t old = slot_load(slot), *field, bits, taken;
		unsigned long child = SLOT_CHILD(old), credit = SLOT_CREDIT(old);
		unsigned int row = BITMAP_ROWS;

		if (credit)
			row = field_seek(bitmap->field[child], SLOT_ROW(old) % BITMAP_ROWS, 0);
		if (row == BITMAP_ROWS) {
			if (!refill(bitmap, cpu, 0, kind, &drains))
				break;
			continue;
		}
		field = &bitmap->field[child][row];
		bits = row_load(field);
		lowest(~bits, credit < n - got ? credit : n - got, 0, &index[got], &paid);
		if (!slot_swap(slot, &old, (child * BITMAP_ROWS + row) << 16 | (credit - paid)))
			continue;
		do {
			taken = lowest(~bits, paid, child * BITMAP_CHILD_FRAMES + row * 64,
				       &index[got], &count);
		} while (!row_swap(field, &bits, bits | taken));
		if (count < paid)
			child_add(bitmap, child, paid - count);
		got += count;
	}
	count_used(bitmap, cpu, (long)got);
	return got;
}

unsigned long bitmap_put_bulk(struct bitmap *bitmap, unsigned int cpu, unsigned long n,
			      const unsigned long *index)
{
	unsigned long done = 0;

	while (done < n) {
		unsigned long row = index[done] / 64, child = row / BITMAP_ROWS, end = done;
		uint64_t bits = 0;

		if (index[done] >= bitmap->frames)
			break;
		while (end < n && index[end] / 64 == row && !(bits >> index[end] % 64 & 1))
			bits |= 1UL << index[end++] % 64;
		if (!row_give(&bitmap->field[child][row % BITMAP_ROWS], bits))
			break;
		child_add(bitmap, child, (unsigned int)(end - done));
		done = end;
	}
	count_used(bitmap, cpu, -(long)done);
	return done;
}

unsigned long bitmap_drain(struct bitmap *bitmap, unsigned int cpu)
{
	unsigned long frames = 0;

	for (unsigned int i = 0; i < BITMAP_SLOTS; i++) {
		uint64_t *slot = &bitmap->cpu[cpu].slot[i];

		if (slot_load(slot) != SLOT_NONE)
			frames += slot_replace(bitmap, slot, SLOT_NONE);
	}
	return frames;
}

unsigned long bitmap_free_count(const struct bitmap *bitmap)
{
	unsigned long free = bitmap->added;

	free -= (unsigned long)__atomic_load_n(&bitmap->used, __ATOMIC_RELAXED);
	for (unsigned int cpu = 0; cpu < bitmap->cpus; cpu++)
		free -= (unsigned long)__atomic_load_n(&bitmap->cpu[cpu].used, __ATOMIC_RELAXED);
	return free;
}

unsigned long bitmap_free_huge(const struct bitmap *bitmap)
{
	unsigned long n = 0;

	for (unsigned long child = 0; child < bitmap->trees * BITMAP_TREE_CHILDREN; child++)
		n += child_load(bitmap, child) == BITMAP_CHILD_FRAMES;
	return n;
}

bool bitmap_is_free(const struct bitmap *bitmap, unsigned long index, unsigned int order)
{
	for (unsigned long i = index; i < index + (1UL << order); i++) {
		unsigned long child = i / BITMAP_CHILD_FRAMES, bit = i % BITMAP_CHILD_FRAMES;

		if (child_load(bitmap, child) > BITMAP_CHILD_FRAMES ||
		    row_load(&bitmap->field[child][bit / 64]) >> bit % 64 & 1)
			return false;
	}
	return true;
}

unsigned int bitmap_kind(const struct bitmap *bitmap, unsigned long index)
{
	const struct bitmap_tree *tree =
		&bitmap->tree[index / (BITMAP_TREE_CHILDREN * BITMAP_CHILD_FRAMES)];
	unsigned int kind = __atomic_load_n(&tree->kind, __ATOMIC_RELAXED);

	return kind < BITMAP_KINDS ? kind : 0;
}

static unsigned long trees_of(unsigned long frames)
{
	unsigned long tree = BITMAP_TREE_CHILDREN * BITMAP_CHILD_FRAMES;

	return (frames + tree - 1) / tree;
}

size_t bitmap_bytes(unsigned long frames, unsigned int cpus)
{
	return cpus * sizeof(struct bitmap_cpu) +
	       trees_of(frames) * (sizeof(struct bitmap_tree) +
				   BITMAP_TREE_CHILDREN * sizeof(uint64_t[BITMAP_ROWS]));
}

void bitmap_init(struct bitmap *bitmap, void *memory, unsigned long frames, unsigned int cpus)
{
	*bitmap = (struct bitmap){.frames = frames, .trees = trees_of(frames), .cpus = cpus};
	bitmap->cpu = memory;
	bitmap->tree = (struct bitmap_tree *)&bitmap->cpu[cpus];
	bitmap->field = (uint64_t(*)[BITMAP_ROWS]) & bitmap->tree[bitmap->trees];
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		for (unsigned int i = 0; i < BITMAP_SLOTS; i++)
			bitmap->cpu[cpu].slot[i] = SLOT_NONE;
	}
	for (unsigned long tree = 0; tree < bitmap->trees; tree++)
		bitmap->tree[tree].kind = KIND_UNUSED;
	memset(bitmap->field, 0xff,
	       bitmap->trees * BITMAP_TREE_CHILDREN * sizeof(bitmap->field[0]));
}

void bitmap_add(struct bitmap *bitmap, unsigned long first, unsigned long count)
{
	unsigned long end = first + count;

	for (unsigned long at = first; at < end;) {
		unsigned long child = at / BITMAP_CHILD_FRAMES, bit = at % BITMAP_CHILD_FRAMES;
		unsigned int order = __builtin_ctzl(bit | BITMAP_CHILD_FRAMES >> 1);

		while (1UL << order > end - at)
			order--;
		field_give(bitmap->field[child], (unsigned int)bit, order);
		child_add(bitmap, child, 1U << order);
		at += 1UL << order;
	}
	bitmap->added += count;
}
