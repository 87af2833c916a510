/* SPDX-License-Identifier: GPL-2.0-only */
/* test_threads.c - four CPUs at once: nothing lost, nothing torn, nothing reused early. */
#include <pthread.h>
#include <string.h>

#include "model_platform.h"

#define CPUS   4
#define SLOTS  32
#define ROUNDS 6
#define STEPS  3000

struct cpu {
	pthread_t thread;
	struct tri_core *core;
	unsigned int slot;
	uint64_t random;
	void *area[SLOTS];
	unsigned long pfn[SLOTS], order[SLOTS];
};

static void area_step(struct cpu *cpu, unsigned long i)
{
	unsigned long pages = 1 + test_below(&cpu->random, test_below(&cpu->random, 16) ? 6 : 200);

	if (cpu->area[i]) {
		tri_vfree(cpu->area[i]);
		cpu->area[i] = NULL;
	} else {
		cpu->area[i] = tri_vmalloc(pages * TRI_PAGE_SIZE);
	}
}

/* The owner of a block writes to all of it: a block handed out twice is a data race. */
static void page_step(struct cpu *cpu, unsigned long i)
{
	if (cpu->pfn[i] != TRI_PFN_NONE) {
		tri_free_pages(cpu->pfn[i], cpu->order[i]);
		cpu->pfn[i] = TRI_PFN_NONE;
		return;
	}
	cpu->order[i] = test_below(&cpu->random, 4) ? 0 : test_below(&cpu->random, 6);
	cpu->pfn[i] = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN, cpu->order[i]);
	if (cpu->pfn[i] == TRI_PFN_NONE)
		return;
	for (unsigned long n = 0; n < 1UL << cpu->order[i]; n++)
		memset(plat_pfn_to_ptr(cpu->pfn[i] + n), cpu->slot, 64);
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;
	struct tri_area_info info;
	struct tri_status status;

	plat_slot = cpu->slot;
	plat_set_core(cpu->core);
	for (int step = 0; step < STEPS; step++) {
		unsigned long what = test_below(&cpu->random, 1000);
		unsigned long i = test_below(&cpu->random, SLOTS);

		if (what == 0)
			tri_vmalloc_purge();
		else if (what == 1)
			tri_status_read(cpu->core, &status);
		else if (what == 2)
			tri_area_find(cpu->core, MODEL_WINDOW + i * TRI_PAGE_SIZE, &info);
		else if (what == 3)
			model_event(cpu->core, TRI_EVENT_area_alloc);
		else if (what < 600)
			area_step(cpu, i);
		else
			page_step(cpu, i);
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

static void free_all(struct cpu *cpu)
{
	for (int n = 0; n < CPUS * SLOTS; n++) {
		struct cpu *owner = &cpu[n / SLOTS];
		unsigned long i = n % SLOTS;

		/* On another CPU than the one that allocated. */
		plat_slot = (n / SLOTS + 1) % CPUS;
		tri_vfree(owner->area[i]);
		if (owner->pfn[i] != TRI_PFN_NONE)
			tri_free_pages(owner->pfn[i], owner->order[i]);
	}
	plat_slot = 0;
}

static void together(const char *policy, unsigned long frames, unsigned long window)
{
	static struct cpu cpu[CPUS];
	uint64_t seed = test_seed();
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, CPUS, frames, window);
	assert_int_equal(tri_config_set(&config, "flush", policy), 0);
	/* Low marks, so that refills, drains and purges are many. */
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 300;
	config.tunable[TRI_TUNABLE_pcp_batch] = 8;
	config.tunable[TRI_TUNABLE_pcp_high] = 24;
	core = model_start(&config);
	memset(cpu, 0, sizeof(cpu));
	for (unsigned int i = 0; i < CPUS; i++) {
		cpu[i].core = core;
		cpu[i].slot = i;
		cpu[i].random = seed + i;
		for (int n = 0; n < SLOTS; n++)
			cpu[i].pfn[n] = TRI_PFN_NONE;
	}
	for (int round = 0; round < ROUNDS; round++) {
		run_all(cpu);
		assert_sound(core);
		assert_int_equal(model.faults, 0);
	}
	free_all(cpu);
	model_stop(core);
}

static void lazy(void **state)
{
	(void)state;
	together("lazy", 16384, 64UL << 20);
}

static void eager(void **state)
{
	(void)state;
	together("eager", 16384, 64UL << 20);
}

/* Frames and addresses run out all the time. */
static void scarce(void **state)
{
	(void)state;
	together("lazy", 1500, 6UL << 20);
	together("eager", 1500, 6UL << 20);
}

static pthread_barrier_t all_ready;

static void *first_area(void *arg)
{
	struct cpu *cpu = arg;

	plat_slot = cpu->slot;
	plat_set_core(cpu->core);
	pthread_barrier_wait(&all_ready);
	cpu->area[0] = tri_vmalloc(TRI_PAGE_SIZE);
	return NULL;
}

/* All CPUs find the same level-1 table missing: one is installed, the others given back. */
static void race_for_a_table(void **state)
{
	struct cpu cpu[CPUS];
	struct tri_config config;
	struct tri_core *core;

	(void)state;
	pthread_barrier_init(&all_ready, NULL, CPUS);
	for (int round = 0; round < 150; round++) {
		model_config(&config, CPUS, 1024, 4UL << 20);
		core = model_start(&config);
		for (unsigned int i = 0; i < CPUS; i++) {
			cpu[i].core = core;
			cpu[i].slot = i;
			pthread_create(&cpu[i].thread, NULL, first_area, &cpu[i]);
		}
		for (int i = 0; i < CPUS; i++)
			pthread_join(cpu[i].thread, NULL);
		assert_int_equal(model_event(core, TRI_EVENT_table_alloc), 1);
		assert_sound(core);
		for (int i = 0; i < CPUS; i++)
			tri_vfree(cpu[i].area[0]);
		model_stop(core);
	}
	pthread_barrier_destroy(&all_ready);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lazy),
		cmocka_unit_test(eager),
		cmocka_unit_test(scarce),
		cmocka_unit_test(race_for_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
