/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * collector.h - trimm-trace, the program that attaches probes, as a child: its words, its records
 * as they come, its end.
 */
#ifndef CLI_COLLECTOR_H
#define CLI_COLLECTOR_H

#include "lines.h"
#include "list.h"

#include <sys/types.h>

struct collector {
	pid_t pid;
	struct lines records;
	bool apart; /* in a process group of its own */
};

/*
 * Start it with @words; the NULL-ended @command, or NULL, goes behind them. @quiet: what it says
 * on stderr is dropped. Without a command it has a process group of its own, so that Ctrl-C
 * reaches it once, from here; with one, both stay in ours, for the command may want the terminal.
 * It ends with this process, whatever kills that. 0, or TRIMM_FAILED after one line.
 */
int collector_start(struct collector *collector, const struct list *words, char *const *command,
		    bool quiet);
/* Records there are now; @each as lines_read() has it. */
void collector_read(struct collector *collector, lines_fn *each, void *arg);
/* Ask it to end, with what it has then; @typed: it has got the user's Ctrl-C as we did. */
void collector_ask(const struct collector *collector, bool typed);
void collector_kill(const struct collector *collector);
/* Has it ended? Then *code is its exit code, or TRIMM_FAILED after one line about its signal. */
bool collector_ended(struct collector *collector, int *code);
void collector_close(struct collector *collector);

#endif /* CLI_COLLECTOR_H */
