/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frames.h - names of processes' functions, by the symbols of the files that they have mapped.
 *
 * Addresses mean something only while a process lives: so it is looked at as soon as its first is
 * seen, and again if one is where nothing was mapped before. A process that has ended by then has
 * addresses for names.
 */
#ifndef TRACE_PROBES_FRAMES_H
#define TRACE_PROBES_FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct frames;

/* NULL: out of memory. */
struct frames *frames_open(void);
void frames_close(struct frames *frames);

/*
 * @process was at @address[0], called from the others. Costs, for a process that is new or has
 * mapped more, reading /proc/PID/maps; else a search for each address.
 */
void frames_saw(struct frames *frames, uint32_t process, const uint64_t *address, size_t count);

/*
 * The function that @address of @process is in, "main"; where its file tells none, file and offset,
 * "a.out+0x1139"; where there is no file, the address, "0x7f0012345678".
 */
void frames_name(const struct frames *frames, uint32_t process, uint64_t address, char *text,
		 size_t size);

#endif /* TRACE_PROBES_FRAMES_H */
