/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * program.h - a program of others (git, make) run to its end, by words and never by a shell.
 *
 * It has no input unless given one, no variable of a git hook's or a make's that we may have been
 * started from, messages in English, and a process group of its own: Ctrl-C reaches it from here
 * alone. If this process dies, whatever of, it is told to end.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>

/* Beside exit codes, 128 + signal, and -errno where it could not be started. */
#define PROGRAM_STOPPED (-1000) /* the user asked for the end, and it was ended */
#define PROGRAM_LATE	(-1001) /* it was ended for having taken too long */

struct program {
	const char *directory; /* to run in; NULL: here */
	const char *in;	       /* file that is its stdin; NULL: none */
	int out, err;	       /* its stdout and stderr; -1: /dev/null */
	bool stoppable;	       /* by the user; else it runs to its end in any case */
	unsigned int seconds;  /* it may take; 0: any time */
};

int program_run(char *const *argv, const struct program *program);
/* The same; *out and *err get what it printed, malloc()ed in any case. program->out, err: unused.
 */
int program_read(char *const *argv, const struct program *program, char **out, char **err);

#endif /* CLI_PROGRAM_H */
