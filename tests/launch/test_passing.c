/* SPDX-License-Identifier: GPL-2.0-only */
/* test_passing.c - a question of `trimm show` on its way to a guest, and the answer back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "passing.h"

/* The guest's side of it; the socket is this process's, and there is one. */
static struct channel channel;
static struct passing passing;

static int connect_to(pid_t pid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "trimm-%u-%d",
			      geteuid(), pid);

	if (connect(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)))
		return -1;
	return fd;
}

/* A process that asks, and ends with 0 if it gets @expected, to the last byte. */
static pid_t ask(const char *question, const char *expected, size_t length)
{
	pid_t parent = getpid(), child = fork();
	char answer[256];
	size_t n = 0;
	ssize_t got;
	int fd;

	if (child)
		return child;
	alarm(10);
	fd = connect_to(parent);
	if (write(fd, question, strlen(question)) < 0)
		_exit(2);
	while ((got = read(fd, answer + n, sizeof(answer) - n)) > 0)
		n += (size_t)got;
	_exit(n != length || memcmp(answer, expected, length));
}

static void turn(void)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	passing_turn(&passing, passing_answered(&passing));
	nanosleep(&moment, NULL);
}

static void expect_answered(pid_t child)
{
	int status;

	while (!waitpid(child, &status, WNOHANG))
		turn();
	assert_int_equal(status, 0);
}

/* Turns until the guest has a question. */
static void expect_asked(const char *question)
{
	uint32_t before = channel.asked;

	for (int i = 0; i < 10000 && channel.asked == before; i++)
		turn();
	assert_int_equal(channel.asked, before + 1);
	assert_string_equal(channel.question, question);
}

static void an_answer_comes_back_whole(void **state)
{
	static const char text[] = "ok lazy\nMemTotal: 1 kB\n";

	(void)state;
	for (int i = 0; i < 2; i++) {
		pid_t child = ask("meminfo 1\n", text, sizeof(text));

		expect_asked("meminfo 1");
		passing_line(&passing, text, 8);
		assert_false(passing_answered(&passing));
		passing_line(&passing, text + 8, sizeof(text) - 9);
		channel.answered = channel.asked;
		assert_true(passing_answered(&passing));
		expect_answered(child);
	}
}

static void half_an_answer_is_refused(void **state)
{
	static const char why[] =
		"no the guest's log is half full, and the rest is for records; ask another run\n";
	pid_t child = ask("vmallocinfo 0\n", why, sizeof(why));

	(void)state;
	expect_asked("vmallocinfo 0");
	passing_line(&passing, "ok lazy\n", 8);
	channel.cut = 1;
	channel.answered = channel.asked;
	expect_answered(child);
	channel.cut = 0;
}

static void exact_counts_are_not_asked(void **state)
{
	static const char why[] = "no an answer would change what --mode exact counts; ask a run "
				  "that is timed\n";
	uint32_t before = channel.asked;

	(void)state;
	passing.channel = NULL;
	expect_answered(ask("vmstat 0\n", why, sizeof(why)));
	passing.channel = &channel;
	assert_int_equal(channel.asked, before);
}

/* The log is the guest's: it may hold answers that nobody asked for. */
static void an_answer_to_no_question_is_nothing(void **state)
{
	(void)state;
	passing_line(&passing, "ok lazy\n", 8);
	channel.answered++;
	assert_false(passing_answered(&passing));
	channel.answered = channel.asked;
	an_answer_comes_back_whole(NULL);
}

static int open_once(void **state)
{
	(void)state;
	passing_open(&passing, &channel);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back_whole),
		cmocka_unit_test(half_an_answer_is_refused),
		cmocka_unit_test(exact_counts_are_not_asked),
		cmocka_unit_test(an_answer_to_no_question_is_nothing),
	};

	return cmocka_run_group_tests(tests, open_once, NULL);
}
