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
	INSTRUCTION_IRET,
	INSTRUCTION_LOCKED,   /* reads and writes one place as one: LOCK, or XCHG with memory */
	INSTRUCTION_REPEATED, /* a string instruction with REP, REPE or REPNE */
};

/* Of the @size bytes of one instruction, in 64-bit mode. Of a mark: *@mark. */
enum instruction instruction_is(const uint8_t *bytes, size_t size, unsigned int *mark);

/* Who executes it. */
enum guest_kind {
	GUEST_USER,   /* all work is that of CPU 0 */
	GUEST_SYSTEM, /* CPUs take turns on one thread */
	GUEST_LINUX,  /* one CPU, no model of its TLB; marks are its kernel's */
};

/*
 * From now on. Of Linux only marks are looked for until one is executed: to boot takes seconds
 * without an addition to each instruction, and none of that is counted.
 */
void instrument_start(qemu_plugin_id_t id, enum guest_kind kind, unsigned int cpus);

#endif /* TLBMODEL_INSTRUMENT_H */
