/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * interrupt.h - Ctrl-C and SIGTERM while a run is going: asked for, not suffered, so that
 * the run's file gets its end.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* From here on SIGINT, SIGTERM, SIGHUP and SIGCHLD arrive at the returned file descriptor. */
int interrupt_open(void);
/* Take what has arrived; how often the user has asked to stop so far. */
unsigned int interrupt_count(void);
/*
 * Was the last one typed at the terminal (Ctrl-C)? Then all of our process group have got it, and
 * need not be told.
 */
bool interrupt_typed(void);
/* In a new process, before exec: signals as a program expects them. */
void interrupt_forget(void);

#endif /* CLI_INTERRUPT_H */
