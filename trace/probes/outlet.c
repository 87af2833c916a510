/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outlet.c - see outlet.h.
 *
 * The descriptor is not made non-blocking: it may be a terminal that others write to as well. A
 * pipe that poll(2) finds ready has room for PIPE_BUF bytes, so no write of that many waits.
 */
#include "outlet.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void outlet_open(struct outlet *outlet, int fd)
{
	*outlet = (struct outlet){.fd = fd};
}

void outlet_close(struct outlet *outlet)
{
	free(outlet->waiting);
	outlet->waiting = NULL;
}

static bool make_room(struct outlet *outlet, size_t length)
{
	size_t room = outlet->room ? outlet->room : 1 << 16;
	char *more;

	if (outlet->from) {
		memmove(outlet->waiting, outlet->waiting + outlet->from, outlet->to - outlet->from);
		outlet->to -= outlet->from;
		outlet->from = 0;
	}
	while (room < outlet->to + length)
		room *= 2;
	if (room == outlet->room)
		return true;
	more = realloc(outlet->waiting, room);
	if (!more)
		return false;
	outlet->waiting = more;
	outlet->room = room;
	return true;
}

bool outlet_put(struct outlet *outlet, const char *text, size_t length, bool may_go)
{
	if (outlet->broken)
		return true;
	/* Not for each line: a write costs more than a record. */
	if (outlet->to - outlet->from >= PIPE_BUF)
		outlet_flush(outlet);
	if (may_go && outlet->to - outlet->from + length > OUTLET_EVENTS_MAX)
		return false;
	if (outlet->to + length > outlet->room && !make_room(outlet, length))
		return false;
	memcpy(outlet->waiting + outlet->to, text, length);
	outlet->to += length;
	return true;
}

static void write_some(struct outlet *outlet)
{
	const size_t length = outlet->to - outlet->from;
	ssize_t n = write(outlet->fd, outlet->waiting + outlet->from,
			  length < PIPE_BUF ? length : PIPE_BUF);

	if (n > 0)
		outlet->from += (size_t)n;
	else if (n < 0 && errno != EINTR && errno != EAGAIN)
		outlet->broken = true;
	if (outlet->broken || outlet->from == outlet->to)
		outlet->from = outlet->to = 0;
}

void outlet_flush(struct outlet *outlet)
{
	struct pollfd polled = {.fd = outlet->fd, .events = POLLOUT};

	while (outlet->from < outlet->to && poll(&polled, 1, 0) > 0)
		write_some(outlet);
}

bool outlet_finish(struct outlet *outlet, int stop)
{
	struct pollfd polled[] = {{.fd = outlet->fd, .events = POLLOUT},
				  {.fd = stop, .events = POLLIN}};

	while (outlet->from < outlet->to) {
		if (poll(polled, 2, -1) < 0)
			continue;
		if (polled[0].revents)
			write_some(outlet);
		else if (polled[1].revents)
			return false;
	}
	return true;
}
