/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_arm.h - tell tracers whose slice it is: tracepoint trimm:arm, in points.c. */
#ifndef LINUX_MODULE_TRACE_ARM_H
#define LINUX_MODULE_TRACE_ARM_H

/* @bench: number of the bench record whose operations follow, of all CPUs; -1: nobody's. */
void target_trace_arm(long bench);

#endif /* LINUX_MODULE_TRACE_ARM_H */
