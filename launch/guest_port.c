/* SPDX-License-Identifier: GPL-2.0-only */
/* guest_port.c - see guest_port.h. */
#include "guest_port.h"
#include "guest/port.h"
#include "launch.h"
#include "tracing.h"
#include "targets/linux-module/lines.h"
#include "targets/user/questions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE_MAX 65536
/* No line of the guest's is that long: a guest that says so is broken. */
#define LINE_MAX_BYTES (16UL << 20)

void guest_port_open(struct guest_port *port, int fd, struct sink *sink)
{
	*port = (struct guest_port){.fd = fd, .sink = sink};
	fcntl(fd, F_SETFL, O_NONBLOCK);
	questions_open();
}

void guest_port_send(struct guest_port *port, const char *command, const char *payload)
{
	char *text = payload ? launch_format("%s %zu\n%s", command, strlen(payload), payload)
			     : launch_format("%s\n", command);
	size_t length = strlen(text);

	/* QEMU takes it at once, or is dead or stopped; then the watchdog tells. */
	if (port->fd >= 0 && send(port->fd, text, length, MSG_NOSIGNAL) != (ssize_t)length)
		snprintf(port->wrong, sizeof(port->wrong), "takes no command: %s", strerror(errno));
	free(text);
}

static void write_out(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR && errno != EAGAIN)
			return;
		bytes += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
}

static void take_answer(struct guest_port *port, char kind, const char *line, size_t length)
{
	char why[160];

	/* An answer to no question is nobody's. */
	if (!port->asked)
		return;
	if (kind == LINE_ANSWER) {
		questions_answer(line, length);
		return;
	}
	snprintf(why, sizeof(why), "%.*s", (int)length - 1, line);
	if (kind == PORT_REFUSED)
		questions_refuse(why);
	else
		questions_answer(NULL, 0);
	port->asked = false;
}

static void remember(struct guest_port *port, const char *line, size_t length)
{
	snprintf(port->last, sizeof(port->last), "%.*s", (int)(length - 1 < 95 ? length - 1 : 95),
		 line);
}

/* @length counts the newline, but not @kind. */
static void take_line(struct guest_port *port, char kind, const char *line, size_t length)
{
	port->lines++;
	switch (kind) {
	case LINE_RECORD:
		sink_record(port->sink, line, length - 1);
		break;
	case PORT_TRACED:
		sink_record(port->sink, line, length - 1);
		tracing_tell(line, length - 1);
		break;
	case LINE_WORDS:
	case PORT_ERR:
		write_out(STDERR_FILENO, line, length);
		break;
	case PORT_ERR_PART:
		write_out(STDERR_FILENO, line, length - 1);
		break;
	case PORT_OUT:
		write_out(STDOUT_FILENO, line, length);
		break;
	case PORT_OUT_PART:
		write_out(STDOUT_FILENO, line, length - 1);
		break;
	case LINE_ANSWER:
	case PORT_ANSWERED:
	case PORT_REFUSED:
		take_answer(port, kind, line, length);
		return;
	case LINE_CODE:
		port->coded = true;
		port->code = atoi(line);
		return;
	case PORT_TAINT:
		port->taint = strtoul(line, NULL, 10);
		return;
	case PORT_FAILED:
		snprintf(port->failed, sizeof(port->failed), "%.*s", (int)length - 1, line);
		return;
	case PORT_HELLO:
		port->ready = true;
		break;
	case PORT_BYE:
		port->bye = true;
		return;
	case PORT_ALIVE:
		return;
	default:
		snprintf(port->wrong, sizeof(port->wrong), "sends a line of no known kind (0x%02x)",
			 (unsigned char)kind);
	}
	remember(port, line, length);
}

static void take_lines(struct guest_port *port)
{
	char *line = port->bytes, *end = line + port->length, *newline;

	while (!*port->wrong && (newline = memchr(line, '\n', (size_t)(end - line)))) {
		if (newline > line)
			take_line(port, *line, line + 1, (size_t)(newline - line));
		line = newline + 1;
	}
	port->length = (size_t)(end - line);
	memmove(port->bytes, line, port->length);
	if (port->length > LINE_MAX_BYTES)
		snprintf(port->wrong, sizeof(port->wrong), "sends a line of more than %lu MiB",
			 LINE_MAX_BYTES >> 20);
}

static void make_room(struct guest_port *port)
{
	if (port->size - port->length >= PIECE_MAX)
		return;
	port->size = 2 * port->size + PIECE_MAX;
	port->bytes = realloc(port->bytes, port->size);
	if (port->bytes)
		return;
	launch_error("out of memory");
	exit(LAUNCH_FAILED);
}

/* Only the harness can answer, between two blocks of a case. */
static void pass_question(struct guest_port *port)
{
	const char *question = port->asked ? NULL : questions_asked();
	char *command;

	if (!question)
		return;
	port->asked = true;
	command = launch_format("ask %s", question);
	guest_port_send(port, command, NULL);
	free(command);
}

bool guest_port_turn(struct guest_port *port)
{
	bool any = false;
	ssize_t got;

	while (port->fd >= 0 && !*port->wrong) {
		make_room(port);
		got = read(port->fd, port->bytes + port->length, PIECE_MAX);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (got <= 0) {
			close(port->fd);
			port->fd = -1;
			break;
		}
		port->length += (size_t)got;
		take_lines(port);
		any = true;
	}
	if (port->ready && !port->coded)
		pass_question(port);
	return any;
}
