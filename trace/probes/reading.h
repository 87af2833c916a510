/* SPDX-License-Identifier: GPL-2.0-only */
/* reading.h - what a probe's maps hold, as records of trimm/1. */
#ifndef TRACE_PROBES_READING_H
#define TRACE_PROBES_READING_H

#include "probe.h"

/* Takes over the reference to @record; false: it is lost, which only a single event may be. */
typedef bool (*record_out)(void *arg, json_t *record);

/* Whose records: bench @first + arm; negative: there are no phases, and no bench in the record. */
struct reading_of {
	int first;
	record_out out;
	void *arg;
};

/* What was forgotten so far, to be taken from what the maps say; see reading_forget(). */
struct reading;
struct reading *reading_open(struct bpf_object *object, const struct probe_run *run);
void reading_close(struct reading *reading);

/*
 * Look at the processes whose stacks are new since the last time, before they end. Costs, where
 * stacks are asked for, some us for each of those that are known, some 100 us for each that is new.
 */
void reading_look(struct reading *reading);
/* Histograms, sums and stacks since the last reading_forget(). 0 or a negative errno. */
int reading_records(struct reading *reading, const struct reading_of *of);
/*
 * Begin anew. The maps stay as they are, for programs may be at work: what they hold now is
 * remembered, and taken away from what they hold later. A histogram's least and greatest are then
 * known as well as its buckets are.
 */
int reading_forget(struct reading *reading);
/* @arm's account, all CPUs', since the last reading_forget(). */
void reading_account(struct reading *reading, unsigned int arm, struct trace_account *account);
/* The record of one event out of the ring. */
json_t *reading_event(const struct reading *reading, const struct trace_event *event, int first);

#endif /* TRACE_PROBES_READING_H */
