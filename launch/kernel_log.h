/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_log.h - what a Linux guest's kernel says on its serial port: kept, and looked through
 * for what must not be there.
 */
#ifndef LAUNCH_KERNEL_LOG_H
#define LAUNCH_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* The file that it is appended to, whatever becomes of the run; a header line each case. */
#define KERNEL_LOG_FILE "TRIMM_KERNEL_LOG"

enum kernel_fault {
	KERNEL_FINE,
	KERNEL_WARNS, /* WARN and the like: it goes on, and the run counts as failed */
	KERNEL_FAULT  /* an oops, a lockup: it may go on, but to no good end */
};

struct kernel_log {
	int from; /* the serial port, or -1 */
	int file; /* or -1 */
	enum kernel_fault fault;
	char quote[480]; /* the line that tells it, and what it says of where; or "" */
	char last[160];	 /* the last line */
	char line[1024];
	size_t length;
	unsigned int context; /* lines still looked at for where */
};

/* Failing to open the file is told in one line and costs only the file. */
void kernel_log_open(struct kernel_log *log, int from, const char *header);
/* Take what is there. Was there anything? */
bool kernel_log_turn(struct kernel_log *log);
/* The guest is gone: the rest. */
void kernel_log_end(struct kernel_log *log);

#endif /* LAUNCH_KERNEL_LOG_H */
