/* SPDX-License-Identifier: GPL-2.0-only */
/* report_changes.h - the changes that matter as tables, each a way to its workload's page. */
#ifndef ANALYSIS_REPORT_CHANGES_H
#define ANALYSIS_REPORT_CHANGES_H

#include "changes.h"

#include <stdio.h>

/* Rows of a table; what is beyond is counted, and stands on the pages of its workloads. */
#define REPORT_CHANGES_MAX 30

/* "workload-unmap-storm.html", in @buffer: any name gives one that is safe in a link. */
const char *report_page_name(const char *workload, char *buffer, size_t size);

/* The section; @base, @next: what the two columns of values are called. */
void report_changes(FILE *out, const struct changes *changes, const char *base, const char *next);

#endif /* ANALYSIS_REPORT_CHANGES_H */
