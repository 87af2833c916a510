/* SPDX-License-Identifier: GPL-2.0-only */
/* instrument.h - which instructions are watched, found by their bytes when translated. */
#ifndef TLBMODEL_INSTRUMENT_H
#define TLBMODEL_INSTRUMENT_H

#include "qemu_plugin.h"

#include <stddef.h>
#include <stdint.h>

enum instruction {
	INSTRUCTION_OTHER,
	INSTRUCTION_MARK,
	INSTRUCTION_INVLPG,
	INSTRUCTION_INVPCID,
	INSTRUCTION_CR3, /* a move to it */
	INSTRUCTION_CR4,
	INSTRUCTION_LOCKED,   /* reads and writes one place as one: LOCK, or XCHG with memory */
	INSTRUCTION_REPEATED, /* a string instruction with REP, REPE or REPNE */
};

/* Of the @size bytes of one instruction, in 64-bit mode. Of a mark: *@mark. */
enum instruction instruction_is(const uint8_t *bytes, size_t size, unsigned int *mark);

/* From now on; @system: CPUs take turns on one thread, else all work is that of CPU 0. */
void instrument_start(qemu_plugin_id_t id, bool system, unsigned int cpus);

#endif /* TLBMODEL_INSTRUMENT_H */
