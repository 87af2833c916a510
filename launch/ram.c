/* SPDX-License-Identifier: GPL-2.0-only */
/* ram.c - see ram.h. */
#include "ram.h"

/*
 * Enough for what any run has written yet, many times over. A page of it costs memory once it
 * is written; a small machine keeps the most of its RAM to itself.
 */
#define LOG_MAX	  (64UL << 20)
#define LOG_SHARE 4

/* Image, page tables, the harness's own; and histograms and objects of each worker of an arm. */
#define FIXED	   (64UL << 20)
#define PER_WORKER (8UL << 20)
/* A core's metadata: a 120th of its memory, and what a larger window adds. */
#define METADATA 100

/* QEMU's hw/i386/microvm.c: RAM up to 3 GiB lies below 4 GiB. */
#define LOW_MAX (3UL << 30)

uint64_t ram_log(uint64_t ram)
{
	uint64_t share = ram / LOG_SHARE;

	return (share < LOG_MAX ? share : LOG_MAX) / RAM_STEP * RAM_STEP;
}

uint64_t ram_low(uint64_t ram)
{
	return ram < LOW_MAX ? ram : LOW_MAX;
}

uint64_t ram_for(unsigned int arms, uint64_t memory, unsigned int cpus)
{
	uint64_t ram;

	if (memory > RAM_MAX)
		return 0;
	ram = arms * (memory + memory / METADATA) + FIXED + arms * (cpus * PER_WORKER);
	/* What is left beside the log must be that much. */
	ram += ram < (LOG_SHARE - 1) * LOG_MAX ? ram / (LOG_SHARE - 1) : LOG_MAX;
	ram = (ram + RAM_STEP - 1) / RAM_STEP * RAM_STEP;
	return ram > RAM_MAX ? 0 : ram;
}

/*
 * A worker's part of the decoded trace, for each arm; and 32 bytes for each slot, which are fewer
 * than events are, of some 5 bytes each: most traces need a tenth of that.
 */
#define REPLAYER (64UL << 20)

uint64_t ram_for_trace(uint64_t bytes)
{
	return (2 * bytes + REPLAYER + RAM_STEP - 1) / RAM_STEP * RAM_STEP;
}
