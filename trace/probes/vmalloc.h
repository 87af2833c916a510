/* SPDX-License-Identifier: GPL-2.0-only */
/* vmalloc.h - what vmalloc's keys are: of a size, and of sums of areas, a is the alignment. */
#ifndef TRACE_PROBES_VMALLOC_H
#define TRACE_PROBES_VMALLOC_H

/* Alignments that happen: powers of two. */
#define VMALLOC_ALIGNMENTS 16

/* Histograms: bytes of an area; pages that wait, as each area is freed; areas of a purge; ns. */
enum { VMALLOC_SIZE, VMALLOC_WAITING, VMALLOC_PURGED, VMALLOC_DRAIN };
enum { VMALLOC_ALLOCATED, VMALLOC_FAILED, VMALLOC_FREED, VMALLOC_PURGES }; /* sums */
enum { VMALLOC_EVENT_PURGE, VMALLOC_EVENT_LAZY, VMALLOC_EVENT_FAILED };	   /* single events */

#endif /* TRACE_PROBES_VMALLOC_H */
