/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_trace.c - what listeners hear is what was counted, whatever a question is answered with;
 * every point is heard; and nothing while nobody listens.
 */
#include <string.h>

#include "answers.h"
#include "model_platform.h"
#include "model_trace.h"
#include "shrinker.h"

#define MIB   (1UL << 20)
#define QUIET (TRI_GFP_KERNEL | TRI_GFP_NOWARN)

/* By point, over all tests. */
static unsigned long heard_ever[TRI_POINT_COUNT];

static struct tri_core *start(const char *question, const char *answer, unsigned long frames)
{
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 2, frames, 16 * MIB);
	assert_int_equal(tri_config_set(&config, "pages", "buddy"), 0);
	assert_int_equal(tri_config_set(&config, question, answer), 0);
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 64;
	core = model_start(&config);
	model.interrupts = 3;
	tri_events_reset(core);
	model_listen(true);
	return core;
}

#define HEARD(name)	    model_heard[TRI_POINT_##name].count
#define SUM(name, field)    model_heard[TRI_POINT_##name].sum[field]
#define COUNTED(core, name) model_event(core, TRI_EVENT_##name)

static void assert_as_counted(struct tri_core *core)
{
#define SAME(name) assert_int_equal(HEARD(name), COUNTED(core, name))
	SAME(purge), SAME(flush_range), SAME(flush_full), SAME(pages_steal), SAME(pages_slow);
	SAME(pages_fail), SAME(pages_drain_all), SAME(pcp_refill), SAME(pcp_drain);
	SAME(area_alloc), SAME(block_alloc), SAME(slab_new), SAME(slab_refill), SAME(slab_flush);
	SAME(sheaf_fill), SAME(sheaf_flush);
#undef SAME
	assert_int_equal(HEARD(vrealloc_grow), COUNTED(core, vrealloc_grown));
	assert_int_equal(SUM(purge, 1), COUNTED(core, purge_areas));
	assert_true(SUM(purge, 2) >= COUNTED(core, purge_ticks_max));
	assert_int_equal(SUM(flush_range, 1), COUNTED(core, flush_pages));
	assert_int_equal(SUM(shootdown, 0), COUNTED(core, shootdowns));
	assert_int_equal(SUM(flush_range, 2) + SUM(flush_full, 0), COUNTED(core, shootdowns));
	assert_int_equal(SUM(shootdown, 1), COUNTED(core, flush_pages));
	assert_int_equal(SUM(pages_merge, 1) - SUM(pages_merge, 0), COUNTED(core, pages_merge));
	assert_int_equal(SUM(pages_reclaim, 1), COUNTED(core, pages_reclaim));
	/* A block taken apart at once is 2^order - 1 splits, of as many frames. */
	assert_true(SUM(pages_split, 0) - SUM(pages_split, 1) <= COUNTED(core, pages_split));
	assert_true(HEARD(pages_claim) <= COUNTED(core, pages_claim));
}

/* Nothing of the core's is in use. */
static void finish(struct tri_core *core)
{
	tri_vm_unmap_aliases();
	tri_vmalloc_purge();
	assert_as_counted(core);
	assert_int_equal(SUM(table_map, 1), SUM(table_unmap, 1));
	model_stop(core);
	model_listen(false);
	for (int point = 0; point < TRI_POINT_COUNT; point++)
		heard_ever[point] += model_heard[point].count;
}

/* Some of everything, on two CPUs. */
static void churn(struct tri_core *core)
{
	uint64_t random = test_seed();
	void *area[32] = {NULL}, *object[64] = {NULL};
	unsigned long pfn[16];

	for (int i = 0; i < 16; i++)
		pfn[i] = tri_alloc_pages(QUIET, 0);
	for (int step = 0; step < 2000; step++) {
		unsigned long slot = test_below(&random, 32), object_slot = test_below(&random, 64);

		plat_slot = step / 100 % 2;
		if (step % 3) {
			tri_vfree(area[slot]);
			area[slot] =
				tri_vmalloc_gfp(1 + test_below(&random, 12 * TRI_PAGE_SIZE), QUIET);
		} else {
			void *moved = tri_vrealloc(
				area[slot], 1 + test_below(&random, 20 * TRI_PAGE_SIZE), QUIET);

			area[slot] = moved ?: area[slot];
		}
		tri_kfree(object[object_slot]);
		object[object_slot] = tri_kmalloc(1 + test_below(&random, 4000), QUIET);
		if (step % 50 == 0) {
			unsigned long pages = 1 + test_below(&random, 16);
			void *ram = tri_vm_map_ram(pfn, pages);

			assert_non_null(ram);
			tri_vm_unmap_ram(ram, pages);
		}
	}
	plat_slot = 0;
	assert_as_counted(core);
	for (int i = 0; i < 32; i++)
		tri_vfree(area[i]);
	for (int i = 0; i < 64; i++)
		tri_kfree(object[i]);
	for (int i = 0; i < 16; i++)
		tri_free_pages(pfn[i], 0);
}

static void what_is_heard_is_what_is_counted(void **state)
{
	(void)state;
	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		const struct tri_policy_info *info = &tri_policy_info[answer];
		struct tri_core *core = start(info->question, info->answer, 4096);

		print_message("%s=%s\n", info->question, info->answer);
		churn(core);
		finish(core);
	}
}

/* So many objects that the arrays before slabs run over, both ways. */
static void caches_refill_and_flush(void **state)
{
	static void *object[4000];

	(void)state;
	for (int sheaves = 0; sheaves < 2; sheaves++) {
		struct tri_core *core =
			start(sheaves ? "sheaves" : "slab", sheaves ? "on" : "slab", 4096);

		for (int i = 0; i < 4000; i++)
			object[i] = tri_kmalloc(256, QUIET);
		assert_int_equal(model_heard[TRI_POINT_slab_new].last[0], 256);
		for (int i = 0; i < 4000; i++)
			tri_kfree(object[i]);
		if (sheaves)
			assert_true(HEARD(sheaf_fill) && HEARD(sheaf_flush));
		else
			assert_true(HEARD(slab_refill) && HEARD(slab_flush));
		finish(core);
	}
}

static unsigned long held[4096], n_held;

static unsigned long count_held(struct tri_core *core, struct tri_shrinker *self)
{
	(void)core;
	(void)self;
	return n_held;
}

static unsigned long give_up_held(struct tri_core *core, struct tri_shrinker *self,
				  unsigned long frames)
{
	(void)core;
	(void)self;
	(void)frames;
	tri_free_pages(held[--n_held], 0);
	return 1;
}

/* To the end of memory and beyond: types take from types, shrinkers are asked, some fail. */
static void memory_runs_out(void **state)
{
	struct tri_shrinker shrinker = {.name = "held", .count = count_held, .scan = give_up_held};
	struct tri_core *core = start("pages", "buddy", 2048);
	static unsigned long block[2048], stolen[64];
	unsigned long n = 0, steals = 0;

	(void)state;
	while ((block[n] = tri_alloc_pages(QUIET, 3)) != TRI_PFN_NONE)
		n++;
	for (unsigned long i = 0; i < n; i += 2)
		tri_free_pages(block[i], 3);
	pcp_drain_all(core);
	for (; steals < 64; steals++)
		stolen[steals] = tri_alloc_pages(QUIET | TRI_GFP_MOVABLE, 0);
	assert_true(HEARD(pages_steal));
	assert_int_equal(model_heard[TRI_POINT_pages_steal].last[1], MIGRATE_UNMOVABLE);
	assert_int_equal(model_heard[TRI_POINT_pages_steal].last[2], MIGRATE_MOVABLE);

	while ((held[n_held] = tri_alloc_pages(QUIET, 0)) != TRI_PFN_NONE)
		n_held++;
	assert_true(HEARD(pages_fail));
	assert_int_equal(model_heard[TRI_POINT_pages_fail].last[1], QUIET);
	tri_shrinker_register(core, &shrinker);
	tri_free_pages(tri_alloc_pages(QUIET, 0), 0);
	tri_shrinker_unregister(core, &shrinker);
	assert_int_equal(model_heard[TRI_POINT_pages_reclaim].last[0], 32);
	assert_true(model_heard[TRI_POINT_pages_reclaim].last[1] >= 1);

	while (n_held)
		tri_free_pages(held[--n_held], 0);
	while (steals)
		tri_free_pages(stolen[--steals], 0);
	for (unsigned long i = 1; i < n; i += 2)
		tri_free_pages(block[i], 3);
	finish(core);
}

static void fields_are_those_of_the_call(void **state)
{
	struct tri_core *core = start("vrealloc", "inplace", 2048);
	const struct model_heard *heard = model_heard;
	uintptr_t at = (uintptr_t)tri_vmalloc(3 * TRI_PAGE_SIZE);
	void *to;

	(void)state;
	assert_int_equal(heard[TRI_POINT_area_alloc].last[0], at);
	assert_int_equal(heard[TRI_POINT_area_alloc].last[1], 4);
	assert_int_equal(heard[TRI_POINT_table_map].last[0], at);
	assert_int_equal(heard[TRI_POINT_table_map].last[1], 3);
	assert_ptr_equal(tri_vrealloc((void *)at, 5 * TRI_PAGE_SIZE, TRI_GFP_KERNEL), (void *)at);
	assert_int_equal(heard[TRI_POINT_vrealloc_grow].last[0], at);
	assert_int_equal(heard[TRI_POINT_vrealloc_grow].last[1], 3);
	assert_int_equal(heard[TRI_POINT_vrealloc_grow].last[2], 5);
	to = tri_vmalloc(TRI_PAGE_SIZE);
	tri_vfree((void *)at);
	assert_int_equal(heard[TRI_POINT_table_unmap].last[0], at);
	assert_int_equal(heard[TRI_POINT_table_unmap].last[1], 5);
	tri_vfree(to);
	assert_true(tri_vmalloc_purge() > 0);
	assert_int_equal(heard[TRI_POINT_flush_range].last[2], 3);
	assert_int_equal(heard[TRI_POINT_purge].last[0], 6 + 2);
	assert_int_equal(heard[TRI_POINT_purge].last[1], 2);
	finish(core);
}

static void nothing_is_heard_unless_listened(void **state)
{
	struct tri_core *core = start("flush", "lazy", 2048);

	(void)state;
	model_listen(true);
	model_listen(false);
	tri_vfree(tri_vmalloc(TRI_PAGE_SIZE));
	tri_vmalloc_purge();
	for (int point = 0; point < TRI_POINT_COUNT; point++)
		assert_int_equal(model_heard[point].count, 0);
	model_stop(core);
}

static void each_point_was_heard(void **state)
{
	(void)state;
	for (int point = 0; point < TRI_POINT_COUNT; point++)
		if (!heard_ever[point])
			fail_msg("%s was never heard", model_point_name[point]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_heard_is_what_is_counted),
		cmocka_unit_test(caches_refill_and_flush),
		cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(fields_are_those_of_the_call),
		cmocka_unit_test(nothing_is_heard_unless_listened),
		cmocka_unit_test(each_point_was_heard),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
