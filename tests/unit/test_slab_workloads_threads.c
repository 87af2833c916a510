/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_workloads_threads.c - the workloads of slab and kmalloc do what they say: operations
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
#include <jansson.h>

#include "harness.h"
#include "user_child.h"

#define QUICK " memory=64M blocks=2 warmup=1 slice=50 "

struct job {
	const char *text;
	int fd;
};

static void run_words(void *arg)
{
	const struct job *job = arg;
	char buffer[512], fd_text[16], *words[24];
	int n = 0;

	snprintf(fd_text, sizeof(fd_text), "%d", job->fd);
	setenv("TRIMM_RECORD_FD", fd_text, 1);
	snprintf(buffer, sizeof(buffer), "%s", job->text);
	for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	_exit(bench_main(n, words));
}

/* A case in a process of its own, which must succeed; its records. */
static FILE *run_case(const char *text)
{
	struct job job = {.text = text};
	FILE *records = tmpfile();
	struct child child;

	assert_non_null(records);
	job.fd = fileno(records);
	child_run(&child, run_words, &job);
	if (child.exit_code)
		fail_msg("%s: exit code %d: %s", text, child.exit_code, child.stderr_text);
	rewind(records);
	return records;
}

/* The exact counter @name of arm @bench; in *ops its operations. */
static long exact(FILE *records, int bench, const char *name, long *ops)
{
	long value = -1;
	char *line = NULL;
	size_t room = 0;

	rewind(records);
	while (getline(&line, &room, records) > 0) {
		json_t *record = json_loads(line, 0, NULL);
		const char *phase = json_string_value(json_object_get(record, "phase"));
		const char *is = json_string_value(json_object_get(record, "name"));

		if (phase && is && !strcmp(phase, "exact") && !strcmp(is, name) &&
		    json_integer_value(json_object_get(record, "bench")) == bench) {
			value = (long)json_number_value(json_object_get(record, "value"));
			if (ops)
				*ops = json_integer_value(json_object_get(record, "ops"));
		}
		json_decref(record);
	}
	free(line);
	return value;
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
		long ops = 0;
		FILE *records;

		snprintf(text, sizeof(text), "%s" QUICK, all[i].text);
		records = run_case(text);
		assert_true(exact(records, 0, "slab_new", &ops) >= 0);
		if (ops != all[i].ops)
			fail_msg("%s: %ld operations, not %ld", text, ops, all[i].ops);
		fclose(records);
	}
}

/*
 * An array of 120 objects of 64 bytes is filled, then flushed by halves; what is freed elsewhere
 * goes through the array of who frees. With slab=slub nothing is batched.
 */
static void remote_frees_pass_the_array_of_who_frees(void **state)
{
	FILE *records = run_case("kmalloc-remote-free cpus=2 size=64 count=10000 exact_ops=1" QUICK
				 "arm:slab=slab arm:slab=slub");

	(void)state;
	assert_int_equal(exact(records, 0, "slab_flush", NULL), (10000 - 120) / 60 + 1);
	assert_int_equal(exact(records, 1, "slab_flush", NULL), 0);
	/* 64 objects of 64 bytes are a frame. */
	assert_int_equal(exact(records, 0, "slab_new", NULL), (10000 + 63) / 64);
	assert_int_equal(exact(records, 1, "slab_new", NULL), (10000 + 63) / 64);
	fclose(records);
}

static void exhaustion_takes_nearly_all(void **state)
{
	FILE *records = run_case("slab-exhaust cpus=2" QUICK);
	long objects = exact(records, 0, "objects", NULL);

	(void)state;
	assert_in_range(objects, (64 << 10) * 9 / 10, 64 << 10);
	assert_true(exact(records, 0, "pages_fail", NULL) >= 2);
	fclose(records);
}

/* Check level 2 of sanitized builds walks all structures after each. */
static void all_end_clean_with_each_answer(void **state)
{
	static const char *const all[] = {
		"kmalloc-repeat count=300",
		"kmalloc-remote-free count=300",
		"kmalloc-1-alloc-n-free",
		"larson chunks=50 rounds=1",
		"rptest allocs=100 ops=20",
		"xmalloc-test batch=50",
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
			 "%s cpus=2" QUICK
			 "arm:slab=slub arm:slab=slab arm:slab=slob arm:slab=slub,sheaves=on",
			 all[i]);
		fclose(run_case(text));
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

	return cmocka_run_group_tests(tests, NULL, NULL);
}
