/* SPDX-License-Identifier: GPL-2.0-only */
/* run.h - one case at a time: a kthread, bound to the first CPU, in which the harness runs. */
#ifndef LINUX_MODULE_RUN_H
#define LINUX_MODULE_RUN_H

#include <linux/types.h>
#include <linux/sched.h>
#include <linux/wait.h>

enum run_state { RUN_IDLE, RUN_RUNNING, RUN_STOPPING };

struct run_status {
	enum run_state state;
	unsigned long number; /* of the case: cases started since the module was loaded */
	int code;	      /* of the last that ended */
	unsigned int changes; /* of the state; another number: look anew */
};

/* 0: started. -EBUSY, -EINVAL, -E2BIG, -ENOMEM. @words need not end with a 0. */
int run_start(const char *words, size_t length);
/* The case is to end at its next block. -ENOENT: there is none. */
int run_stop(void);
/* Stop it, and be back when it is gone: before the module is. */
void run_end(void);
void run_status_read(struct run_status *out);
/* Of that, the state alone: anything but idle; and has it been asked to stop? */
bool run_active(void);
bool run_stopping(void);
/* Woken at each change of state. */
extern wait_queue_head_t run_changed;

#endif /* LINUX_MODULE_RUN_H */
