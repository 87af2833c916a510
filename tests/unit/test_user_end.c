/* SPDX-License-Identifier: GPL-2.0-only */
/* test_user_end.c - how a run ends early: signals, faults, panics and lost readers. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "targets/user/fault.h"
#include "targets/user/stop.h"
#include "host.h"
#include "user_child.h"

static void say_if_stopping(void)
{
	if (host_stopping())
		host_error("stopping");
}

static void take_signal(void *signal)
{
	stop_on_signals();
	if (host_stopping())
		_exit(2);
	raise(*(int *)signal);
	say_if_stopping();
}

static void a_signal_asks_for_a_stop(void **state)
{
	struct child child;
	int interrupt = SIGINT, terminate = SIGTERM;

	(void)state;
	child_run(&child, take_signal, &interrupt);
	child_assert(&child, 0, "stopping");
	child_run(&child, take_signal, &terminate);
	child_assert(&child, 0, "stopping");
}

static void take_two_interrupts(void *arg)
{
	(void)arg;
	stop_on_signals();
	raise(SIGINT);
	host_error("one");
	raise(SIGINT);
	host_error("two");
}

static void a_second_interrupt_is_obeyed_at_once(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, take_two_interrupts, NULL);
	child_assert(&child, 1, "one");
}

/* The orphan says so itself, on the pipe it inherited as stderr. */
static void leave_an_orphan(void *arg)
{
	int ready[2];
	char byte;

	(void)arg;
	if (pipe(ready))
		_exit(2);
	if (fork()) {
		close(ready[1]);
		_exit(read(ready[0], &byte, 1) == 1 ? 0 : 2);
	}
	stop_on_signals();
	if (write(ready[1], "", 1) != 1)
		_exit(2);
	for (int i = 0; i < 5000 && !host_stopping(); i++)
		usleep(1000);
	say_if_stopping();
}

static void the_parents_death_asks_for_a_stop(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, leave_an_orphan, NULL);
	child_assert(&child, 0, "stopping");
}

static void panic(void *arg)
{
	(void)arg;
	plat_panic("mmcore/x.c", 12, "why");
}

static void a_panic_says_where(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, panic, NULL);
	child_assert(&child, 1, "trimm-user: mmcore/x.c:12: why\n");
}

static void log_a_line(void *arg)
{
	plat_log("%s %c %d %u %lu %lx", (char *)arg, 'c', -1, 2U, 3UL, 0x4fUL);
}

static void a_log_line_is_one_line(void **state)
{
	char longest[2000];
	struct child child;

	(void)state;
	child_run(&child, log_a_line, "words");
	child_assert(&child, 0, "trimm-user: words c -1 2 3 4f\n");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	child_run(&child, log_a_line, longest);
	child_assert(&child, 0, "xxx\n");
}

static void write_to(void *at)
{
	*(volatile char *)at = 1;
}

static void fault_elsewhere(void *at)
{
	fault_catch();
	write_to(at);
}

static void foreign_handler(int signal)
{
	(void)signal;
	host_error("the handler before");
	_exit(3);
}

static void fault_with_foreign_handler(void *at)
{
	signal(SIGSEGV, foreign_handler);
	fault_elsewhere(at);
}

static void faults_elsewhere_are_not_ours(void **state)
{
	void *page = mmap(NULL, TRI_PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct child child;

	(void)state;
	assert_true(page != MAP_FAILED);
	child_run(&child, fault_elsewhere, page);
	child_assert(&child, 1, "segmentation fault at 0x");
	child_run(&child, fault_with_foreign_handler, page);
	child_assert(&child, 3, "the handler before");
	munmap(page, TRI_PAGE_SIZE);
}

/* Deeper than any stack. */
static unsigned long recurse(unsigned long depth)
{
	volatile char frame[4096];

	frame[depth % sizeof(frame)] = 1;
	return depth > 1UL << 40 ? 0 : recurse(depth + 1) + (unsigned long)frame[0];
}

static void overflow(void *arg)
{
	(void)arg;
	fault_catch();
	fault_use_stack();
	if (recurse(0))
		_exit(2);
}

static void a_stack_overflow_is_told(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, overflow, NULL);
	child_assert(&child, 1, "segmentation fault at 0x");
}

static void record_to(int fd)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", fd);
	setenv("TRIMM_RECORD_FD", number, 1);
}

static void emit_two(void *fd)
{
	record_to(*(int *)fd);
	host_emit("{\"t\":\"run\"}", 11);
	host_emit("second", 6);
}

static void records_go_to_their_descriptor(void **state)
{
	const char wanted[] = "{\"t\":\"run\"}\nsecond\n";
	char got[64] = "";
	struct child child;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child_run(&child, emit_two, &ends[1]);
	assert_int_equal(child.exit_code, 0);
	assert_string_equal(child.stderr_text, "");
	assert_int_equal(read(ends[0], got, sizeof(got)), sizeof(wanted) - 1);
	assert_string_equal(got, wanted);
	close(ends[0]);
	close(ends[1]);
}

static char long_line[200000];

/* Longer than a pipe, which does not block, read by a slow child. */
static void emit_long(void *arg)
{
	size_t total = 0;
	int ends[2], status;
	ssize_t got;

	(void)arg;
	if (pipe2(ends, O_NONBLOCK))
		_exit(2);
	if (!fork()) {
		close(ends[1]);
		fcntl(ends[0], F_SETFL, 0);
		while ((got = read(ends[0], long_line, 5000)) > 0)
			total += (size_t)got;
		_exit(total == sizeof(long_line) + 1 && long_line[0] ? 0 : 3);
	}
	close(ends[0]);
	record_to(ends[1]);
	memset(long_line, 'r', sizeof(long_line));
	host_emit(long_line, sizeof(long_line));
	close(ends[1]);
	wait(&status);
	_exit(WEXITSTATUS(status));
}

static void long_records_arrive_whole(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, emit_long, NULL);
	assert_string_equal(child.stderr_text, "");
	assert_int_equal(child.exit_code, 0);
}

static void emit_to_nobody(void *fd)
{
	stop_on_signals();
	emit_two(fd);
	say_if_stopping();
}

static void a_lost_reader_ends_the_run_quietly(void **state)
{
	struct child child;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	child_run(&child, emit_to_nobody, &ends[1]);
	child_assert(&child, 0, "stopping");
	close(ends[1]);
}

static void emit_to_bad(void *name)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	setenv("TRIMM_RECORD_FD", name, 1);
	host_emit("x", 1);
}

static void a_bad_descriptor_is_refused(void **state)
{
	static char *const bad[] = {"", "x", "-1", "3x", "999", "99999999999999999999"};
	struct child child;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		child_run(&child, emit_to_bad, bad[i]);
		child_assert(&child, 0, "is no open descriptor to write to");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_asks_for_a_stop),
		cmocka_unit_test(a_second_interrupt_is_obeyed_at_once),
		cmocka_unit_test(the_parents_death_asks_for_a_stop),
		cmocka_unit_test(a_panic_says_where),
		cmocka_unit_test(a_log_line_is_one_line),
		cmocka_unit_test(faults_elsewhere_are_not_ours),
		cmocka_unit_test(a_stack_overflow_is_told),
		cmocka_unit_test(records_go_to_their_descriptor),
		cmocka_unit_test(long_records_arrive_whole),
		cmocka_unit_test(a_lost_reader_ends_the_run_quietly),
		cmocka_unit_test(a_bad_descriptor_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
