/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_bitmap_threads.c - four CPUs get, put, split and drain at once.
 *
 * Who has a frame writes its mark, without any atomics: a frame handed out twice is a wrong
 * mark, and a data race to the thread sanitizer; and so is one whose last user's writes are
 * not before its next user's. Between rounds everything is counted.
 */
#include <pthread.h>
#include <string.h>

#include "model_platform.h"

#include "bitmap.h"

#define CPUS   4
#define SLOTS  48
#define BULK   96
#define ROUNDS 8
#define FRAMES (2 * 16384 + 5 * 512 + 100)

static struct bitmap bitmap;
static uint8_t mark[FRAMES];

struct cpu {
	pthread_t thread;
	unsigned int number;
	uint64_t random;
	unsigned int min_order, max_order, steps;
	unsigned long index[SLOTS], bulk[BULK], nr_bulk;
	unsigned int order[SLOTS];
	unsigned long frames, faults, misses;
};

static void take(struct cpu *cpu, unsigned long index, unsigned int order)
{
	for (unsigned long i = index; i < index + (1UL << order); i++) {
		cpu->faults += mark[i] != 0;
		mark[i] = (uint8_t)(1 + cpu->number);
	}
	cpu->frames += 1UL << order;
}

static void give(struct cpu *cpu, unsigned long index, unsigned int order)
{
	for (unsigned long i = index; i < index + (1UL << order); i++) {
		cpu->faults += mark[i] != 1 + cpu->number;
		mark[i] = 0;
	}
	cpu->frames -= 1UL << order;
}

static void block_step(struct cpu *cpu, unsigned int i)
{
	unsigned int order = cpu->order[i];
	unsigned long index = cpu->index[i];

	if (index != BITMAP_NONE) {
		give(cpu, index, order);
		cpu->index[i] = BITMAP_NONE;
		if (order >= 9 && test_below(&cpu->random, 2)) {
			bitmap_split(&bitmap, index);
			for (unsigned long part = 0; part < 1UL << order; part += 64)
				cpu->faults += !!bitmap_put(&bitmap, cpu->number, index + part, 6);
		} else {
			cpu->faults += !!bitmap_put(&bitmap, cpu->number, index, order);
		}
		return;
	}
	order = cpu->min_order +
		test_below(&cpu->random,
			   1 + test_below(&cpu->random, cpu->max_order - cpu->min_order + 1));
	index = bitmap_get(&bitmap, cpu->number, order, test_below(&cpu->random, BITMAP_KINDS));
	if (index == BITMAP_NONE) {
		cpu->misses++;
		return;
	}
	take(cpu, index, order);
	cpu->index[i] = index;
	cpu->order[i] = order;
}

static void bulk_step(struct cpu *cpu)
{
	if (cpu->nr_bulk) {
		for (unsigned long i = 0; i < cpu->nr_bulk; i++)
			give(cpu, cpu->bulk[i], 0);
		cpu->faults += cpu->nr_bulk !=
			       bitmap_put_bulk(&bitmap, cpu->number, cpu->nr_bulk, cpu->bulk);
		cpu->nr_bulk = 0;
		return;
	}
	cpu->nr_bulk = bitmap_get_bulk(&bitmap, cpu->number, 0, BULK, cpu->bulk);
	for (unsigned long i = 0; i < cpu->nr_bulk; i++)
		take(cpu, cpu->bulk[i], 0);
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;

	for (unsigned int step = 0; step < cpu->steps; step++) {
		unsigned long what = test_below(&cpu->random, 1000);

		if (what < 2)
			bitmap_drain(&bitmap, test_below(&cpu->random, CPUS));
		else if (what == 2)
			cpu->faults += bitmap_free_huge(&bitmap) > FRAMES / 512;
		else if (what < 100)
			bulk_step(cpu);
		else
			block_step(cpu, test_below(&cpu->random, SLOTS));
	}
	return NULL;
}

static unsigned long frames_held(const struct cpu *cpu)
{
	unsigned long n = 0;

	for (int i = 0; i < CPUS; i++) {
		assert_int_equal(cpu[i].faults, 0);
		n += cpu[i].frames;
	}
	return n;
}

/* Smaller orders of the range more often. */
static void together(unsigned long frames, unsigned int min_order, unsigned int max_order,
		     unsigned int steps, bool scarce)
{
	static struct cpu cpu[CPUS];
	size_t bytes = bitmap_bytes(frames, CPUS);
	void *memory = aligned_alloc(128, bytes);
	uint64_t seed = test_seed();
	unsigned long misses = 0;

	assert_non_null(memory);
	memset(memory, 0, bytes);
	bitmap_init(&bitmap, memory, frames, CPUS);
	bitmap_add(&bitmap, 0, frames);
	memset(cpu, 0, sizeof(cpu));
	memset(mark, 0, sizeof(mark));
	for (unsigned int i = 0; i < CPUS; i++) {
		cpu[i].number = i;
		cpu[i].random = seed + i;
		cpu[i].min_order = min_order;
		cpu[i].max_order = max_order;
		cpu[i].steps = steps;
		memset(cpu[i].index, 0xff, sizeof(cpu[i].index));
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CPUS; i++)
			assert_int_equal(pthread_create(&cpu[i].thread, NULL, run, &cpu[i]), 0);
		for (int i = 0; i < CPUS; i++)
			pthread_join(cpu[i].thread, NULL);
		assert_int_equal(bitmap_check(&bitmap), 0);
		assert_int_equal(bitmap_free_count(&bitmap), frames - frames_held(cpu));
	}
	for (unsigned int i = 0; i < CPUS; i++) {
		for (int n = 0; n < SLOTS; n++) {
			if (cpu[i].index[n] != BITMAP_NONE)
				assert_int_equal(bitmap_put(&bitmap, (i + 1) % CPUS,
							    cpu[i].index[n], cpu[i].order[n]),
						 0);
		}
		if (cpu[i].nr_bulk)
			bulk_step(&cpu[i]);
		bitmap_drain(&bitmap, i);
		misses += cpu[i].misses;
	}
	assert_int_equal(bitmap_check(&bitmap), 0);
	assert_int_equal(bitmap_free_count(&bitmap), frames);
	assert_int_equal(bitmap_free_huge(&bitmap), frames / 512);
	assert_true(scarce == (misses > 0));
	free(memory);
}

static void room_for_all(void **state)
{
	(void)state;
	together(FRAMES, 0, 6, 2500, false);
}

static void all_orders(void **state)
{
	(void)state;
	together(9 * 512 + 64, 0, 10, 8000, true);
}

/* Too few children for four CPUs: all claim, drain and fail all the time. */
static void scarce(void **state)
{
	(void)state;
	together(3 * 512 + 11, 0, 8, 8000, true);
	together(512, 0, 8, 8000, true);
	together(130, 0, 1, 15000, true);
}

/* Blocks of several rows that cross; one child that turns whole and used. */
static void large_ones_collide(void **state)
{
	(void)state;
	together(2 * 512, 6, 8, 15000, true);
	together(512 + 64, 8, 9, 15000, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(room_for_all),
		cmocka_unit_test(all_orders),
		cmocka_unit_test(scarce),
		cmocka_unit_test(large_ones_collide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
