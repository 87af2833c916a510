/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress.h - how far the run is, on stderr: one line that rewrites itself and is gone at
 * the end where stderr is a terminal, else one plain line per group of cases, as a workload's.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

void progress_start(size_t nr_cases, bool quiet);
/* The next case begins; @label names it, @group what it is one of. */
void progress_case(const char *group, const char *label);
/* A part, 0..1, of the present case is done. */
void progress_update(double done, const char *text);
/* Take the line away, so that another can be printed; the next update brings it back. */
void progress_clear(void);
void progress_stop(void);

#endif /* CLI_PROGRESS_H */
