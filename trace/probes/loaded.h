/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * loaded.h - one probe of a session, from being opened to being closed.
 *
 * What fails gives it up, for good: that is told in a line, and in its record; all else may then
 * still be called, and does nothing.
 */
#ifndef TRACE_PROBES_LOADED_H
#define TRACE_PROBES_LOADED_H

#include "programs.h"
#include "reading.h"

struct loaded {
	struct probe_run run;
	struct reading *reading;
	struct ring_buffer *ring; /* of single events; NULL: it has none */
	struct bpf_object *object;
	const struct reading_of *draining; /* whose events are being taken */
	unsigned int drained;		   /* events, at this look */
	const char *status;		   /* "ok", or in a word why not */
	uint64_t links_missed;		   /* by links that are gone */
	uint64_t untold[TRACE_ARMS];	   /* events that who reads had no room for */
};

/* Have libbpf's warnings for the reasons of what fails, not for the user. */
void loaded_listen(void);

/*
 * Open and load what @probe->run says, to be told by the map @control_fd whose slice it is. 0; or
 * -EINVAL, after a line: a word of the user's is wrong. All else that fails gives it up.
 */
int loaded_open(struct loaded *probe, int control_fd);
void loaded_close(struct loaded *probe);
bool loaded_works(const struct loaded *probe);

void loaded_attach(struct loaded *probe);
void loaded_detach(struct loaded *probe);

/* Single events that wait, as records; true: some thousands, and more wait. */
bool loaded_drain(struct loaded *probe, const struct reading_of *of);
/* What the kernel counts of its programs, since they were loaded. */
struct program_counts loaded_programs(const struct loaded *probe);

#endif /* TRACE_PROBES_LOADED_H */
