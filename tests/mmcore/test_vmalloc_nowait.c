/* SPDX-License-Identifier: GPL-2.0-only */
/* test_vmalloc_nowait.c - areas for who may not sleep: pinned, without a flush, or not at all. */
#include <string.h>

#include "answers.h"
#include "model_platform.h"

#define MIB (1UL << 20)

/* Pinned, as a caller that holds a spinlock is: at level 1 whatever sleeps then panics. */
static void *pinned(unsigned long size, tri_gfp_t gfp)
{
	unsigned long saved = plat_pin();
	void *at = tri_vmalloc_nowait(size, gfp);

	plat_unpin(saved);
	return at;
}

static void each_answer_serves_the_pinned(void **state)
{
	(void)state;
	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		uint64_t random = test_seed();
		struct tri_config config;
		struct tri_core *core;
		void *at[16] = {NULL};

		model_config(&config, 2, 2048, 16 * MIB);
		assert_int_equal(tri_config_set(&config, tri_policy_info[answer].question,
						tri_policy_info[answer].answer),
				 0);
		config.tunable[TRI_TUNABLE_lazy_max_pages] = 100;
		core = model_start(&config);
		for (int step = 0; step < 300; step++) {
			unsigned int slot = test_below(&random, 16);
			unsigned long size = 1 + test_below(&random, 40 * TRI_PAGE_SIZE);
			tri_gfp_t gfp = step % 2 ? TRI_GFP_ATOMIC : TRI_GFP_NOWAIT;

			tri_vfree(at[slot]);
			at[slot] = pinned(size, gfp | TRI_GFP_ZERO | TRI_GFP_NOWARN);
			assert_non_null(at[slot]);
			assert_int_equal(shadowed_read8((char *)at[slot] + size - 1), 0);
			shadowed_fill(at[slot], 0xa5, size);
		}
		assert_sound(core);
		for (unsigned int slot = 0; slot < 16; slot++)
			tri_vfree(at[slot]);
		model_stop(core);
	}
}

/* Addresses that wait for a flush are not had, but by who may wait for it. */
static void what_needs_a_flush_fails(void **state)
{
	const unsigned long half = 2 * MIB - TRI_PAGE_SIZE;
	struct tri_config config;
	struct tri_core *core;
	void *at[2];

	(void)state;
	model_config(&config, 1, 2048, 4 * MIB);
	core = model_start(&config);
	at[0] = tri_vmalloc(half);
	at[1] = tri_vmalloc(half);
	assert_non_null(at[1]);
	tri_vfree(at[1]);
	assert_null(pinned(half, TRI_GFP_ATOMIC | TRI_GFP_NOWARN));
	assert_int_equal(model_event(core, TRI_EVENT_purge), 0);
	assert_sound(core);
	at[1] = tri_vmalloc(half);
	assert_non_null(at[1]);
	tri_vfree(at[0]);
	tri_vfree(at[1]);
	model_stop(core);
}

/* Without frames: nothing is kept, nothing was flushed, and reserves are for who may use them. */
static void without_frames_it_fails(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long nowait = 0, atomic = 0;
	void *at[600];

	(void)state;
	model_config(&config, 1, 512, 16 * MIB);
	config.tunable[TRI_TUNABLE_min_free_kbytes] = 256;
	core = model_start(&config);
	assert_null(pinned(511 * TRI_PAGE_SIZE, TRI_GFP_ATOMIC | TRI_GFP_NOWARN));
	assert_sound(core);
	while ((at[nowait] = pinned(1, TRI_GFP_NOWAIT | TRI_GFP_NOWARN)))
		nowait++;
	while ((at[nowait + atomic] = pinned(1, TRI_GFP_ATOMIC | TRI_GFP_NOWARN)))
		atomic++;
	assert_true(nowait > 300);
	assert_true(atomic >= 16);
	assert_int_equal(model_event(core, TRI_EVENT_flush_range), 0);
	assert_int_equal(model_event(core, TRI_EVENT_flush_full), 0);
	assert_sound(core);
	for (unsigned long i = 0; i < nowait + atomic; i++)
		tri_vfree(at[i]);
	model_stop(core);
}

/* Frames for all of it, none for a table: known before any is mapped, and given back. */
static void without_a_frame_for_a_table_it_fails(void **state)
{
	static void *block[4096];

	(void)state;
	for (unsigned long pages = 1; pages <= 600; pages += 599) {
		struct tri_config config;
		struct tri_core *core;
		unsigned long n = 0;
		void *at;

		model_config(&config, 1, 4096, 16 * MIB);
		core = model_start(&config);
		while ((block[n] = tri_get_free_pages(TRI_GFP_ATOMIC | TRI_GFP_NOWARN, 0)))
			n++;
		assert_true(n > pages + 2);
		/* 600 pages need two tables: there is one for the first. */
		for (unsigned long i = 0; i < pages + pages / 512; i++)
			tri_free_page_ptr(block[--n]);
		assert_null(pinned(pages * TRI_PAGE_SIZE, TRI_GFP_ATOMIC | TRI_GFP_NOWARN));
		assert_int_equal(model_event(core, TRI_EVENT_flush_range), 0);
		assert_int_equal(model_event(core, TRI_EVENT_flush_full), 0);
		assert_int_equal(tri_vmalloc_purge(), 0);
		assert_sound(core);
		while (n)
			tri_free_page_ptr(block[--n]);
		at = pinned(pages * TRI_PAGE_SIZE, TRI_GFP_ATOMIC | TRI_GFP_NOWARN);
		assert_non_null(at);
		tri_vfree(at);
		model_stop(core);
	}
}

/* A part is mapped, as only some platforms refuse: its addresses wait for a flush, its CPU doesn't.
 */
static void refused_stores_leave_nothing(void **state)
{
	struct tri_config config;
	struct tri_core *core;

	(void)state;
	model_config(&config, 1, 4096, 16 * MIB);
	core = model_start(&config);
	for (unsigned long nth = 1; nth <= 3; nth++) {
		/* Over three tables. */
		model.fail_store = nth;
		assert_null(tri_vmalloc_nowait(5 * MIB, TRI_GFP_ATOMIC | TRI_GFP_NOWARN));
		assert_int_equal(model.fail_store, 0);
		assert_int_equal(core->cpu[0].nowait, 0);
		assert_sound(core);
	}
	/* Who may sleep is who has it flushed. */
	assert_int_equal(tri_vmalloc_purge() > 0, 1);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_serves_the_pinned),
		cmocka_unit_test(what_needs_a_flush_fails),
		cmocka_unit_test(without_frames_it_fails),
		cmocka_unit_test(without_a_frame_for_a_table_it_fails),
		cmocka_unit_test(refused_stores_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
