/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_ask.c - what `trimm show` makes of the other end: whole answers, halves, none; and which
 * runs it finds. The other end is a process that answers as a test wants it to.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/ask.h"

/* Listen as process @pid of user @uid. */
static int listener(uid_t uid, pid_t pid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "trimm-%u-%d",
			      uid, pid);

	assert_int_equal(
		bind(fd, (struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)),
		0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

/* Answer one question with @length bytes; then the run ends. */
static pid_t answer_once(const char *text, size_t length)
{
	int ready[2], fd;
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child) {
		assert_int_equal(read(ready[0], &byte, 1), 1);
		close(ready[0]);
		close(ready[1]);
		return child;
	}
	fd = listener(geteuid(), getpid());
	if (write(ready[1], "", 1) != 1)
		_exit(1);
	fd = accept(fd, NULL, NULL);
	while (read(fd, &byte, 1) == 1 && byte != '\n')
		;
	_exit(send(fd, text, length, 0) != (ssize_t)length);
}

static char *ask_it(const char *text, size_t length, size_t *got)
{
	pid_t child = answer_once(text, length);
	char *answer = ask(child, "meminfo", 0, got);
	int status;

	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	return answer;
}

static void a_whole_answer_comes_without_its_head(void **state)
{
	static const char text[] = "ok flush=lazy\nMemTotal: 1 kB\n";
	size_t length;
	char *answer = ask_it(text, sizeof(text), &length);

	(void)state;
	assert_non_null(answer);
	assert_string_equal(answer, "MemTotal: 1 kB\n");
	assert_int_equal(length, strlen(answer));
	free(answer);
}

/* A process that ends takes along what it has not sent: what came looks like an answer. */
static void half_an_answer_is_none(void **state)
{
	static const char text[] = "ok flush=lazy\nMemTotal: 1";
	size_t length;

	(void)state;
	assert_null(ask_it(text, sizeof(text) - 1, &length));
	assert_null(ask_it(text, 0, &length));
}

static void a_refusal_is_no_answer(void **state)
{
	static const char text[] = "no the case has no such arm\n";
	size_t length;

	(void)state;
	assert_null(ask_it(text, sizeof(text), &length));
}

/* It closes before it was asked anything: writing to it must not end us. */
static void who_hangs_up_at_once_does_no_harm(void **state)
{
	pid_t child = fork();
	size_t length;
	int fd;

	(void)state;
	if (!child) {
		fd = listener(geteuid(), getppid());
		for (;;)
			close(accept(fd, NULL, NULL));
	}
	for (int i = 0; i < 20; i++)
		assert_null(ask(getpid(), "meminfo", 0, &length));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static size_t times_found(const pid_t *pids, size_t n, pid_t pid)
{
	size_t times = 0;

	for (size_t i = 0; i < n; i++)
		times += pids[i] == pid;
	return times;
}

/* Once, whether or not somebody is asking it; of other users' runs, only root sees any. */
static void a_run_is_found_once(void **state)
{
	struct sockaddr_un address;
	socklen_t size = sizeof(address);
	int ours = listener(geteuid(), 2000000001), others = listener(geteuid() + 1, 2000000002);
	int client = socket(AF_UNIX, SOCK_STREAM, 0), connection;
	pid_t pids[1024];
	size_t n;

	(void)state;
	assert_int_equal(getsockname(ours, (struct sockaddr *)&address, &size), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, size), 0);
	connection = accept(ours, NULL, NULL);
	n = ask_find(pids, 1024);
	assert_true(n <= 1024);
	assert_int_equal(times_found(pids, n, 2000000001), 1);
	assert_int_equal(times_found(pids, n, 2000000002), !geteuid());
	assert_true(ask_find(pids, 0) >= 1);
	close(connection);
	close(client);
	close(others);
	close(ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_answer_comes_without_its_head),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(a_refusal_is_no_answer),
		cmocka_unit_test(who_hangs_up_at_once_does_no_harm),
		cmocka_unit_test(a_run_is_found_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
