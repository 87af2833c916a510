/* SPDX-License-Identifier: GPL-2.0-only */
/* command.h - the command that is recorded: ready before the recording begins, begun after. */
#ifndef TRACE_COMMAND_H
#define TRACE_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

struct command {
	pid_t pid;	   /* 0: it has ended, or none was started */
	int go;		   /* a byte here lets it begin */
	int status;	   /* as waitpid(2) says, once it has ended */
	bool stopped;	   /* by us */
	double stopped_at; /* when it was asked to, in seconds of CLOCK_MONOTONIC */
};

/*
 * Signals that end a recording arrive at the descriptor returned from here on, and the end of the
 * command, too.
 */
int command_signals(void);
/* How many requests to stop have arrived. */
int command_requests(int signals);

/* A process that will be @argv. 0, or -1 and errno. */
int command_prepare(struct command *command, char *const *argv);
/* 0, or the errno of execvp(3). */
int command_begin(struct command *command);
/* Has it ended? */
bool command_ended(struct command *command);
/*
 * Ask it to end; when asked again it is made to. What comes within half a second is the same
 * request: a terminal's, and timeout(1)'s, goes to all of a group, and some of them pass it on.
 */
void command_stop(struct command *command);

#endif /* TRACE_COMMAND_H */
