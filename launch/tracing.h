/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracing.h - probes for a guest's kernel, if this program runs under `trimm trace`: what its
 * collector (targets/include/trace_socket.h) wants is put into the guest, and what comes of it is
 * told to the collector.
 */
#ifndef LAUNCH_TRACING_H
#define LAUNCH_TRACING_H

#include "accel.h"

#include <stdbool.h>
#include <stddef.h>

/* Are cases to be traced? Asks the first time; failing means no, after one line. */
bool tracing_wanted(void);
/* trimm-trace and its words, into what the guest boots with. 0 or -1 after one line. */
int tracing_add(int archive);
/* Before the boot: what the times are that will be told. */
void tracing_begin(const struct accel *accel, const char *release);
/* A record of the guest's, also to be shown by the collector, while that is there. */
void tracing_tell(const char *record, size_t length);

#endif /* LAUNCH_TRACING_H */
