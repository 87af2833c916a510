/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - the life of all probes that were asked for: open, load, attach, read, detach.
 *
 * A probe that can't be had is said to be so, in a record of its own, and the others go on.
 */
#ifndef TRACE_PROBES_SESSION_H
#define TRACE_PROBES_SESSION_H

#include "blocks.h"
#include "reading.h"

struct session;

/*
 * Open and load the probes of @names ("ipi,tlbflush"). NULL, after a line to the user, if a name is
 * unknown or a probe's word wrong (*wrong is set), or the kernel refuses BPF.
 */
struct session *session_open(const char *names, const struct probe_options *options, bool *wrong);
void session_close(struct session *session);

/* How many of them can be had. */
unsigned int session_working(const struct session *session);

/* Attach all; one that fails is given up with its reason. Costs milliseconds, and interrupts. */
void session_attach(struct session *session);
void session_detach(struct session *session);
/* The page by which programs are told whose slice it is; shared memory, and the map's descriptor.
 */
struct trace_shared *session_control(struct session *session);
int session_control_fd(const struct session *session);
/* Is nothing to be traced here, but in guests? */
bool session_elsewhere(const struct session *session);

/* Whose threads are watched from now on, unless the user named a process. */
void session_subject(struct session *session, uint32_t process);

/* Single events that wait in the rings, as records, now; true: some thousands, and more wait. */
bool session_drain(struct session *session, const struct reading_of *of);
/*
 * All since the last session_forget(): histograms, sums, stacks, what became of events, and by
 * @blocks, unless it is NULL, what they cost.
 */
void session_records(struct session *session, const struct reading_of *of, unsigned int arms,
		     const struct blocks *blocks);
/* What an empty program costs is in records from now on; measured the first time, while none is in.
 */
void session_measure_floor(struct session *session);
void session_forget(struct session *session);
/* Have the kernel time programs from now on, or not: that costs each run some 40 ns itself. */
void session_time(struct session *session, bool on);

#endif /* TRACE_PROBES_SESSION_H */
