/* SPDX-License-Identifier: GPL-2.0-only */
/* perf_tracepoint.h - the numbers by which perf knows tracepoints. */
#ifndef USER_PERF_TRACEPOINT_H
#define USER_PERF_TRACEPOINT_H

#include <stdint.h>

/*
 * 0 and the number of @name, "system:event"; -ENOENT: this kernel has none of that name; -EACCES:
 * only root may look; -ENODEV: there is no tracefs to look in.
 */
int perf_tracepoint_id(const char *name, uint64_t *id);

#endif /* USER_PERF_TRACEPOINT_H */
