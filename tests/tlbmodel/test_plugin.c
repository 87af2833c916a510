/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_plugin.c - the plugin in qemu-x86_64, watching a small program (guest.c): its counts are
 * what closed forms say, the same in each run, and what the simulator makes of the accesses that
 * the plugin recorded.
 */
#include "under_qemu.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailbox.h"

/* qemu-x86_64's exit code. */
static int qemu(const char *program, const char *arguments, const char *what)
{
	return under_qemu("qemu-x86_64 -plugin %s/../../tlbmodel.so,%s %s/%s %s %s", test_folder,
			  arguments, test_folder, program, in_scratch("mailbox"), what);
}

/* Run the guest; the only row it wrote. */
static const struct row *run_program(const char *program, const char *model, const char *what)
{
	char arguments[1024];

	snprintf(arguments, sizeof(arguments), "rows=%s,mailbox=%s,trace=%s,model=%s",
		 in_scratch("rows"), in_scratch("mailbox"), in_scratch("trace"), model);
	if (qemu(program, arguments, what))
		fail_msg("%s: %s", what, words());
	map_rows();
	assert_int_equal(rows->n, 1);
	return &rows->row[0];
}

static const struct row *run(const char *model, const char *what)
{
	return run_program("guest", model, what);
}

#define COUNTED(row, name, expected) assert_int_equal((row)->counter[ROW_##name], expected)

/* guest.c's walk(): a NOP, then 4 instructions and a load for each page. */
static void walks(void **state)
{
	const struct {
		const char *what;
		uint64_t pages, rounds, dtlb, stlb, steps;
	} cases[] = {
		{"walk 64 3", 64, 3, 64, 64, 4 + 63},
		{"walk 65 3", 65, 3, 65 + 2 * 5, 65, 4 + 64},
		/* 3 tables: the first page of the second and third reads 2 entries, once. */
		{"walk 1536 3", 1536, 3, 3 * 1536, 1536, 4 + 2 * 2 + 1533},
		/* One set of 128 has 13 pages, 128 apart, in 4 tables. */
		{"walk 1537 3", 1537, 3, 3 * 1537, 1537 + 2 * 13, 4 + 3 * 2 + 1533 + 2 * 13},
		/* Nothing is left of a round in the next but the 6 tables' entries. */
		{"walk 3072 3", 3072, 3, 3 * 3072, 3 * 3072, 4 + 5 * 2 + 3 * 3072 - 6},
	};

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		const struct row *row = run("skylake", cases[i].what);
		uint64_t accesses = cases[i].pages * cases[i].rounds;

		COUNTED(row, instructions, 4 * accesses + cases[i].rounds);
		COUNTED(row, loads, accesses);
		COUNTED(row, stores, 0);
		COUNTED(row, dtlb_misses, cases[i].dtlb);
		COUNTED(row, stlb_misses, cases[i].stlb);
		COUNTED(row, walk_steps, cases[i].steps);
		COUNTED(row, tlb_dropped, 0);
	}
	assert_string_equal(rows->model, "dTLB 4K 64x4, dTLB 2M 32x4, dTLB 1G 4x4, "
					 "STLB 4K 1536x12, STLB 1G 16x4, PDE 32x32, PDPTE 4x4, "
					 "true LRU");
	COUNTED(run("a72-like/dtlb=16", "walk 17 2"), dtlb_misses, 2 * 17);
}

/* 40 pages: 10 are flushed in the window, and 10 outside, which is not counted but felt. */
static void flushes(void **state)
{
	const struct row *row = run("skylake", "flush 40");

	(void)state;
	COUNTED(row, instructions, 3 * (1 + 4 * 40));
	COUNTED(row, loads, 3 * 40);
	COUNTED(row, flush_ranges, 1);
	COUNTED(row, tlb_dropped, 2 * 10);
	COUNTED(row, dtlb_misses, 40 + 10 + 10);
	COUNTED(row, stlb_misses, 40 + 10 + 10);
	COUNTED(row, walk_steps, 4 + 39 + 2 * (4 + 9));
	COUNTED(row, invlpg, 0);
	COUNTED(row, cr3_writes, 0);
}

/* A load, a store, three that are both, a load over the end of the page. */
static void kinds_of_accesses(void **state)
{
	const char *const what[] = {"kinds", "kinds-threaded"};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		const struct row *row = run("skylake", what[i]);

		COUNTED(row, instructions, 7);
		COUNTED(row, loads, 5);
		COUNTED(row, stores, 4);
		COUNTED(row, dtlb_misses, 2);
		COUNTED(row, walk_steps, 4 + 1);
	}
}

/* Each is one instruction, and its elements' accesses. */
static void repeated_instructions(void **state)
{
	const struct row *row = run("skylake", "strings");

	(void)state;
	COUNTED(row, instructions, 9 + 3 * 4);
	COUNTED(row, loads, 100);
	COUNTED(row, stores, 1 + 1000 + 100 + 3 * 2);
}

static void costs_of_operations(void **state)
{
	const struct row *row = run("skylake", "ops");
	const struct histogram *cost = row->cost[0];

	(void)state;
	COUNTED(row, instructions, 10 * 4 + 2);
	assert_int_equal(cost[ROW_COST_INSTRUCTIONS].n, 10);
	assert_int_equal(cost[ROW_COST_INSTRUCTIONS].min, 3);
	assert_int_equal(cost[ROW_COST_INSTRUCTIONS].max, 3);
	assert_int_equal(cost[ROW_COST_MISSES].sum, 10);
	assert_int_equal(cost[ROW_COST_STEPS].sum, 4 + 9);
	assert_int_equal(cost[ROW_COST_STEPS].max, 4);
	cost = row->cost[1];
	assert_int_equal(cost[ROW_COST_INSTRUCTIONS].n, 1);
	assert_int_equal(cost[ROW_COST_INSTRUCTIONS].sum, 1);
	assert_int_equal(cost[ROW_COST_MISSES].sum, 0);
	assert_int_equal(row->cost[2][ROW_COST_INSTRUCTIONS].n, 0);
	assert_int_equal(row->cost[3][ROW_COST_INSTRUCTIONS].n, 0);
}

/* One NOP of two bytes, or two of one, 10,000 times. */
static void one_instruction_more(void **state)
{
	uint64_t one, two;

	(void)state;
	one = run_program("guest", "skylake", "nops")->counter[ROW_instructions];
	two = run_program("guest_two_nops", "skylake", "nops")->counter[ROW_instructions];
	assert_int_equal(one, 3 * 10000);
	assert_int_equal(two, one + 10000);
}

/* 20 runs while another process keeps a CPU busy. */
static void same_in_every_run(void **state)
{
	struct row *first = malloc(sizeof(*first));
	pid_t busy = fork();

	(void)state;
	if (!busy)
		for (;;)
			__asm__ volatile("");
	for (unsigned int i = 0; i < 20; i++) {
		const struct row *row = run("skylake", "mixed 7 20000");

		if (i == 0)
			*first = *row;
		if (memcmp(first, row, sizeof(*first))) {
			kill(busy, SIGKILL);
			fail_msg("run %u differs from the first", i);
		}
	}
	kill(busy, SIGKILL);
	waitpid(busy, NULL, 0);
	assert_true(first->counter[ROW_loads] >= 20000 && first->counter[ROW_tlb_dropped]);
	free(first);
}

static void as_the_simulator(void **state)
{
	const char *const models[] = {"skylake", "zen3", "a72-like/stlb=128x2/pml4e=2"};

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		const struct row *row = run(models[i], "mixed 3 1000000");
		struct traced traced = read_trace(models[i]);

		assert_true(traced.accesses >= 1000000);
		assert_true(traced.accesses >= row->counter[ROW_loads] + row->counter[ROW_stores]);
		COUNTED(row, dtlb_misses, traced.counts.dtlb_misses);
		COUNTED(row, stlb_misses, traced.counts.stlb_misses);
		COUNTED(row, walk_steps, traced.counts.walk_steps);
		COUNTED(row, tlb_dropped, traced.counts.dropped);
		assert_true(traced.counts.stlb_misses > 100000 && traced.counts.dropped > 10000);
	}
}

static void bad_arguments(void **state)
{
	const struct {
		const char *arguments, *line;
	} cases[] = {
		{"model=skylake", "tlbmodel: rows= is missing: it must be given\n"},
		{"rows=/dev/null/rows", "tlbmodel: rows=/dev/null/rows cannot be written: "
					"Not a directory\n"},
		{"rows=/tmp/x,model=nehalem", "tlbmodel: model: \"nehalem\" is no model; it must "
					      "begin with one of: skylake zen3 a72-like\n"},
		{"rows=/tmp/x,low=5", "tlbmodel: low=5: unknown argument; use rows=, model=, "
				      "trace=, mailbox=\n"},
		{"rows=/tmp/x,guest=linux", "tlbmodel: guest=linux: unknown argument; use rows=, "
					    "model=, trace=, mailbox=\n"},
		{"rows=/tmp/x,mailbox=/dev/null", "tlbmodel: /dev/null has 0 bytes; at least 4096 "
						  "are needed\n"},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_not_equal(qemu("guest", cases[i].arguments, "nops"), 0);
		/* QEMU then adds a line of its own. */
		if (strncmp(words(), cases[i].line, strlen(cases[i].line)))
			fail_msg("%s: %s", cases[i].arguments, words());
	}
}

static int set_up(void **state)
{
	return under_qemu_set_up(state) || make_file("mailbox", MAILBOXES * sizeof(struct mailbox));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks),
		cmocka_unit_test(flushes),
		cmocka_unit_test(kinds_of_accesses),
		cmocka_unit_test(repeated_instructions),
		cmocka_unit_test(costs_of_operations),
		cmocka_unit_test(one_instruction_more),
		cmocka_unit_test(same_in_every_run),
		cmocka_unit_test(as_the_simulator),
		cmocka_unit_test(bad_arguments),
	};

	return cmocka_run_group_tests(tests, set_up, under_qemu_clean_up);
}
