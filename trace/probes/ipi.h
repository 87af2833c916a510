/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi.h - what ipi's keys are: a is the kind; b the CPU that handled it, or both: from << 32 | to.
 * Of a stack a is IPI_KINDS + the kind, and there is no b.
 */
#ifndef TRACE_PROBES_IPI_H
#define TRACE_PROBES_IPI_H

/* By what they are for; each has an interrupt vector of its own. */
enum { IPI_CALL, IPI_CALL_ONE, IPI_RESCHEDULE, IPI_WORK, IPI_KINDS };

enum { IPI_LATENCY, IPI_HANDLER };			 /* histograms: of both CPUs, of one */
enum { IPI_SENT, IPI_MERGED, IPI_HANDLED, IPI_UNKNOWN }; /* sums: of both, both, one, one */

/* CPUs that are told apart: what is sent to one beyond is refused. */
#define IPI_CPUS 1024

#endif /* TRACE_PROBES_IPI_H */
