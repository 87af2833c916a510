/* SPDX-License-Identifier: GPL-2.0-only */
/* perf_fd.h - the descriptor of a perf event that libperf has opened, for a program to come to it.
 */
#ifndef TRACE_PROBES_PERF_FD_H
#define TRACE_PROBES_PERF_FD_H

struct perf_evsel;

/*
 * A copy, the caller's to close, of the descriptor of @evsel on the CPU at place @index of the map
 * that it was opened with. Negative: an errno.
 */
int perf_fd(const struct perf_evsel *evsel, int index);

#endif /* TRACE_PROBES_PERF_FD_H */
