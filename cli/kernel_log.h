/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_log.h - what the kernels of a run's guests said, kept beside its records:
 * results/runs/<run_id>.kernel.log has a line "== case N: words" and then the log, for each case
 * in whose guest the kernel said anything. No such case, no such file.
 */
#ifndef CLI_KERNEL_LOG_H
#define CLI_KERNEL_LOG_H

#include <stdbool.h>

/* Of the run in file @run: have the next guest's log written down ($TRIMM_KERNEL_LOG). */
void kernel_log_begin(const char *run);
/* Add it to the run's, as that of case @number. A log that can't be kept is one line, no more. */
void kernel_log_end(const char *run, int number, const char *label);
/* The name of the file, malloc()ed; NULL: there is none. */
char *kernel_log_of(const char *run);

#endif /* CLI_KERNEL_LOG_H */
