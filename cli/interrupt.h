/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * interrupt.h - Ctrl-C and SIGTERM while a run is going: asked for, not suffered, so that
 * the run's file gets its end.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* From here on SIGINT, SIGTERM, SIGHUP and SIGCHLD arrive at the returned file descriptor. */
int interrupt_open(void);
/* Take what has arrived; how often the user has asked to stop so far. */
unsigned int interrupt_count(void);
/* In a new process, before exec: signals as a program expects them. */
void interrupt_forget(void);

#endif /* CLI_INTERRUPT_H */
