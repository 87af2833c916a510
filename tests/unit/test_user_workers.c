/* SPDX-License-Identifier: GPL-2.0-only */
/* test_user_workers.c - slots run at once, pinned, and are the victims that flushes count. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "targets/user/window.h"
#include "targets/user/workers.h"
#include "host.h"
#include "user_child.h"

#define FLUSHES 1000

struct meeting {
	unsigned int n;
	atomic_uint here;
	atomic_bool wrong;
};

/* cmocka's assertions belong to slot 0: a worker only notes what is wrong. */
static void expect(struct meeting *meeting, bool right)
{
	if (!right)
		atomic_store(&meeting->wrong, true);
}

/* Returns only once all @n are inside. */
static void meet(void *arg, unsigned int slot)
{
	struct meeting *meeting = arg;
	unsigned long spins = 0;
	cpu_set_t cpus;

	expect(meeting, plat_cpu() == slot && slot < meeting->n);
	expect(meeting, !sched_getaffinity(0, sizeof(cpus), &cpus) && CPU_COUNT(&cpus) == 1 &&
				CPU_ISSET(workers_host_cpu(slot % workers_cpus()), &cpus));
	expect(meeting, sched_getcpu() == (int)workers_host_cpu(slot % workers_cpus()));
	atomic_fetch_add(&meeting->here, 1);
	while (atomic_load(&meeting->here) < meeting->n)
		host_relax(spins++);
}

static void slots_meet(unsigned int n)
{
	struct meeting meeting = {.n = n};
	cpu_set_t before, after;

	sched_getaffinity(0, sizeof(before), &before);
	assert_int_equal(host_run(n, meet, &meeting), 0);
	sched_getaffinity(0, sizeof(after), &after);
	assert_int_equal(atomic_load(&meeting.here), n);
	assert_false(atomic_load(&meeting.wrong));
	assert_true(CPU_EQUAL(&before, &after));
	assert_int_equal(plat_cpu(), 0);
}

static void slots_are_pinned_and_meet(void **state)
{
	(void)state;
	slots_meet(1);
	slots_meet(workers_cpus());
}

static void slots_may_outnumber_cpus(void **state)
{
	(void)state;
	slots_meet(workers_cpus() + 3 < TRI_MAX_CPUS ? workers_cpus() + 3 : TRI_MAX_CPUS);
}

static void impossible_numbers_are_refused(void **state)
{
	struct meeting meeting = {.n = 0};

	(void)state;
	assert_int_equal(host_run(0, meet, &meeting), -EINVAL);
	assert_int_equal(host_run(TRI_MAX_CPUS + 1, meet, &meeting), -EINVAL);
	assert_int_equal(atomic_load(&meeting.here), 0);
}

static void never(void *arg, unsigned int slot)
{
	(void)slot;
	atomic_store((atomic_bool *)arg, true);
}

/* No room for stacks: no slot runs, and those already made are gone. */
static void run_without_space(void *arg)
{
	const struct rlimit limit = {.rlim_cur = 64 << 20, .rlim_max = 64 << 20};
	atomic_bool ran = false;
	int error;

	(void)arg;
	setrlimit(RLIMIT_AS, &limit);
	error = host_run(TRI_MAX_CPUS, never, &ran);
	if (error == -EAGAIN && !atomic_load(&ran))
		host_error("refused");
}

static void a_run_that_cannot_start_is_undone(void **state)
{
	struct child child;

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	/* Their shadow needs more address space than a limit could leave. */
	skip();
#endif
	child_run(&child, run_without_space, NULL);
	child_assert(&child, 0, "refused");
}

struct storm {
	struct window *window;
	atomic_bool done;
	unsigned int victims; /* sum of what the flushes returned */
};

/* Slot 0 flushes, the others only have to be running. */
static void storm_work(void *arg, unsigned int slot)
{
	struct storm *storm = arg;
	unsigned long spins = 0;
	uintptr_t at = storm->window->start;

	if (slot) {
		while (!atomic_load(&storm->done))
			host_relax(spins++);
		return;
	}
	while (workers_elsewhere() < 1)
		host_relax(spins++);
	for (int i = 0; i < FLUSHES; i++) {
		*(volatile char *)at = 1;
		storm->victims += plat_tlb_flush_range(at, at + TRI_PAGE_SIZE);
	}
	atomic_store(&storm->done, true);
}

/* What the storm raised: all interrupts, and those of slot 1's CPU. */
static void storm_run(struct host_counts *before, struct host_counts *after)
{
	struct storm storm = {.victims = 0};

	storm.window = window_create(4UL << 20, false);
	assert_non_null(storm.window);
	host_counts_read(before);
	assert_int_equal(host_run(2, storm_work, &storm), 0);
	host_counts_read(after);
	window_destroy(storm.window);
	assert_int_equal(storm.victims, FLUSHES);
}

static void a_shootdown_is_real(void **state)
{
	const int shootdowns = HOST_COUNTER_host_tlb_shootdowns;
	const int calls = HOST_COUNTER_host_flush_calls;
	const int switches = HOST_COUNTER_host_switches;
	struct host_counts before, after;
	uint64_t at_victim;
	const char *why;

	(void)state;
	if (workers_cpus() < 2) {
		print_message("skipped: one CPU, so nobody to interrupt\n");
		skip();
	}
	if (strcmp(host_counter_avail(shootdowns, &why), "ok")) {
		print_message("skipped: %s\n", why);
		skip();
	}
	for (int i = 0; i < 20; i++) {
		storm_run(&before, &after);
		at_victim = after.tlb_by_cpu[1] - before.tlb_by_cpu[1];
		assert_int_equal(after.value[calls] - before.value[calls], FLUSHES);
		assert_true(after.value[shootdowns] - before.value[shootdowns] >= at_victim);
		if (at_victim >= FLUSHES * 9 / 10)
			return;
		/* Only a victim that lost its CPU has an excuse. */
		assert_true(after.value[switches] > before.value[switches]);
	}
	print_message("skipped: others keep taking the CPUs away\n");
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_are_pinned_and_meet),
		cmocka_unit_test(slots_may_outnumber_cpus),
		cmocka_unit_test(impossible_numbers_are_refused),
		cmocka_unit_test(a_run_that_cannot_start_is_undone),
		cmocka_unit_test(a_shootdown_is_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
