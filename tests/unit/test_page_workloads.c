/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_page_workloads.c - the workloads about pages by their exact counts: each allocation
 * is served by one level, by which one follows from the policy, and what is followed over time
 * obeys what it is made of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run_case.h"
#include "store.h"

#define QUICK " blocks=2 warmup=20 slice=200 memory=64M"
#define PAGES " arm:pages=buddy arm:pages=bitmap"

static struct run *case_of(const char *words, size_t arms)
{
	struct run *run;
	char text[256];

	snprintf(text, sizeof(text), "%s" QUICK, words);
	assert_int_equal(run_case(text, &run), 0);
	assert_int_equal(run->nr_benches, arms);
	for (size_t i = 0; i < arms; i++) {
		if (strcmp(run->benches[i].status, "ok"))
			fail_msg("%s: %s", text, run->benches[i].why);
		assert_string_equal(run->benches[i].ops_digest, run->benches[0].ops_digest);
	}
	return run;
}

static double exact(const struct run *run, size_t arm, const char *name)
{
	return run_case_exact(&run->benches[arm], name);
}

/* Blocks that the exact phase allocated, all levels'. */
static double served(const struct run *run, size_t arm)
{
	return exact(run, arm, "level_pcp") + exact(run, arm, "level_zone") +
	       exact(run, arm, "level_slow");
}

static double operations(const struct run *run, size_t arm)
{
	return (double)bench_counter(&run->benches[arm], "exact", "level_pcp")->ops;
}

static void each_block_is_served_by_one_level(void **state)
{
	static const struct {
		const char *words;
		double operations;
	} all[] = {
		{"page-pair cpus=2" PAGES, 8192},
		{"page-repeat cpus=2" PAGES, 8192},
		{"page-orders cpus=1" PAGES, 372 * 11},
		{"page-bulk cpus=1 batch=64" PAGES, 4096},
		{"page-bulk cpus=1 batch=1" PAGES, 4096},
		{"page-cross cpus=2" PAGES, 4096},
		{"page-outstanding cpus=2 outstanding=100" PAGES, 2 * 8200},
		{"page-batch cpus=1 order=4 batch=3" PAGES, 8193},
		/* A quarter of 16,384 frames each, twice. */
		{"page-fill cpus=2" PAGES, 2 * 2 * 4096},
		{"page-rand cpus=2" PAGES, 2 * 2 * 4096},
		{"page-rand cpus=1 order=9" PAGES, 8192},
		{"page-fill cpus=2 each=5000" PAGES, 2 * 2 * 5000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct run *run = case_of(all[i].words, 2);

		for (size_t arm = 0; arm < 2; arm++) {
			if (operations(run, arm) != all[i].operations ||
			    served(run, arm) != all[i].operations)
				fail_msg("%s: %g operations, %g served", all[i].words,
					 operations(run, arm), served(run, arm));
		}
		/* There are no lists before the bitmap. */
		assert_true(exact(run, 1, "level_pcp") == 0);
		run_free(run);
	}
}

/* Orders that have a list, as Linux's do, come from it again and again; the others from the zone.
 */
static void lists_serve_what_is_freed_at_once(void **state)
{
	(void)state;
	for (unsigned int order = 0; order <= 10; order++) {
		char words[64];
		struct run *run;

		snprintf(words, sizeof(words), "page-repeat cpus=1 order=%u" PAGES, order);
		run = case_of(words, 2);
		if (order <= 3 || order == 9)
			assert_true(exact(run, 0, "level_pcp") >= 4095);
		else
			assert_true(exact(run, 0, "level_zone") == 4096);
		assert_true(exact(run, 1, "level_zone") == 4096);
		run_free(run);
	}
}

/* Runs are timed as a whole, block by block, and nothing else of operations is. */
static void allocations_and_frees_are_told_apart(void **state)
{
	static const char *const names[] = {"page-fill", "page-rand", "page-batch", "page-frag"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char words[64];
		struct run *run;

		snprintf(words, sizeof(words), "%s cpus=2", names[i]);
		run = case_of(words, 1);
		assert_int_equal(bench_samples(&run->benches[0], "alloc.mean")->n, 2);
		assert_int_equal(bench_samples(&run->benches[0], "free.mean")->n, 2);
		assert_null(bench_samples(&run->benches[0], "alloc.p50"));
		run_free(run);
		snprintf(words, sizeof(words), "%s cpus=2 timing=op", names[i]);
		run = case_of(words, 1);
		assert_null(bench_samples(&run->benches[0], "alloc.mean"));
		assert_int_equal(bench_samples(&run->benches[0], "free.p99")->n, 2);
		run_free(run);
	}
}

/* What half of memory is follows from memory=, what is done to it does not. */
static void work_is_the_same_whatever_memory_there_is(void **state)
{
	static const char *const names[] = {"page-fill", "page-rand", "page-repeat", "page-frag"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct run *small, *large;
		char words[128];

		snprintf(words, sizeof(words), "%s cpus=2 exact_ops=1", names[i]);
		small = case_of(words, 1);
		snprintf(words, sizeof(words),
			 "%s cpus=2 exact_ops=1 blocks=2 warmup=0 memory=128M", names[i]);
		assert_int_equal(run_case(words, &large), 0);
		assert_string_equal(small->benches[0].ops_digest, large->benches[0].ops_digest);
		run_free(large);
		run_free(small);
	}
}

/* The ring's own price is the arm whose allocations are none. */
static void a_ring_without_pages_is_the_baseline(void **state)
{
	struct run *run = case_of("page-cross cpus=2 arm:impl=null arm:impl=mmcore", 2);

	(void)state;
	assert_null(bench_counter(&run->benches[0], "exact", "level_pcp"));
	assert_int_equal(run->benches[0].ops, run->benches[1].ops);
	run_free(run);
}

static double point(const struct run *run, size_t arm, const char *name, size_t at)
{
	const struct samples *series = bench_samples(&run->benches[arm], name);

	assert_non_null(series);
	return series->values[at < series->n ? at : series->n - 1];
}

#define LAST SIZE_MAX

/* Numbers of one moment, whatever the moment. */
static void points_agree(const struct run *run, size_t arm, double block)
{
	size_t n = bench_samples(&run->benches[arm], "to_move")->n;

	/* As it was, and after each iteration. */
	assert_int_equal(n, 101);
	for (size_t i = 0; i < n; i++) {
		double moves = point(run, arm, "to_move", i);
		double unusable = point(run, arm, "unusable_2M", i);
		double index = point(run, arm, "extfrag_2M", i);
		bool any = point(run, arm, "free_2M", i) > 0;

		/* Whole blocks of the workload's. */
		assert_true(moves / block == (double)(long)(moves / block));
		assert_true(any ? index == -1000 : index >= 0 && index <= 1000);
		assert_true(any ? unusable < 1000 : unusable == 1000);
	}
	assert_true(point(run, arm, "to_move", LAST) == exact(run, arm, "to_move_end"));
	assert_true(point(run, arm, "free_2M", LAST) == exact(run, arm, "free_2M_end"));
	assert_true(point(run, arm, "unusable_2M", LAST) == exact(run, arm, "unusable_2M_end"));
}

/* LLFree's published shape: free memory comes together again in the bitmap, not in the buddy. */
static void the_bitmap_mends_fragmentation(void **state)
{
	struct run *run = case_of("page-frag cpus=2" PAGES, 2);

	(void)state;
	points_agree(run, 0, 1);
	points_agree(run, 1, 1);
	assert_true(point(run, 0, "to_move", LAST) > 0.9 * point(run, 0, "to_move", 0));
	assert_true(point(run, 1, "to_move", LAST) < 0.1 * point(run, 1, "to_move", 0));
	assert_true(point(run, 1, "free_2M", LAST) > 3 * point(run, 0, "free_2M", LAST));
	assert_true(served(run, 0) == operations(run, 0));
	run_free(run);
	run = case_of("page-frag cpus=1 order=8 realloc=50" PAGES, 2);
	points_agree(run, 0, 256);
	points_agree(run, 1, 256);
	run_free(run);
}

/* Marks come in pairs, also around what is none of the work's. */
static void they_run_as_if_a_plugin_watched(void **state)
{
	static const char *const all[] = {"page-rand", "page-frag", "page-cross", "page-bulk"};

	(void)state;
	run_case_modelled = true;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct run *run;
		char words[128];

		snprintf(words, sizeof(words), "%s mode=exact cpus=2 memory=64M exact_ops=64",
			 all[i]);
		assert_int_equal(run_case(words, &run), 0);
		assert_true(served(run, 0) > 0);
		run_free(run);
	}
	run_case_modelled = false;
}

static void more_than_memory_holds_is_skipped(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case("page-batch batch=16384 order=4 cpus=1" QUICK, &run), 77);
	assert_non_null(strstr(run->benches[0].why, "raise memory="));
	run_free(run);
}

static void a_batch_is_a_row_of_the_table(void **state)
{
	struct run *run = case_of("page-batch batch=8 order=1 cpus=1" PAGES, 2);
	struct run_error error;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_int_equal(store_export(run, EXPORT_PAGEALLOC, out, &error), 0);
	fclose(out);
	assert_non_null(strstr(text, "pages=buddy"));
	assert_non_null(strstr(text, "Median    alloc-odr1-8 "));
	assert_non_null(strstr(text, "Median    free-odr1-8 "));
	assert_non_null(strstr(text, "Median    total-odr1-8 "));
	assert_non_null(strstr(text, "(   0.00%)"));
	assert_null(strstr(text, "odr0"));
	free(text);
	run_free(run);
	run = case_of("page-pair cpus=1", 1);
	out = open_memstream(&text, &length);
	assert_int_equal(store_export(run, EXPORT_PAGEALLOC, out, &error), -1);
	assert_non_null(strstr(error.text, "no case of page-batch"));
	fclose(out);
	free(text);
	run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_block_is_served_by_one_level),
		cmocka_unit_test(lists_serve_what_is_freed_at_once),
		cmocka_unit_test(allocations_and_frees_are_told_apart),
		cmocka_unit_test(work_is_the_same_whatever_memory_there_is),
		cmocka_unit_test(a_ring_without_pages_is_the_baseline),
		cmocka_unit_test(the_bitmap_mends_fragmentation),
		cmocka_unit_test(they_run_as_if_a_plugin_watched),
		cmocka_unit_test(more_than_memory_holds_is_skipped),
		cmocka_unit_test(a_batch_is_a_row_of_the_table),
	};

	run_case_on_one_cpu();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
