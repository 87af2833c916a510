/* SPDX-License-Identifier: GPL-2.0-only */
/* user_child.h - tests of what ends a process: run it in a child, look at what is left. */
#ifndef TESTS_USER_CHILD_H
#define TESTS_USER_CHILD_H

struct child {
	int exit_code; /* -1: killed by a signal */
	char stderr_text[8192];
};

/* fn(arg) in a child process, which exits with 0 if it returns. */
void child_run(struct child *child, void (*fn)(void *arg), void *arg);

/* It ended with @exit_code, and its stderr is one line of ours that contains @text. */
void child_assert(const struct child *child, int exit_code, const char *text);

#endif /* TESTS_USER_CHILD_H */
