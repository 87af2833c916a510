/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perfetto.h - records of tracing in the JSON trace event format, which ui.perfetto.dev and
 * chrome://tracing open: a process is a probe, its threads are CPUs.
 */
#ifndef ANALYSIS_PERFETTO_H
#define ANALYSIS_PERFETTO_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct perfetto;

/* Begin on @out, which stays the caller's; NULL: no memory. */
struct perfetto *perfetto_open(FILE *out);
/*
 * Events become complete events ("X"), or instants ("i") where they have no length, and a counter
 * ("C") of how many there were; counter records become counters at @now_ns, CLOCK_MONOTONIC as
 * the events' times. All else is left out.
 */
void perfetto_add(struct perfetto *perfetto, const json_t *record, uint64_t now_ns);
/* End what was begun; until then the file is no whole JSON. */
void perfetto_close(struct perfetto *perfetto);

#endif /* ANALYSIS_PERFETTO_H */
