/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - every event that the model is told of, in order, in a file: 64 bits each. A simulator
 * can be fed the same and must count the same.
 *
 * Bits 0-2 kind, 3-8 CPU, 9-10 page size (enum tlb_size) and 11 global (ACCESS only, of what is
 * mapped), 12-63 the address's page. An access that crosses into another page is two.
 */
#ifndef TLBMODEL_TRACE_H
#define TLBMODEL_TRACE_H

#include "model.h"

enum trace_kind {
	TRACE_EMPTY,	/* a row begins */
	TRACE_ACCESS,	/* one page */
	TRACE_UNMAPPED, /* an access to what is no longer mapped: bits 9-11 are reads - 1 */
	TRACE_DROP_PAGE,
	TRACE_DROP_RANGE, /* the first page; the next event, of the same kind, has the last */
	TRACE_CR3,	  /* bits 12-23 PCID, bit 63 keep */
	TRACE_DROP_ALL,
	TRACE_KINDS
};

static inline uint64_t trace_word(enum trace_kind kind, unsigned int cpu, unsigned int detail,
				  uint64_t address)
{
	return (address & ~4095UL) | (uint64_t)detail << 9 | (uint64_t)cpu << 3 | kind;
}

/* NULL: no trace, the calls below then do nothing. 0, or -1 after a line on stderr. */
int trace_open(const char *path);
void trace_event(enum trace_kind kind, unsigned int cpu, uint64_t address);
/* With what guest_walk() finds for it now. */
void trace_access(unsigned int cpu, uint64_t address);
/* Write out what is still buffered. A line and the end of QEMU if that fails. */
void trace_flush(void);

#endif /* TLBMODEL_TRACE_H */
