/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_case_threads.c - whole cases, from words to records, on both host mappings: every workload
 * leaves nothing behind, arms do the same work, exact counts repeat and meet their formulas.
 * Sanitized builds walk all structures between blocks (check level 2).
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "run.h"
#include "run_case.h"
#include "words.h"

#define QUICK " blocks=2 warmup=20 slice=200 memory=64M"
#define ARMS  " arm:flush=eager arm:flush=lazy"

/*
 * With one CPU for all workers the harness lets them yield while they wait. With a CPU each they
 * spin, and what else runs on one of those CPUs holds up all: several times slower on a busy
 * machine. Inherited by the processes of run_case().
 */
static void use_cpus(unsigned int n)
{
	static cpu_set_t all;
	cpu_set_t some = {0};

	if (!CPU_COUNT(&all))
		assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&some) < (int)n; i++)
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &some);
	assert_int_equal(sched_setaffinity(0, sizeof(some), &some), 0);
}

static bool offered(const struct workload *workload, const struct subject *subject)
{
	const struct subject_api *api = subject->api[workload->family];

	return api && !workload->needs && !(workload->needs_bulk && !api->free_bulk) &&
	       !(workload->needs_realloc && !api->realloc) &&
	       !(workload->needs_core && !subject->core);
}

static bool in_window(enum subject_family family)
{
	return family == SUBJECT_VMALLOC || family == SUBJECT_VMALLOC_HUGE ||
	       family == SUBJECT_VMALLOC_ALIGN || family == SUBJECT_VMALLOC_NOBLOCK ||
	       family == SUBJECT_VMAP || family == SUBJECT_VM_MAP_RAM;
}

/* How long flushes took is told of whatever flushes. */
static size_t nr_op_hists(const struct bench *bench)
{
	size_t n = 0;

	for (size_t i = 0; i < bench->nr_hists; i++)
		n += !!strncmp(bench->hists[i].metric, "shootdown.", strlen("shootdown."));
	return n;
}

static void check_arms(const struct run *run, const char *text)
{
	assert_int_equal(run->nr_benches, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];
		char timing[16];

		if (strcmp(bench->status, "ok"))
			fail_msg("%s: %s: %s", text, bench->status, bench->why);
		assert_int_equal(bench->check_level, TRI_CHECK_LEVEL);
		assert_string_equal(bench->ops_digest, run->benches[0].ops_digest);
		assert_int_equal(bench->ops, run->benches[0].ops);
		assert_true(bench->ops > 0);
		for (size_t k = 0; k < bench->nr_counters; k++) {
			const struct counter *counter = &bench->counters[k];

			if (!counter->stable)
				fail_msg("%s: %s is not stable", text, counter->name);
		}
		assert_non_null(bench_samples(bench, "total"));
		assert_int_equal(bench_samples(bench, "total")->n, 2);
		/* Nothing of operations where only slices are timed. */
		if (!strcmp(bench_param(bench, "timing", timing, sizeof(timing)), "op"))
			assert_true(nr_op_hists(bench) > 0 && bench->nr_intervals > 0);
		else
			assert_true(nr_op_hists(bench) == 0 && bench->nr_intervals == 0);
	}
}

/* What makes short work of it: few live areas; growth and shrinking within a few operations. */
static const char *small(const char *workload)
{
	static const struct {
		const char *workload, *words;
	} all[] = {
		{"cache-scratch", " repetitions=100"},
		{"cache-thrash", " repetitions=100"},
		{"fragment", " memory=8M"},
		{"full_fit_alloc_test", " holes=500"},
		{"kmalloc-remote-free", " count=100"},
		{"kmalloc-repeat", " count=100"},
		{"long_busy_list_alloc_test", " busy=500"},
		{"replay", " trace=tests/unit/three_lanes.trace"},
		{"tlb_flush1", " mib=2"},
		{"tlb_flush3", " mib=2"},
		{"vmalloc-scan", " mib=4"},
		{"slab-exhaust", " memory=16M exact_ops=1"},
		{"vrealloc-grow", " max_pages=3"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(workload, all[i].workload))
			return all[i].words;
	return "";
}

static void every_workload_runs_clean(const char *host, const char *cpus)
{
	for (const struct workload *const *all = workloads_all(); *all; all++) {
		struct run *run;
		char text[256];

		if (!strcmp((*all)->name, "null") || !offered(*all, &subject_mmcore))
			continue;
		/* How the window is mapped is nothing to what stays out of it. */
		if (!strcmp(host, "exact") && !in_window((*all)->family))
			continue;
		/*
		 * Few operations, and few pages that wait, so that they are purged all the same.
		 * Where workers wait for each other, which is at every turn of the exact phase,
		 * somebody else's time slice on one CPU holds up all; and the exact mapping costs a
		 * host mapping an area. Most of the time of a sanitized build goes into memory.
		 */
		snprintf(text, sizeof(text),
			 "%s" QUICK ARMS
			 " memory=32M exact_ops=100 lazy_max_pages=64 host=%s cpus=%s%s",
			 (*all)->name, host, cpus, small((*all)->name));
		assert_int_equal(run_case(text, &run), 0);
		check_arms(run, text);
		run_free(run);
	}
}

static void every_workload_on_the_linear_mapping(void **state)
{
	(void)state;
	use_cpus(1);
	every_workload_runs_clean("linear", "2");
	use_cpus(2);
}

static void every_workload_on_the_exact_mapping(void **state)
{
	(void)state;
	use_cpus(1);
	every_workload_runs_clean("exact", "2");
	use_cpus(2);
}

/* The null subject's memory is not there to be touched, and nothing counts for it. */
static void every_workload_on_the_null_subject(void **state)
{
	(void)state;
	use_cpus(1);
	for (const struct workload *const *all = workloads_all(); *all; all++) {
		struct run *run;
		char text[256];

		if (!offered(*all, &subject_null))
			continue;
		snprintf(text, sizeof(text), "%s impl=null cpus=2 blocks=2 warmup=20 slice=200%s",
			 (*all)->name, strcmp((*all)->name, "replay") ? "" : small("replay"));
		assert_int_equal(run_case(text, &run), 0);
		assert_string_equal(run->benches[0].status, "ok");
		assert_null(bench_counter(&run->benches[0], "exact", "flush_range"));
		run_free(run);
	}
	use_cpus(2);
}

/* Those whose workers touch, or free, what another has; the others' hardly meet. */
static void workers_with_a_cpu_each(void **state)
{
	static const char *const names[] = {"unmap-storm",     "purge-pause", "remote-free",
					    "ipi-all",	       "tlbflush",    "tlb-shootdown",
					    "isolated-victim", "flush-range"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct run *run;
		char text[256];

		snprintf(text, sizeof(text), "%s cpus=2 exact_ops=100" QUICK ARMS, names[i]);
		assert_int_equal(run_case(text, &run), 0);
		check_arms(run, text);
		run_free(run);
	}
}

/* In slices that need not divide it: 50,001 to each arm in each block. */
static void a_block_is_as_many_operations_as_asked(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("kmalloc-pair cpus=1 loops=50001 slab=slub" QUICK
				  " arm:label=a arm:label=b",
				  &run),
			 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(bench_samples(&run->benches[i], "total")->ops, 50001);
	run_free(run);
}

static void more_workers_than_cpus(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("unmap-storm cpus=5 exact_ops=64" QUICK ARMS, &run), 0);
	check_arms(run, "cpus=5");
	run_free(run);
}

static void exact_counts_repeat(void **state)
{
	static const char text[] =
		"random_size_alloc_test cpus=2 seed=9 exact_ops=1000 lazy_max_pages=1000" QUICK
			ARMS;
	struct run *one, *two;

	(void)state;
	assert_int_equal(run_case(text, &one), 0);
	assert_int_equal(run_case(text, &two), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(one->benches[i].ops_digest, two->benches[i].ops_digest);
		for (size_t k = 0; k < one->benches[i].nr_counters; k++) {
			const struct counter *counter = &one->benches[i].counters[k];

			if (!strcmp(counter->phase, "exact"))
				assert_true(counter->value ==
					    run_case_exact(&two->benches[i], counter->name));
		}
	}
	run_free(two);
	run_free(one);
}

/* One flush a free, against one per time the waiting pages pass the threshold. */
static void flushes_meet_their_formula(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(
		run_case("fix_size_alloc_test nr_pages=4 cpus=2 exact_ops=4000" QUICK ARMS, &run),
		0);
	check_arms(run, "nr_pages=4");
	assert_true(run_case_exact(&run->benches[0], "flush_range") == 8000);
	/* 4 pages and a guard: 3,277 frees are the first to exceed 16,384 pages. */
	assert_true(run_case_exact(&run->benches[1], "flush_range") == 8000 / 3277);
	assert_true(run_case_exact(&run->benches[1], "waiting_pages_max") == 3277 * 5);
	assert_true(run_case_exact(&run->benches[0], "waiting_pages_max") == 0);
	run_free(run);
}

/* Each of the timed phase, and none of another arm's. */
static void every_flush_is_timed(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("unmap-storm cpus=2 exact_ops=64" QUICK ARMS, &run), 0);
	for (size_t i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];
		double flushes = bench_counter(bench, "measure", "flush_range")->value +
				 bench_counter(bench, "measure", "flush_full")->value;
		double timed = 0;

		for (size_t k = 0; k < bench->nr_hists; k++)
			if (!strncmp(bench->hists[k].metric, "shootdown.", strlen("shootdown.")))
				timed += (double)bench->hists[k].n;
		assert_true(flushes > 0 && timed == flushes);
	}
	run_free(run);
}

/* Counted and not timed; a row for each repeat, whatever the subject. */
static void exact_mode_counts_alone(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("unmap-storm mode=exact cpus=1", NULL), 2);
	run_case_modelled = true;
	assert_int_equal(
		run_case("unmap-storm mode=exact cpus=2 memory=64M exact_ops=64" ARMS, &run), 0);
	for (size_t i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];
		char text[16];

		assert_string_equal(bench->status, "ok");
		assert_int_equal(bench->nr_samples, 0);
		assert_int_equal(bench->nr_hists, 0);
		assert_string_equal(bench_param(bench, "mode", text, sizeof(text)), "exact");
		assert_string_equal(bench_param(bench, "tlb", text, sizeof(text)), "skylake");
	}
	assert_true(run_case_exact(&run->benches[0], "flush_range") == 128);
	run_free(run);
	assert_string_equal(run_case_models,
			    "{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":3,\"ops\":128,"
			    "\"metrics\":[\"alloc\",\"free\"]}\n"
			    "{\"t\":\"model\",\"bench\":1,\"first\":3,\"rows\":3,\"ops\":128,"
			    "\"metrics\":[\"alloc\",\"free\"]}\n");
	assert_int_equal(run_case("null mode=exact cpus=1", &run), 0);
	assert_int_equal(run->benches[0].nr_counters, 0);
	run_free(run);
	assert_string_equal(run_case_models,
			    "{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":3,\"ops\":4096,"
			    "\"metrics\":[\"alloc\",\"free\"]}\n");
	run_case_modelled = false;
}

/* Where three pages are three frames, and bytes become a size class. */
static void what_requests_hold_is_counted(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(
		run_case("fix_size_alloc_test nr_pages=3 cpus=1 exact_ops=100" QUICK ARMS, &run),
		0);
	for (int i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];
		double requested = run_case_exact(bench, "bytes_requested");

		/* Objects of 12 KiB until 16 MiB are passed, and tables for them. */
		assert_true(requested == 1366 * 3 * 4096.0);
		assert_true(run_case_exact(bench, "bytes_usable") == requested);
		assert_true(run_case_exact(bench, "bytes_held") > requested);
		assert_true(run_case_exact(bench, "bytes_held") < 1.05 * requested);
		assert_true(run_case_exact(bench, "held_per_requested") >= 1);
	}
	run_free(run);
	assert_int_equal(run_case("kmalloc-pair size=100 cpus=1 exact_ops=100" QUICK ARMS, &run),
			 0);
	assert_true(run_case_exact(&run->benches[0], "bytes_requested") == 65536 * 100.0);
	assert_true(run_case_exact(&run->benches[0], "bytes_usable") == 65536 * 128.0);
	assert_true(run_case_exact(&run->benches[0], "bytes_held") >= 65536 * 128.0);
	run_free(run);
}

/* The C library's malloc and mmap beside mmcore, in one process. */
static void the_native_subject_runs_beside_mmcore(void **state)
{
	static const char *const texts[] = {"kmalloc-outstanding", "remote-free", "page-pair",
					    "areas-live"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct run *run;
		char text[256];

		snprintf(text, sizeof(text), "%s cpus=2" QUICK " arm:impl=native arm:impl=mmcore",
			 texts[i]);
		assert_int_equal(run_case(text, &run), 0);
		assert_int_equal(run->nr_benches, 2);
		for (int k = 0; k < 2; k++) {
			assert_string_equal(run->benches[k].status, "ok");
			assert_non_null(bench_counter(&run->benches[k], "exact", "bytes_held"));
		}
		assert_string_equal(run->benches[0].ops_digest, run->benches[1].ops_digest);
		assert_null(bench_counter(&run->benches[0], "exact", "pcp_refill"));
		assert_non_null(json_object_get(run->benches[0].json, "impl_version"));
		run_free(run);
	}
}

/* An arm whose subject has no such thing says so and keeps its place; the others run. */
static void arms_do_not_apply_one_by_one(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("slab-bulk cpus=1" QUICK
				  " arm:impl=native arm:impl=mmcore arm:impl=null",
				  &run),
			 0);
	assert_int_equal(run->nr_benches, 3);
	assert_string_equal(run->benches[0].status, "not_applicable");
	assert_non_null(strstr(run->benches[0].why, "kmem_cache"));
	assert_string_equal(run->benches[0].arm, "impl=native");
	assert_string_equal(run->benches[1].status, "ok");
	assert_string_equal(run->benches[2].status, "ok");
	assert_int_equal(run->benches[0].nr_counters, 0);
	run_free(run);
}

/* Scattered single pages: no kmalloc of half a megabyte, but every kvmalloc. */
static void fragmented_memory_gives_addresses_not_blocks(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("fragment cpus=1" QUICK, &run), 0);
	assert_true(run_case_exact(&run->benches[0], "kmalloc_8K") == 16);
	assert_true(run_case_exact(&run->benches[0], "kmalloc_512K") == 0);
	assert_true(run_case_exact(&run->benches[0], "kvmalloc_512K") == 16);
	run_free(run);
}

static double least(const double *values, size_t n)
{
	double least = values[0];

	for (size_t i = 1; i < n; i++)
		least = values[i] < least ? values[i] : least;
	return least;
}

/*
 * What else the machine does only adds to a block's time. So the least of all blocks is the work
 * alone, which each block of the other arm must exceed; and the least of those by no more than
 * the delay, which is as long as the work.
 */
static void an_injected_delay_is_in_the_total(void **state)
{
	struct run *run;
	double a, b;

	(void)state;
	assert_int_equal(run_case("kmalloc-pair cpus=1 blocks=100 slice=100 memory=64M "
				  "arm:label=a arm:label=b,inject=100",
				  &run),
			 0);
	assert_int_equal(bench_samples(&run->benches[0], "total")->n, 100);
	assert_int_equal(bench_samples(&run->benches[1], "total")->n, 100);
	a = least(bench_samples(&run->benches[0], "total")->values, 100);
	b = least(bench_samples(&run->benches[1], "total")->values, 100);
	if (b < 1.5 * a || b > 2.5 * a)
		fail_msg("twice the work of %.0f takes %.0f", a, b);
	run_free(run);
}

static void what_cannot_run_is_skipped_with_a_reason(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("purge-pause cpus=1" QUICK ARMS, &run), 77);
	assert_string_equal(run->benches[1].status, "skipped");
	assert_non_null(strstr(run->benches[1].why, "2 CPUs"));
	run_free(run);
	/* What a program can't do, whatever its parameters. */
	assert_int_equal(run_case("invlpg", &run), 77);
	assert_non_null(strstr(run->benches[0].why, "INVLPG"));
	run_free(run);
	assert_int_equal(run_case("ipi-one cpus=2", &run), 77);
	assert_non_null(strstr(run->benches[0].why, "ipi-all"));
	run_free(run);
	/* Who takes turns on a CPU with others may not be there to be interrupted. */
	assert_int_equal(run_case("ipi-all cpus=64", &run), 77);
	assert_non_null(strstr(run->benches[0].why, "lower cpus="));
	run_free(run);
}

static void too_little_memory_fails_the_case(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("long_busy_list_alloc_test blocks=2 warmup=20 memory=16M", &run),
			 1);
	assert_string_equal(run->benches[0].status, "failed");
	assert_non_null(strstr(run->benches[0].why, "memory="));
	run_free(run);
}

/* Enough for setup, not for the operations: counts of what was left undone are no counts. */
static void failures_in_the_exact_phase_fail_the_case(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("areas-live live=1000 max_pages=64 memory=8M cpus=1 blocks=2 "
				  "warmup=20",
				  &run),
			 1);
	assert_string_equal(run->benches[0].status, "failed");
	assert_non_null(strstr(run->benches[0].why, "memory="));
	run_free(run);
}

static void usage_is_2_and_check_runs_nothing(void **state)
{
	(void)state;
	assert_int_equal(run_case("unmap-storm nr_pages=0", NULL), 2);
	assert_int_equal(run_case("check unmap-storm nr_pages=0", NULL), 2);
	assert_int_equal(run_case("check unmap-storm nr_pages=4 blocks=1000", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_workload_on_the_linear_mapping),
		cmocka_unit_test(every_workload_on_the_exact_mapping),
		cmocka_unit_test(every_workload_on_the_null_subject),
		cmocka_unit_test(workers_with_a_cpu_each),
		cmocka_unit_test(a_block_is_as_many_operations_as_asked),
		cmocka_unit_test(more_workers_than_cpus),
		cmocka_unit_test(exact_counts_repeat),
		cmocka_unit_test(flushes_meet_their_formula),
		cmocka_unit_test(every_flush_is_timed),
		cmocka_unit_test(exact_mode_counts_alone),
		cmocka_unit_test(what_requests_hold_is_counted),
		cmocka_unit_test(the_native_subject_runs_beside_mmcore),
		cmocka_unit_test(arms_do_not_apply_one_by_one),
		cmocka_unit_test(fragmented_memory_gives_addresses_not_blocks),
		cmocka_unit_test(an_injected_delay_is_in_the_total),
		cmocka_unit_test(what_cannot_run_is_skipped_with_a_reason),
		cmocka_unit_test(too_little_memory_fails_the_case),
		cmocka_unit_test(failures_in_the_exact_phase_fail_the_case),
		cmocka_unit_test(usage_is_2_and_check_runs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
