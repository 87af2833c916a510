/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_workloads.c - the workloads of slab and kmalloc do what they say: operations
 * and events of the exact phase meet their formulas, and all end clean with each answer to slab=.
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

#include "run_case.h"

#define QUICK " memory=64M blocks=2 warmup=1 slice=50 "

/* A case which must succeed. */
static struct run *case_of(const char *words)
{
	struct run *run;

	if (run_case(words, &run))
		fail_msg("%s: failed", words);
	return run;
}

static long exact(const struct run *run, size_t arm, const char *name)
{
	return (long)run_case_exact(&run->benches[arm], name);
}

static void operations_meet_their_formulas(void **state)
{
	static const struct {
		const char *text;
		long ops;
	} all[] = {
		/* Rounds, workers, calls for an object, objects. */
		{"kmalloc-repeat cpus=2 count=100 exact_ops=3", 2 * 2 * 100 * 3},
		{"kmalloc-remote-free cpus=3 count=50 exact_ops=1", 2 * 2 * 50},
		{"kmalloc-1-alloc-n-free cpus=3 exact_ops=100", 100 + 2 * 50},
		{"xmalloc-test cpus=2 batch=64 exact_ops=128", 128 + 128},
		{"xmalloc-test cpus=3 batch=64 exact_ops=128", 128 + 128},
		{"larson cpus=2 chunks=10 rounds=1 exact_ops=60", 2 * 60},
		{"alloc-test cpus=2 items=1000 exact_ops=700", 2 * 700},
		{"sh6bench cpus=2 calls=100 exact_ops=700", 2 * 700},
		/* An object handed to each, and those of one iteration. */
		{"cache-scratch cpus=2 repetitions=20 exact_ops=3", 2 + 2 + 2 * 2},
		{"cache-thrash cpus=2 repetitions=20 exact_ops=2", 2 * 2},
		{"kfree-bulk cpus=2 batch=32 exact_ops=64", 2 * 64},
		{"slab-bulk-worst cpus=2 batch=32 nmatch=2 exact_ops=64", 2 * 64},
		{"slab-create-destroy cpus=2 exact_ops=5", 2 * 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char text[256];
		struct run *run;
		long ops;

		snprintf(text, sizeof(text), "%s" QUICK, all[i].text);
		run = case_of(text);
		ops = (long)bench_counter(&run->benches[0], "exact", "slab_new")->ops;
		if (ops != all[i].ops)
			fail_msg("%s: %ld operations, not %ld", text, ops, all[i].ops);
		run_free(run);
	}
}

/*
 * An array of 120 objects of 64 bytes is filled, then flushed by halves; what is freed elsewhere
 * goes through the array of who frees. With slab=slub nothing is batched.
 */
static void remote_frees_pass_the_array_of_who_frees(void **state)
{
	struct run *run = case_of("kmalloc-remote-free cpus=2 size=64 count=10000 exact_ops=1" QUICK
				  "arm:slab=slab arm:slab=slub");

	(void)state;
	assert_int_equal(exact(run, 0, "slab_flush"), (10000 - 120) / 60 + 1);
	assert_int_equal(exact(run, 1, "slab_flush"), 0);
	/* 64 objects of 64 bytes are a frame. */
	assert_int_equal(exact(run, 0, "slab_new"), (10000 + 63) / 64);
	assert_int_equal(exact(run, 1, "slab_new"), (10000 + 63) / 64);
	run_free(run);
}

static void exhaustion_takes_nearly_all(void **state)
{
	struct run *run = case_of("slab-exhaust cpus=2" QUICK);
	long objects = exact(run, 0, "objects");

	(void)state;
	assert_in_range(objects, (64 << 10) * 9 / 10, 64 << 10);
	assert_true(exact(run, 0, "pages_fail") >= 2);
	run_free(run);
}

/*
 * Check level 2 of sanitized builds walks all structures after each. Objects are large where the
 * hold phase takes 16 MiB of them, which SLOB is slow at.
 */
static void all_end_clean_with_each_answer(void **state)
{
	static const char *const all[] = {
		"kmalloc-repeat count=100 size=1024",
		"kmalloc-remote-free count=100 size=1024",
		"kmalloc-1-alloc-n-free",
		"larson chunks=50 rounds=1",
		"rptest allocs=100 ops=20",
		"xmalloc-test batch=50 size=1024",
		"mstress scale=1",
		"sh6bench calls=100",
		"alloc-test items=200",
		"cache-scratch repetitions=20 iterations=3",
		"cache-thrash repetitions=20",
		"slab-bulk fallback=1",
		"slab-bulk-worst prefill=600 nmatch=3",
		"slab-bulk-worst prefill=600 fallback=1",
		"slab-create-destroy",
		"slab-exhaust exact_ops=1",
		"kfree-bulk",
		"kfree-bulk fallback=1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char text[256];

		snprintf(text, sizeof(text),
			 "%s cpus=2" QUICK "memory=16M "
			 "arm:slab=slub arm:slab=slab arm:slab=slob arm:slab=slub,sheaves=on",
			 all[i]);
		run_free(case_of(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_meet_their_formulas),
		cmocka_unit_test(remote_frees_pass_the_array_of_who_frees),
		cmocka_unit_test(exhaustion_takes_nearly_all),
		cmocka_unit_test(all_end_clean_with_each_answer),
	};

	run_case_on_one_cpu();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
