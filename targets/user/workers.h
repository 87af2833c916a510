/* SPDX-License-Identifier: GPL-2.0-only */
/* workers.h - which host CPUs work for us, and which of them right now. */
#ifndef USER_WORKERS_H
#define USER_WORKERS_H

/* CPUs this process may use, at most TRI_MAX_CPUS; slot i belongs on number i modulo them. */
unsigned int workers_cpus(void);
/* The host's number of the i-th of them. */
unsigned int workers_host_cpu(unsigned int index);

/* Other CPUs with a slot inside host_run()'s function: those a flush interrupts. */
unsigned int workers_elsewhere(void);

#endif /* USER_WORKERS_H */
