/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_file.c - see trace_file.h. */
#include "trace_file.h"
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t trace_file_bytes(const char *path, int *code)
{
	struct stat is;

	*code = LAUNCH_USAGE;
	if (stat(path, &is)) {
		launch_error("trace=%s: %s", path, strerror(errno));
		return 0;
	}
	if (!S_ISREG(is.st_mode) || !is.st_size) {
		launch_error("trace=%s: it is no file, or empty", path);
		return 0;
	}
	*code = 0;
	return (uint64_t)is.st_size;
}

int trace_file_load(const char *path, void *to, uint64_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t done = 0;
	ssize_t got = 1;

	while (fd >= 0 && done < bytes && (got > 0 || (got < 0 && errno == EINTR))) {
		got = pread(fd, (char *)to + done, bytes - done, (off_t)done);
		done += got > 0 ? (uint64_t)got : 0;
	}
	if (fd < 0 || done < bytes)
		launch_error("trace=%s: %s", path,
			     fd < 0 || got < 0 ? strerror(errno) : "it became shorter");
	if (fd >= 0)
		close(fd);
	return done < bytes ? LAUNCH_FAILED : 0;
}
