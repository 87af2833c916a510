/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * port.h - what a Linux guest's agent and the program that started QEMU (launch/) say to each
 * other, over the virtio-serial port of this name. Lines, both ways.
 *
 * To the guest; where there is a LENGTH, so many bytes follow the line:
 *	run LENGTH	load the module unless it is, and run the case of these words, a newline
 *			between two
 *	stop		end the case, or the command, in order
 *	ask QUESTION	as bench/look.h has them
 *	sh LENGTH	run these bytes by a shell, in the folder GUEST_FILES
 *	quit		unload the module and say PORT_BYE
 *
 * From the guest, each with a first byte that tells its kind: those of the module's lines.h as
 * they come, LINE_CODE ending a command as well as a case; and the following. Between two lines of
 * the guest there is at most PORT_HEARTBEAT_MS (PORT_COUNTED_MS) and what the machine lets its
 *programs wait.
 */
#ifndef GUEST_PORT_H
#define GUEST_PORT_H

#define PORT_NAME     "trimm"
#define PORT_HELLO    'H' /* the kernel's release: ready for commands */
#define PORT_ALIVE    'B' /* nothing happened, but it could have */
#define PORT_OUT      'O' /* a command said this on stdout; */
#define PORT_OUT_PART 'o' /* the same, without the newline that this line ends with */
#define PORT_ERR      'E' /* and on stderr */
#define PORT_ERR_PART 'e'
#define PORT_ANSWERED 'D' /* the answer has come, all of it; */
#define PORT_REFUSED  'N' /* or there is none, and why */
#define PORT_TAINT    'T' /* /proc/sys/kernel/tainted; before each LINE_CODE, and PORT_BYE */
#define PORT_FAILED   'F' /* why nothing can be run here; LINE_CODE follows */
#define PORT_BYE      'Q' /* the module is gone */
#define PORT_TRACED   'P' /* a record of trimm-trace, before the case's LINE_CODE */

#define PORT_HEARTBEAT_MS 1000
/* While a case is counted (PORT_COUNTED), whose lines wait, too. */
#define PORT_COUNTED_MS 10000

/*
 * On the kernel's command line, which hands it to its first program as a variable: a plugin counts
 * between marks, so the module is to have some.
 */
#define PORT_COUNTED "trimm_counted"
/* The same way: what a shell is to run, in GUEST_FILES, before anything else but mounting. */
#define PORT_FIRST "trimm_first"

/* In the guest: what the launcher added, and where its commands run. */
#define GUEST_FILES "/files"
/* The module, and those that the port needs, loaded in the order of their names. */
#define GUEST_MODULE  "/trimm.ko"
#define GUEST_DRIVERS "/drivers"
/* What to trace of cases, a word a line, if anything; and by what. */
#define GUEST_TRACER	   "/trimm-trace"
#define GUEST_TRACER_WORDS "/trace.words"

#endif /* GUEST_PORT_H */
