/* SPDX-License-Identifier: GPL-2.0-only */
/* ram.h - how much memory the machine of a case gets, and how much of it is the log. */
#ifndef LAUNCH_RAM_H
#define LAUNCH_RAM_H

#include <stdint.h>

#define RAM_MIN	 (64UL << 20)
#define RAM_MAX	 (16UL << 30)
#define RAM_STEP (2UL << 20)

/* Bytes for @arms cores of @memory bytes, driven by @cpus; 0: more than RAM_MAX. */
uint64_t ram_for(unsigned int arms, uint64_t memory, unsigned int cpus);
/* What a trace of @bytes adds: it, and what looks through it and replays it. */
uint64_t ram_for_trace(uint64_t bytes);
#define TRACE_MAX (2UL << 30) /* of that; it lies below 3 GiB */
/* Bytes of the log, whole 2 MiB, in a machine of @ram bytes. */
uint64_t ram_log(uint64_t ram);
/* Bytes below 4 GiB; the rest begins there. */
uint64_t ram_low(uint64_t ram);

#endif /* LAUNCH_RAM_H */
