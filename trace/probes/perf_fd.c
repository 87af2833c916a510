/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_fd.c - see perf_fd.h.
 *
 * libperf opens, reads and maps events but hands out no descriptor: by its own headers, of the
 * source that it is built from. This file alone includes them.
 */
#include "perf_fd.h"

#include <errno.h>
#include <fcntl.h>
#include <internal/evsel.h>
#include <internal/xyarray.h>

int perf_fd(const struct perf_evsel *evsel, int index)
{
	const int *fd = xyarray__entry(evsel->fd, (size_t)index, 0);
	int copy = fd ? fcntl(*fd, F_DUPFD_CLOEXEC, 0) : -1;

	if (!fd)
		return -EINVAL;
	return copy < 0 ? -errno : copy;
}
