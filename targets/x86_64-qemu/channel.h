/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * channel.h - what the kernel and the program that starts it (launch/) share: a page at a fixed
 * physical address, and a log behind it. The guest's whole memory is a file that both see.
 *
 * The log is linear and is never waited for: after the start the host writes only what its user
 * asked for, to stop or to answer a question, so nothing else it does can change what the guest
 * does.
 * Without the magic number there is nobody to read: lines then go to the debug console, port
 * 0xe9, which is what a kernel started by hand, or under a debugger, has.
 *
 * Physical addresses: channel 1 MiB, kernel image from 2 MiB on, log from CHANNEL_LOG on, then the
 * trace that trace= names, if any.
 */
#ifndef X86_64_QEMU_CHANNEL_H
#define X86_64_QEMU_CHANNEL_H

#include "mailbox.h"

#define CHANNEL_ADDRESS 0x100000UL
#define CHANNEL_LOG	0x600000UL	     /* the image ends before */
#define CHANNEL_MAGIC	0x6e616863206d7274UL /* "trm chan" */

/* First byte of every line in the log; the line ends with a newline. */
#define CHANNEL_RECORD 'R' /* a record: JSON */
#define CHANNEL_WORDS  'W' /* words to the user */
#define CHANNEL_ANSWER 'A' /* a line of the answer to the question */

#define CHANNEL_QUESTION_MAX 64

struct channel {
	/* The host's, before the start. */
	uint64_t magic;
	uint64_t log_bytes;   /* room from CHANNEL_LOG on; whole 2 MiB */
	uint64_t trace_bytes; /* of a trace behind the log; 0: there is none */
	uint32_t modelled;    /* a plugin watches: rows will follow marks */
	uint32_t icount;      /* virtual time is instructions: one tick each ns */
	uint32_t real_time;   /* KVM: ticks are the hardware's */
	/* The host's, at any time. */
	uint32_t stop; /* requests to end at the next block */
	/* The guest's. */
	uint64_t written;   /* bytes of the log that are whole lines; release order */
	uint64_t heartbeat; /* grows while the harness gets on */
	uint64_t root;	    /* physical address of the level-4 page table */
	uint64_t overflow;  /* lines that found no room */
	uint32_t answered;  /* `asked`, once the answer's lines are in the log; release order */
	uint32_t cut;	    /* that answer is not whole: answers may fill half the log only */
	uint64_t ended;	    /* 1: from here on QEMU's exit status is the guest's word */
	/* The host's, at any time: a question, whole once `asked` has grown; one at a time. */
	uint32_t asked;
	char question[CHANNEL_QUESTION_MAX];
	/* The guest's: where points go (points_ring.h); points_bytes 0: nowhere. */
	uint64_t points;       /* physical address of the first CPU's ring */
	uint64_t points_bytes; /* of each */
	uint64_t points_from;  /* ticks at which they were made */
	uint64_t points_hz;    /* ticks a second */
	uint32_t points_cpus;
	struct mailbox mailbox[MAILBOXES] __attribute__((aligned(64)));
};

/*
 * Where RAM address @physical lies in the file: RAM beyond @low goes on at 4 GiB (QEMU's
 * microvm: low is at most 3 GiB).
 */
static inline uint64_t channel_offset(uint64_t physical, uint64_t low)
{
	return physical < low ? physical : physical - (1UL << 32) + low;
}

/* isa-debug-exit: port, and what QEMU then exits with. */
#define CHANNEL_EXIT_PORT 0xf4
static inline unsigned int channel_exit_status(unsigned int code)
{
	return code << 1 | 1;
}

#endif /* X86_64_QEMU_CHANNEL_H */
