/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_file.c - the file that trace= names, for host.h: read in pieces, wherever one is needed. */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int trace_fd = -1;

int host_trace_open(uint64_t *bytes)
{
	const char *path = host_param_get("trace");
	struct stat is;

	if (trace_fd >= 0)
		close(trace_fd);
	trace_fd = -1;
	if (!*path)
		return -ENOENT;
	trace_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (trace_fd < 0 || fstat(trace_fd, &is)) {
		host_error("trace=%s: %s", path, strerror(errno));
		return -EINVAL;
	}
	if (!S_ISREG(is.st_mode)) {
		host_error("trace=%s: it is no file; a trace that came by a pipe is to be kept in "
			   "one first",
			   path);
		return -EINVAL;
	}
	*bytes = (uint64_t)is.st_size;
	return 0;
}

bool host_trace_read(uint64_t offset, void *to, size_t bytes)
{
	char *at = to;

	while (bytes) {
		ssize_t got = pread(trace_fd, at, bytes, (off_t)offset);

		if (got <= 0 && (got == 0 || errno != EINTR))
			return false;
		if (got < 0)
			continue;
		at += got;
		offset += (uint64_t)got;
		bytes -= (size_t)got;
	}
	return true;
}
