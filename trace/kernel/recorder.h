/* SPDX-License-Identifier: GPL-2.0-only */
/* recorder.h - events of the kernel's allocators as an allocation trace. */
#ifndef TRACE_RECORDER_H
#define TRACE_RECORDER_H

#include "kmem.h"
#include "probes.h"
#include "table.h"
#include "writer.h"

/* All zero but for what is said here; then recorder_event() is given each event. */
struct recorder {
	struct atrace_writer *writer;
	struct probes *probes;
	uint64_t start_ns; /* CLOCK_MONOTONIC of the trace's time 0 */

	int err; /* the writer's first, -errno; then nothing is written any more */
	uint64_t seen[KMEM_KINDS];
	uint64_t foreign; /* allocations of a cache that is unknown, or has no place in a trace */
	uint64_t parts;	  /* frees of a part of what was allocated at once */
	struct table caches; /* by address: the writer's number + 1, or 0: none */
	struct table split;  /* blocks of pages that came back in part: pages that are left */
};

void recorder_event(void *recorder, const struct kmem_event *event);
/* How many caches there were. */
size_t recorder_caches(const struct recorder *recorder);
void recorder_free(struct recorder *recorder);

#endif /* TRACE_RECORDER_H */
