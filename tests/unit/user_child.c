/* SPDX-License-Identifier: GPL-2.0-only */
/* user_child.c - a child process whose last words are kept. */
#include "user_child.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

void child_run(struct child *child, void (*fn)(void *arg), void *arg)
{
	size_t length = 0;
	int ends[2], status;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		/* cmocka's handlers would jump back into the test. */
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		fn(arg);
		_exit(0);
	}
	assert_true(pid > 0);
	close(ends[1]);
	while ((got = read(ends[0], child->stderr_text + length,
			   sizeof(child->stderr_text) - 1 - length)) > 0)
		length += (size_t)got;
	child->stderr_text[length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	child->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void child_assert(const struct child *child, int exit_code, const char *text)
{
	const char *newline = strchr(child->stderr_text, '\n');

	if (child->exit_code != exit_code || !strstr(child->stderr_text, text))
		print_error("child: exit %d, \"%s\"; wanted exit %d, \"%s\"\n", child->exit_code,
			    child->stderr_text, exit_code, text);
	assert_int_equal(child->exit_code, exit_code);
	assert_non_null(strstr(child->stderr_text, text));
	assert_int_equal(strncmp(child->stderr_text, "trimm-user: ", 12), 0);
	assert_non_null(newline);
	assert_int_equal(newline[1], '\0');
}
