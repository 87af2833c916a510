/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_bitmap.c - the bitmap of page frames against an array of bytes.
 *
 * TRI_STEPS sets how many random operations are done (default 100,000).
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "model_platform.h"

#include "bitmap.h"
#include "bitmap_tree.h"

#define TREE   (BITMAP_TREE_CHILDREN * BITMAP_CHILD_FRAMES)
#define FRAMES (4 * TREE - 3 * 512 - 77) /* the last child is short, the last tree too */
#define CPUS   4
#define BLOCKS 4096

/* 0: free, 0xff: absent, else 1 + the order of the block it is in. */
static struct {
	uint8_t owner[FRAMES];
	unsigned long index[BLOCKS];
	unsigned int order[BLOCKS];
	unsigned int blocks;
	unsigned long free;
} naive;

static struct bitmap bitmap;
static void *memory;

static void add(unsigned long first, unsigned long count)
{
	bitmap_add(&bitmap, first, count);
	memset(&naive.owner[first], 0, count);
	naive.free += count;
}

static void start(void)
{
	size_t bytes = bitmap_bytes(FRAMES, CPUS);

	memory = aligned_alloc(128, bytes);
	assert_non_null(memory);
	memset(memory, 0, bytes);
	bitmap_init(&bitmap, memory, FRAMES, CPUS);
	memset(&naive, 0, sizeof(naive));
	memset(naive.owner, 0xff, sizeof(naive.owner));
}

static void start_full(void)
{
	start();
	add(0, FRAMES);
}

/* With holes, one of them of odd borders, and a lone frame. */
static void start_holes(void)
{
	start();
	add(0, 1024);
	add(1536, TREE);
	add(2 * TREE + 37, 5000);
	add(2 * TREE + 6001, 1);
	add(3 * TREE, FRAMES - 3 * TREE);
}

static void assert_at_rest(void)
{
	assert_int_equal(bitmap_check(&bitmap), 0);
	assert_int_equal(bitmap_free_count(&bitmap), naive.free);
	assert_in_range(bitmap_free_floor(&bitmap),
			naive.free > 2 * CPUS * BITMAP_USED_FOLD
				? naive.free - 2 * CPUS * BITMAP_USED_FOLD
				: 0,
			naive.free);
}

static void stop(void)
{
	unsigned long whole = 0;

	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		bitmap_drain(&bitmap, cpu);
	assert_at_rest();
	for (unsigned long child = 0; (child + 1) * 512 <= FRAMES; child++) {
		whole++;
		for (unsigned long i = 0; i < 512; i++) {
			if (naive.owner[child * 512 + i]) {
				whole--;
				break;
			}
		}
	}
	assert_int_equal(bitmap_free_huge(&bitmap), whole);
	free(memory);
}

static void naive_take(unsigned long index, unsigned int order)
{
	assert_int_equal(index % (1UL << order), 0);
	for (unsigned long i = index; i < index + (1UL << order); i++) {
		assert_true(i < FRAMES);
		assert_int_equal(naive.owner[i], 0);
		naive.owner[i] = 1 + order;
	}
	naive.free -= 1UL << order;
}

static void naive_give(unsigned long index, unsigned int order)
{
	memset(&naive.owner[index], 0, 1UL << order);
	naive.free += 1UL << order;
}

static bool naive_has(unsigned int order)
{
	unsigned long n = 1UL << order;

	for (unsigned long at = 0; at + n <= FRAMES; at += n) {
		unsigned long i = 0;

		while (i < n && !naive.owner[at + i])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

/* Whatever other CPUs hold credit of, every frame is got, and every block that is there. */
static void every_block(void **state)
{
	(void)state;
	for (unsigned int order = 0; order <= BITMAP_MAX_ORDER; order++) {
		unsigned long index, n = 0;

		start_holes();
		for (unsigned int kind = 0; kind < BITMAP_KINDS * CPUS; kind++) {
			index = bitmap_get(&bitmap, kind % CPUS, kind % 2, kind % BITMAP_KINDS);
			naive_take(index, kind % 2);
		}
		while ((index = bitmap_get(&bitmap, n / 64 % CPUS, order, n % BITMAP_KINDS)) !=
		       BITMAP_NONE) {
			naive_take(index, order);
			n++;
		}
		assert_false(naive_has(order));
		assert_true(n);
		assert_at_rest();
		stop();
	}
}

static void frames_of_a_block_one_by_one(void **state)
{
	(void)state;
	for (unsigned int order = 0; order <= BITMAP_MAX_ORDER; order++) {
		unsigned long index;

		start_full();
		index = bitmap_get(&bitmap, 0, order, 0);
		if (order >= 9) {
			assert_int_equal(bitmap_put(&bitmap, 0, index, 0), -EINVAL);
			bitmap_split(&bitmap, index + (1UL << order) - 5);
			assert_int_equal(bitmap_put(&bitmap, 0, index, order), -EINVAL);
		}
		bitmap_split(&bitmap, index);
		naive.free -= 1UL << order;
		assert_at_rest();
		for (unsigned long i = 0; i < 1UL << order; i++)
			assert_int_equal(bitmap_put(&bitmap, 1, index + i, 0), 0);
		naive.free += 1UL << order;
		stop();
	}
}

/*
 * As if by another CPU, amid what this one does: a timer's signal frees the first frame of a
 * block as soon as that counts as single ones.
 */
static struct {
	volatile unsigned long index;
	volatile sig_atomic_t wanted, ticks;
} amid;
#define AMID_TICKS 2000

static void free_first(int signal)
{
	amid.ticks += signal != 0;
	if (amid.wanted && !bitmap_put(&bitmap, 1, amid.index, 0))
		amid.wanted = 0;
}

static void every_50_us(bool on)
{
	struct sigaction action = {.sa_handler = on ? free_first : SIG_DFL, .sa_flags = SA_RESTART};
	const struct itimerval timer = {{0, on ? 50 : 0}, {0, on ? 50 : 0}};

	if (on)
		assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
	if (!on)
		assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
}

static void frees_come_amid_a_split(void **state)
{
	unsigned long whole, rounds = 0;

	(void)state;
	start_full();
	whole = bitmap_free_huge(&bitmap);
	memset(&amid, 0, sizeof(amid));
	every_50_us(true);
	while (amid.ticks < AMID_TICKS) {
		unsigned int order = 9 + rounds++ % 2;
		unsigned long end;

		amid.index = bitmap_get(&bitmap, 0, order, 0);
		end = amid.index + (1UL << order);
		amid.wanted = 1;
		bitmap_split(&bitmap, amid.index);
		/* As if the signal had come, if it has not. */
		free_first(0);
		assert_false(amid.wanted);
		for (unsigned int part = 0; part < 6; part++)
			assert_int_equal(bitmap_put(&bitmap, 0, amid.index + (1UL << part), part),
					 0);
		for (unsigned long i = amid.index + 64; i < end; i += 64)
			assert_int_equal(bitmap_put(&bitmap, 0, i, 6), 0);
		assert_int_equal(bitmap_free_huge(&bitmap), whole);
	}
	every_50_us(false);
	assert_at_rest();
	stop();
}

static void *split_and_put(void *frame)
{
	bitmap_split(&bitmap, *(unsigned long *)frame);
	return (void *)(intptr_t)bitmap_put(&bitmap, 1, *(unsigned long *)frame, 0);
}

/* A split that has come half-way: who wants a frame of the other half has to wait. */
static void who_meets_a_split_waits_for_its_end(void **state)
{
	unsigned long index, last;
	uint64_t *field;
	pthread_t thread;
	uint16_t *word;
	void *error;

	(void)state;
	start_full();
	index = bitmap_get(&bitmap, 0, 9, 0);
	last = index + 511;
	word = &bitmap.tree[index / TREE].child[index / 512 % BITMAP_TREE_CHILDREN];
	field = bitmap.field[index / 512];
	__atomic_store_n(word, CHILD_SPLIT, __ATOMIC_RELAXED);
	for (int row = 0; row < 4; row++)
		__atomic_store_n(&field[row], ~0UL, __ATOMIC_RELAXED);
	assert_int_equal(bitmap_put(&bitmap, 0, index, 0), 0);
	assert_int_equal(pthread_create(&thread, NULL, split_and_put, &last), 0);
	usleep(2000);
	for (int row = 4; row < 8; row++)
		__atomic_store_n(&field[row], ~0UL, __ATOMIC_RELAXED);
	__atomic_fetch_sub(word, CHILD_SPLIT, __ATOMIC_SEQ_CST);
	pthread_join(thread, &error);
	assert_null(error);
	bitmap_tell_tree(&bitmap, index / 512);
	for (unsigned long i = index + 1; i < last; i++)
		assert_int_equal(bitmap_put(&bitmap, 0, i, 0), 0);
	assert_at_rest();
	stop();
}

/* What is free, absent, outside, askew or a block of another size is not freed. */
static void bad_frees(void **state)
{
	(void)state;
	for (unsigned int order = 0; order <= BITMAP_MAX_ORDER; order++) {
		unsigned long n = 1UL << order, index;

		start_full();
		index = bitmap_get(&bitmap, 0, order, 0);
		assert_int_not_equal(index, BITMAP_NONE);
		assert_int_equal(bitmap_put(&bitmap, 0, index + n, order), -EINVAL);
		assert_int_equal(bitmap_put(&bitmap, 0, BITMAP_NONE & ~(n - 1), order), -EINVAL);
		assert_int_equal(bitmap_put(&bitmap, 0, FRAMES / n * n, order), -EINVAL);
		if (order)
			assert_int_equal(bitmap_put(&bitmap, 0, index + 1, order), -EINVAL);
		for (unsigned int other = order + 1; other <= BITMAP_MAX_ORDER; other++)
			assert_int_equal(
				bitmap_put(&bitmap, 0, index & ~((1UL << other) - 1), other),
				-EINVAL);
		if (order >= 9)
			assert_int_equal(bitmap_put(&bitmap, 0, index, 18 - order + 1), -EINVAL);
		assert_int_equal(bitmap_put(&bitmap, 0, index, order), 0);
		assert_int_equal(bitmap_put(&bitmap, 0, index, order), -EINVAL);
		for (unsigned int part = 0; part < order; part++)
			assert_int_equal(bitmap_put(&bitmap, 0, index, part), -EINVAL);
		stop();
	}
}

static void random_step(uint64_t *random, bool grow)
{
	unsigned int cpu = test_below(random, CPUS), block, order;
	unsigned long index;

	if (grow && naive.blocks < BLOCKS) {
		order = test_below(random, 1 + test_below(random, BITMAP_MAX_ORDER + 1));
		index = bitmap_get(&bitmap, cpu, order, test_below(random, BITMAP_KINDS));
		if (index == BITMAP_NONE) {
			assert_false(naive_has(order));
			return;
		}
		naive_take(index, order);
		naive.index[naive.blocks] = index;
		naive.order[naive.blocks++] = order;
	} else if (naive.blocks) {
		block = test_below(random, naive.blocks);
		index = naive.index[block];
		order = naive.order[block];
		if (order >= 9 && !test_below(random, 4)) {
			bitmap_split(&bitmap, index);
			for (unsigned long i = 0; i < 1UL << order; i += 128)
				assert_int_equal(bitmap_put(&bitmap, cpu, index + i, 7), 0);
		} else {
			assert_int_equal(bitmap_put(&bitmap, cpu, index, order), 0);
		}
		assert_int_equal(bitmap_put(&bitmap, cpu, index, order), -EINVAL);
		naive_give(index, order);
		naive.blocks--;
		naive.index[block] = naive.index[naive.blocks];
		naive.order[block] = naive.order[naive.blocks];
	}
}

static void random_operations(void **state)
{
	const char *text = getenv("TRI_STEPS");
	unsigned long steps = text ? strtoul(text, NULL, 0) : 100000;
	uint64_t random = test_seed();

	(void)state;
	start_holes();
	for (unsigned long step = 0; step < steps; step++) {
		/* Up to where memory runs out, and down to nearly nothing. */
		bool grow = test_below(&random, 16) < (step / 8192 % 2 ? 5 : 11);

		random_step(&random, grow);
		if (!test_below(&random, 1000))
			bitmap_drain(&bitmap, test_below(&random, CPUS));
		if (step % 256 == 0)
			assert_at_rest();
	}
	while (naive.blocks)
		random_step(&random, false);
	stop();
}

static void bulk(void **state)
{
	static unsigned long index[FRAMES];
	uint64_t random = test_seed();
	unsigned long got = 0, more;

	(void)state;
	start_holes();
	/* Holes of all sizes first. */
	for (int i = 0; i < 3000; i++)
		index[i] = bitmap_get(&bitmap, 0, 0, 0);
	for (int i = 0; i < 3000; i++) {
		if (test_below(&random, 3))
			bitmap_put(&bitmap, 0, index[i], 0);
		else
			naive_take(index[i], 0);
	}
	do {
		unsigned long n = 1 + test_below(&random, 200);

		more = bitmap_get_bulk(&bitmap, test_below(&random, CPUS), 1, n, &index[got]);
		for (unsigned long i = got; i < got + more; i++)
			naive_take(index[i], 0);
		got += more;
		assert_true(more == n || !naive.free);
	} while (naive.free);
	assert_int_equal(bitmap_get_bulk(&bitmap, 0, 0, 1, index + got), 0);
	assert_at_rest();
	/* Shuffled in part, so that some come as neighbours. */
	for (unsigned long i = 0; i < got / 2; i++) {
		unsigned long j = test_below(&random, got), swap = index[i];

		index[i] = index[j];
		index[j] = swap;
	}
	for (unsigned long done = 0; done < got;) {
		unsigned long n = 1 + test_below(&random, 200);

		n = n < got - done ? n : got - done;
		assert_int_equal(bitmap_put_bulk(&bitmap, 1, n, &index[done]), n);
		for (unsigned long i = 0; i < n; i++)
			naive_give(index[done + i], 0);
		assert_int_equal(bitmap_put_bulk(&bitmap, 1, 1, &index[done]), 0);
		done += n;
	}
	assert_at_rest();
	/* The same frame twice in one call. */
	assert_int_equal(bitmap_get_bulk(&bitmap, 0, 0, 2, index), 2);
	index[2] = index[1];
	index[1] = index[0];
	assert_int_equal(bitmap_put_bulk(&bitmap, 0, 3, index), 1);
	assert_int_equal(bitmap_put_bulk(&bitmap, 0, 1, &index[2]), 1);
	index[0] = FRAMES;
	assert_int_equal(bitmap_put_bulk(&bitmap, 0, 1, index), 0);
	stop();
}

/* CPUs, and kinds, work in trees of their own while there are enough. */
static void trees_of_their_own(void **state)
{
	unsigned long tree[4];

	(void)state;
	start_full();
	for (unsigned int cpu = 0; cpu < 2; cpu++) {
		tree[cpu] = bitmap_get(&bitmap, cpu, 0, 0) / TREE;
		for (int i = 0; i < 2000; i++)
			assert_int_equal(bitmap_get(&bitmap, cpu, 0, 0) / TREE, tree[cpu]);
		/* Blocks of the same kind too, in another child. */
		assert_int_equal(bitmap_get(&bitmap, cpu, 3, 0) / TREE, tree[cpu]);
		naive.free -= 2009;
	}
	tree[2] = bitmap_get(&bitmap, 0, 0, 1) / TREE;
	naive.free--;
	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < i; j++)
			assert_int_not_equal(tree[i], tree[j]);
	}
	assert_at_rest();
	free(memory);
}

/* Every fault the check knows is found when it is made. */
static void check_finds_damage(void **state)
{
	unsigned long block, pair, frame;
	uint64_t *slot;

	(void)state;
	start_full();
	block = bitmap_get(&bitmap, 0, 9, 0) / 512;
	pair = bitmap_get(&bitmap, 0, 10, 0) / 512;
	frame = bitmap_get(&bitmap, 0, 0, 0);
	slot = &bitmap.cpu[0].slot[0];
	naive.free -= 512 + 1024 + 1;
	assert_at_rest();
	model.quiet = true;
#define FINDS(damage, repair)                                   \
	do {                                                    \
		damage;                                         \
		assert_int_not_equal(bitmap_check(&bitmap), 0); \
		repair;                                         \
		assert_int_equal(bitmap_check(&bitmap), 0);     \
	} while (0)
	FINDS(bitmap.field[block][3] |= 4, bitmap.field[block][3] &= ~4UL);
	FINDS(*child_word(&bitmap, block) |= 1, *child_word(&bitmap, block) &= ~1U);
	FINDS(*child_word(&bitmap, pair) = CHILD_BLOCK, *child_word(&bitmap, pair) = CHILD_HALF);
	FINDS(bitmap.field[frame / 512][7] ^= 1, bitmap.field[frame / 512][7] ^= 1);
	FINDS(++*slot, --*slot);
	FINDS(bitmap.tree[0].mask ^= 2, bitmap.tree[0].mask ^= 2);
	FINDS(bitmap.tree[1].mask ^= 1UL << 40, bitmap.tree[1].mask ^= 1UL << 40);
	FINDS(bitmap.tree[1].users++, bitmap.tree[1].users--);
	FINDS(bitmap.cpu[1].used++, bitmap.cpu[1].used--);
#undef FINDS
	model.quiet = false;
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_block),
		cmocka_unit_test(frames_of_a_block_one_by_one),
		cmocka_unit_test(frees_come_amid_a_split),
		cmocka_unit_test(who_meets_a_split_waits_for_its_end),
		cmocka_unit_test(bad_frees),
		cmocka_unit_test(random_operations),
		cmocka_unit_test(bulk),
		cmocka_unit_test(trees_of_their_own),
		cmocka_unit_test(check_finds_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
