/* SPDX-License-Identifier: GPL-2.0-only */
/* ask.h - questions to a run that is going on, answered by its target between slices. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Runs that can be asked now, this user's or, by root, everybody's: their processes, up to @max;
 * how many there are.
 */
size_t ask_find(pid_t *pids, size_t max);

/*
 * What @what of arm @arm of process @pid looks like: text to free(), its head line cut off, or
 * NULL after one line that says why. Waits up to 20 s for a slice to end.
 */
char *ask(pid_t pid, const char *what, unsigned int arm, size_t *length);

/* The same without words: NULL, and the reason in @why. Waits up to @patience seconds. */
char *ask_within(pid_t pid, const char *what, unsigned int arm, int patience, size_t *length,
		 char *why, size_t size);

#endif /* CLI_ASK_H */
