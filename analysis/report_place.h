/* SPDX-License-Identifier: GPL-2.0-only */
/* report_place.h - a report's directory: built beside its place, put there in one step. */
#ifndef ANALYSIS_REPORT_PLACE_H
#define ANALYSIS_REPORT_PLACE_H

#include "run.h"

#include <stdio.h>

#define REPORT_INDEX "index.html"
/* In the first lines of every page: what tells a report from a user's other directories. */
#define REPORT_MARK "<meta name=generator content=trimm>"

/* Writes all files of the report @what into @directory, which is empty. 0, or -1 with @error set.
 */
typedef int report_fill_fn(const char *directory, void *what, struct run_error *error);
/*
 * Make @directory what @fill writes. Parents are made. An earlier report there is replaced whole,
 * at the end: whoever is interrupted leaves the old one or the new one. A directory that holds
 * anything else is refused. 0, or -1 with @error set.
 */
int report_place(const char *directory, report_fill_fn *fill, void *what, struct run_error *error);

/* A new file @name of the report; NULL with @error set. */
FILE *report_open(const char *directory, const char *name, struct run_error *error);
/* 0, or -1 with @error set if not all of it was written. */
int report_close(FILE *out, const char *directory, const char *name, struct run_error *error);
/* The file @from, put there as @name: linked where that works, so that it takes no room. */
int report_copy(const char *from, const char *directory, const char *name, struct run_error *error);

#endif /* ANALYSIS_REPORT_PLACE_H */
