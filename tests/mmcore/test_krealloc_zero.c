/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_krealloc_zero.c - who asks for zeros at every call never sees another byte: not those
 * behind the size first asked for, which ksize() grants and a move copies.
 */
#include <string.h>

#include "answers.h"
#include "model_platform.h"

#define SIZES 300

/* All that will be handed out holds ones. */
static void dirty(void)
{
	static void *object[4 * SIZES];

	for (int i = 0; i < 4 * SIZES; i++) {
		object[i] = tri_kmalloc(1 + i % SIZES, TRI_GFP_KERNEL);
		assert_non_null(object[i]);
		memset(object[i], 0xff, tri_ksize(object[i]));
	}
	for (int i = 0; i < 4 * SIZES; i++)
		tri_kfree(object[i]);
}

static void assert_zero(const unsigned char *at, unsigned long bytes)
{
	for (unsigned long i = 0; i < bytes; i++)
		assert_int_equal(at[i], 0);
}

static void grow_shrink_grow(unsigned long size)
{
	const tri_gfp_t gfp = TRI_GFP_KERNEL | TRI_GFP_ZERO;
	unsigned char *object = tri_kzalloc(size, TRI_GFP_KERNEL);

	assert_non_null(object);
	object = tri_krealloc(object, 2 * size + 1, gfp);
	assert_non_null(object);
	assert_zero(object, 2 * size + 1);
	memset(object, 0xff, 2 * size + 1);
	object = tri_krealloc(object, size, gfp);
	assert_non_null(object);
	memset(object, 0, size);
	object = tri_krealloc(object, 3 * size, gfp);
	assert_non_null(object);
	assert_zero(object, 3 * size);
	tri_kfree(object);
}

static void zeros_stay_zeros(void **state)
{
	struct tri_config config;
	struct tri_core *core;

	(void)state;
	FOR_EACH_ANSWER(slab, "slab")
	{
		model_config(&config, 1, 2048, 4UL << 20);
		config.policy[TRI_QUESTION_slab] = slab;
		core = model_start(&config);
		for (unsigned long size = 1; size <= SIZES; size++) {
			if (size % 32 == 1)
				dirty();
			grow_shrink_grow(size);
		}
		model_stop(core);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeros_stay_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
