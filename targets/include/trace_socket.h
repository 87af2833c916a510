/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_socket.h - how the harness of the user target (targets/user/traced.c) and the program that
 * has the probes (the collector, trace/probes/) talk while a case runs.
 *
 * The collector listens on a SOCK_SEQPACKET socket in the abstract namespace and puts its name,
 * with an @ before it, into TRIMM_TRACE. Each case is a process that connects anew; SO_PEERCRED
 * says which. A message is text, without a newline or a 0 at its end. The harness asks, one
 * question at a time, and waits TRACE_PATIENCE_S for each answer:
 *
 *	begin FIRST ARMS	ok, and with it (SCM_RIGHTS) a descriptor of struct trace_control.
 *				Arm i, from 0 to ARMS - 1, is bench FIRST + i of the records; an arm
 *				that can't run here has its number, and is never at work.
 *	on			ok: the probes are in when it arrives.
 *	off			ok: they are out. What they counted stays, for the next `on`.
 *	blocks ARM off OPS T T ...	ok. Time of an operation of each block of that arm while the
 *	blocks ARM on OPS T T ...	probes were out, and in: picoseconds of all workers' time,
 *				in the order of measuring. The i-th of both are neighbours in time.
 *				OPS: how many operations all those blocks had, of which events are
 *				a share. Of more than fit a message another one, with the same OPS,
 *				has the rest, to be appended.
 *	end			a message for each record, which begins with {"t":" and has the
 *`bench` of an arm; then one that is ".".
 *
 * A case in a Linux guest has its probes there, and who boots the guest (launch/) asks instead:
 *
 *	what			ok, and behind it the words for a trimm-trace in the guest, a
 *				newline before each. What happens here is nobody's from then on.
 *	{"t":"...}		ok: a record of that trimm-trace, to be shown here too.
 *
 *
 * To any of them the answer may be "error WHY", one line for people. Then, as when the socket
 * closes, the answer is another than these or none comes in time, the harness closes the socket
 * and goes on without: whoever has the probes takes them out when the socket closes, and is ready
 * for the next case. A signal from the terminal reaches all of them: the collector serves on until
 * its command has ended, as a case that stops early still asks for its records.
 *
 * `on` and `off` come between blocks, first `on`, then in turns; `off` before the first `blocks`.
 * An arm that finished no block has no `blocks`, and a case that is stopped early has as many with
 * as without, or one less.
 */
#ifndef TARGETS_TRACE_SOCKET_H
#define TARGETS_TRACE_SOCKET_H

#define TRACE_SOCKET_VARIABLE "TRIMM_TRACE" /* "@name": the socket is "\0name", no 0 behind it */

#define TRACE_QUESTION_MAX 4096	 /* bytes of what the harness says */
#define TRACE_ANSWER_MAX   65536 /* of an answer, or a record either way */
#define TRACE_PATIENCE_S   60	 /* for an answer; all of an `end`, as long as records come */

#define TRACE_NOBODY (-1)

/*
 * One page, mapped shared by both: of a BPF array with BPF_F_MMAPABLE, one value of it. Written by
 * the harness alone, a plain store, no more often than a slice; probes count while it is not
 * TRACE_NOBODY, for the arm it says. The collector sets it to TRACE_NOBODY before it sends it.
 */
struct trace_control {
	int arm;
};

#endif /* TARGETS_TRACE_SOCKET_H */
