/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_csv.h - records of tracing as one table: record, bench, probe, name, key, unit, low, high,
 * value, why. A hist has a row for each bucket (low to high, value is the count), a probe one for
 * each thing in its account, an event one (low its time, high its end, value its length), a stack
 * one (key has the frames).
 */
#ifndef ANALYSIS_TRACE_CSV_H
#define ANALYSIS_TRACE_CSV_H

#include <jansson.h>
#include <stdio.h>

void trace_csv_head(FILE *out);
void trace_csv_print(const json_t *record, FILE *out);

#endif /* ANALYSIS_TRACE_CSV_H */
