/* SPDX-License-Identifier: GPL-2.0-only */
/* tracepoints.h - which tracepoints this kernel has, by its types: no tracefs is needed for it. */
#ifndef TRACE_PROBES_TRACEPOINTS_H
#define TRACE_PROBES_TRACEPOINTS_H

#include <stdbool.h>

/* @name without its group, "sched_switch". False as well where the kernel tells no types. */
bool tracepoint_known(const char *name);

#endif /* TRACE_PROBES_TRACEPOINTS_H */
