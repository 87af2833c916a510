/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest_port.h - our end of the port to a Linux guest's agent (guest/port.h): commands to it;
 * records to the sink, words and what commands say to stdout and stderr, answers to who asked. What
 * comes is the guest's, so nothing in it is trusted.
 */
#ifndef LAUNCH_GUEST_PORT_H
#define LAUNCH_GUEST_PORT_H

#include "sink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest_port {
	int fd; /* -1: it is closed */
	struct sink *sink;
	char *bytes; /* what came and is no whole line yet */
	size_t length, size;
	uint64_t lines;	     /* that came: a sign of life each */
	bool ready;	     /* the agent is */
	bool coded;	     /* a case or a command has ended, with ... */
	int code;	     /* ... this */
	bool bye;	     /* the module is gone */
	unsigned long taint; /* of the kernel, more than any module makes it */
	bool asked;	     /* the guest has a question */
	char failed[256];    /* why the agent could not do what it was told to, or "" */
	char last[96];	     /* the beginning of the last line that said anything */
	char wrong[96];	     /* what is wrong with what comes, or "" */
};

/* From here on @fd, a stream socket, is the port's. Listens to `trimm show` as well. */
void guest_port_open(struct guest_port *port, int fd, struct sink *sink);
/* Take what is there; pass on a question while a case runs. Did anything come? */
bool guest_port_turn(struct guest_port *port);
/* A command; @payload is what goes with it, or NULL. */
void guest_port_send(struct guest_port *port, const char *command, const char *payload);

#endif /* LAUNCH_GUEST_PORT_H */
