/* SPDX-License-Identifier: GPL-2.0-only */
/* test_gfp_name.c - names of the flags of allocations, as the kernel's source has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gfp_name.h"

static void expect(uint32_t flags, const char *name)
{
	char text[256];

	gfp_name(flags, text, sizeof(text));
	assert_string_equal(text, name);
}

static void sets_that_the_kernel_names(void **state)
{
	(void)state;
	expect(0xcc0, "GFP_KERNEL");
	expect(0x820, "GFP_ATOMIC");
	expect(0xa20, "GFP_ATOMIC");
	expect(0x800, "GFP_NOWAIT");
	expect(0xc00, "GFP_NOIO");
	expect(0xc40, "GFP_NOFS");
	expect(0x100cc0, "GFP_USER");
	expect(0x100cca, "GFP_HIGHUSER_MOVABLE");
}

static void what_comes_on_top(void **state)
{
	(void)state;
	expect(0x400cc0, "GFP_KERNEL|ACCOUNT");
	expect(0x400dc0, "GFP_KERNEL|ZERO|ACCOUNT");
	expect(0x2800, "GFP_NOWAIT|NOWARN");
	expect(0x4, "DMA32");
}

static void no_name_and_nothing(void **state)
{
	(void)state;
	expect(0, "0");
	expect(0x1000cc0, "GFP_KERNEL|0x1000000");
	expect(0x80000000, "0x80000000");
}

/* Every flag by itself, all together, and any mixture: it ends within its room, with a NUL. */
static void any_flags_in_any_room(void **state)
{
	char text[64];

	(void)state;
	for (uint32_t i = 0, flags = 1; i < 10000; i++, flags = flags * 1664525 + 1013904223) {
		for (size_t size = 1; size <= sizeof(text); size += 7) {
			memset(text, 'x', sizeof(text));
			gfp_name(flags, text, size);
			assert_non_null(memchr(text, '\0', size));
			for (size_t at = size; at < sizeof(text); at++)
				assert_int_equal(text[at], 'x');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_that_the_kernel_names),
		cmocka_unit_test(what_comes_on_top),
		cmocka_unit_test(no_name_and_nothing),
		cmocka_unit_test(any_flags_in_any_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
