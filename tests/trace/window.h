/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.h - a program that is traced in a window of its own choice, as a case is: probes count
 * from one store to another, and what attaching them does to the machine is outside.
 */
#ifndef TESTS_TRACE_WINDOW_H
#define TESTS_TRACE_WINDOW_H

#include "trace_socket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct window {
	int socket;
	volatile struct trace_control *control;
};

static inline void window_fail(const char *what)
{
	perror(what);
	exit(2);
}

/* The answer to @question; the descriptor that comes with it, or -1, in @fd. */
static inline void window_ask(const struct window *window, const char *question, int *fd)
{
	char answer[TRACE_ANSWER_MAX];
	struct iovec part = {.iov_base = answer, .iov_len = sizeof(answer)};
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} with;
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &with,
				 .msg_controllen = sizeof(with)};
	ssize_t n;

	if (send(window->socket, question, strlen(question), 0) < 0)
		window_fail(question);
	n = recvmsg(window->socket, &message, 0);
	if (n != 2 || memcmp(answer, "ok", 2)) {
		fprintf(stderr, "%s: %.*s\n", question, n > 0 ? (int)n : 0, answer);
		exit(2);
	}
	if (fd && message.msg_controllen)
		memcpy(fd, CMSG_DATA(&with.head), sizeof(*fd));
}

/* Probes in; they count nothing yet. */
static inline void window_open(struct window *window)
{
	const char *name = getenv(TRACE_SOCKET_VARIABLE);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = -1;

	if (!name) {
		fprintf(stderr, "to be run by trimm-trace\n");
		exit(2);
	}
	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	window->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (connect(window->socket, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))))
		window_fail(name);
	window_ask(window, "begin 0 1", &fd);
	window->control = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (window->control == MAP_FAILED)
		window_fail("control");
	close(fd);
	window_ask(window, "on", NULL);
}

static inline void window_count(const struct window *window, bool on)
{
	__atomic_store_n((int *)&window->control->arm, on ? 0 : TRACE_NOBODY, __ATOMIC_SEQ_CST);
}

/* Probes out; who traces us has the records. */
static inline void window_close(const struct window *window)
{
	char answer[TRACE_ANSWER_MAX];

	window_ask(window, "off", NULL);
	if (send(window->socket, "end", 3, 0) != 3)
		window_fail("end");
	while (recv(window->socket, answer, sizeof(answer), 0) > 1)
		;
	close(window->socket);
}

#endif /* TESTS_TRACE_WINDOW_H */
