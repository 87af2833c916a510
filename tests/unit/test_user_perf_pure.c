/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_user_perf_pure.c - perf events without a PMU: which counters perf= means and what they are
 * called, what CPUs call the raw ones, how groups are made to fit, how values are scaled.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "extras.h"
#include "targets/user/perf_list.h"
#include "targets/user/perf_pack.h"
#include "targets/user/perf_raw.h"

static struct perf_list parse(const char *text)
{
	struct perf_list list;
	char why[300] = "";

	if (perf_list_parse(text, &list, why, sizeof(why)))
		fail_msg("%s: %s", text, why);
	return list;
}

static const struct perf_counter *find(const struct perf_list *list, const char *name)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (!strcmp(list->counter[i].name, name))
			return &list->counter[i];
	fail_msg("no %s", name);
	return NULL;
}

static void off_is_nothing_and_auto_everything(void **state)
{
	struct perf_list off = parse("off"), all = parse("auto");

	(void)state;
	assert_int_equal(off.n, 0);
	assert_false(off.automatic);
	assert_true(all.automatic);
	find(&all, "perf_cycles_user");
	find(&all, "perf_llc_load_misses_kernel");
	find(&all, "perf_task_clock");
	for (unsigned int i = 0; i < all.n; i++) {
		assert_int_not_equal(all.counter[i].type, PERF_TYPE_TRACEPOINT);
		assert_string_equal(perf_event(&all.counter[i]),
				    all.counter[i].name + strlen("perf_"));
		for (unsigned int k = 0; k < i; k++)
			assert_string_not_equal(all.counter[i].name, all.counter[k].name);
	}
}

static void user_space_and_kernel_are_counted_apart(void **state)
{
	struct perf_list list = parse("dtlb_loads");
	const struct perf_counter *user = &list.counter[0], *kernel = &list.counter[1];

	(void)state;
	assert_int_equal(list.n, 2);
	assert_string_equal(user->name, "perf_dtlb_loads_user");
	assert_string_equal(kernel->name, "perf_dtlb_loads_kernel");
	assert_int_equal(user->side, PERF_SIDE_USER);
	assert_int_equal(kernel->side, PERF_SIDE_KERNEL);
	assert_int_equal(user->type, PERF_TYPE_HW_CACHE);
	/* linux/perf_event.h: cache 3 is the data TLB, reads are 0, accesses 0. */
	assert_int_equal(user->config, 3);
	assert_int_equal(user->config, kernel->config);
	assert_int_not_equal(user->group, kernel->group);
	list = parse("dtlb_store_misses");
	assert_int_equal(list.counter[0].config, 3 | 1 << 8 | 1 << 16);
	/* What happens in the kernel alone is one counter, and so is what knows no difference. */
	list = parse("context_switches+task_clock");
	assert_int_equal(list.n, 2);
	assert_string_equal(list.counter[0].name, "perf_context_switches");
	assert_int_equal(list.counter[0].side, PERF_SIDE_BOTH);
	assert_string_equal(list.counter[1].name, "perf_task_clock");
	assert_string_equal(list.counter[1].unit, "ns");
}

static void a_group_is_counted_at_the_same_time(void **state)
{
	struct perf_list list = parse("dtlb+itlb+dtlb_loads");
	unsigned int dtlb = find(&list, "perf_dtlb_loads_user")->group;

	(void)state;
	/* 3 and 2 events, twice; what is named twice is counted once. */
	assert_int_equal(list.n, 10);
	assert_int_equal(find(&list, "perf_dtlb_load_misses_user")->group, dtlb);
	assert_int_not_equal(find(&list, "perf_dtlb_load_misses_kernel")->group, dtlb);
	assert_int_not_equal(find(&list, "perf_itlb_loads_user")->group, dtlb);
}

static void tracepoints_keep_their_names(void **state)
{
	struct perf_list list = parse("tlb:tlb_flush+raw_syscalls:sys_enter");

	(void)state;
	assert_int_equal(list.n, 2);
	assert_string_equal(list.counter[0].name, "perf_tlb:tlb_flush");
	assert_string_equal(perf_event(&list.counter[0]), "tlb:tlb_flush");
	assert_int_equal(list.counter[0].type, PERF_TYPE_TRACEPOINT);
	assert_int_equal(list.counter[0].side, PERF_SIDE_BOTH);
	assert_int_not_equal(list.counter[0].group, list.counter[1].group);
}

static void wrong_names_are_named(void **state)
{
	static const char *const bad[][2] = {
		{"", "give off, auto"},
		{"core+colour", "\"colour\""},
		{"core+", "\"\""},
		{"+core", "\"\""},
		{"off+core", "\"off\""},
		{"tlb:", "\"tlb:\""},
		{":tlb_flush", "\":tlb_flush\""},
		{"tlb:../tlb_flush", "\"tlb:../tlb_flush\""},
		{"a:b:c", "\"a:b:c\""},
		{"dtlb_loads_user", "\"dtlb_loads_user\""},
	};
	char text[4096] = "a:a0", why[300];
	struct perf_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(perf_list_parse(bad[i][0], &list, why, sizeof(why)), -EINVAL);
		if (!strstr(why, bad[i][1]))
			fail_msg("%s: %s", bad[i][0], why);
	}
	for (int i = 1; i <= PERF_COUNTERS_MAX; i++)
		snprintf(text + strlen(text), 16, "+a:a%d", i);
	assert_int_equal(perf_list_parse(text, &list, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "more than 64 counters; name fewer");
	memset(text, 'x', sizeof(text) - 1);
	text[1] = ':';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(perf_list_parse(text, &list, why, sizeof(why)), -EINVAL);
}

/* Linux 6.12, tools/perf/pmu-events/arch/x86/: skylakex, icelakex, sapphirerapids, broadwellx. */
static void raw_events_are_those_of_the_cpu(void **state)
{
	static const struct {
		struct perf_cpu_id cpu;
		uint64_t load, store;
	} known[] = {
		{{true, 6, 0x55}, 0x01001008, 0x01001049},
		{{true, 6, 0x6a}, 0x01001008, 0x01001049},
		{{true, 6, 0x8f}, 0x01001012, 0x01001013},
		{{true, 6, 0x4f}, 0x00001008, 0x00001049},
	};
	static const struct perf_cpu_id unknown[] = {{false, 25, 0x11},
						     {false, 6, 0x55},
						     {true, 15, 0x55},
						     {true, 6, 0},
						     {true, 6, 0x97}};
	struct perf_cpu_id here;
	uint64_t config = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_true(perf_raw_config(PERF_RAW_LOAD_WALKS, &known[i].cpu, &config));
		assert_int_equal(config, known[i].load);
		assert_true(perf_raw_config(PERF_RAW_STORE_WALKS, &known[i].cpu, &config));
		assert_int_equal(config, known[i].store);
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_false(perf_raw_config(PERF_RAW_LOAD_WALKS, &unknown[i], &config));
	perf_raw_cpu(&here);
	assert_true(here.family >= 6);
}

/* A PMU with *arg counters. */
static bool fits(void *arg, const unsigned int *which, unsigned int m)
{
	(void)which;
	return m <= *(unsigned int *)arg;
}

static void packs_fit_the_pmu(void **state)
{
	static const unsigned int wanted[] = {4, 4, 4, 5, 5, 4, 9};
	static const struct {
		unsigned int counters, packs, pack[7];
	} as[] = {
		{8, 3, {0, 0, 0, 1, 1, 0, 2}}, {4, 3, {0, 0, 0, 1, 1, 0, 2}},
		{3, 4, {0, 0, 0, 1, 1, 2, 3}}, {2, 4, {0, 0, 1, 2, 2, 1, 3}},
		{1, 7, {0, 1, 2, 3, 4, 5, 6}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++) {
		unsigned int counters = as[i].counters, pack[7], first[7], packs;

		packs = perf_pack(wanted, 7, fits, &counters, pack);
		assert_int_equal(packs, as[i].packs);
		/* Numbers are in the order of the first of each; only who is together matters. */
		for (unsigned int k = 0; k < 7; k++)
			for (unsigned int m = 0; m < 7; m++)
				assert_int_equal(pack[k] == pack[m],
						 as[i].pack[k] == as[i].pack[m]);
		memset(first, 0, sizeof(first));
		for (unsigned int k = 0; k < 7; k++) {
			assert_true(pack[k] < packs);
			assert_true(++first[pack[k]] <= counters);
		}
	}
	assert_int_equal(perf_pack(wanted, 0, fits, NULL, NULL), 0);
}

static void values_are_scaled_to_the_whole_time(void **state)
{
	static const uint64_t hour = 3600UL * 1000000000;
	uint64_t large = 1UL << 52, scaled;

	(void)state;
	assert_int_equal(extras_scale(1000, 50, 50), 1000);
	assert_int_equal(extras_scale(1000, 100, 50), 2000);
	assert_int_equal(extras_scale(7, 300, 100), 21);
	assert_int_equal(extras_scale(10, 10, 3), 33);
	assert_int_equal(extras_scale(0, 100, 1), 0);
	/* It never ran: nothing is known, and nothing is what is said. */
	assert_int_equal(extras_scale(0, 100, 0), 0);
	assert_int_equal(extras_scale(5, 0, 0), 0);
	/* The two times are read one after the other: running may be ahead by some ns. */
	assert_int_equal(extras_scale(5, 100, 101), 5);
	assert_int_equal(extras_scale(1000000, hour, hour / 4), 4000000);
	scaled = extras_scale(large, hour, hour / 3);
	assert_true(scaled > 3 * large - (large >> 26) && scaled < 3 * large + (large >> 26));
	assert_int_equal(extras_scale(1, ~0UL, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(off_is_nothing_and_auto_everything),
		cmocka_unit_test(user_space_and_kernel_are_counted_apart),
		cmocka_unit_test(a_group_is_counted_at_the_same_time),
		cmocka_unit_test(tracepoints_keep_their_names),
		cmocka_unit_test(wrong_names_are_named),
		cmocka_unit_test(raw_events_are_those_of_the_cpu),
		cmocka_unit_test(packs_fit_the_pmu),
		cmocka_unit_test(values_are_scaled_to_the_whole_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
