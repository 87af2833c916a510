/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_tlb_workloads.c - the workloads about TLBs and interrupts by their exact counts: who
 * is interrupted how often with which policy, and the shapes that others have published.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run_case.h"

#define QUICK " blocks=2 warmup=0 slice=200 timing=none memory=64M"
#define ARMS  " arm:flush=eager-global arm:flush=eager arm:flush=lazy"

/* The counter @name of each arm; how many operations there were. */
static double counts(const char *words, const char *name, double *value, size_t arms)
{
	struct run *run;
	double ops;
	char text[256];

	snprintf(text, sizeof(text), "%s" QUICK, words);
	assert_int_equal(run_case(text, &run), 0);
	assert_int_equal(run->nr_benches, arms);
	for (size_t i = 0; i < arms; i++) {
		assert_string_equal(run->benches[i].status, "ok");
		value[i] = run_case_exact(&run->benches[i], name);
	}
	ops = (double)bench_counter(&run->benches[0], "exact", name)->ops;
	run_free(run);
	return ops;
}

static void expect_each(const char *words, const char *name, double a, double b, double c)
{
	double value[3];

	counts(words, name, value, 3);
	if (value[0] != a || value[1] != b || value[2] != c)
		fail_msg("%s: %s is %g, %g, %g, not %g, %g, %g", words, name, value[0], value[1],
			 value[2], a, b, c);
}

/* As before 2.6.28: each unmap is a flush, on however many CPUs. tests/kernel/tlb.sh: interrupts.
 */
static void a_flush_for_each_unmap_unless_lazy(void **state)
{
	(void)state;
	expect_each("unmap-storm cpus=1 nr_pages=8 exact_ops=512" ARMS, "flush_full", 512, 0, 0);
	expect_each("unmap-storm cpus=3 nr_pages=8 exact_ops=256" ARMS, "flush_range", 0, 768, 0);
}

/* A piece is an operation and a flush, whatever its size; eager-global drops all. */
static void remapping_flushes_each_piece(void **state)
{
	(void)state;
	expect_each("tlb_flush1 mib=2 cpus=2 exact_ops=512 lazy_max_mib=1" ARMS, "flush_full", 1024,
		    0, 0);
	/* A page and a guard, 512 pages may wait: each 257th. */
	expect_each("tlb_flush1 mib=2 cpus=2 exact_ops=512 lazy_max_mib=1" ARMS, "flush_range", 0,
		    1024, 1024 / 257);
	expect_each("tlb_flush2 cpus=2 exact_ops=16 nr_pages=256 lazy_max_mib=1" ARMS,
		    "flush_range", 0, 32, 32 / 2);
	expect_each("tlb_flush3 mib=2 cpus=2 exact_ops=8 nr_pages=512 lazy_max_mib=1" ARMS,
		    "flush_range", 0, 16, 16);
}

static void unmaps_are_counted_once(void **state)
{
	(void)state;
	expect_each("tlbflush cpus=3 entries=64 exact_ops=100 lazy_max_mib=1" ARMS, "flush_range",
		    0, 100, 100 / 8);
	expect_each("tlb-shootdown cpus=3 nr_pages=64 exact_ops=99 lazy_max_mib=1" ARMS,
		    "flush_range", 0, 99, 99 / 8);
}

/* All of the others' frees reach it, or one in thousands. */
static void a_victim_is_interrupted_by_each_flush(void **state)
{
	(void)state;
	for (unsigned int cpus = 2; cpus <= 4; cpus++) {
		unsigned int frees = 300 * (cpus - 1);
		char words[128];

		snprintf(words, sizeof(words),
			 "isolated-victim cpus=%u exact_ops=300 lazy_max_pages=199" ARMS, cpus);
		expect_each(words, "victim_interrupts", frees, frees, frees / 100);
	}
}

/* The threshold sweep: twice the threshold, half the interrupts; none: one a free. */
static void interrupts_by_threshold(void **state)
{
	double value[4];

	(void)state;
	counts("unmap-storm cpus=2 nr_pages=3 exact_ops=512 arm:lazy_max_mib=0 "
	       "arm:lazy_max_mib=1 arm:lazy_max_mib=4 arm:lazy_max_mib=32",
	       "purge", value, 4);
	assert_true(value[0] == 1024);
	assert_true(value[1] == 1024 / 129);
	assert_true(value[2] == 1024 / 513);
	assert_true(value[3] == 0);
	counts("unmap-storm cpus=2 nr_pages=3 exact_ops=512 arm:lazy_max_mib=0 "
	       "arm:lazy_max_mib=1 arm:lazy_max_mib=4 arm:lazy_max_mib=32",
	       "waiting_pages_max", value, 4);
	assert_true(value[0] == 4 && value[1] == 516 && value[2] == 2052 && value[3] == 4096);
}

static void kvmalloc_falls_back_above_its_border(void **state)
{
	static const struct {
		const char *words;
		double by_kmalloc;
	} all[] = {
		{"kvmalloc-border cpus=1 kib=4096 arm:flush=lazy", 128},
		{"kvmalloc-border cpus=1 kib=4100 arm:flush=lazy", 0},
		{"kvmalloc-border cpus=1 kib=4 fill=90 arm:flush=lazy", 128},
		{"kvmalloc-border cpus=1 kib=256 fill=90 arm:flush=lazy", 0},
	};
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		counts(all[i].words, "by_kmalloc", &value, 1);
		assert_true(value == all[i].by_kmalloc);
		counts(all[i].words, "by_vmalloc", &value, 1);
		assert_true(value == 128 - all[i].by_kmalloc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flush_for_each_unmap_unless_lazy),
		cmocka_unit_test(remapping_flushes_each_piece),
		cmocka_unit_test(unmaps_are_counted_once),
		cmocka_unit_test(a_victim_is_interrupted_by_each_flush),
		cmocka_unit_test(interrupts_by_threshold),
		cmocka_unit_test(kvmalloc_falls_back_above_its_border),
	};

	run_case_on_one_cpu();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
