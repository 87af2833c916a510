/* SPDX-License-Identifier: GPL-2.0-only */
/* test_text.c - the little of printf that mmcore has says what the C library's says. */
#include <stdio.h>
#include <string.h>

#include "model_platform.h"
#include "text.h"

static char said[4096];
static size_t length;

static void collect(void *arg, const char *piece, size_t size)
{
	(void)arg;
	assert_true(length + size < sizeof(said));
	memcpy(said + length, piece, size);
	length += size;
	said[length] = 0;
}

static struct text begin(void)
{
	length = 0;
	said[0] = 0;
	return (struct text){.write = collect};
}

#define AS_PRINTF(...)                                             \
	do {                                                       \
		struct text text = begin();                        \
		char expected[256];                                \
                                                                   \
		snprintf(expected, sizeof(expected), __VA_ARGS__); \
		text_add(&text, __VA_ARGS__);                      \
		text_end(&text);                                   \
		assert_string_equal(said, expected);               \
	} while (0)

static void numbers(void **state)
{
	(void)state;
	AS_PRINTF("%u %lu %zu", 4294967295U, 18446744073709551615UL, (size_t)7);
	AS_PRINTF("%x %lx %02x %016lx", 0xabcU, 0x123456789abcdefUL, 5U, 0xffUL);
	AS_PRINTF("%6lu|%-6lu|%06lu|%1u", 42UL, 42UL, 42UL, 12345U);
	AS_PRINTF("%d %d %ld %ld", 0, -1, 9223372036854775807L, -9223372036854775807L - 1);
	AS_PRINTF("%p", (void *)0x1000);
}

static void words(void **state)
{
	(void)state;
	AS_PRINTF("%s|%8s|%-8s|%c|%%|%s", "a", "b", "c", 'd', "");
}

static void more_than_one_piece(void **state)
{
	struct text text = begin();

	(void)state;
	for (int i = 0; i < 1000; i++)
		text_add(&text, "%03d", i);
	text_end(&text);
	assert_int_equal(length, 3000);
	assert_memory_equal(said + 3 * 777, "777", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(words),
		cmocka_unit_test(more_than_one_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
