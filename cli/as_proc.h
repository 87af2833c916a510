/* SPDX-License-Identifier: GPL-2.0-only */
/* as_proc.h - run a program that reads /proc on our state instead of the kernel's. */
#ifndef CLI_AS_PROC_H
#define CLI_AS_PROC_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Run @command, NULL-ended, with the files @names (NULL-ended) of arm @arm of process @pid
 * over those of /proc, for it alone; they are fresh every second until it ends. Its exit
 * code, or TRIMM_FAILED after one line.
 */
int as_proc_run(char *const *command, const char *const *names, pid_t pid, unsigned int arm);

#endif /* CLI_AS_PROC_H */
