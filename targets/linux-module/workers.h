/* SPDX-License-Identifier: GPL-2.0-only */
/* workers.h - worker slots: slot i is the i-th online CPU, by a kthread bound to it. */
#ifndef LINUX_MODULE_WORKERS_H
#define LINUX_MODULE_WORKERS_H

/* CPUs online when the module was loaded; CPUs going offline meanwhile is refused or ends a run. */
unsigned int workers_cpus(void);
/* Linux's number of the CPU of @slot. */
int workers_cpu(unsigned int slot);

/* At load, before all else here, and at unload. 0 or -errno. */
int workers_init(void);
void workers_exit(void);

#endif /* LINUX_MODULE_WORKERS_H */
