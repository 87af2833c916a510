/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_vmalloc_threads.c - four CPUs use all of the vmalloc family at once, hand each other
 * what they mapped, and purge under each other's hands.
 */
#include <pthread.h>
#include <string.h>

#include "model_platform.h"

#define CPUS  4
#define SLOTS 12
#define PFNS  16
#define STEPS 1500

enum kind { NOTHING, OWN, MAP, RAM };

struct item {
	char *at;
	enum kind kind;
	unsigned long size;
};

/* Mappings whose makers are done with them: anybody may unmap them. */
static struct {
	pthread_mutex_t lock;
	struct item item;
} exchange = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct cpu {
	pthread_t thread;
	struct tri_core *core;
	unsigned int slot;
	uint64_t random;
	struct item item[SLOTS];
	unsigned long pfn[PFNS];
};

static void release(struct item *item)
{
	if (item->kind == OWN)
		tri_vfree(item->at);
	else if (item->kind == MAP)
		tri_vunmap(item->at);
	else if (item->kind == RAM)
		tri_vm_unmap_ram(item->at, item->size);
	item->kind = NOTHING;
}

static void make(struct cpu *cpu, struct item *item)
{
	item->kind = OWN + test_below(&cpu->random, 3);
	item->size = 1 + test_below(&cpu->random, PFNS);
	if (item->kind == MAP)
		item->at = tri_vmap(cpu->pfn, item->size);
	else if (item->kind == RAM)
		item->at = tri_vm_map_ram(cpu->pfn, item->size);
	else if (test_below(&cpu->random, 16))
		item->at = tri_vmalloc(item->size * TRI_PAGE_SIZE);
	else
		item->at = tri_vmalloc_huge((512 + item->size) * TRI_PAGE_SIZE, 0);
	if (!item->at) {
		item->kind = NOTHING;
		return;
	}
	/* Written without a lock: two owners of a frame or an address are a data race. */
	item->at[cpu->slot] = (char)cpu->slot;
}

static void resize(struct cpu *cpu, struct item *item)
{
	unsigned long size = 1 + test_below(&cpu->random, PFNS);
	char *to = tri_vrealloc(item->at, size * TRI_PAGE_SIZE, TRI_GFP_ZERO);

	if (!to)
		return;
	item->at = to;
	assert_int_equal(to[cpu->slot], cpu->slot);
}

static void swap(struct item *item)
{
	struct item other;

	pthread_mutex_lock(&exchange.lock);
	other = exchange.item;
	exchange.item = *item;
	pthread_mutex_unlock(&exchange.lock);
	*item = other;
	release(item);
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;

	plat_slot = cpu->slot;
	plat_set_core(cpu->core);
	for (int step = 0; step < STEPS; step++) {
		struct item *item = &cpu->item[test_below(&cpu->random, SLOTS)];
		unsigned long what = test_below(&cpu->random, 100);

		if (what == 0)
			tri_vm_unmap_aliases();
		else if (what == 1)
			tri_vmalloc_purge();
		else if (what == 2)
			ram_purge(cpu->core, true);
		else if (item->kind == NOTHING)
			make(cpu, item);
		else if (what < 30 && item->kind == OWN)
			resize(cpu, item);
		else if (what < 60 && item->kind == RAM)
			swap(item);
		else
			release(item);
	}
	return NULL;
}

static void together(const char *flush, const char *areas)
{
	static struct cpu cpu[CPUS];
	uint64_t seed = test_seed();
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, CPUS, 8192, 24UL << 20);
	assert_int_equal(tri_config_set(&config, "flush", flush), 0);
	assert_int_equal(tri_config_set(&config, "areas", areas), 0);
	assert_int_equal(tri_config_set(&config, "lazy_max_pages", "1000"), 0);
	core = model_start(&config);
	memset(cpu, 0, sizeof(cpu));
	for (unsigned int i = 0; i < CPUS; i++) {
		cpu[i].core = core;
		cpu[i].slot = i;
		cpu[i].random = seed + i;
		for (int n = 0; n < PFNS; n++)
			cpu[i].pfn[n] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	}
	for (int i = 0; i < CPUS; i++)
		assert_int_equal(pthread_create(&cpu[i].thread, NULL, run, &cpu[i]), 0);
	for (int i = 0; i < CPUS; i++)
		pthread_join(cpu[i].thread, NULL);
	assert_sound(core);
	for (int i = 0; i < CPUS; i++) {
		for (int n = 0; n < SLOTS; n++)
			release(&cpu[i].item[n]);
	}
	release(&exchange.item);
	for (int i = 0; i < CPUS; i++) {
		for (int n = 0; n < PFNS; n++)
			tri_free_pages(cpu[i].pfn[n], 0);
	}
	model_stop(core);
}

static void each_flush(void **state)
{
	(void)state;
	for (int i = 0; i < TRI_POLICY_COUNT; i++) {
		if (!strcmp(tri_policy_info[i].question, "flush"))
			together(tri_policy_info[i].answer, "augmented");
	}
}

static void each_areas(void **state)
{
	(void)state;
	for (int i = 0; i < TRI_POLICY_COUNT; i++) {
		if (!strcmp(tri_policy_info[i].question, "areas"))
			together("lazy", tri_policy_info[i].answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_flush),
		cmocka_unit_test(each_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
