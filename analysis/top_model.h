/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_model.h - what `trimm top` shows, without how: texts in the format of files under /proc, of
 * the machine or of a memory core, and records of tracing become tables and a summary.
 */
#ifndef ANALYSIS_TOP_MODEL_H
#define ANALYSIS_TOP_MODEL_H

#include "top_table.h"

#include <jansson.h>
#include <stdbool.h>

enum { TOP_EVENTS, TOP_LATENCY, TOP_CPUS, TOP_SLABS, TOP_TABLES };

/* A second, or how many there are now; NAN: not known. */
struct top_summary {
	double flushes, interrupts, purges;
	double areas_waiting, pages_waiting; /* unmapped, and not yet flushed */
	double list_pages;		     /* on per-CPU lists */
};

struct top_model {
	double interval; /* seconds that the collector's numbers are of */
	struct top_table tables[TOP_TABLES];
	struct top_table sums; /* what sources said last, of rows that have several; not shown */
	/* What the core or the machine tells of itself; what probes do, where that is unknown. */
	struct top_summary summary, probes;
	double machine_interrupts; /* a second, between CPUs; where neither knows better */
	double seconds;		   /* since the snapshot before; NAN: there is none */
	double at;		   /* when the present one began */
	char trouble[200];	   /* what can't be had, or ""; stays */
};

void top_model_open(struct top_model *model, double interval);
void top_model_close(struct top_model *model);

/* A new snapshot, at @now seconds of any clock; then takes, in any order; then the end. */
void top_model_begin(struct top_model *model, double now);
/*
 * A text in the format of /proc/@name: vmstat (of a core, if so @core), interrupts, zoneinfo,
 * slabinfo or vmallocinfo; others are left.
 */
void top_model_text(struct top_model *model, const char *name, bool core, const char *text);
/* A record of the collector's; its numbers are since its last snapshot. */
void top_model_record(struct top_model *model, const json_t *record);
void top_model_end(struct top_model *model);

/* The summary as 2 lines of at most @width columns, ended by 0 each. */
void top_model_summary(const struct top_model *model, char *first, char *second, size_t width);

#endif /* ANALYSIS_TOP_MODEL_H */
