/* SPDX-License-Identifier: GPL-2.0-only */
/* test_shadow.c - whose a byte is: set, asked for through every address, at check level 2. */
#include <string.h>

#include "model_platform.h"

#if TRI_CHECK_LEVEL >= 2
#define OPEN(core, at, bytes) assert_null(tri_shadow_fault(core, at, bytes, &why))
/* The first byte that may not be touched is so far behind @at, and @text says why. */
#define SHUT(core, at, bytes, behind, text)                                                 \
	do {                                                                                \
		assert_ptr_equal(tri_shadow_fault(core, at, bytes, &why), (at) + (behind)); \
		assert_string_equal(why, text);                                             \
	} while (0)

static struct tri_core *start(void)
{
	struct tri_config config;

	model_config(&config, 1, 4096, 16UL << 20);
	return model_start(&config);
}

static void each_state_says_why(void **state)
{
	struct tri_core *core = start();
	struct frame *frame = pcp_alloc(core, FRAME_USED);
	char *at = plat_pfn_to_ptr(frame->pfn);
	const char *why;

	(void)state;
	shadow_set_pfn(core, frame->pfn, 1, SHADOW_NEVER);
	SHUT(core, at, 5, 0, "was not handed out");
	shadow_set(core, at + 3, 10, SHADOW_OPEN);
	OPEN(core, at + 3, 10);
	SHUT(core, at + 3, 11, 10, "was not handed out");
	SHUT(core, at + 2, 1, 0, "was not handed out");
	shadow_set(core, at + 13, 3, SHADOW_TAIL);
	shadow_set(core, at + 16, 8, SHADOW_REDZONE);
	SHUT(core, at + 3, 13, 10, "lies behind the bytes asked for");
	SHUT(core, at + 16, 1, 0, "lies in a red zone");
	shadow_set(core, at + 3, 10, SHADOW_FREED);
	SHUT(core, at + 5, 100, 0, "was freed");
	OPEN(core, at + 5, 0);
	shadow_set_pfn(core, frame->pfn, 1, SHADOW_OPEN);
	OPEN(core, at, TRI_PAGE_SIZE);
	tri_free_pages(frame->pfn, 0);
	model_stop(core);
}

static void what_is_nobodys(void **state)
{
	struct tri_core *core = start();
	const char *why, *local = (const char *)&why;

	(void)state;
	SHUT(core, local, 1, 0, "has no frame of this core");
	SHUT(core, (char *)MODEL_WINDOW + 5, 1, 0, "has no frame of this core");
	/* The arena begins with frames that were not lent. */
	SHUT(core, plat_arena + 77, 1, 0, "has no frame of this core");
	model_stop(core);
}

/* One frame, one shadow, whatever the address; and it does not outlive its owner. */
static void follows_the_frame(void **state)
{
	struct tri_core *core = start();
	char *area = tri_vmalloc(3 * TRI_PAGE_SIZE + 5), *alias, *frame;
	unsigned long pfns[4];
	const char *why;

	(void)state;
	for (unsigned long i = 0; i < 4; i++)
		pfns[i] = tri_vmalloc_to_pfn(area + i * TRI_PAGE_SIZE);
	frame = plat_pfn_to_ptr(pfns[3]);
	alias = tri_vmap(pfns, 4);
	OPEN(core, area, 3 * TRI_PAGE_SIZE + 5);
	OPEN(core, alias, 3 * TRI_PAGE_SIZE + 5);
	SHUT(core, area, 4 * TRI_PAGE_SIZE, 3 * TRI_PAGE_SIZE + 5,
	     "lies behind the bytes asked for");
	SHUT(core, alias + 3 * TRI_PAGE_SIZE, 6, 5, "lies behind the bytes asked for");
	SHUT(core, frame, 6, 5, "lies behind the bytes asked for");
	SHUT(core, area + 3 * TRI_PAGE_SIZE, 2 * TRI_PAGE_SIZE, 5,
	     "lies behind the bytes asked for");
	/* The guard. */
	SHUT(core, area + 4 * TRI_PAGE_SIZE, 1, 0, "has no frame of this core");
	tri_vunmap(alias);
	SHUT(core, alias, 1, 0, "has no frame of this core");
	OPEN(core, area, 3 * TRI_PAGE_SIZE + 5);
	tri_vfree(area);
	SHUT(core, area, 1, 0, "has no frame of this core");
	SHUT(core, frame, 1, 0, "was not handed out");
	model_stop(core);
}

static void in_two_mib_too(void **state)
{
	struct tri_core *core = start();
	const unsigned long bytes = (2UL << 20) + 100;
	char *area = tri_vmalloc_huge(bytes, 0);
	const char *why;

	(void)state;
	assert_int_equal(model_event(core, TRI_EVENT_huge_map), 1);
	OPEN(core, area, bytes);
	SHUT(core, area, bytes + 1, bytes, "lies behind the bytes asked for");
	tri_vfree(area);
	model_stop(core);
}
#endif

/* The accessors read and write what the frames hold, at every level. */
static void accessors(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	char *area;

	(void)state;
	model_config(&config, 1, 4096, 16UL << 20);
	core = model_start(&config);
	area = tri_vmalloc(2 * TRI_PAGE_SIZE);
	shadowed_fill(area, 6, 2 * TRI_PAGE_SIZE);
	shadowed_write8(area + TRI_PAGE_SIZE, 7);
	assert_int_equal(shadowed_read8(area + TRI_PAGE_SIZE - 1), 6);
	assert_int_equal(*(char *)plat_pfn_to_ptr(tri_vmalloc_to_pfn(area + TRI_PAGE_SIZE)), 7);
	tri_vfree(area);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accessors),
#if TRI_CHECK_LEVEL >= 2
		cmocka_unit_test(each_state_says_why),
		cmocka_unit_test(what_is_nobodys),
		cmocka_unit_test(follows_the_frame),
		cmocka_unit_test(in_two_mib_too),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
