/* SPDX-License-Identifier: GPL-2.0-only */
/* capture.h - run a program for what it prints. */
#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include <stdbool.h>

/*
 * Run @argv to its end with no input; *text gets its stdout, malloc()ed, unless NULL. Its
 * stderr is ours, or nowhere if @silent. Returns the exit code, 128 + signal, or -errno if
 * it could not be started (then *text is NULL).
 */
int capture(char *const *argv, bool silent, char **text);

#endif /* CLI_CAPTURE_H */
