/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_areas_threads.c - four CPUs at once under every answer of areas= with every answer of
 * flush=: nothing torn, nothing lost, no address of two owners, none reused before a flush.
 */
#include <pthread.h>
#include <string.h>

#include "answers.h"
#include "model_platform.h"

#define CPUS  4
#define SLOTS 16
#define STEPS 500

struct cpu {
	pthread_t thread;
	struct tri_core *core;
	unsigned int slot;
	uint64_t random;
	struct area *area[SLOTS];
};

static void alloc_one(struct cpu *cpu, struct area **slot)
{
	unsigned long pages = 1 + test_below(&cpu->random, test_below(&cpu->random, 16) ? 6 : 200);
	void *at = tri_vmalloc(pages * TRI_PAGE_SIZE);

	if (at)
		*slot = areas_find(cpu->core, (uintptr_t)at);
}

static void shrink_one(struct cpu *cpu, struct area *area)
{
	struct frame_list frames = {.count = 0};
	struct area *tail;

	if (area->pages < 3)
		return;
	tail = areas_shrink(cpu->core, area, area->pages - 1);
	if (!tail)
		return;
	pagetable_unmap(cpu->core, area_end(area) - TRI_PAGE_SIZE, 1, &frames);
	flush_retire(cpu->core, tail, &frames);
}

static void grow_one(struct cpu *cpu, struct area *area)
{
	uintptr_t guard = area_end(area) - TRI_PAGE_SIZE;
	struct frame_list frames = {.count = 0};

	if (pcp_alloc_list(cpu->core, &frames, 1))
		return;
	if (areas_grow(cpu->core, area, area->pages + 1))
		pcp_free_list(cpu->core, &frames);
	else if (pagetable_map(cpu->core, guard, 1, &frames))
		abort();
}

/* Areas come and go meanwhile: only their order must hold. */
static void walk(struct tri_core *core)
{
	struct area_view view = {.end = MODEL_WINDOW};
	uintptr_t last = MODEL_WINDOW;

	while (areas_look(core, view.end, &view)) {
		if (view.end <= last || view.end <= view.start || view.end > core->window_end)
			abort();
		last = view.end;
	}
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;

	plat_slot = cpu->slot;
	plat_set_core(cpu->core);
	for (int step = 0; step < STEPS; step++) {
		unsigned long what = test_below(&cpu->random, 100);
		struct area **slot = &cpu->area[test_below(&cpu->random, SLOTS)];

		if (what == 0) {
			tri_vmalloc_purge();
		} else if (what == 1) {
			walk(cpu->core);
		} else if (!*slot) {
			alloc_one(cpu, slot);
		} else if (what < 10) {
			shrink_one(cpu, *slot);
		} else if (what < 20) {
			grow_one(cpu, *slot);
		} else {
			tri_vfree((void *)area_start(*slot));
			*slot = NULL;
		}
	}
	return NULL;
}

static void run_all(struct cpu *cpu)
{
	for (int i = 0; i < CPUS; i++)
		assert_int_equal(pthread_create(&cpu[i].thread, NULL, run, &cpu[i]), 0);
	for (int i = 0; i < CPUS; i++)
		pthread_join(cpu[i].thread, NULL);
}

static void together(enum tri_policy_value areas, enum tri_policy_value flush, uint64_t seed,
		     unsigned long frames, unsigned long window)
{
	static struct cpu cpu[CPUS];
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, CPUS, frames, window);
	config.policy[TRI_QUESTION_areas] = areas;
	config.policy[TRI_QUESTION_flush] = flush;
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 120;
	core = model_start(&config);
	memset(cpu, 0, sizeof(cpu));
	for (unsigned int i = 0; i < CPUS; i++)
		cpu[i] = (struct cpu){.core = core, .slot = i, .random = seed + i};
	for (int round = 0; round < 2; round++) {
		run_all(cpu);
		assert_sound(core);
		assert_int_equal(model.faults, 0);
	}
	for (unsigned int i = 0; i < CPUS * SLOTS; i++) {
		struct area *area = cpu[i / SLOTS].area[i % SLOTS];

		/* On another CPU than the one that allocated. */
		plat_slot = (i / SLOTS + 1) % CPUS;
		tri_vfree(area ? (void *)area_start(area) : NULL);
	}
	plat_slot = 0;
	model_stop(core);
}

static void every_pair(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		FOR_EACH_ANSWER(flush, "flush")
		together(areas, flush, seed, 8192, 64UL << 20);
	}
}

/* Frames and addresses run out all the time. */
static void scarce(void **state)
{
	uint64_t seed = test_seed();

	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		FOR_EACH_ANSWER(flush, "flush")
		together(areas, flush, seed, 700, 4UL << 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair),
		cmocka_unit_test(scarce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
