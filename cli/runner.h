/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * runner.h - one case: the target as a child, its records and words as they come.
 *
 * The child has a process group of its own, so that Ctrl-C reaches it once, from here, and
 * it can end its case in order; it dies with this process, whatever kills that.
 */
#ifndef CLI_RUNNER_H
#define CLI_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The child's end of the record pipe; any number would do, 3 is easy to see in strace. */
#define RECORD_FD	 3
#define RECORD_FD_TEXT	 "3"
#define RECORD_FD_NAMING "TRIMM_RECORD_FD"

struct runner_calls {
	/* A record line, its newline included. False: kill the child. */
	bool (*record)(void *arg, const char *line, size_t length);
	/* A line the child said to the user, without newline. */
	void (*said)(void *arg, const char *line);
	void *arg;
};

struct runner_outcome {
	pid_t pid;	/* the child's, known to the calls too */
	int code;	/* exit code; -errno if the child could not be started */
	int signal;	/* that killed it, or 0 */
	bool stopped;	/* the user asked for the end */
	char said[256]; /* its last line on stderr, or "" */
};

void runner_run(char *const *argv, const struct runner_calls *calls,
		struct runner_outcome *outcome);

#endif /* CLI_RUNNER_H */
