/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * traced.c - the harness's end of the socket to the collector of tracing (trace_socket.h).
 *
 * Whatever the collector does, dies or babbles, the case goes on: what went wrong is kept, for a
 * note, and the socket closed, so that probes are taken out.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "trace_socket.h"

#define MS_PER_SECOND 1000

static struct {
	int fd; /* -1: lost, or not begun */
	struct trace_control *control;
	long first;	  /* bench that is arm 0 */
	bool probes_were; /* in, once at least */
	char why[256];	  /* it was lost, or "" */
} tracer = {.fd = -1};

static char answer[TRACE_ANSWER_MAX + 1];

bool host_tracer(void)
{
	const char *name = getenv(TRACE_SOCKET_VARIABLE);

	return name && *name;
}

void host_tracer_arm(long bench)
{
	if (__builtin_expect(!tracer.control, 1))
		return;
	__atomic_store_n(&tracer.control->arm,
			 bench < 0 ? TRACE_NOBODY : (int)(bench - tracer.first), __ATOMIC_RELAXED);
}

static void hang_up(void)
{
	if (tracer.control)
		munmap(tracer.control, sizeof(*tracer.control));
	if (tracer.fd >= 0)
		close(tracer.fd);
	tracer.control = NULL;
	tracer.fd = -1;
}

/* The first reason is the one that tells. Always false, for the caller to return. */
__attribute__((format(printf, 1, 2))) static bool lose(const char *fmt, ...)
{
	int length;
	va_list args;

	if (!*tracer.why) {
		length = snprintf(tracer.why, sizeof(tracer.why),
				  "%s: ", tracer.probes_were ? "traced in part" : "not traced");
		va_start(args, fmt);
		vsnprintf(tracer.why + length, sizeof(tracer.why) - (size_t)length, fmt, args);
		va_end(args);
	}
	hang_up();
	return false;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

/* False: it is time to give up. Signals that ask for a stop do not end it: answers are due. */
static bool wait_for_answer(void)
{
	int64_t deadline = now_ms() + TRACE_PATIENCE_S * MS_PER_SECOND, left;
	struct pollfd readable = {.fd = tracer.fd, .events = POLLIN};
	int ready = -1;

	while ((left = deadline - now_ms()) > 0 && ready < 0) {
		ready = poll(&readable, 1, (int)left);
		if (ready < 0 && errno != EINTR)
			return false;
	}
	return ready > 0;
}

/* The next message, in answer[]; a descriptor that came with it in *passed, else -1. */
static bool take_answer(const char *question, int *passed)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct iovec part = {.iov_base = answer, .iov_len = TRACE_ANSWER_MAX};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	ssize_t length;

	*passed = -1;
	if (!wait_for_answer())
		return lose("the tracer left \"%s\" unanswered for %d s", question,
			    TRACE_PATIENCE_S);
	do {
		length = recvmsg(tracer.fd, &message, MSG_CMSG_CLOEXEC);
	} while (length < 0 && errno == EINTR);
	if (length <= 0)
		return lose("the tracer has gone, at \"%s\"", question);
	answer[length] = 0;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(passed, CMSG_DATA(header), sizeof(int));
	if (message.msg_flags & MSG_TRUNC || strlen(answer) != (size_t)length)
		return lose("the tracer's answer to \"%s\" is no message", question);
	return true;
}

static bool say(const char *question, size_t length)
{
	ssize_t sent;

	if (tracer.fd < 0)
		return false;
	do {
		sent = send(tracer.fd, question, length, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)length || lose("the tracer has gone, at \"%.8s\"", question);
}

static bool is_error(const char *question)
{
	static const char error[] = "error ";

	if (strncmp(answer, error, strlen(error)))
		return false;
	lose("the tracer says, to \"%s\": %.150s", question, answer + strlen(error));
	return true;
}

/* @question is its first word, for what is said of it; @passed as take_answer(). */
static bool ask(const char *question, const char *text, int *passed)
{
	*passed = -1;
	if (!say(text, strlen(text)) || !take_answer(question, passed) || is_error(question))
		return false;
	return !strcmp(answer, "ok") || lose("the tracer's answer to \"%s\" is neither ok nor an "
					     "error: \"%.40s\"",
					     question, answer);
}

/* Of a question whose answer has no descriptor. */
static bool ask_plain(const char *question, const char *text)
{
	bool fine;
	int passed;

	fine = ask(question, text, &passed);
	if (passed >= 0)
		close(passed);
	return fine;
}

static bool reach(void)
{
	const char *name = getenv(TRACE_SOCKET_VARIABLE);
	/* The 0 that begins an abstract name is there. */
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(name);

	if (*name != '@' || length < 2 || length > sizeof(address.sun_path))
		return lose(TRACE_SOCKET_VARIABLE "=%.80s is no @NAME", name);
	memcpy(address.sun_path + 1, name + 1, length - 1);
	tracer.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (tracer.fd >= 0 &&
	    !connect(tracer.fd, (struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)))
		return true;
	return lose("no tracer at %.80s: %s", name, strerror(errno));
}

bool host_tracer_begin(unsigned long first, unsigned int arms)
{
	char text[80];
	int passed;
	void *page;

	tracer.first = (long)first;
	snprintf(text, sizeof(text), "begin %lu %u", first, arms);
	if (!reach() || !ask("begin", text, &passed))
		return false;
	page = passed < 0 ? MAP_FAILED
			  : mmap(NULL, sizeof(*tracer.control), PROT_READ | PROT_WRITE, MAP_SHARED,
				 passed, 0);
	if (passed >= 0)
		close(passed);
	if (page == MAP_FAILED)
		return lose("the tracer passed nothing that could be mapped");
	tracer.control = page;
	return true;
}

bool host_tracer_switch(bool on)
{
	if (!ask_plain(on ? "on" : "off", on ? "on" : "off"))
		return false;
	tracer.probes_were |= on;
	return true;
}

/* As many messages as that takes: a number may have 20 digits, and a blank. */
void host_tracer_blocks(long bench, bool on, uint64_t ops, const uint64_t *ps, unsigned long n)
{
	char text[TRACE_QUESTION_MAX];
	unsigned long i = 0;
	bool fine = true;

	while (i < n && fine) {
		size_t length = (size_t)snprintf(text, sizeof(text), "blocks %ld %s %lu",
						 bench - tracer.first, on ? "on" : "off",
						 (unsigned long)ops);

		for (; i < n && length + 22 < sizeof(text); i++)
			length += (size_t)snprintf(text + length, sizeof(text) - length, " %lu",
						   (unsigned long)ps[i]);
		fine = ask_plain("blocks", text);
	}
}

/* Its contents are the command's to check, which reads it. */
static bool is_record(size_t length)
{
	static const char start[] = "{\"t\":\"";

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)answer[i] < ' ')
			return false;
	return !strncmp(answer, start, strlen(start)) && answer[length - 1] == '}';
}

static bool take_records(void)
{
	int passed;

	while (take_answer("end", &passed)) {
		size_t length = strlen(answer);

		if (passed >= 0)
			close(passed);
		if (!strcmp(answer, "."))
			return true;
		if (is_error("end"))
			return false;
		if (!is_record(length))
			return lose("the tracer sent what is no record: \"%.40s\"", answer);
		host_emit(answer, length);
	}
	return false;
}

const char *host_tracer_end(void)
{
	if (say("end", strlen("end")))
		take_records();
	hang_up();
	return *tracer.why ? tracer.why : NULL;
}
