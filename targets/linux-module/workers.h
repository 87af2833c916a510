/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workers.h - worker slots: slot i is the i-th CPU that was online when the case began, by a
 * kthread bound to it. One of them going offline ends the case (workers.c).
 */
#ifndef LINUX_MODULE_WORKERS_H
#define LINUX_MODULE_WORKERS_H

#include <linux/types.h>

/* How many slots there are, of the present case or of the next. */
unsigned int workers_cpus(void);
/* Linux's number of the CPU of @slot. */
int workers_cpu(unsigned int slot);
/* A case begins: the CPUs that are online are its slots. Held: cpus_read_lock(). */
void workers_choose(void);
/*
 * The caller, bound to @slot's CPU, stays there until workers_leave(), though that CPU is to go
 * offline. False: it has been moved already, and is to do nothing.
 */
bool workers_stay(unsigned int slot);
void workers_leave(void);
/* Times workers lost their CPU to another task. Only grows. On slot 0. */
unsigned long workers_switches(void);

/* At load, before all else here, and at unload. 0 or -errno. */
int workers_init(void);
void workers_exit(void);

#endif /* LINUX_MODULE_WORKERS_H */
