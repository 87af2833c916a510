/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_record.h - a line of tracing (probe, hist, counter, event, stack; results/README.md) as
 * those see it who show it: fields with a fallback, so that a line of a newer version is shown as
 * far as it is understood.
 */
#ifndef ANALYSIS_TRACE_RECORD_H
#define ANALYSIS_TRACE_RECORD_H

#include "run.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is it of type @type ("probe")? */
bool record_is(const json_t *record, const char *type);
/* Texts are borrowed; "" if there is none. */
const char *record_text(const json_t *record, const char *field);
/* NAN if there is none, or it is null. */
double record_number(const json_t *record, const char *field);
/* Element @i of an array of numbers (an interval's low, middle, high); NAN likewise. */
double record_at(const json_t *record, const char *field, size_t i);
/* Whose it is: `probe`, of a hist or counter `source`. */
const char *record_probe(const json_t *record);
/* Of a probe record. */
bool record_worked(const json_t *probe);
/* -1: of no bench. */
int record_bench(const json_t *record);

/* "from=0 to=1 kind=call", cut off to fit @size; "" without a key. Returns @buffer. */
const char *record_key(const json_t *record, char *buffer, size_t size);

/*
 * A hist line; texts are borrowed from @record. False if it is no whole one. record_hist_free()
 * whatever it said.
 */
bool record_hist(const json_t *record, struct hist *hist);
void record_hist_free(struct hist *hist);

/* 1234567 as "1,234,567", in a buffer of at least 32. Returns @buffer. */
const char *record_grouped(double value, char *buffer);
/* 4 digits and a unit a reader takes in: 1234.5 "ns" is "1,235 ns", 54321 is "54.32 us". */
const char *record_amount(double value, const char *unit, char *buffer, size_t size);

#endif /* ANALYSIS_TRACE_RECORD_H */
