/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_workloads.c - every workload's operations depend on the seed and the worker alone:
 * not on how many are asked for at a time. Otherwise targets of different speed would do
 * different work. Also the words a case is written in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"

static struct case_config config;

static int parse(const char *text)
{
	static char buffer[512];
	char *words[16];
	int n = 0;

	snprintf(buffer, sizeof(buffer), "%s", text);
	for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	return words_parse(&config, n, words);
}

#define OPS 8192
static unsigned int stream(struct bench_op *out, uint64_t seed, unsigned int chunk)
{
	struct bench_arm arm = {
		.workload = config.workload, .config = &config, .arm = &config.arm[0], .cpus = 2};
	struct bench_worker *worker = aligned_alloc(TEAM_LINE, sizeof(*worker));
	struct bench_op *ops = calloc(BENCH_OPS_MAX, sizeof(*ops));
	unsigned int done = 0;

	memset(worker, 0, sizeof(*worker));
	worker->arm = &arm;
	bench_random_seed(&worker->random, seed, 0);
	while (done < OPS) {
		unsigned int n = config.workload->generate(worker, ops, chunk);

		assert_in_range(n, 1, BENCH_OPS_MAX);
		for (unsigned int i = 0; i < n && done < OPS; i++)
			out[done++] = ops[i];
	}
	free(ops);
	free(worker);
	return done;
}

static void operations_do_not_depend_on_the_slice(void **state)
{
	static struct bench_op whole[OPS], pieces[OPS];

	(void)state;
	for (const struct workload *const *all = workloads_all(); *all; all++) {
		assert_int_equal(parse((*all)->name), 0);
		stream(whole, 42, OPS);
		for (unsigned int chunk = 1; chunk < OPS; chunk = chunk * 5 + 1) {
			stream(pieces, 42, chunk);
			assert_memory_equal(whole, pieces, sizeof(whole));
		}
	}
}

static void seeds_differ_where_there_is_randomness(void **state)
{
	static struct bench_op one[OPS], other[OPS];

	(void)state;
	static const char *const random[] = {
		"alloc-test", "areas-live", "kmalloc-outstanding",   "larson",
		"mstress",    "rptest",	    "random_size_alloc_test"};

	for (size_t i = 0; i < sizeof(random) / sizeof(random[0]); i++) {
		assert_int_equal(parse(random[i]), 0);
		stream(one, 1, OPS);
		stream(other, 2, OPS);
		assert_memory_not_equal(one, other, sizeof(one));
	}
}

/* Fixed for ever: a target whose generator differs would compare different work. */
static void the_generator_is_the_published_one(void **state)
{
	struct bench_random random = {{1, 2, 3, 4}};

	(void)state;
	assert_int_equal(bench_random(&random), 11520);
	assert_int_equal(bench_random(&random), 0);
	assert_int_equal(bench_random(&random), 1509978240);
}

static void every_workload_is_complete(void **state)
{
	(void)state;
	for (const struct workload *const *all = workloads_all(); *all; all++) {
		const struct workload *w = *all;

		assert_true(w->name && w->about && w->origin && w->metrics && w->metrics[0]);
		assert_true(w->generate && w->work && w->min_cpus >= 1);
		assert_int_equal(strlen(w->version), 16);
		assert_in_range(w->family, 0, SUBJECT_FAMILIES - 1);
		/* Whatever a workload drives, one that does nothing must be able to stand in. */
		assert_non_null(subject_null.api[w->family]);
		if (w->counts) {
			unsigned int n = 0;

			while (w->counts[n].name)
				n++;
			assert_in_range(n, 1, WORKLOAD_COUNTS_MAX);
		}
		if (all[1])
			assert_true(strcmp(w->name, all[1]->name) < 0);
	}
}

static void words_set_what_they_name(void **state)
{
	(void)state;
	assert_int_equal(parse("unmap-storm nr_pages=7 cpus=2 blocks=9 flush=eager seed=5"), 0);
	assert_string_equal(config.workload->name, "unmap-storm");
	assert_int_equal(config.workload_param[0], 7);
	assert_int_equal(config.param[BENCH_PARAM_blocks], 9);
	assert_int_equal(config.nr_arms, 1);
	assert_int_equal(config.arm[0].core.policy[TRI_QUESTION_flush], TRI_POLICY_flush_eager);
	assert_string_equal(config.arm[0].text, "");

	/* Arms inherit the plain words wherever those stand. */
	assert_int_equal(parse("unmap-storm arm:flush=eager arm:flush=lazy,inject=5 pcp_batch=31"),
			 0);
	assert_int_equal(config.nr_arms, 2);
	assert_int_equal(config.arm[0].core.policy[TRI_QUESTION_flush], TRI_POLICY_flush_eager);
	assert_int_equal(config.arm[1].core.policy[TRI_QUESTION_flush], TRI_POLICY_flush_lazy);
	assert_int_equal(config.arm[1].inject, 5);
	assert_int_equal(config.arm[0].core.tunable[TRI_TUNABLE_pcp_batch], 31);
	assert_string_equal(config.arm[1].text, "flush=lazy,inject=5");
	assert_ptr_equal(config.arm[1].subject, &subject_mmcore);
	assert_int_equal(parse("null"), 0);
	assert_ptr_equal(config.arm[0].subject, &subject_null);
}

/* Operations of some ns are timed by slices, unless the user says. */
static void timing_is_as_the_workload_says(void **state)
{
	(void)state;
	assert_int_equal(parse("unmap-storm"), 0);
	assert_true(config.arm[0].timed);
	assert_int_equal(parse("kmalloc-pair"), 0);
	assert_false(config.arm[0].timed);
	assert_int_equal(parse("kmalloc-pair timing=op"), 0);
	assert_true(config.arm[0].timed);
}

/* Each has a name of its own, and says all that its families need. */
static void every_subject_is_complete(void **state)
{
	(void)state;
	for (const struct subject *const *all = subjects_all(); *all; all++) {
		const struct subject *subject = *all;

		assert_true(subject->name && subject->about);
		for (unsigned int f = 0; f < SUBJECT_FAMILIES; f++) {
			const struct subject_api *api = subject->api[f];

			assert_true(!api || (api->alloc && api->free));
			/* kfree_bulk() has no counterpart. */
			assert_true(!api || !api->alloc_bulk || api->free_bulk);
		}
		assert_true(!subject->api[SUBJECT_CACHE] ||
			    (subject->cache_create && subject->cache_destroy));
		assert_true(!(subject->api[SUBJECT_VMAP] || subject->api[SUBJECT_VM_MAP_RAM]) ||
			    (subject->frames_get && subject->frames_put));
		for (const struct subject *const *other = all + 1; *other; other++)
			assert_string_not_equal(subject->name, (*other)->name);
	}
	/* Asked twice, it is the same list. */
	assert_ptr_equal(subjects_all(), subjects_all());
	assert_int_equal(parse("kmalloc-pair arm:impl=native arm:impl=jemalloc"), 0);
	assert_string_equal(config.arm[1].subject->name, "jemalloc");
}

static const char *answer(unsigned int arm, const char *question)
{
	return tri_config_policy(&config.arm[arm].core, question);
}

/* An era is what all other words are set upon, wherever they stand. */
static void eras_answer_what_nobody_else_does(void **state)
{
	(void)state;
	assert_int_equal(parse("unmap-storm era=2.6.27"), 0);
	assert_string_equal(answer(0, "areas"), "list");
	assert_string_equal(answer(0, "flush"), "eager-global");
	assert_int_equal(parse("unmap-storm flush=lazy era=2.6.27"), 0);
	assert_string_equal(answer(0, "areas"), "list");
	assert_string_equal(answer(0, "flush"), "lazy");

	assert_int_equal(parse("unmap-storm arm:era=2.6.27 arm:areas=rbtree,era=6.9 arm:inject=1 "
			       "pcp_batch=31 flush=eager"),
			 0);
	assert_string_equal(answer(0, "areas"), "list");
	assert_string_equal(answer(1, "areas"), "rbtree");
	assert_string_equal(answer(2, "areas"), "augmented");
	for (unsigned int i = 0; i < 3; i++) {
		assert_string_equal(answer(i, "flush"), "eager");
		assert_int_equal(config.arm[i].core.tunable[TRI_TUNABLE_pcp_batch], 31);
	}
}

static void add_name(json_t *names, const char *name)
{
	if (json_object_get(names, name))
		fail_msg("%s has two meanings", name);
	json_object_set_new(names, name, json_true());
}

/* A word reaches what it names: no parameter hides another. */
static void words_have_one_meaning(void **state)
{
	static const char *const ours[] = {"era", "impl", "label", "mode", "timing", "tlb"};
	const struct workload *const *all = workloads_all();
	const struct workload_param *param;
	json_t *names = json_object();

	(void)state;
	for (unsigned int i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		add_name(names, ours[i]);
	for (int i = 0; i < TRI_QUESTION_COUNT; i++)
		add_name(names, tri_question_info[i].name);
	for (int i = 0; i < TRI_TUNABLE_COUNT; i++)
		add_name(names, tri_tunable_info[i].name);
	for (int i = 0; i < BENCH_PARAM_COUNT; i++)
		add_name(names, bench_param_info[i].name);
	for (const struct host_param *host = host_params; host->name; host++)
		add_name(names, host->name);
	/* Workloads share the words of theirs. */
	for (; *all; all++) {
		for (param = (*all)->params; param && param->name; param++) {
			if (json_object_get(names, param->name))
				fail_msg("%s: %s has two meanings", (*all)->name, param->name);
		}
	}
	json_decref(names);
}

static void bad_words_are_refused_by_name(void **state)
{
	static const struct {
		const char *words, *said;
	} bad[] = {
		{"", "(nothing)"},
		{"unmap-strom", "unmap-strom"},
		{"unmap-storm nr_pages", "nr_pages: write name=value"},
		{"unmap-storm nr_pages=", "nr_pages=: write name=value"},
		{"unmap-storm nr_pages=1,2", "nr_pages=1,2: write name=value"},
		{"unmap-storm nr_pages=two", "nr_pages=two: not a number"},
		{"unmap-storm nr_pages=-1", "nr_pages=-1: not a number"},
		{"unmap-storm nr_pages=0", "nr_pages=0: out of range"},
		{"unmap-storm nr_pages=99999999999999999999", "out of range"},
		{"unmap-storm flush=sometimes", "flush=sometimes: no such value"},
		{"unmap-storm era=2.4", "era=2.4: no such value"},
		{"unmap-storm arm:era=2.4", "era=2.4: no such value"},
		{"unmap-storm lazy_max_pages=many", "lazy_max_pages=many"},
		{"unmap-storm impl=magic", "impl=magic: no such subject"},
		{"unmap-storm colour=red", "has no parameter \"colour\""},
		{"unmap-storm timing=later", "timing=later"},
		{"unmap-storm mode=later", "mode=later: give timed or exact"},
		{"unmap-storm tlb=$HOME", "tlb=$HOME: only letters"},
		{"unmap-storm arm:mode=exact", "arms of one case can't differ in \"mode\""},
		{"unmap-storm cpus=65", "cpus=65: out of range"},
		{"unmap-storm host=magic", "host=magic"},
		{"unmap-storm arm:nr_pages=2", "arms of one case can't differ in \"nr_pages\""},
		{"unmap-storm arm:flush", "arm:flush: write arm:name=value"},
		{"unmap-storm arm:flush=eager,", "write arm:name=value"},
	};
	int keep = dup(STDERR_FILENO);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char said[1024] = "";
		FILE *file = tmpfile();
		int result;

		dup2(fileno(file), STDERR_FILENO);
		result = parse(bad[i].words);
		dup2(keep, STDERR_FILENO);
		rewind(file);
		said[fread(said, 1, sizeof(said) - 1, file)] = 0;
		fclose(file);
		assert_int_equal(result, -EINVAL);
		assert_non_null(strstr(said, bad[i].said));
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	}
	close(keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_do_not_depend_on_the_slice),
		cmocka_unit_test(seeds_differ_where_there_is_randomness),
		cmocka_unit_test(the_generator_is_the_published_one),
		cmocka_unit_test(every_workload_is_complete),
		cmocka_unit_test(words_set_what_they_name),
		cmocka_unit_test(timing_is_as_the_workload_says),
		cmocka_unit_test(every_subject_is_complete),
		cmocka_unit_test(eras_answer_what_nobody_else_does),
		cmocka_unit_test(words_have_one_meaning),
		cmocka_unit_test(bad_words_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
