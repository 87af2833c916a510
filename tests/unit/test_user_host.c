/* SPDX-License-Identifier: GPL-2.0-only */
/* test_user_host.c - what the user target tells of itself: settings, clock, counters. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "targets/user/clock.h"
#include "targets/user/params.h"
#include "host.h"
#include "user_child.h"

static void settings_have_defaults(void **state)
{
	(void)state;
	for (const struct host_param *param = host_params; param->name; param++)
		assert_string_equal(host_param_get(param->name), param->def);
	assert_int_equal(params_memory(), 1UL << 30);
	assert_int_equal(params_window(), 4UL << 30);
	assert_int_equal(params_dma(), 0);
	assert_int_equal(params_dma32(), 0);
	assert_false(params_host_exact());
	assert_null(host_param_get("colour"));
}

static void settings_keep_what_was_written(void **state)
{
	(void)state;
	assert_int_equal(host_param_set("memory", "64m"), 0);
	assert_string_equal(host_param_get("memory"), "64m");
	assert_int_equal(params_memory(), 64UL << 20);
	assert_int_equal(host_param_set("window", "6291456"), 0);
	assert_int_equal(params_window(), 6UL << 20);
	assert_int_equal(host_param_set("dma", "16M"), 0);
	assert_int_equal(params_dma(), 16UL << 20);
	assert_int_equal(host_param_set("dma32", "1G"), 0);
	assert_int_equal(params_dma32(), 1UL << 30);
	assert_int_equal(host_param_set("dma", "0"), 0);
	assert_int_equal(params_dma(), 0);
	assert_int_equal(host_param_set("host", "exact"), 0);
	assert_true(params_host_exact());
	assert_int_equal(host_param_set("host", "linear"), 0);
}

static void bad_settings_change_nothing(void **state)
{
	static const struct {
		const char *name, *value;
		int error;
	} bad[] = {
		{"colour", "red", -ENOENT},
		{"host", "fast", -EINVAL},
		{"host", "", -EINVAL},
		{"memory", "", -EINVAL},
		{"memory", "-4M", -EINVAL},
		{"memory", " 4M", -EINVAL},
		{"memory", "4X", -EINVAL},
		{"memory", "4MM", -EINVAL},
		{"memory", "4194305", -EINVAL},
		{"memory", "3M", -ERANGE},
		{"memory", "2T", -ERANGE},
		{"memory", "99999999999999999T", -ERANGE},
		{"memory", "999999999999999999999", -ERANGE},
		{"window", "5M", -EINVAL},
		{"window", "2M", -ERANGE},
		{"dma", "2M", -EINVAL},
		{"dma", "", -EINVAL},
		{"dma32", "4097K", -EINVAL},
		{"dma32", "2T", -ERANGE},
	};

	(void)state;
	assert_int_equal(host_param_set("memory", "64M"), 0);
	assert_int_equal(host_param_set("window", "8M"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(host_param_set(bad[i].name, bad[i].value), bad[i].error);
	assert_int_equal(params_memory(), 64UL << 20);
	assert_string_equal(host_param_get("window"), "8M");
	assert_string_equal(host_param_get("host"), "linear");
}

static void a_second_of_ticks_is_a_second(void **state)
{
	struct timespec nap = {.tv_nsec = 50000000}, from, to;
	struct host_info info;
	uint64_t begin, ticks, ns;

	(void)state;
	host_info_read(&info);
	assert_string_equal(info.target, "user");
	assert_int_equal(strncmp(info.timebase, "tsc-", 4), 0);
	assert_in_range(info.cpus, 1, TRI_MAX_CPUS);
	clock_gettime(CLOCK_MONOTONIC_RAW, &from);
	begin = plat_ticks();
	nanosleep(&nap, NULL);
	ticks = plat_ticks() - begin;
	clock_gettime(CLOCK_MONOTONIC_RAW, &to);
	ns = (uint64_t)(to.tv_sec - from.tv_sec) * 1000000000 +
	     (uint64_t)(to.tv_nsec - from.tv_nsec);
	/* 0.1 % for the rate, 2 ms for losing the CPU between two readings. */
	assert_in_range(clock_ticks_to_ns(ticks), ns - ns / 1000 - 2000000, ns + ns / 1000);
	assert_int_equal(clock_ticks_to_ns(info.tick_hz), 1000000000);
}

static void counters_only_grow(void **state)
{
	struct host_counts before, after;
	const size_t bytes = 64 * TRI_PAGE_SIZE;
	const char *why;
	uint64_t sum = 0;
	char *scratch;

	(void)state;
	host_counts_read(&before);
	scratch = host_scratch_alloc(bytes);
	assert_non_null(scratch);
	assert_int_equal((uintptr_t)scratch % TRI_PAGE_SIZE, 0);
	for (size_t i = 0; i < bytes; i++)
		assert_int_equal(scratch[i], 0);
	host_scratch_free(scratch, bytes);
	host_counts_read(&after);
	for (int i = 0; i < HOST_COUNTER_COUNT; i++) {
		assert_true(after.value[i] >= before.value[i]);
		assert_true(!strcmp(host_counter_avail(i, &why), "ok") == !why);
	}
	for (int i = 0; i < TRI_MAX_CPUS; i++)
		sum += after.tlb_by_cpu[i];
	assert_in_range(sum, 0, after.value[HOST_COUNTER_host_tlb_shootdowns]);
}

static void scratch_is_touched_already(void **state)
{
	struct host_counts before, after;
	const size_t pages = 512;
	volatile char *scratch;

	(void)state;
#ifdef __SANITIZE_THREAD__
	/* The faults would be those of its shadow. */
	skip();
#endif
	scratch = host_scratch_alloc(pages * TRI_PAGE_SIZE);
	host_counts_read(&before);
	for (size_t i = 0; i < pages; i++)
		scratch[i * TRI_PAGE_SIZE] = 1;
	host_counts_read(&after);
	assert_in_range(after.value[HOST_COUNTER_host_minor_faults] -
				before.value[HOST_COUNTER_host_minor_faults],
			0, pages / 8);
	host_scratch_free((void *)scratch, pages * TRI_PAGE_SIZE);
}

/* In an empty root: no /proc at all. */
static void count_without_proc(void *dir)
{
	struct host_counts counts;
	struct host_info info;
	const char *why;

	if (chroot(dir) || chdir("/"))
		_exit(77);
	host_info_read(&info);
	host_counts_read(&counts);
	if (info.cpus && info.tick_hz && counts.value[HOST_COUNTER_host_minor_faults] &&
	    !strcmp(host_counter_avail(HOST_COUNTER_host_steal_ns, &why), "unsupported") &&
	    !strcmp(host_counter_avail(HOST_COUNTER_host_tlb_shootdowns, &why), "unsupported"))
		host_error("%s", why);
}

static void life_goes_on_without_proc(void **state)
{
	char dir[] = "/tmp/trimm-test-XXXXXX";
	struct child child;

	(void)state;
	assert_non_null(mkdtemp(dir));
	child_run(&child, count_without_proc, dir);
	rmdir(dir);
	if (child.exit_code == 77) {
		print_message("skipped: may not chroot\n");
		skip();
	}
	child_assert(&child, 0, "there is no /proc/interrupts");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First, while no file is open yet. */
		cmocka_unit_test(life_goes_on_without_proc),
		cmocka_unit_test(settings_have_defaults),
		cmocka_unit_test(settings_keep_what_was_written),
		cmocka_unit_test(bad_settings_change_nothing),
		cmocka_unit_test(a_second_of_ticks_is_a_second),
		cmocka_unit_test(counters_only_grow),
		cmocka_unit_test(scratch_is_touched_already),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
