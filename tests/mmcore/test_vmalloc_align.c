/* SPDX-License-Identifier: GPL-2.0-only */
/* test_vmalloc_align.c - areas at multiples of what was asked for, whoever keeps the addresses. */
#include <string.h>

#include "answers.h"
#include "model_platform.h"

#define MIB   (1UL << 20)
#define SLOTS 32

struct item {
	char *at;
	unsigned long size;
};

/* Its bytes are its own: the first and the last hold what nobody else wrote. */
static void fill(const struct item *item, unsigned int slot)
{
	shadowed_write8(item->at, (uint8_t)slot);
	shadowed_write8(item->at + item->size - 1, (uint8_t)slot);
}

static void take_back(struct item *item, unsigned int slot)
{
	assert_int_equal(shadowed_read8(item->at), (uint8_t)slot);
	assert_int_equal(shadowed_read8(item->at + item->size - 1), (uint8_t)slot);
	tri_vfree(item->at);
	item->at = NULL;
}

static void stream(unsigned int areas)
{
	struct item item[SLOTS] = {{NULL, 0}};
	uint64_t random = test_seed();
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 2, 2048, 64 * MIB);
	config.policy[TRI_QUESTION_areas] = areas;
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 200;
	core = model_start(&config);
	for (int step = 0; step < 2000; step++) {
		unsigned int slot = test_below(&random, SLOTS);
		unsigned long align = 1UL << test_below(&random, 24);

		if (item[slot].at) {
			take_back(&item[slot], slot);
			continue;
		}
		item[slot].size = 1 + test_below(&random, 10 * TRI_PAGE_SIZE);
		/* 32 areas of 11 pages and 8 MiB of alignment at most may not fit. */
		item[slot].at =
			tri_vmalloc_align(item[slot].size, align, TRI_GFP_KERNEL | TRI_GFP_ZERO);
		if (!item[slot].at)
			continue;
		assert_int_equal((uintptr_t)item[slot].at % align, 0);
		assert_int_equal((uintptr_t)item[slot].at % TRI_PAGE_SIZE, 0);
		assert_int_equal(shadowed_read8(item[slot].at), 0);
		assert_int_equal(shadowed_read8(item[slot].at + item[slot].size - 1), 0);
		fill(&item[slot], slot);
		if (step % 100 == 0)
			assert_sound(core);
	}
	for (unsigned int slot = 0; slot < SLOTS; slot++)
		if (item[slot].at)
			take_back(&item[slot], slot);
	model_stop(core);
}

static void each_areas_answer_aligns(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "areas")
	stream(answer);
}

/* As many as there are multiples in the window, and no more; holes between them stay usable. */
static void the_window_has_so_many_multiples(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "areas")
	{
		struct tri_config config;
		struct tri_core *core;
		void *at[5];

		model_config(&config, 1, 1024, 16 * MIB);
		config.policy[TRI_QUESTION_areas] = answer;
		core = model_start(&config);
		for (unsigned int i = 0; i < 4; i++) {
			at[i] = tri_vmalloc_align(1, 4 * MIB, TRI_GFP_KERNEL);
			assert_non_null(at[i]);
			assert_int_equal((uintptr_t)at[i] % (4 * MIB), 0);
		}
		assert_null(tri_vmalloc_align(1, 4 * MIB, TRI_GFP_KERNEL));
		at[4] = tri_vmalloc(TRI_PAGE_SIZE);
		assert_non_null(at[4]);
		/* What waits is flushed for who needs just its addresses. */
		tri_vfree(at[2]);
		at[2] = tri_vmalloc_align(1, 4 * MIB, TRI_GFP_KERNEL);
		assert_non_null(at[2]);
		for (unsigned int i = 0; i < 5; i++)
			tri_vfree(at[i]);
		model_stop(core);
	}
}

static void what_is_beyond_the_window_fails_at_once(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "areas")
	{
		struct tri_config config;
		struct tri_core *core;

		model_config(&config, 1, 1024, 16 * MIB);
		config.policy[TRI_QUESTION_areas] = answer;
		core = model_start(&config);
		for (unsigned int shift = 25; shift < 64; shift++)
			assert_null(tri_vmalloc_align(1, 1UL << shift, TRI_GFP_KERNEL));
		assert_null(tri_vmalloc_align(0, 1, TRI_GFP_KERNEL));
		assert_null(tri_vmalloc_align(~0UL, MIB, TRI_GFP_KERNEL));
		assert_int_equal(model_event(core, TRI_EVENT_purge), 0);
		assert_sound(core);
		model_stop(core);
	}
}

#if TRI_CHECK_LEVEL >= 1
static void no_power_of_two_panics(void **state)
{
	struct tri_config config;
	struct tri_core *core;

	(void)state;
	model_config(&config, 1, 1024, 16 * MIB);
	core = model_start(&config);
	assert_panics(tri_vmalloc_align(1, 0, TRI_GFP_KERNEL));
	assert_panics(tri_vmalloc_align(1, 3 * TRI_PAGE_SIZE, TRI_GFP_KERNEL));
	model_stop(core);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_areas_answer_aligns),
		cmocka_unit_test(the_window_has_so_many_multiples),
		cmocka_unit_test(what_is_beyond_the_window_fails_at_once),
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(no_power_of_two_panics),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
