/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * child.h - QEMU as a process: started, listened to, told to stop, and never left behind.
 *
 * It has a process group of its own, so that a Ctrl-C reaches it through here only, and dies
 * with this process, whatever kills that.
 */
#ifndef LAUNCH_CHILD_H
#define LAUNCH_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The first descriptor a child is given is 3, the next 4 ...: its command line can name them. */
#define CHILD_FD       3
#define CHILD_FDS_MAX  4
#define CHILD_SAID_MAX 256

struct child_start {
	char *const *argv;    /* argv[0] is looked for in PATH */
	char *const *environ; /* NULL: ours */
	const char *package;  /* of Debian, that has the program */
	int fds[CHILD_FDS_MAX];
	unsigned int nr_fds;
	bool fixed_addresses; /* the same in each run */
};

struct child {
	pid_t pid; /* 0: it is gone */
	const char *program;
	int said;		   /* its stdout and stderr */
	char line[CHILD_SAID_MAX]; /* the last words, not yet a whole line */
	size_t length;
	char last[CHILD_SAID_MAX]; /* the last whole line */
};

/* What else is to be done while it runs. */
struct child_watch {
	/* Each turn; milliseconds to the next at the latest, -1: any. */
	int (*turn)(void *arg);
	/* The user asked it to end in order. Once. */
	void (*stop)(void *arg);
	/* A line it said. */
	void (*said)(void *arg, const char *line);
	void *arg;
	int fd; /* a turn is due when there is something to read; -1: none */
};

/* From here on SIGINT, SIGTERM, SIGHUP and SIGCHLD wait to be taken by child_follow(). */
void child_signals(void);
/* 0, or -1 after one line. */
int child_start(struct child *child, const struct child_start *start);
/* Until it is gone; as wait(2) says. A second request to stop kills it. */
int child_follow(struct child *child, const struct child_watch *watch);
/* Nothing if it is gone. */
void child_kill(const struct child *child);

#endif /* LAUNCH_CHILD_H */
