/* SPDX-License-Identifier: GPL-2.0-only */
/* stop.h - who may end a run early; host_stopping() tells the harness. */
#ifndef USER_STOP_H
#define USER_STOP_H

/*
 * SIGINT, SIGTERM and the parent's death ask for a stop at the next block; a second SIGINT
 * ends the process at once. A closed pipe becomes EPIPE instead of a signal.
 */
void stop_on_signals(void);
void stop_request(void);

#endif /* USER_STOP_H */
