/* SPDX-License-Identifier: GPL-2.0-only */
/* test_machine.c - what machine a case's words come to: RAM, log, and words that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "channel.h"
#include "options.h"
#include "ram.h"
#include "watchdog.h"

/* Where tests/e2e/fake-qemu writes, which can't include a header. */
_Static_assert(CHANNEL_ADDRESS == 0x100000 && CHANNEL_LOG == 0x600000 &&
		       offsetof(struct channel, stop) == 36 &&
		       offsetof(struct channel, written) == 40 &&
		       offsetof(struct channel, heartbeat) == 48 &&
		       offsetof(struct channel, root) == 56 &&
		       offsetof(struct channel, overflow) == 64 &&
		       offsetof(struct channel, ended) == 80,
	       "tests/e2e/fake-qemu must follow");

#define MIB (1UL << 20)
#define GIB (1UL << 30)

static void ram_holds_cores_log_and_harness(void **state)
{
	uint64_t ram = ram_for(2, GIB, 4);

	(void)state;
	assert_true(ram - ram_log(ram) >= 2 * GIB + 64 * MIB);
	assert_true(ram < 3 * GIB);
	assert_int_equal(ram % RAM_STEP, 0);
	/* Metadata of its frames: a 120th of a core's memory. */
	ram = ram_for(1, 8 * GIB, 1);
	assert_true(ram - ram_log(ram) >= 8 * GIB + 8 * GIB / 100 + 64 * MIB);
	ram = ram_for(2, GIB, 4);
	/* Each worker of each arm keeps objects and histograms. */
	assert_int_equal(ram_for(2, GIB, 5) - ram, 16 * MIB);
	ram = ram_for(1, 4 * MIB, 1);
	assert_true(ram >= RAM_MIN && ram - ram_log(ram) >= 76 * MIB);
}

static void more_than_a_machine_can_have_is_no_size(void **state)
{
	(void)state;
	assert_int_not_equal(ram_for(1, 15 * GIB, 64), 0);
	assert_int_equal(ram_for(1, 16 * GIB, 1), 0);
	assert_int_equal(ram_for(8, 2 * GIB, 1), 0);
	assert_int_equal(ram_for(8, 1UL << 61, 1), 0);
}

static void the_log_is_at_most_a_quarter(void **state)
{
	(void)state;
	assert_int_equal(ram_log(RAM_MIN), 16 * MIB);
	assert_int_equal(ram_log(66 * MIB), 16 * MIB);
	assert_int_equal(ram_log(GIB), 64 * MIB);
	assert_int_equal(ram_log(RAM_MAX), 64 * MIB);
}

static void ram_beyond_3_gib_lies_above_4(void **state)
{
	(void)state;
	assert_int_equal(ram_low(GIB), GIB);
	assert_int_equal(ram_low(3 * GIB), 3 * GIB);
	assert_int_equal(ram_low(8 * GIB), 3 * GIB);
}

static int read_words(struct options *options, const char *first, const char *second)
{
	char *words[] = {(char *)first, (char *)second};

	return options_read(options, second ? 2 : 1, words);
}

static void words_are_read(void **state)
{
	char *words[] = {"null",       "cpus=3",     "memory=256M",  "arm:a=1",
			 "arm:b=2",    "watchdog=7", "ram=1G",	     "accel=tcg",
			 "mode=exact", "tlb=zen3",   "first_bench=9"};
	struct options options;

	(void)state;
	assert_int_equal(options_read(&options, 10, words), 0);
	assert_true(options.runs && options.exact);
	assert_int_equal(options.cpus, 3);
	assert_int_equal(options.memory, 256 * MIB);
	assert_int_equal(options.arms, 2);
	assert_int_equal(options.silence, 7);
	assert_int_equal(options.ram, GIB);
	assert_string_equal(options.model, "zen3");
}

static void defaults_hold_where_nothing_was_said(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(read_words(&options, "describe", NULL), 0);
	assert_false(options.runs);
	assert_int_equal(read_words(&options, "null", "memory=huge"), 0);
	assert_true(options.runs && !options.exact && !options.model);
	/* The target will say what is wrong with it. */
	assert_int_equal(options.memory, GIB);
	assert_int_equal(options.arms, 1);
	assert_int_equal(options.silence, 60);
	assert_string_equal(options.accel, "auto");
}

static void bad_words_are_refused(void **state)
{
	static const char *const bad[] = {"watchdog=",
					  "watchdog=-1",
					  "watchdog=x",
					  "watchdog=1s",
					  "ram=",
					  "ram=63M",
					  "ram=17G",
					  "ram=65M",
					  "ram=100000000000000000000T",
					  "accel=xen",
					  "accel=tc",
					  "a=b\nc=d",
					  "tlb=foo",
					  "tlb=skylake/stlb=7x2"};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_words(&options, "null", bad[i]), 2);
	assert_int_equal(read_words(&options, "mode=exact", "accel=kvm"), 2);
	assert_int_equal(read_words(&options, "mode=exact", "accel=mttcg"), 2);
}

static void silence_is_counted_from_the_last_sign(void **state)
{
	struct watchdog watchdog;

	(void)state;
	watchdog_start(&watchdog, 2, 1000);
	assert_true(watchdog_check(&watchdog, 0, 2999));
	assert_true(watchdog_check(&watchdog, 1, 3000));
	assert_true(watchdog_check(&watchdog, 1, 4999));
	assert_false(watchdog_check(&watchdog, 1, 5000));
	watchdog_start(&watchdog, 0, 0);
	assert_true(watchdog_check(&watchdog, 0, 1L << 40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ram_holds_cores_log_and_harness),
		cmocka_unit_test(more_than_a_machine_can_have_is_no_size),
		cmocka_unit_test(the_log_is_at_most_a_quarter),
		cmocka_unit_test(ram_beyond_3_gib_lies_above_4),
		cmocka_unit_test(words_are_read),
		cmocka_unit_test(defaults_hold_where_nothing_was_said),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(silence_is_counted_from_the_last_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
