/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lock.h - one at a time, by flock(2) of a file that says whose turn it is.
 *
 * The kernel gives it back with the process that holds it, whatever ends that; what is left then is
 * a file that nobody holds, which the next to come takes over.
 */
#ifndef CLI_LOCK_H
#define CLI_LOCK_H

#include "run.h"

struct lock {
	int fd; /* -1: not held */
	char *path;
};
#define LOCK_NONE ((struct lock){-1, NULL})

/*
 * Take it as @who, "trimm nightly". 0; 1: another process has it, and @error says which, since when
 * and what to do; -1: the file cannot be made. Never waits.
 */
int lock_take(struct lock *lock, const char *path, const char *who, struct run_error *error);
/* Give it back, if held; the file goes. */
void lock_release(struct lock *lock);

#endif /* CLI_LOCK_H */
