/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracer.c - trimm-trace beside a case, if the launcher put it there with words of what to trace.
 *
 * Its output and what it has to say to the user come the same way: a record begins with a brace.
 */
#include "agent.h"
#include "port.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Words of it: as many as trimm-trace takes, and its other options. */
#define WORDS_MAX  96
#define WORDS_SIZE 65536

/* The case's first bench: its word first_bench=, else 0. */
static unsigned long first_bench(const char *words, size_t length)
{
	static const char name[] = "first_bench=";
	char *copy = strndup(words, length), *found = copy ? strstr(copy, name) : NULL;
	unsigned long first = found ? strtoul(found + strlen(name), NULL, 10) : 0;

	free(copy);
	return first;
}

static void become(unsigned long first, int output)
{
	static char text[WORDS_SIZE];
	char module[40], *argv[WORDS_MAX] = {(char *)GUEST_TRACER}, *save = NULL;
	int fd = open(GUEST_TRACER_WORDS, O_RDONLY | O_CLOEXEC), n = 1;
	ssize_t got = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	sigset_t none;

	text[got > 0 ? got : 0] = '\0';
	for (char *word = strtok_r(text, "\n", &save); word && n < WORDS_MAX - 3;
	     word = strtok_r(NULL, "\n", &save))
		argv[n++] = word;
	snprintf(module, sizeof(module), "--module=%lu", first);
	argv[n] = module;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execv(GUEST_TRACER, argv);
	dprintf(STDERR_FILENO, GUEST_TRACER ": %m\n");
	_exit(127);
}

pid_t tracer_start(const char *words, size_t length, int *output)
{
	int fds[2];
	pid_t pid;

	if (access(GUEST_TRACER_WORDS, R_OK) || pipe2(fds, O_CLOEXEC))
		return 0;
	pid = fork();
	if (!pid)
		become(first_bench(words, length), fds[1]);
	close(fds[1]);
	*output = fds[0];
	if (pid > 0)
		return pid;
	close(fds[0]);
	return 0;
}
