/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_watch.c - what of which CPU goes into which row: windows, operations, flushes and marks in
 * any order, as instrument.c reports them. There is no QEMU: this program is who executes.
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

#include "guest.h"
#include "mark.h"
#include "model_text.h"
#include "row_file.h"
#include "say.h"
#include "trace.h"
#include "watch.h"

#define CPUS 3
#define PAGE 4096UL

static struct mailbox mail[MAILBOXES];
static struct rows *rows;
static jmp_buf given_up;
static char said[256];

/* The parts of the plugin that touch the world. */
struct mailbox guest_mailbox(unsigned int cpu)
{
	return mail[cpu];
}

struct tlb_mapping guest_walk(void *unused, uint64_t address)
{
	(void)unused;
	(void)address;
	return (struct tlb_mapping){4, true, TLB_4K, false};
}

void trace_event(enum trace_kind kind, unsigned int cpu, uint64_t address)
{
	(void)kind;
	(void)cpu;
	(void)address;
}

void trace_access(unsigned int cpu, uint64_t address)
{
	(void)cpu;
	(void)address;
}

void trace_flush(void)
{
}

struct row *row_file_begin(void)
{
	return &rows->row[rows->n];
}

void row_file_end(void)
{
	rows->n++;
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
}

void say_and_end(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
	longjmp(given_up, 1);
}

static int set_up(void **state)
{
	struct tlb_shape shape;
	char why[256];

	(void)state;
	rows = calloc(1, sizeof(*rows));
	memset(watched, 0, sizeof(watched));
	memset(mail, 0, sizeof(mail));
	watch_running = &watched[0];
	return !rows || model_parse("dtlb=4/stlb=8", &shape, why, sizeof(why)) ||
	       watch_open(&shape, CPUS);
}

static int tear_down(void **state)
{
	(void)state;
	/* A row that a test left open would be under way in the next one. */
	for (unsigned int i = 0; i < CPUS; i++)
		watched[i].open = false;
	watch_mark(&watched[0], MARK_END);
	for (unsigned int i = 0; i < CPUS; i++)
		tlb_free(watched[i].tlb);
	free(rows);
	return 0;
}

static void runs(unsigned int cpu, unsigned int instructions)
{
	if (watch_running != &watched[cpu])
		watch_runs(&watched[cpu]);
	watch_instructions += instructions;
}

static void mark(unsigned int cpu, unsigned int number)
{
	runs(cpu, 0);
	watch_mark(&watched[cpu], number);
}

static void touch(unsigned int cpu, unsigned int page)
{
	watch_access(&watched[cpu], page * PAGE);
}

static uint64_t counted(enum row_counter which)
{
	return rows->row[rows->n - 1].counter[which];
}

static void only_open_windows_count(void **state)
{
	(void)state;
	runs(0, 7);
	mark(0, MARK_BEGIN);
	runs(0, 10);
	mark(0, MARK_OPEN);
	runs(0, 100);
	mark(0, MARK_CLOSE);
	runs(0, 1000);
	mark(0, MARK_OPEN);
	runs(0, 10000);
	mark(0, MARK_CLOSE);
	mark(0, MARK_END);
	assert_int_equal(rows->n, 1);
	assert_int_equal(counted(ROW_instructions), 10100);
}

/* Turns end in the middle of windows, and begin in another CPU's. */
static void instructions_are_those_of_the_cpu_that_ran(void **state)
{
	(void)state;
	mark(0, MARK_BEGIN);
	mark(0, MARK_OPEN);
	runs(0, 1);
	runs(1, 20); /* its window is closed */
	mark(1, MARK_OPEN);
	runs(1, 300);
	runs(2, 4000);
	runs(0, 50000);
	mark(0, MARK_CLOSE);
	runs(1, 600000);
	mark(1, MARK_CLOSE);
	runs(0, 7000000);
	mark(0, MARK_END);
	assert_int_equal(counted(ROW_instructions), 650301);
}

static void a_row_begins_with_nothing(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		mark(0, MARK_BEGIN);
		mark(1, MARK_OPEN);
		mark(1, MARK_OP_DONE);
		runs(1, 5);
		touch(1, 1);
		touch(1, 1);
		mark(1, MARK_OP); /* not done */
		mark(1, MARK_CLOSE);
		mark(0, MARK_END);
		assert_int_equal(counted(ROW_instructions), 5);
		assert_int_equal(counted(ROW_dtlb_misses), 1);
		assert_int_equal(counted(ROW_stlb_misses), 1);
		assert_int_equal(counted(ROW_walk_steps), 4);
		assert_int_equal(rows->row[i].cost[0][ROW_COST_INSTRUCTIONS].n, 0);
	}
}

static void misses_outside_windows_are_nobodys(void **state)
{
	(void)state;
	mark(0, MARK_BEGIN);
	touch(0, 1);
	mark(0, MARK_OPEN);
	touch(0, 1);
	touch(0, 2);
	mark(0, MARK_CLOSE);
	touch(0, 3);
	mark(0, MARK_END);
	assert_int_equal(counted(ROW_dtlb_misses), 1);
}

static void operations_are_what_lies_between_their_marks(void **state)
{
	struct histogram(*cost)[ROW_COSTS];

	(void)state;
	mark(0, MARK_BEGIN);
	mark(0, MARK_OP); /* no window is open */
	runs(0, 9);
	mark(0, MARK_OPEN);
	mark(0, MARK_OP_DONE);
	runs(0, 5);
	mark(0, MARK_OP + 2);
	runs(0, 30);
	runs(1, 999);
	runs(0, 1);
	for (unsigned int page = 1; page <= 5; page++)
		touch(0, page);
	touch(0, 1); /* in the second level still */
	mark(0, MARK_OP_DONE);
	mark(0, MARK_OP_DONE); /* none is under way */
	mark(0, MARK_OP);
	mark(0, MARK_CLOSE);
	mark(0, MARK_OPEN);
	mark(0, MARK_OP_DONE); /* given up when its window closed */
	mark(0, MARK_CLOSE);
	mark(0, MARK_END);
	cost = rows->row[0].cost;
	assert_int_equal(cost[0][ROW_COST_INSTRUCTIONS].n, 0);
	assert_int_equal(cost[2][ROW_COST_INSTRUCTIONS].n, 1);
	assert_int_equal(cost[2][ROW_COST_INSTRUCTIONS].sum, 31);
	assert_int_equal(cost[2][ROW_COST_MISSES].sum, 5);
	assert_int_equal(cost[2][ROW_COST_STEPS].sum, 20);
	assert_int_equal(counted(ROW_dtlb_misses), 6);
}

/* One that is executed outside a window is not counted, but what it drops is gone. */
static void flush_by_each(unsigned int cpu)
{
	mail[cpu].operand = 1 * PAGE;
	watch_invlpg(&watched[cpu]);
	mail[cpu].operand = 0;
	watch_cr3(&watched[cpu]);
	watch_cr4(&watched[cpu]);
	watch_invpcid(&watched[cpu]);
	watch_iret(&watched[cpu]);
	mail[cpu].start = 2 * PAGE;
	mail[cpu].end = 4 * PAGE;
	mark(cpu, MARK_FLUSH);
}

static void flushes_count_in_windows(void **state)
{
	(void)state;
	mark(0, MARK_BEGIN);
	flush_by_each(1);
	mark(1, MARK_OPEN);
	flush_by_each(1);
	flush_by_each(0);
	mark(1, MARK_CLOSE);
	mark(0, MARK_END);
	assert_int_equal(counted(ROW_interrupts), 1);
	assert_int_equal(counted(ROW_invlpg), 1);
	assert_int_equal(counted(ROW_cr3_writes), 1);
	assert_int_equal(counted(ROW_cr4_writes), 1);
	assert_int_equal(counted(ROW_invpcid), 1);
	assert_int_equal(counted(ROW_flush_ranges), 1);
}

/* Misses of touching pages 1 and 2 again, and what went, after each kind of flush. */
static void drops(void (*flush)(void), unsigned int misses, unsigned int dropped)
{
	mark(0, MARK_BEGIN);
	mark(0, MARK_OPEN);
	touch(0, 1);
	touch(0, 2);
	touch(1, 1); /* another CPU's translation stays */
	flush();
	touch(0, 1);
	touch(0, 2);
	mark(0, MARK_CLOSE);
	mark(1, MARK_OPEN);
	touch(1, 1);
	mark(1, MARK_CLOSE);
	mark(0, MARK_END);
	assert_int_equal(counted(ROW_dtlb_misses), 2 + misses);
	assert_int_equal(counted(ROW_tlb_dropped), dropped);
}

static void by_invlpg(void)
{
	mail[0].operand = 2 * PAGE + 5;
	watch_invlpg(&watched[0]);
}

static void by_cr3(void)
{
	mail[0].operand = 0x1000;
	watch_cr3(&watched[0]);
}

static void by_cr3_that_keeps(void)
{
	mail[0].operand = 0x1000 | 1UL << 63;
	watch_cr3(&watched[0]);
}

static void by_cr4(void)
{
	watch_cr4(&watched[0]);
}

static void by_invpcid(void)
{
	watch_invpcid(&watched[0]);
}

static void by_range(void)
{
	mail[0].start = 2 * PAGE;
	mail[0].end = 2 * PAGE + 1;
	mark(0, MARK_FLUSH);
}

static void by_empty_range(void)
{
	mail[0].start = mail[0].end = 2 * PAGE;
	mark(0, MARK_FLUSH);
}

/* Both levels hold a page: two translations. */
static void flushes_drop_what_they_should(void **state)
{
	(void)state;
	drops(by_invlpg, 1, 2);
	drops(by_cr3, 2, 4);
	drops(by_cr3_that_keeps, 0, 0);
	drops(by_cr4, 2, 4);
	drops(by_invpcid, 2, 4);
	drops(by_range, 1, 2);
	drops(by_empty_range, 0, 0);
}

static void without_a_row_nothing_is_done(void **state)
{
	(void)state;
	mark(0, MARK_OPEN);
	mark(0, MARK_OP);
	mark(0, MARK_OP_DONE);
	mark(0, MARK_FLUSH);
	mark(0, MARK_CLOSE);
	mark(0, MARK_END);
	watch_invlpg(&watched[0]);
	assert_int_equal(rows->n, 0);
	assert_false(watched[0].open);
}

/* Apart from where longjmp() leads: it changes its variable. */
static __attribute__((noinline)) void mark_each(const unsigned int *marks)
{
	for (; *marks; marks++)
		mark(0, *marks);
}

/* Marks of one CPU, 0 at their end, the last of which must be refused. */
static void refused(const unsigned int *marks, const char *words)
{
	*said = '\0';
	if (!setjmp(given_up)) {
		mark_each(marks);
		fail_msg("not refused: %s", words);
	}
	if (!strstr(said, words))
		fail_msg("\"%s\" does not say \"%s\"", said, words);
	watched[0].open = false;
	watch_mark(&watched[0], MARK_END);
}

static void marks_out_of_order_are_refused(void **state)
{
	(void)state;
	refused((const unsigned int[]){MARK_BEGIN, MARK_BEGIN, 0}, "while one was under way");
	refused((const unsigned int[]){MARK_BEGIN, MARK_OPEN, MARK_OPEN, 0}, "while one was open");
	refused((const unsigned int[]){MARK_BEGIN, MARK_CLOSE, 0}, "was not open");
	refused((const unsigned int[]){MARK_BEGIN, MARK_OPEN, MARK_END, 0}, "window of CPU 0");
	refused((const unsigned int[]){MARK_BEGIN, MARK_COUNT, 0}, "there is no mark");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_open_windows_count),
		TEST(instructions_are_those_of_the_cpu_that_ran),
		TEST(a_row_begins_with_nothing),
		TEST(misses_outside_windows_are_nobodys),
		TEST(operations_are_what_lies_between_their_marks),
		TEST(flushes_count_in_windows),
		TEST(flushes_drop_what_they_should),
		TEST(without_a_row_nothing_is_done),
		TEST(marks_out_of_order_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
