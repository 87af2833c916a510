/* SPDX-License-Identifier: GPL-2.0-only */
/* tracing.c - see tracing.h. */
#include "tracing.h"
#include "archive.h"
#include "guest/port.h"
#include "launch.h"
#include "trace_socket.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int collector = -1;
static char answer[TRACE_ANSWER_MAX + 1];
static char *words;

static bool lose(const char *why)
{
	launch_error("not traced: %s", why);
	if (collector >= 0)
		close(collector);
	collector = -1;
	return false;
}

static bool reach(const char *name)
{
	/* The 0 that begins an abstract name is there. */
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const size_t length = strlen(name);

	if (*name != '@' || length < 2 || length > sizeof(address.sun_path))
		return lose(TRACE_SOCKET_VARIABLE " is no @NAME");
	memcpy(address.sun_path + 1, name + 1, length - 1);
	collector = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (collector >= 0 &&
	    !connect(collector, (struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)))
		return true;
	return lose(strerror(errno));
}

/* The answer is "ok" and what follows it. */
static bool ask(const char *question, size_t length)
{
	struct pollfd readable = {.fd = collector, .events = POLLIN};
	ssize_t got;
	int ready;

	if (send(collector, question, length, MSG_NOSIGNAL) != (ssize_t)length)
		return lose("the tracer has gone");
	do {
		ready = poll(&readable, 1, TRACE_PATIENCE_S * 1000);
	} while (ready < 0 && errno == EINTR);
	got = ready > 0 ? recv(collector, answer, TRACE_ANSWER_MAX, MSG_DONTWAIT) : -1;
	answer[got > 0 ? got : 0] = '\0';
	if (got <= 0)
		return lose("the tracer does not answer");
	return !strncmp(answer, "ok", 2) || lose(answer);
}

bool tracing_wanted(void)
{
	const char *name = getenv(TRACE_SOCKET_VARIABLE);

	if (!words && name && collector < 0 && reach(name) && ask("what", 4) && answer[2] == '\n')
		words = launch_format("%s\n", answer + 3);
	return words;
}

int tracing_add(int archive)
{
	char *program = launch_beside("trimm-trace");
	int failed = archive_add(archive, program, GUEST_TRACER + 1) ||
		     archive_add_text(archive, words, GUEST_TRACER_WORDS + 1);

	free(program);
	return failed ? -1 : 0;
}

/* KVM runs the guest's instructions as the hardware does. */
void tracing_begin(const struct accel *accel, const char *release)
{
	char *note = launch_format(
		"{\"t\":\"note\",\"level\":\"info\",\"text\":\"in a guest, Linux %s, "
		"accel=%s%s\"}",
		release, accel->name,
		strcmp(accel->name, "kvm") ? ": times are an emulator's, which no hardware has; "
					     "counts are the kernel's"
					   : "");

	tracing_tell(note, strlen(note));
	free(note);
}

void tracing_tell(const char *record, size_t length)
{
	if (collector >= 0)
		ask(record, length);
}
