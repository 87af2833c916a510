/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_system.c - the plugin in qemu-system-x86_64, watching the kernel target: on one CPU and on
 * four its rows are what the simulator makes of the recorded accesses, whose pages it found in the
 * guest's own tables, and are the same in the next run. Watched as if it were Linux (guest=linux),
 * it executes and accesses as much.
 */
#include "under_qemu.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "channel.h"

#define RAM (512UL << 20)

/* QEMU's exit status, of a guest of @cpus that frees and flushes one page after another. */
static int qemu(unsigned int cpus, const char *flush, const char *arguments)
{
	struct channel channel = {
		.magic = CHANNEL_MAGIC,
		.log_bytes = 16UL << 20,
		.modelled = 1,
		.icount = 1,
	};
	int fd;

	assert_int_equal(make_file("ram", RAM), 0);
	fd = open(in_scratch("ram"), O_WRONLY);
	assert_int_equal(pwrite(fd, &channel, sizeof(channel), CHANNEL_ADDRESS), sizeof(channel));
	close(fd);
	return under_qemu(
		"qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none "
		"-machine microvm,memory-backend=ram,auto-kernel-cmdline=off -cpu max -accel tcg "
		"-device isa-debug-exit,iobase=0xf4,iosize=4 -smp %u -m %luM "
		"-object memory-backend-file,id=ram,share=on,size=%lu,mem-path=%s "
		"-icount shift=0,sleep=off "
		"-plugin %s/../../tlbmodel.so,rows=%s,%s "
		"-kernel %s/../../trimm-kernel "
		"-append 'unmap-storm flush=%s cpus=%u exact_ops=300 mode=exact memory=64M'",
		cpus, RAM >> 20, RAM, in_scratch("ram"), test_folder, in_scratch("rows"), arguments,
		test_folder, flush, cpus);
}

/* CPUs take turns. */
static void run(unsigned int cpus, const char *flush)
{
	char arguments[512];
	int code;

	snprintf(arguments, sizeof(arguments), "ram=%s,low=%lu,channel=0x%lx,trace=%s",
		 in_scratch("ram"), RAM, CHANNEL_ADDRESS, in_scratch("trace"));
	code = qemu(cpus, flush, arguments);
	if (code != (int)channel_exit_status(0))
		fail_msg("exit status %d: %s", code, words());
	map_rows();
}

/* Of all rows. */
static uint64_t sum(enum row_counter counter)
{
	uint64_t total = 0;

	for (uint64_t i = 0; i < rows->n; i++)
		total += rows->row[i].counter[counter];
	return total;
}

static void as_the_simulator(unsigned int cpus, const char *flush)
{
	struct traced traced;
	struct rows *first;
	uint64_t bytes;

	run(cpus, flush);
	assert_true(rows->n);
	traced = read_trace("skylake");
	assert_int_equal(sum(ROW_dtlb_misses), traced.counts.dtlb_misses);
	assert_int_equal(sum(ROW_stlb_misses), traced.counts.stlb_misses);
	assert_int_equal(sum(ROW_walk_steps), traced.counts.walk_steps);
	/* The trace has what was dropped outside windows too. */
	assert_in_range(sum(ROW_tlb_dropped), 1, traced.counts.dropped);
	assert_true(traced.of_2m && traced.of_global && traced.accesses > traced.of_2m);
	assert_true(traced.accesses >= sum(ROW_loads) + sum(ROW_stores));

	bytes = sizeof(*rows) - sizeof(rows->row) + rows->n * sizeof(rows->row[0]);
	first = malloc(bytes);
	memcpy(first, rows, bytes);
	run(cpus, flush);
	assert_memory_equal(first, rows, bytes);
	free(first);
}

static void one_cpu(void **state)
{
	(void)state;
	as_the_simulator(1, "eager");
	/* Each operation frees an area of one page, and its address reached the model. */
	assert_true(sum(ROW_invlpg) >= 300 * rows->n);
	assert_true(sum(ROW_tlb_dropped) >= sum(ROW_invlpg));
	assert_int_equal(sum(ROW_cr4_writes), 0);
	assert_int_equal(sum(ROW_flush_instructions),
			 sum(ROW_invlpg) + sum(ROW_invpcid) + sum(ROW_cr3_writes));
}

static void four_cpus(void **state)
{
	(void)state;
	as_the_simulator(4, "eager");
	/* All flush for each other; some do so after their last operation, in no window. */
	assert_in_range(sum(ROW_invlpg), 3 * 4 * 300 * rows->n, 4 * 4 * 350 * rows->n);
}

static void without_a_model(void **state)
{
	static const enum row_counter counted[] = {
		ROW_instructions,	ROW_loads,  ROW_stores,	    ROW_interrupts,
		ROW_flush_instructions, ROW_invlpg, ROW_cr3_writes, ROW_cr4_writes,
	};
	struct rows *modelled = malloc(sizeof(*modelled));

	(void)state;
	run(1, "eager");
	memcpy(modelled, rows, sizeof(*rows));
	assert_int_equal(modelled->absent, 0);
	if (qemu(1, "eager", "guest=linux") != (int)channel_exit_status(0))
		fail_msg("%s", words());
	map_rows();
	assert_int_equal(rows->n, modelled->n);
	for (uint64_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->row[i], *other = &modelled->row[i];

		for (unsigned int c = 0; c < sizeof(counted) / sizeof(counted[0]); c++)
			assert_int_equal(row->counter[counted[c]], other->counter[counted[c]]);
		assert_memory_equal(&row->cost[0][ROW_COST_INSTRUCTIONS],
				    &other->cost[0][ROW_COST_INSTRUCTIONS],
				    sizeof(struct histogram));
	}
	for (unsigned int c = 0; c < sizeof(counted) / sizeof(counted[0]); c++)
		assert_false(rows->absent >> counted[c] & 1);
	assert_true(rows->absent >> ROW_dtlb_misses & 1);
	assert_true(rows->absent >> (ROW_COUNTERS + ROW_COST_STEPS) & 1);
	assert_true(strstr(rows->model, "no TLB"));
	free(modelled);
}

static void linux_is_refused(const char *arguments, unsigned int cpus, const char *line)
{
	assert_int_not_equal(qemu(cpus, "eager", arguments), 0);
	if (!strstr(words(), line))
		fail_msg("%s: %s", arguments, words());
}

static void what_linux_cannot_have(void **state)
{
	(void)state;
	linux_is_refused("guest=linux", 2, "guest=linux: one CPU is counted, not 2\n");
	linux_is_refused("guest=linux,model=zen3", 1,
			 "model=zen3: unknown argument; with guest=linux only rows=\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cpu),
		cmocka_unit_test(four_cpus),
		cmocka_unit_test(without_a_model),
		cmocka_unit_test(what_linux_cannot_have),
	};

	return cmocka_run_group_tests(tests, under_qemu_set_up, under_qemu_clean_up);
}
