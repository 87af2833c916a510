/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mailbox.h - operands for the TLB-model plugin: QEMU 7.2 gives a plugin no registers, so a CPU
 * leaves what it is about to flush in memory which both see.
 *
 * Bare metal: written with interrupts off, straight before the INVLPG or the move to CR3 or CR4
 * that it belongs to. User space: written after the host call that flushed, then MARK_FLUSH.
 * Stores reach the plugin in order: it runs on the thread that executes them.
 */
#ifndef TARGETS_MAILBOX_H
#define TARGETS_MAILBOX_H

#include <stdint.h>

/* A CPU each, by its number; 64 bytes apart. */
struct mailbox {
	uint64_t operand;    /* INVLPG: the address; move to CR3, CR4: the value */
	uint64_t start, end; /* MARK_FLUSH: the range */
	uint64_t unused[5];
};
#define MAILBOXES 64

#endif /* TARGETS_MAILBOX_H */
