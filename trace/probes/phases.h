/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * phases.h - the collector's end of the socket by which a case says what it is at (trace_socket.h).
 *
 * From the first case on only what happens in a case's traced blocks is counted, for its arm.
 */
#ifndef TRACE_PROBES_PHASES_H
#define TRACE_PROBES_PHASES_H

#include "session.h"

#include <poll.h>

#define PHASES_POLLED 2
/* Of so many times that probes are in, one in which the kernel times them. */
#define PHASES_TIME_EACH 8

struct phases;

/*
 * Listen, and name the socket in the environment. A case's records go to it and to @out. Who boots
 * a guest is told @guest_words (options_for_guest()). NULL after a line.
 */
struct phases *phases_open(struct session *session, const char *guest_words, record_out out,
			   void *arg);
void phases_close(struct phases *phases);
/* What to wait for: how many of PHASES_POLLED were filled in. */
nfds_t phases_poll(const struct phases *phases, struct pollfd *polled);
/* Answer what has come. */
void phases_serve(struct phases *phases);
/*
 * Take single events out of the rings, if probes are in: blocks without are left alone. As
 * session_drain().
 */
bool phases_look(struct phases *phases);
/* Has a case been here? Then what happens outside of cases is not told. */
bool phases_had(const struct phases *phases);

#endif /* TRACE_PROBES_PHASES_H */
