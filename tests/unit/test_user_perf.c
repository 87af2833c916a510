/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_user_perf.c - perf events against what is known to have happened: faults of pages touched,
 * system calls made, time spent; of each arm and each worker its own. Software events and
 * tracepoints count everywhere; those of a PMU say why they can't where there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "harness.h"
#include "host.h"
#include "run_case.h"
#include "targets/user/perf_open.h"
#include "user_child.h"

#define COUNTERS 8

/* What a worker does between begin and end, and what its counters said then; in a child. */
struct span {
	const char *perf;
	void (*work)(unsigned int slot);
	unsigned int workers;
	struct host_extra_count counts[TRI_MAX_CPUS][COUNTERS];
};

static void run_span(void *arg, unsigned int slot)
{
	struct span *span = arg;

	host_extras_begin();
	span->work(slot);
	host_extras_end(span->counts[slot]);
}

/* Settings are a process's: each span has one to itself, and leaves its counts in shared memory. */
static void child_span(void *arg)
{
	struct span *span = arg;

	if (host_param_set("perf", span->perf))
		_exit(2);
	if (host_run(span->workers, run_span, span))
		_exit(3);
}

static struct span *count(const char *perf, unsigned int workers, void (*work)(unsigned int slot))
{
	struct span *span = mmap(NULL, sizeof(*span), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct child child;

	assert_ptr_not_equal(span, MAP_FAILED);
	span->perf = perf;
	span->workers = workers;
	span->work = work;
	child_run(&child, child_span, span);
	if (child.exit_code)
		fail_msg("%s: %d %s", perf, child.exit_code, child.stderr_text);
	return span;
}

static void done(struct span *span)
{
	munmap(span, sizeof(*span));
}

/* Skips where the kernel keeps @name from us, as it may from others than root. */
static void need(const char *name)
{
	struct perf_list list;
	struct perf_answer answer;
	char why[300];

	assert_int_equal(perf_list_parse(name, &list, why, sizeof(why)), 0);
	for (unsigned int i = 0; i < list.n; i++) {
		perf_try(&list.counter[i], -1, &answer);
		if (!strcmp(answer.avail, "ok"))
			continue;
		print_message("# SKIP %s: %s\n", name, answer.why);
		skip();
	}
}

static double now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static void spin_20_ms(unsigned int slot)
{
	double start = now_ns();

	(void)slot;
	while (now_ns() - start < 20e6)
		;
}

static void task_clock_grows_with_the_time(void **state)
{
	struct span *span;
	uint64_t ns;

	(void)state;
	need("task_clock");
	span = count("task_clock", 1, spin_20_ms);
	ns = span->counts[0][0].value;
	/* What the thread's clock said; where others run in between, neither counts all of a
	 * switch. */
	assert_in_range(ns, 18000000, 25000000);
	assert_int_equal(span->counts[0][0].enabled, span->counts[0][0].running);
	done(span);
}

#define PAGES 300

/* A sanitizer's shadow of them would be touched as well. */
__attribute__((no_sanitize_address)) static void touch_pages(unsigned int slot)
{
	/* Each slot as many more. */
	size_t pages = PAGES * (slot + 1), bytes = pages * TRI_PAGE_SIZE;
	volatile char *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise((void *)memory, bytes, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < pages; i++)
		memory[i * TRI_PAGE_SIZE] = 1;
	munmap((void *)memory, bytes);
}

/* A page or two of the stack and the library may come to it. */
#define PAGES_MORE 10

static void pages_touched_are_faults_each_workers_own(void **state)
{
	struct span *span;

	(void)state;
	need("minor_faults");
	span = count("minor_faults+major_faults", 2, touch_pages);
	for (unsigned int slot = 0; slot < 2; slot++) {
		const struct host_extra_count *counts = span->counts[slot];

		assert_in_range(counts[0].value, PAGES * (slot + 1),
				PAGES * (slot + 1) + PAGES_MORE);
		assert_in_range(counts[1].value, 0, PAGES_MORE); /* of the kernel's */
		assert_int_equal(counts[2].value, 0);		 /* nothing is read from disk */
		/* Members of a group were counted in the same time. */
		for (unsigned int i = 0; i < 4; i++)
			assert_int_equal(counts[i].enabled, counts[i].running);
	}
	done(span);
}

#define CALLS 1000

static void make_calls(unsigned int slot)
{
	for (unsigned int i = 0; i < CALLS * (slot + 1); i++)
		syscall(SYS_getsid, 0);
}

static void tracepoints_count_exactly(void **state)
{
	struct span *span;

	(void)state;
	need("raw_syscalls:sys_enter");
	/* Reading each counter is a call, too, which is taken out. */
	span = count("software+raw_syscalls:sys_enter", 2, make_calls);
	assert_int_equal(span->counts[0][7].value, CALLS);
	assert_int_equal(span->counts[1][7].value, 2 * CALLS);
	done(span);
	span = count("syscalls:sys_enter_getsid+raw_syscalls:sys_exit", 1, make_calls);
	assert_int_equal(span->counts[0][0].value, CALLS);
	assert_int_equal(span->counts[0][1].value, CALLS);
	done(span);
}

static void give_way(unsigned int slot)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	(void)slot;
	for (int i = 0; i < 50; i++)
		nanosleep(&moment, NULL);
}

static void sleeping_is_a_context_switch(void **state)
{
	struct span *span;

	(void)state;
	need("context_switches");
	span = count("context_switches+cpu_migrations", 1, give_way);
	/* And those that somebody else's work makes. */
	assert_in_range(span->counts[0][0].value, 50, 1000);
	/* It is pinned. */
	assert_int_equal(span->counts[0][1].value, 0);
	done(span);
}

static void nothing(unsigned int slot)
{
	(void)slot;
}

static void nothing_done_is_nothing_counted(void **state)
{
	struct span *span;

	(void)state;
	need("raw_syscalls:sys_enter");
	span = count("minor_faults+raw_syscalls:sys_enter", 1, nothing);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(span->counts[0][i].value, 0);
	done(span);
}

static const struct counter *counter_of(const struct bench *bench, const char *name)
{
	const struct counter *counter = bench_counter(bench, "measure", name);

	if (!counter)
		fail_msg("no %s", name);
	return counter;
}

/* Words of a case whose two arms differ in how often they call the host. */
#define ARMS                                                                         \
	"unmap-storm cpus=2 blocks=2 warmup=10 exact_ops=100 memory=64M window=64M " \
	"lazy_max_pages=64 arm:flush=eager arm:flush=lazy "

/* The witness is counted where the calls are made. */
static void an_arm_has_its_own(void **state)
{
	struct run *run;
	double calls[2];

	(void)state;
	need("syscalls:sys_enter_madvise");
	assert_int_equal(run_case(ARMS "perf=syscalls:sys_enter_madvise+minor_faults", &run), 0);
	assert_int_equal(run->nr_benches, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];
		const struct counter *counter =
			counter_of(bench, "perf_syscalls:sys_enter_madvise");

		calls[i] = counter_of(bench, "host_flush_calls")->value;
		assert_true(counter->has_value);
		assert_string_equal(counter->source, "perf");
		assert_int_equal(counter->ops, bench->ops);
		assert_true(counter->value == calls[i]);
		assert_string_equal(json_string_value(json_object_get(bench->params, "perf")),
				    "syscalls:sys_enter_madvise+minor_faults");
	}
	assert_true(calls[0] > 2 * calls[1]);
	run_free(run);
}

static void nobody_asks_nothing_is_recorded(void **state)
{
	struct run *run;

	(void)state;
	assert_int_equal(run_case(ARMS, &run), 0);
	for (size_t i = 0; i < run->benches[0].nr_counters; i++)
		assert_string_not_equal(run->benches[0].counters[i].source, "perf");
	assert_null(json_object_get(run->benches[0].params, "perf"));
	assert_null(json_object_get(run->benches[0].params, "perf_scope"));
	run_free(run);
}

static void what_is_not_there_is_null_with_the_reason(void **state)
{
	struct perf_answer answer;
	struct run *run;
	int notes = 0;

	(void)state;
	if (perf_has_pmu(&answer)) {
		print_message("# SKIP this machine has a PMU\n");
		skip();
	}
	assert_int_equal(run_case(ARMS "perf=core", &run), 0);
	for (size_t i = 0; i < 2; i++) {
		const struct counter *counter =
			counter_of(&run->benches[i], "perf_instructions_kernel");

		assert_false(counter->has_value);
		assert_string_not_equal(counter->avail, "ok");
		assert_non_null(
			strstr(counter->why, counter->avail[0] == 'u' ? "mode=exact" : "paranoid"));
	}
	run_free(run);
	/* auto reports what there is, and says once that this is not all. */
	assert_int_equal(run_case(ARMS "perf=auto", &run), 0);
	assert_null(bench_counter(&run->benches[0], "measure", "perf_cycles_user"));
	assert_true(counter_of(&run->benches[1], "perf_task_clock")->has_value);
	for (size_t i = 0; i < run->nr_notes; i++)
		notes +=
			strstr(run->notes[i].text, "perf=auto counts less than there is: ") != NULL;
	assert_int_equal(notes, 1);
	run_free(run);
}

static void an_emulator_counts_by_itself(void **state)
{
	const struct counter *counter;
	struct run *run;

	(void)state;
	run_case_modelled = true;
	assert_int_equal(run_case(ARMS "mode=exact perf=task_clock", &run), 0);
	run_case_modelled = false;
	counter = counter_of(&run->benches[0], "perf_task_clock");
	assert_false(counter->has_value);
	assert_string_equal(counter->avail, "disabled");
	assert_non_null(strstr(counter->why, "mode=exact"));
	run_free(run);
}

/* The whole CPU's faults are no fewer than the worker's. */
static void a_cpu_has_what_its_worker_did(void **state)
{
	const struct counter *counter;
	struct perf_answer answer;
	struct perf_list list;
	struct run *run;
	char why[300];

	(void)state;
	assert_int_equal(perf_list_parse("minor_faults", &list, why, sizeof(why)), 0);
	perf_try(&list.counter[0], 0, &answer);
	if (strcmp(answer.avail, "ok")) {
		print_message("# SKIP %s\n", answer.why);
		skip();
	}
	assert_int_equal(run_case(ARMS "perf=minor_faults perf_scope=cpu", &run), 0);
	counter = counter_of(&run->benches[0], "perf_minor_faults_user");
	assert_true(counter->has_value);
	/* Flushed eagerly, each page written is a fault. */
	assert_true(counter->value >= counter->ops);
	run_free(run);
}

/* Counters of a program without rights. */
static void as_nobody(void *arg)
{
	struct perf_list list;
	struct perf_answer answer;
	char why[300];
	int cpu = *(int *)arg;

	if (setresuid(65534, 65534, 65534))
		_exit(3);
	perf_list_parse(cpu < 0 ? "context_switches" : "task_clock", &list, why, sizeof(why));
	perf_try(&list.counter[0], cpu, &answer);
	host_error("%s: %s", answer.avail, answer.why);
	perf_list_parse("tlb:tlb_flush", &list, why, sizeof(why));
	perf_try(&list.counter[0], -1, &answer);
	_exit(strcmp(answer.avail, "denied") || !strstr(answer.why, "root") ? 4 : 0);
}

static void what_is_kept_from_us_says_what_to_do(void **state)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "r");
	struct child child;
	int level = -1, cpu = -1;

	(void)state;
	need("context_switches");
	if (file) {
		assert_int_equal(fscanf(file, "%d", &level), 1);
		fclose(file);
	}
	if (geteuid() || level != 2) {
		print_message("# SKIP needs root and kernel.perf_event_paranoid=2\n");
		skip();
	}
	child_run(&child, as_nobody, &cpu);
	child_assert(&child, 0,
		     "denied: the kernel is counted with: sysctl kernel.perf_event_paranoid=1 (it "
		     "is 2), root, or CAP_PERFMON");
	cpu = 0;
	child_run(&child, as_nobody, &cpu);
	child_assert(&child, 0, "kernel.perf_event_paranoid=0 (it is 2)");
}

static void check_words(void *arg)
{
	char *words[] = {"check", "unmap-storm", arg};

	_exit(bench_main(3, words));
}

static void an_unknown_name_is_one_line(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, check_words, "perf=core+colour");
	child_assert(&child, 2, "perf=core+colour: no event or group is called \"colour\"; groups");
	need("tlb:tlb_flush");
	child_run(&child, check_words, "perf=core+tlb:colour");
	child_assert(&child, 2, "perf=core+tlb:colour: this kernel has no tracepoint tlb:colour; ");
	child_run(&child, check_words, "perf_scope=machine");
	child_assert(&child, 2, "perf_scope=machine: not a value it takes; give thread|cpu");
}

/* How perf(1) runs this program, to count beside it. */
#define AS_COUNTED "count-calls"

static int count_calls(void)
{
	struct span *span = count("syscalls:sys_enter_getsid", 1, make_calls);

	printf("%lu ", (unsigned long)span->counts[0][0].value);
	done(span);
	return 0;
}

/* perf mounts tracefs where it is not: in a name space of its own, which ends with it. */
static void perf_stat_counts_the_same(void **state)
{
	char self[400], command[1024], text[64] = "";
	unsigned long perf = 0, ours = 0;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *pipe;

	(void)state;
	need("syscalls:sys_enter_getsid");
	if (system("perf --version >/dev/null 2>&1")) {
		print_message("# SKIP no perf; install linux-perf\n");
		skip();
	}
	if (geteuid()) {
		print_message("# SKIP needs root: tracefs for perf\n");
		skip();
	}
	self[length] = '\0';
	snprintf(command, sizeof(command),
		 "unshare --mount sh -c 'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null; "
		 "perf stat -x, -o /dev/fd/3 -e syscalls:sys_enter_getsid \"$0\" " AS_COUNTED
		 " 3>&1 1>&2 | sed -n \"s/,.*getsid.*/ perf/p\"' %s 2>&1",
		 self);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	text[fread(text, 1, sizeof(text) - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	if (sscanf(text, "%lu %lu perf", &ours, &perf) != 2)
		fail_msg("perf said: %s", text);
	assert_int_equal(ours, CALLS);
	assert_int_equal(perf, ours);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(task_clock_grows_with_the_time),
		cmocka_unit_test(pages_touched_are_faults_each_workers_own),
		cmocka_unit_test(tracepoints_count_exactly),
		cmocka_unit_test(sleeping_is_a_context_switch),
		cmocka_unit_test(nothing_done_is_nothing_counted),
		cmocka_unit_test(an_arm_has_its_own),
		cmocka_unit_test(nobody_asks_nothing_is_recorded),
		cmocka_unit_test(what_is_not_there_is_null_with_the_reason),
		cmocka_unit_test(an_emulator_counts_by_itself),
		cmocka_unit_test(a_cpu_has_what_its_worker_did),
		cmocka_unit_test(what_is_kept_from_us_says_what_to_do),
		cmocka_unit_test(an_unknown_name_is_one_line),
		cmocka_unit_test(perf_stat_counts_the_same),
	};

	if (argc == 2 && !strcmp(argv[1], AS_COUNTED))
		return count_calls();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
