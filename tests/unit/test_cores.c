/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_cores.c - builds of mmcore as shared objects: each arm has one of its own, it counts as the
 * program's own does, and what was not said is left to it. In the sanitized build cores are checked
 * at level 2 while they work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"
#include "run_case.h"
#include "targets/user/layout.h"

/* Beside the folders that this program is in. */
static int find_core(void **state)
{
	char path[512];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	(void)state;
	if (length < 0)
		return -1;
	path[length] = 0;
	for (int i = 0; i < 3; i++)
		*strrchr(path, '/') = 0;
	return setenv("TRIMM_CORES", path, 1);
}

static int parse(struct case_config *config, const char *text)
{
	static char buffer[512];
	char *words[16];
	int n = 0;

	snprintf(buffer, sizeof(buffer), "%s", text);
	for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	return words_parse(config, n, words);
}

static void each_arm_has_a_core_of_its_own(void **state)
{
	static struct case_config config;
	const struct subject *one, *other;

	(void)state;
	assert_int_equal(
		parse(&config, "page-pair core=trimm-core arm:pcp_batch=1 arm:pcp_batch=2"), 0);
	one = config.arm[0].subject;
	other = config.arm[1].subject;
	assert_ptr_not_equal(one, other);
	assert_null(one->obstacle(one));
	assert_null(other->obstacle(other));
	assert_ptr_not_equal(one->core, other->core);
	assert_ptr_not_equal(one->core->check, other->core->check);
	assert_ptr_not_equal(one->core->check, core_calls_mmcore.check);
	assert_string_equal(one->build_id, other->build_id);
	assert_int_equal(strlen(one->build_id), 40);
}

static void what_was_not_said_is_left_to_it(void **state)
{
	static struct case_config config;
	const struct tri_config *said = &config.arm[0].said;

	(void)state;
	assert_int_equal(
		parse(&config, "page-pair core=trimm-core era=2.6.28 flush=eager arm:pcp_batch=5"),
		0);
	assert_int_equal(said->policy[TRI_QUESTION_flush], TRI_POLICY_flush_eager);
	assert_int_equal(said->policy[TRI_QUESTION_areas], WORDS_UNSAID_POLICY);
	assert_int_equal(said->tunable[TRI_TUNABLE_pcp_batch], 5);
	assert_int_equal(said->tunable[TRI_TUNABLE_pcp_high], WORDS_UNSAID_TUNABLE);
	assert_string_equal(config.arm[0].era, "2.6.28");
}

static void what_is_no_core_is_refused(void **state)
{
	static struct case_config config;

	(void)state;
	assert_int_equal(parse(&config, "page-pair core=no-such-core"), -EINVAL);
	assert_int_equal(parse(&config, "page-pair core=trimm-core impl=native"), -EINVAL);
	assert_int_equal(parse(&config, "page-pair core=trimm-core arm:impl=null"), -EINVAL);
}

static void all_events_are_equal(const struct run *run)
{
	for (unsigned int i = 0; i < TRI_EVENT_COUNT; i++) {
		const char *name = tri_event_info[i].name;

		if (strcmp(tri_event_info[i].unit, "ticks"))
			assert_true(run_case_exact(&run->benches[0], name) ==
				    run_case_exact(&run->benches[1], name));
	}
}

/* Both workers at once, too: with it come checks of both cores after each block. */
static void it_counts_as_the_programs_own(void **state)
{
	static const char *const workloads[] = {"kmalloc-pair", "page-bulk", "unmap-storm",
						"vrealloc_test", "vm_map_ram_test"};
	char words[256];
	struct run *run;

	(void)state;
	for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
		snprintf(words, sizeof(words),
			 "%s cpus=2 blocks=2 warmup=0 exact_ops=512 process=%zu memory=256M "
			 "arm:core=trimm-core arm:label=own",
			 workloads[i], i);
		assert_int_equal(run_case(words, &run), 0);
		assert_int_equal(run->nr_benches, 2);
		all_events_are_equal(run);
		run_free(run);
	}
}

static void a_number_is_a_layout(void **state)
{
	unsigned long first[8], same = 0;

	(void)state;
	for (unsigned long process = 0; process < 3; process++) {
		layout_choose(process % 2);
		for (size_t i = 0; i < 8; i++) {
			unsigned long number = layout_number(1000);

			assert_true(number < 1000);
			if (process == 1)
				same += number == first[i];
			if (process == 2)
				assert_int_equal(number, first[i]);
			if (!process)
				first[i] = number;
		}
	}
	assert_true(same < 8);
	assert_int_equal((uintptr_t)layout_place(1 << 20) % TRI_PAGE_SIZE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_arm_has_a_core_of_its_own),
		cmocka_unit_test(what_was_not_said_is_left_to_it),
		cmocka_unit_test(what_is_no_core_is_refused),
		cmocka_unit_test(it_counts_as_the_programs_own),
		cmocka_unit_test(a_number_is_a_layout),
	};

	run_case_on_one_cpu();
	return cmocka_run_group_tests(tests, find_core, NULL);
}
