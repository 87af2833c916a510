/* SPDX-License-Identifier: GPL-2.0-only */
/* sink.c - see sink.h. */
#include "sink.h"
#include "launch.h"
#include "model_records.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

void sink_open(struct sink *sink, const struct rows *rows)
{
	const char *name = getenv("TRIMM_RECORD_FD");
	long number = name && isdigit((unsigned char)*name) ? strtol(name, NULL, 10) : -1;

	*sink = (struct sink){.fd = STDOUT_FILENO, .rows = rows};
	if (number >= 0 && number <= INT_MAX && fcntl((int)number, F_GETFL) >= 0) {
		sink->fd = (int)number;
		/* QEMU has no business with it; and our reader waits for the last writer. */
		fcntl(sink->fd, F_SETFD, FD_CLOEXEC);
	} else if (name) {
		launch_error("TRIMM_RECORD_FD=%s is no open descriptor; records go to stdout",
			     name);
	}
}

static bool may_retry(int fd)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};

	if (errno == EAGAIN)
		return poll(&room, 1, -1) >= 0 || errno == EINTR;
	return errno == EINTR;
}

static void write_line(void *arg, const char *line, size_t length)
{
	struct sink *sink = arg;
	struct iovec parts[2] = {
		{.iov_base = (char *)line, .iov_len = length},
		{.iov_base = "\n", .iov_len = 1},
	};

	while (!sink->closed && parts[1].iov_len) {
		ssize_t written = writev(sink->fd, parts, 2);
		size_t of_line;

		if (written < 0) {
			sink->closed = !may_retry(sink->fd);
			if (sink->closed && errno != EPIPE)
				launch_error("cannot write a record: %m");
			continue;
		}
		of_line = (size_t)written < parts[0].iov_len ? (size_t)written : parts[0].iov_len;
		parts[0].iov_base = (char *)parts[0].iov_base + of_line;
		parts[0].iov_len -= of_line;
		parts[1].iov_len -= (size_t)written - of_line;
	}
}

void sink_record(struct sink *sink, const char *line, size_t length)
{
	static const char model[] = "{\"t\":\"model\"";

	if (*sink->wrong)
		return;
	if (length < sizeof(model) || strncmp(line, model, sizeof(model) - 1))
		write_line(sink, line, length);
	else if (!sink->rows)
		snprintf(sink->wrong, sizeof(sink->wrong), "a model record, but nothing counts");
	else
		model_records(sink->rows, line, length, write_line, sink, sink->wrong,
			      sizeof(sink->wrong));
}
