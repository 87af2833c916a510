/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines.h - what the module says in debugfs, and so what the agent in a guest passes on: lines,
 * each with a first byte that tells its kind (R, W and A as in x86_64-qemu/channel.h).
 *
 * /sys/kernel/debug/trimm, root's alone:
 *	run	write: one case, the harness's words; newlines between them, or blanks if there is
 *		none but at the end. One write(2), at most LINES_WORDS_MAX bytes. It returns when
 *		the case has started. EBUSY: one is active; EINVAL: no words, or bytes that are no
 *		text; E2BIG: too many bytes, or words (WORDS_MAX); ENOMEM. For tests, "selftest
 *		flush" is a case, too, and none of the harness's: selftest_flush.h.
 *	stop	write anything: the case ends at its next block. ENOENT: none is active.
 *	status	read, poll: "state idle|running|stopping", then how many cases there have been
 *		and the last one's exit code, "NAME VALUE" a line; readable anew, from its start,
 *		whenever it changes.
 *	records	read, poll: the lines of the case that is active, or of the last one. Waits for more
 *		until LINE_CODE, the last, has been read; then end of file. One reader, else EBUSY.
 *		The first read says which case; ESTALE: another has begun since, open it anew.
 *	ask	write a question as bench/look.h's ("buddyinfo 0"), then read the answer, as it is,
 *		to its end; poll says when it has come. ENOENT: no case is active, or it ended
 *		first; EINVAL: nothing was asked, or no text; E2BIG; ETIMEDOUT: 30 s without a
 *		slice's end. Any number of askers; each answer is at most 8 MiB.
 *	check, buddyinfo, slabinfo ... (mmcore's shows.def): read: the answer for all arms, of the
 *		moment the file was opened; ENOENT and ETIMEDOUT as of ask.
 *
 * On each: EINTR, EFAULT, EAGAIN with O_NONBLOCK; EINVAL for what the file has not got (reading
 * run, writing status); ESPIPE; EPERM where the kernel is locked down. While a file is open the
 * module can't be removed (EWOULDBLOCK); removed during a case, it ends the case first.
 */
#ifndef LINUX_MODULE_LINES_H
#define LINUX_MODULE_LINES_H

#define LINE_RECORD 'R' /* a record: JSON */
#define LINE_WORDS  'W' /* words to the user */
#define LINE_ANSWER 'A' /* a line of the answer to a question */
#define LINE_CODE   'X' /* the case's exit code, decimal; its last line */

#define LINES_WORDS_MAX 8191

#endif /* LINUX_MODULE_LINES_H */
