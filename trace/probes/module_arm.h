/* SPDX-License-Identifier: GPL-2.0-only */
/* module_arm.h - whose slice it is, by the tracepoint trimm:arm of the module (--module). */
#ifndef TRACE_PROBES_MODULE_ARM_H
#define TRACE_PROBES_MODULE_ARM_H

struct module_arm;

/*
 * From now on @control_fd's page has the arm at work: bench `first` of that page is arm 0's. NULL,
 * after a line: the module is not there.
 */
struct module_arm *module_arm_open(int control_fd);
void module_arm_close(struct module_arm *module);

#endif /* TRACE_PROBES_MODULE_ARM_H */
